"""An exercise that is asked for and made, and whoever may not ask for one."""

from collections.abc import Iterator

from vaitiolo.warden import protocol
from vaitiolo.warden.client import drilling
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session


def drill_questions(cookie: bytes, name: str) -> Iterator[Question]:
    if name not in {"pia", "mauri", "ritva"}:
        yield protocol.AskDrill(cookie)
        yield protocol.ListDrills(cookie)
    yield protocol.BeginDrill()
    yield protocol.EndDrill(0, "{}")


def have_a_drill(pia: Session, worker: object) -> None:
    """Ask for one, have the worker make it, and look at its score."""
    drill = drilling.ask_drill(pia)
    assert drilling.begin_drill(worker) == drill  # type: ignore[arg-type]  # it listens, and passes on
    drilling.end_drill(worker, drill, score="{}")  # type: ignore[arg-type]
    assert [one.state for one in drilling.list_drills(pia)] == ["done"]
