"""Writes a page of a replay or a drill: one file that needs nothing else, in light and dark.

It says what was measured, what history says, what is missing, and how to do it again.
"""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Final

from vaitiolo.ops.replay import history, pictures
from vaitiolo.ops.replay.measured import Act, Figure, Missing, Score

HEADS: Final = ("", history.YEARS, "stand-in, in clear", "vaitiolo")
SHORT: Final = {
    "fi": (
        "Sama varkaus esitettiin kahdesti: selväkielistä jäljennöstä vastaan ja vaitioloa "
        "vastaan. Selväkielisestä luettiin {there} / {of} potilasta, täältä kopiosta {here} / "
        "{of}. Kaikki henkilöt ovat keksittyjä."
    ),
    "sv": (
        "Samma stöld spelades två gånger: mot en kopia i klartext och mot vaitiolo. I klartext "
        "lästes {there} av {of} patienter, här ur kopian {here} av {of}. Alla personer är "
        "påhittade."
    ),
}


def write(score: Score) -> str:
    """Return the page of a replay."""
    verdict = (
        "Every act that was played ended here as it should, "
        "and every attack won against the stand-in."
        if score.holds
        else "At least one act did not end here as it should: see below."
    )
    if score.missing:
        verdict += f" {len(score.missing)} more could not be played; they are listed below."
    parts = (
        f"<p class='lead'>{verdict}</p>",
        _short(score),
        _facts(score),
        _pictures(score),
        *(_act(number, one) for number, one in enumerate(score.acts, start=1)),
        _missing(score.missing),
        _list("What stays possible all the same", history.LIMITS),
        _sources(),
    )
    return document("vaitiolo: the Vastaamo case, replayed", parts)


def document(title: str, parts: Iterable[str]) -> str:
    """Put parts into a whole page of its own."""
    style = (files("vaitiolo.ops.replay") / "paper.css").read_text(encoding="utf-8")
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{style}</style></head>\n"
        f"<body><main><h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    lines = (f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in pairs)
    return f"<dl>{''.join(lines)}</dl>"


def _short(score: Score) -> str:
    bar = next((one for act in score.acts if act.key == "read" for one in act.bars), None)
    if bar is None:
        return ""
    told = {"there": bar.stand_in, "here": bar.ours, "of": bar.of}
    return "".join(
        f'<p lang="{language}">{escape(words.format(**told))}</p>'
        for language, words in SHORT.items()
    )


def _facts(score: Score) -> str:
    command = "vaitiolo replay vastaamo"
    asked = f"{command} --patients {score.patients} --seed {score.seed}"
    pairs = [
        ("Do it again", f"{asked} --out replay.html"),
        ("People", f"{score.patients:,} invented patients, {score.notes:,} notes"),
        ("Invented for", f"seed “{score.seed}”, day {score.today}"),
        *score.machine.items(),
    ]
    return (
        "<p>One command makes two houses in a folder that is gone afterwards: the same invented "
        "people in a database in clear, and in a whole vaitiolo with its programs. Each act is "
        "played against the first, where it must win, then against the second. It needs no "
        f"network. Figures of {history.YEARS} bear the key of their source; all others were "
        "measured in the run that wrote this page, so that times differ on another machine, and "
        f"counts do not.</p>{facts(pairs)}"
    )


def _pictures(score: Score) -> str:
    rows = [bar for act in score.acts for bar in act.bars]
    drawn = f"<h2>Who can be read</h2><figure>{pictures.bars(rows)}</figure>" if rows else ""
    if score.minutes:
        drawn += f"<h2>How long until</h2><figure>{timeline(score.minutes.items())}</figure>"
        drawn += (
            "<p class='soft'>Above the line: machine time here, counted from the report. Below: "
            "2019 and 2020, counted from the ransom note in the emptied database.</p>"
        )
    return drawn


def timeline(ours: Iterable[tuple[str, float]]) -> str:
    """Draw minutes beside the days of 2019 and 2020."""
    theirs = [(name, days * 1440.0) for name, days in history.LINE if days]
    return pictures.line("Time from the first sign", ours, theirs)


def _act(number: int, act: Act) -> str:
    state = "as it should" if act.holds else "NOT as it should"
    told = "".join(f"<p>{escape(one)}</p>" for one in act.story)
    kind = "holds" if act.holds else "broken"
    return (
        f"<section><h2>Act {number}: {escape(act.title)} <span class='{kind}'>{state}</span></h2>"
        f"{told}{table(act.figures)}</section>"
    )


def table(figures: Sequence[Figure]) -> str:
    """Return figures side by side."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in HEADS)
    rows = "".join(
        f'<tr><th scope="row">{escape(one.name)}</th>'
        + cell(HEADS[1], one.history)
        + cell(HEADS[2], one.stand_in)
        + cell(HEADS[3], one.ours)
        + "</tr>"
        for one in figures
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def cell(head: str, said: str) -> str:
    """Return a cell that bears its heading, for narrow screens."""
    return f'<td data-head="{escape(head)}">{escape(said)}</td>'


def _missing(missing: Sequence[Missing]) -> str:
    if not missing:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(one.title)}</th>'
        f"{cell(history.YEARS, one.history)}{cell('Why not yet', one.why)}</tr>"
        for one in missing
    )
    return (
        "<section><h2>Acts that are missing</h2><p>They were not played. They are listed so that "
        "nobody takes silence for success.</p><table><thead><tr><th></th><th scope='col'>"
        f"{history.YEARS}"
        f"</th><th scope='col'>Why not yet</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _list(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in lines)
    return f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>"


def _sources() -> str:
    told = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(what)}</dd>" for key, what in history.SOURCES.items()
    )
    return f"<section><h2>Sources of {history.YEARS}</h2><dl>{told}</dl></section>"
