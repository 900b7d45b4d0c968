"""The threat: a mail with a sample of ten people, made from nothing but what each thief has."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from pathlib import Path
from re import compile as pattern
from typing import Final

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.measured import Act, Bar, Figure, demand
from vaitiolo.ops.replay.sitting import Sitting
from vaitiolo.ops.replay.stage import Stage
from vaitiolo.ops.thief.raid import Outcome
from vaitiolo.ops.thief.reading import Progress, Reader
from vaitiolo.ops.thief.unpacking import Piece

SAMPLE: Final = 10
TAGS: Final = pattern(r"<(script|style|svg)[^>]*>.*?</\1>|<[^>]+>")


@dataclass(frozen=True, slots=True)
class Record:
    """What a thief can print of one person."""

    name: str
    text: str


def extort(stage: Stage) -> Act:
    """Write the mail that each loot allows, and count whom its sample really shows."""
    here: Outcome = stage.props["here"]
    samples = {
        "in-clear": records_in_clear(stage)[:SAMPLE],
        "copy": [Record("", "")] * min(here.persons, SAMPLE),
        "session": records_seen(stage)[:SAMPLE],
    }
    shown = {name: _shown(stage, name, some) for name, some in samples.items()}
    most = min(SAMPLE, stage.score.patients)
    demand(shown["in-clear"] == most, "the sample from the stand-in shows nobody")
    stage.props["mail"] = stage.file("mail-session.eml").read_bytes()
    return Act(
        key="extort",
        title="A ransom mail with a sample",
        story=(
            (
                f"The thief wants to prove what he has with {SAMPLE} people. The mail is "
                "written from what he took and from nothing else, and then searched for whom it "
                "shows."
            ),
            (
                "From a copy of our disk there is nobody to show. A stolen session has those whose "
                "charts were on the screen; that mail is the one that the house has to answer "
                "below."
            ),
        ),
        figures=(
            Figure(
                f"people shown, of {most}, by whoever copied the disk",
                f"{shown['in-clear']}",
                f"{shown['copy']}",
                history.LETTER,
            ),
            Figure(
                f"people shown, of {most}, by whoever had a session",
                f"{shown['in-clear']}",
                f"{shown['session']}",
            ),
        ),
        holds=shown["copy"] == 0,
        seconds=0.0,
        bars=(Bar("people in the sample of a copy", most, shown["in-clear"], shown["copy"]),),
    )


def records_in_clear(stage: Stage) -> list[Record]:
    """Return everybody of the stand-in, with all that was written of them."""
    with stage.passwordless() as database:
        query = (
            "SELECT p.name || ' ' || p.hetu || ' ' || p.phone || ' ' || p.email,"
            " group_concat(n.held_on || char(10) || n.body, char(10, 10))"
            " FROM patient p JOIN note n ON n.patient_id = p.id GROUP BY p.id ORDER BY p.id"
        )
        return [Record(*row) for row in database.execute(query)]


def records_seen(stage: Stage) -> list[Record]:
    """Return what stood on the pages of the stolen session, as text."""
    seen: Sitting = stage.props["sitting"]
    paths = sorted(seen.folder.iterdir(), key=lambda path: int(path.stem))
    return [Record("", words_of(path)) for path in paths]


def words_of(path: Path) -> str:
    """Return the words of a saved page, from its heading on."""
    page = path.read_text(encoding="utf-8")
    main = page[page.find("<main") : page.find("</main>")]
    lines = (unescape(one).strip() for one in TAGS.sub("\n", main).splitlines())
    return "\n".join(one for one in lines if one)


def mail(some: list[Record]) -> bytes:
    """Write the mail: the threat, and the sample."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "somebody <nobody@example.net>"
    message["To"] = "office@example.org"
    message["Subject"] = "Your patients"
    message["Message-ID"] = "<exercise@example.net>"
    message["X-Exercise"] = "an invented threat about invented people"
    sample = "\n\n".join(f"{one.name}\n{one.text}" for one in some) or "(nothing to show)"
    message.set_content(f"EXERCISE. We have your records. 40 bitcoin, or all of it.\n\n{sample}\n")
    return message.as_bytes()


def _shown(stage: Stage, name: str, some: list[Record]) -> int:
    """Say how many people a mail really shows to whoever knows them."""
    path = stage.file(f"mail-{name}.eml")
    path.write_bytes(mail(some))
    reader = Reader(stage.wanted, stage.file(f"mail-{name}-unpacked"), Progress())
    reader.read(Piece(path, "mail: sample"))
    return len(reader.findings.owners(stage.wanted))
