"""The answer: a report, whom it reached, how severe it is, and the text to the authority.

Everything is asked at the officers' own pages, by people who signed in; nothing is written past
them. Machine time is measured. What people need to read and decide is not in it.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.measured import Act, Figure, demand, said
from vaitiolo.ops.replay.sitting import Sitting
from vaitiolo.ops.replay.stage import Stage, timed
from vaitiolo.ops.replay.visitor import Unexpected, Upload, Visitor

STOLEN_SESSION: Final = "5"
READ, COULD, NOT_READ = 1, 2, 4
LANGUAGES: Final = ("fi", "sv", "en")
REPORT: Final = (
    "EXERCISE: a mail says that it has our records and wants money. Nobody has answered."
)
HOW: Final = "EXERCISE. Somebody used a colleague's browser that was left signed in."


@dataclass(frozen=True, slots=True)
class Answered:
    """What the desk gave: which incident, whom it reached, the text, and how long each took."""

    incident: str
    reached: frozenset[UUID]
    could: int
    draft: dict[str, Any]
    unknown: int
    fields: int
    seconds: dict[str, float]


def answer(stage: Stage) -> Act:
    """Report the mail, find whom it reached, and have the text to the authority written."""
    made = respond(stage)
    stage.props["answered"] = made
    truth, seen = stage.truth(), stage.props["sitting"]
    really = truth_of(stage, seen)
    missed, more = len(really - made.reached), len(made.reached - really)
    with stage.passwordless() as database:
        [(columns,)] = database.execute(
            "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%read%' OR sql LIKE '%opened%'"
        )
    demand(columns == 0, "the stand-in can say who was read")
    demand(len(truth) == stage.score.patients, "the play does not know its own people")
    return Act(
        key="answer",
        title="Whom did it reach, and the text to the authority",
        story=(
            (
                "Reception reports the mail with two clicks, and the mail itself goes under "
                "seal as evidence. The privacy officer asks the ledger whom the stolen session "
                "reached, has the facts filled in from it, the severity reckoned, and the text "
                "written."
            ),
            (
                "At the stand-in nothing was recorded, so the honest answer to “am I in it?” is: "
                f"perhaps, as one of {stage.score.patients:,}."
            ),
        ),
        figures=_figures(made, stage.score.patients, f"{missed} · {more}"),
        holds=made.reached == really,
        seconds=sum(made.seconds.values()),
    )


def _figures(made: Answered, patients: int, wrong: str) -> tuple[Figure, ...]:
    took = made.seconds
    return (
        Figure(
            "people listed as read · who could have been, within the budget",
            f"all {patients:,}, none told apart",
            f"{len(made.reached):,} · {made.could:,}",
            history.SPECIFIC,
        ),
        Figure(
            "read, and not listed so · listed so, and not read",
            "cannot be said",
            wrong,
        ),
        Figure("report to list", "never", said(took["report"] + took["scope"]), "never"),
        Figure(
            "report to text for the authority, in three languages",
            "never",
            said(sum(took.values())),
            history.NOTE_TO_AUTHORITY,
        ),
        Figure(
            "its fields filled · “not known yet”",
            "0",
            f"{made.fields - made.unknown} · {made.unknown}",
        ),
    )


def respond(stage: Stage) -> Answered:
    """Do what officers do, page by page. Raises Unexpected."""
    seconds: dict[str, float] = {}
    incident, seconds["report"] = timed(lambda: _report(stage))
    officer = stage.house.visitor("privacy_officer")
    (number, listed), seconds["scope"] = timed(lambda: _scope(stage, officer))
    _nothing, seconds["facts"] = timed(lambda: _facts(officer, incident, number))
    _nothing, seconds["severity"] = timed(lambda: _assess(officer, incident))
    drafts, seconds["drafts"] = timed(lambda: _drafts(officer, incident))
    rows = drafts["fi"]["lines"]
    return Answered(
        incident=incident,
        reached=frozenset(_who(one) for one in listed if _tier(one) == READ),
        could=sum(1 for one in listed if _tier(one) == COULD),
        draft=drafts["fi"],
        unknown=sum(1 for one in rows if one[2] == [None, None]),
        fields=len(rows),
        seconds=seconds,
    )


def _report(stage: Stage) -> str:
    """Have reception report the mail, and an officer put it in as evidence."""
    reception = stage.house.visitor("reception")
    page = reception.open("/incidents/report/")
    page = reception.send(page, page.form("sign", "text"), {"sign": "message", "text": REPORT})
    parts = page.where.split("/")
    if parts[-2:] != ["receipt", ""]:
        raise Unexpected("a report was not taken")
    incident = parts[2]
    officer = stage.house.visitor("privacy_officer")
    page = officer.open(f"/incidents/{incident}/")
    form = page.form(action=f"/incidents/{incident}/add/evidence/")
    upload = Upload("file", "threat.eml", stage.props["mail"])
    page = officer.send(page, form, {"kind": "mail", "text": "EXERCISE"}, upload=upload)
    if page.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise Unexpected(f"the evidence answered {page.status}")
    return incident


def _scope(stage: Stage, officer: Visitor) -> tuple[str, list[dict[str, Any]]]:
    """Ask the ledger what the session of the therapist reached; take the list away."""
    name = next(str(one.name) for one in stage.clinic.members if one.role == "therapist")
    page = officer.open("/scope/")
    form = page.form("loss", "person", "reason")
    asked = {"loss": STOLEN_SESSION, "person": form.choice("person", name), "reason": "EXERCISE"}
    page = officer.send(page, form, asked)
    number = page.where.strip("/").split("/")[-1]
    if not number.isdecimal():
        raise Unexpected("the question about whom it reached was not answered")
    file = officer.send(page, page.form(action=f"/scope/{number}/file/"), {})
    return number, json.loads(file.body)["patients"]


def _who(line: dict[str, Any]) -> UUID:
    return UUID(line["patient"])


def _tier(line: dict[str, Any]) -> int:
    """Return how far it came with a patient: the lowest number of any part counts."""
    return min((int(part["tier"]) for part in line["parts"]), default=NOT_READ)


def _facts(officer: Visitor, incident: str, number: str) -> None:
    page = officer.open(f"/incidents/{incident}/facts/")
    page = officer.send(page, page.form("scope"), {"scope": number})
    said_so = {
        "house": "Exercise house, invented",
        "contact": "Privacy officer of the exercise",
        "recipients": "unknown",
        "theft": "yes",
        "crime": "yes",
        "kanta": "no",
        "abroad": "no",
        "how": HOW,
    }
    _kept(officer.send(page, page.form("patients", "house"), said_so), "the facts")


def _assess(officer: Visitor, incident: str) -> None:
    page = officer.open(f"/incidents/{incident}/assess/")
    form = next(one for one in page.forms if any(name.endswith("_reason") for name in one.names))
    _kept(officer.send(page, form, {}), "the severity")


def _drafts(officer: Visitor, incident: str) -> dict[str, Any]:
    """Take the text to the ombudsman in each language, and mark the first as sent."""
    drafts = {}
    for language in LANGUAGES:
        where = f"/incidents/{incident}/authorities/ombudsman/{language}/"
        page = officer.open(where)
        form = next(one for one in page.forms if ("deed", "json") in one.buttons)
        drafts[language] = json.loads(officer.send(page, form, {"deed": "json"}).body)
    where = f"/incidents/{incident}/authorities/ombudsman/fi/"
    page = officer.open(where)
    form = next(one for one in page.forms if ("deed", "sent") in one.buttons)
    _kept(officer.send(page, form, {"deed": "sent", "way": "form"}), "the text as sent")
    return drafts


def _kept(page: Any, what: str) -> None:
    """Raise where a form came back with something to put right."""
    if page.status != 200 or not page.where.endswith("/authorities/"):  # noqa: PLR2004 - HTTP's
        raise Unexpected(f"{what} could not be kept: {page.status} at {page.where}")


def truth_of(stage: Stage, seen: Sitting) -> set[UUID]:
    """Return who really stood on the thief's pages."""
    whose = stage.truth()
    return {whose[chart] for chart in seen.opened}
