"""An incident kit taken out, as part of a day in which all gets asked."""

from collections.abc import Iterator

from vaitiolo.keys import store
from vaitiolo.keys.kits import Front
from vaitiolo.keys.vouching import Moment
from vaitiolo.warden import protocol
from vaitiolo.warden.client import incident_kits
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.session import Session


def kit_questions(cookie: bytes, second: bytes) -> Iterator[Question]:
    """What is refused of a kit to whoever is no officer, or alone."""
    yield protocol.AdoptIncidentKey(cookie, b"")
    yield protocol.BeginKit(cookie, second)
    yield protocol.HashKit(cookie, bytes(32))
    yield protocol.ReadKit(cookie, bytes(32), 0)


def take_a_kit(install: Installation, first: Session, second: Session) -> None:
    assert incident_kits.ask_incident_key(first).records
    pairs = tuple(((p.first, p.second), p.sealed_seed) for p in store.incident_pairs())
    card = install.cards.trusted(install.marking.card()[0], at=Moment(install.today()))
    front = Front(install.org, 0, bytes(32), card.id, pairs)
    incident_kits.adopt_incident_key(first, front.encode() + card.encode())
    begun = incident_kits.begin_kit(first, second)
    assert incident_kits.hash_kit(first, begun.kit).sha256
    assert incident_kits.read_kit(first, begun.kit, start=0).is_as_recorded
