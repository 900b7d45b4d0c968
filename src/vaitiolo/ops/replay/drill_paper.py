"""Writes the page of a drill: goals, minutes, what was taken for granted. Marked as an exercise."""

from collections.abc import Iterable
from html import escape

from vaitiolo.ops.replay import paper
from vaitiolo.ops.replay.scoring import PEOPLE, DrillScore, Goal


def write(score: DrillScore) -> str:
    """Return the page of a drill."""
    verdict = _verdict(score)
    done = f"{sum(one.is_reached for one in score.goals)} of {len(score.goals)}"
    parts = (
        (
            "<p class='lead'><strong>EXERCISE.</strong> Everybody in it is invented, and nobody "
            f"was told anything. {verdict}</p>"
        ),
        paper.facts(
            [
                ("Goals reached", f"{done} that could be tried"),
                ("People reached", f"{score.reached:,} of {score.patients:,} invented patients"),
                ("Do it again", f"vaitiolo drill vastaamo --patients {score.patients}"),
                ("Invented for", f"seed “{score.seed}”, day {score.today}"),
                *score.machine.items(),
            ]
        ),
        f"<figure>{paper.timeline((one.name, one.minutes) for one in score.goals)}</figure>",
        (
            "<p class='soft'>Above the line: this drill, from the mail's arrival on. Below: "
            "2019 and 2020, from the ransom note in the emptied database on.</p>"
        ),
        _goals(score.goals),
        _steps(),
        _lines("What went wrong", score.faults),
        _lines("What could not be tried", score.missing),
    )
    return paper.document("vaitiolo: a drill", parts)


def _verdict(score: DrillScore) -> str:
    if not score.is_passed:
        return "Not every goal was reached."
    if not score.missing:
        return "Every goal was reached."
    return f"Every goal that could be tried was reached; {len(score.missing)} could not be tried."


def _goals(goals: Iterable[Goal]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(one.name)}</th>'
        + paper.cell("2019, 2020", one.history)
        + paper.cell("at most", _minutes(one.limit))
        + paper.cell("of it machines", f"{one.machine * 60:.1f} s")
        + paper.cell("minutes", f"{one.minutes:.0f}{'' if one.is_reached else ' (too late)'}")
        + "</tr>"
        for one in goals
    )
    heads = ("", "2019, 2020", "at most", "of it machines", "minutes")
    head = "".join(f"<th scope='col'>{one}</th>" for one in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _steps() -> str:
    lines = (f"{one.words}: {one.minutes:.0f} min" for one in PEOPLE)
    return _lines("What people's steps are taken to last", lines)


def _lines(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in lines)
    return f"<section><h2>{escape(title)}</h2><ul>{items}</ul></section>" if items else ""


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"  # noqa: PLR2004 - from here on hours read better
