"""Fingerprints from the signature to the search: a real house's records, kit and leak."""

import gzip
import html
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.cast import KALLIO, Clinic
from tests.ceremony.conftest import Typing
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ceremony import network
from vaitiolo.fingerprints.identifiers import CHECK
from vaitiolo.keys import contact, store
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.models import (
    StoredIncidentPair,
    StoredMark,
    StoredMarkKey,
    StoredMarkLink,
    StoredSegment,
)
from vaitiolo.keys.octets import digest
from vaitiolo.keys.refused import Refused
from vaitiolo.leak import command, result
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ops import access, incident_kit
from vaitiolo.ops.access import OpenKit
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, Place, Plain, Sealed
from vaitiolo.warden.client.incident_kits import ask_incident_key
from vaitiolo.warden.client.refusals import NoIncidentKey, NotAllowed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mark, Mode, Purpose
from vaitiolo.warden.server.recording import KITS
from vaitiolo.warden.session import Session

SYLLABLES = (
    "ka",
    "ro",
    "li",
    "mu",
    "se",
    "ta",
    "vu",
    "ny",
    "hel",
    "jor",
    "pes",
    "dim",
    "kul",
    "sar",
    "ven",
)
PATIENTS, ERASED, AMENDED = 5, 3, 1
MINUTE = 60_000_000
VAULT = "vault"


def prose(number: int, *, length: int = 900) -> str:
    """A text that nobody else has."""
    drawn = random.Random(number)  # noqa: S311 - seeded data
    words: list[str] = []
    while sum(map(len, words)) < length:
        words.append("".join(drawn.choice(SYLLABLES) for _ in range(drawn.randint(2, 4))))
    return " ".join(words)


def code(number: int) -> str:
    nine = f"010190{900 + number}"
    return f"010190-{900 + number}{chr(CHECK[int(nine) % len(CHECK)])}"


@dataclass
class House:
    """Patients with a signed note each, one of them amended."""

    clinic: Clinic
    patients: list[UUID]
    texts: list[str]

    def actor(self, name: str) -> Actor:
        session = Session(self.clinic.session(name).cookie, self.clinic.console)
        return Actor(session, self.clinic.id(name), name, 0, None, None, is_weak=False)  # type: ignore[arg-type]  # the console needs the session alone

    def take(self, path: Path) -> OpenKit:
        with path.open("wb") as file:
            kit = access.open_kit(self.actor("pia"), self.actor("mauri"))
            return incident_kit.take(kit, file)

    def typed(self, *names: str) -> list[str]:
        return [self.clinic.paper.incident[self.clinic.id(name)] for name in names]

    def scan(self, kit: Path, *files: Path) -> dict[str, Any]:
        out = kit.with_name(f"result-{len(list(kit.parent.iterdir()))}")
        asked = ["scan", *map(str, files), "--kit", str(kit), "--out", str(out)]
        desk = Typing(self.typed("mauri", "pia"))
        assert command.main(asked, desk) != command.REFUSED, desk.said
        return result.read(out.read_bytes(), bytes.fromhex(self.said_of_kit()["result_key"]))

    def said_of_kit(self) -> dict[str, Any]:
        install = self.clinic.install
        *_, entry = queries.entries_of(install.recording.tag(KITS))
        assert entry.leaf.act is Act.KIT_TAKEN
        return install.recording.read(
            KITS, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
        )

    def marks(self) -> list[Mark]:
        return [Mark(one.mark) for one in client.list_signed(self.clinic.console, 0).deeds]

    def erase(self, patient: UUID) -> None:
        self.clinic.install.recording.erase(
            patient,
            basis="retention-over",
            actor=self.clinic.id("pia"),
            beside=lambda connection: store.remove_subject(connection, patient),
        )


def body(text: str, **more: str) -> bytes:
    return json.dumps({"held_at": "2026-11-20", "template": "", "text": text, **more}).encode()


@pytest.fixture
def house(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(network, "demand_none", lambda: None)
    made = House(clinic, [], [])
    for number in range(PATIENTS):
        patient = uuid4()
        made.patients.append(patient)
        made.texts.append(prose(number))
        new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
        [identity] = client.create_compartments(clinic.session("aino"), [new])
        at_desk = client.open_compartment(
            clinic.session("aino"), identity, purpose=Purpose.RECEPTION, mode=Mode.WRITE
        )
        who = json.dumps({"hetu": code(number), "email": f"p{number}@example.org"}).encode()
        at_desk.seal([Plain(Place(Kind.IDENTITY, patient, 1), who)])
        chart = make_chart(clinic, patient)
        writing = open_chart(clinic, chart, mode=Mode.WRITE)
        note = uuid4()
        place = Place(Kind.NOTE, note, 1)
        writing.seal([Plain(Place(Kind.DRAFT, uuid4(), 1), body("a draft " * 90))])
        [sealed] = writing.seal([Plain(place, body(made.texts[-1]))])
        if number == AMENDED:
            made.texts[-1] += " " + prose(100, length=400)
            amended = Plain(Place(Kind.NOTE, note, 2), body(made.texts[-1]), sealed)
            clinic.clock.ahead += 10 * MINUTE
            open_chart(clinic, chart, mode=Mode.WRITE).seal([amended])
    return made


def leaked(house: House, folder: Path) -> list[Path]:
    """What somebody publishes, in three forms."""
    strangers = "\n".join(prose(number) for number in range(500, 520))
    dump = json.dumps([{"hetu": code(at), "note": text} for at, text in enumerate(house.texts)])
    page = "".join(f"<p>{html.escape(text).replace(' ', '<br> ')}</p>" for text in house.texts)
    forms = {
        "dump.json": dump.encode(),
        "page.html.gz": gzip.compress((strangers + page).encode()),
        "shout.csv": "\n".join(f'"{text.upper()}";x' for text in house.texts).encode(),
    }
    for name, content in forms.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in forms]


def test_a_leak_of_what_was_signed_is_told_apart_by_patient_and_version(
    house: House, tmp_path: Path
) -> None:
    house.erase(house.patients[ERASED])
    taken = house.take(tmp_path / "kit")
    said = house.said_of_kit()
    assert taken.sha256.hex() == said["sha256"]
    assert digest([(tmp_path / "kit").read_bytes()]) == taken.sha256
    assert (taken.records, taken.gone, taken.altered) == (2 * PATIENTS - 1, 2, 0)
    assert taken.chain_is_whole
    assert said["first"] == house.clinic.id("pia").hex
    living = [one for at, one in enumerate(house.patients) if at != ERASED]
    for path in leaked(house, tmp_path):
        found = house.scan(tmp_path / "kit", path)
        confirmed = {one["patient"] for one in found["patients"] if one["class"] == "confirmed"}
        assert confirmed == {str(one) for one in living}, path.name
        assert len(found["patients"]) == len(living)
        versions = {one["patient"]: one["notes"][0]["version"] for one in found["patients"]}
        assert versions.pop(str(house.patients[AMENDED])) == 2
        assert set(versions.values()) == {1}
        assert found["kit"]["sha256"] == said["sha256"]


def test_a_record_that_was_taken_away_or_exchanged_is_noticed(house: House, tmp_path: Path) -> None:
    assert house.marks().count(Mark.THERE) == 2 * PATIENTS + 1
    rows = StoredMark.objects.using(VAULT).order_by("number")
    lost, changed = rows[0], rows[1]
    lost.delete(using=VAULT)
    flipped = bytearray(changed.sealed_marks)
    flipped[-1] ^= 1
    StoredMark.objects.using(VAULT).filter(number=changed.number).update(
        sealed_marks=bytes(flipped)
    )
    assert house.marks().count(Mark.LOST) == 1
    taken = house.take(tmp_path / "kit")
    assert (taken.gone, taken.altered, taken.chain_is_whole) == (1, 1, True)
    house.scan(tmp_path / "kit", tmp_path / "kit")
    StoredMarkLink.objects.using(VAULT).filter(number=3).delete()
    assert not house.take(tmp_path / "again").chain_is_whole


def test_a_kit_needs_two_officers_and_nothing_leaves_before_its_entry(
    house: House, tmp_path: Path
) -> None:
    pia, mauri, helmi = (house.actor(name) for name in ("pia", "mauri", "helmi"))
    for first, second in ((pia, pia), (pia, helmi), (helmi, mauri)):
        with pytest.raises(NotAllowed):
            access.open_kit(first, second)
    kit = access.open_kit(pia, mauri)
    with pytest.raises(NotAllowed):
        next(kit.read())
    stranger = OpenKit(house.actor("ritva"), kit.name, 0, chain_is_whole=True)
    with pytest.raises(NotAllowed):
        stranger.record()
    kit.record()
    house.erase(house.patients[0])
    assert b"".join(kit.read())
    assert not kit.is_as_recorded
    known = ask_incident_key(house.clinic.session("pia"))
    assert (known.is_kept, known.officers, known.records) == (True, 3, 2 * PATIENTS - 1)
    assert not (tmp_path / "kit").exists()


def test_no_share_of_the_incident_key_is_taken_for_one_of_contact(house: House) -> None:
    org, pia = house.clinic.install.org, house.clinic.id("pia")
    [typed] = house.typed("pia")
    with pytest.raises(Refused):
        contact.read(typed, org=org, officer=pia)
    paper = house.clinic.paper.shares[pia]
    with pytest.raises(Refused):
        contact.read(paper, org=org, officer=pia, role=RecoveryRole.INCIDENT)


def test_a_house_without_the_key_signs_as_ever_and_says_that_it_has_no_kit(
    clinic: Clinic,
) -> None:
    StoredIncidentPair.objects.using(VAULT).all().delete()
    house = House(clinic, [], [])
    writing = open_chart(clinic, make_chart(clinic, uuid4()), mode=Mode.WRITE)
    assert writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), body(prose(1)))])
    assert store.count_marks() == 0
    assert house.marks()[-1] is Mark.NONE
    assert not ask_incident_key(clinic.session("pia")).is_kept
    with pytest.raises(NoIncidentKey):
        access.open_kit(house.actor("pia"), house.actor("mauri"))


def test_a_broken_card_or_key_never_keeps_a_signature_from_being_given(house: House) -> None:
    clinic = house.clinic
    clinic.install.marking.close()
    StoredMarkKey.objects.using(VAULT).update(sealed_key=b"noise")
    chart = make_chart(clinic, uuid4())
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    place = Place(Kind.NOTE, uuid4(), 1)
    [sealed] = writing.seal([Plain(place, body(prose(7)))])
    [read] = open_chart(clinic, chart).unseal([Sealed(place, sealed)])
    assert read.body == body(prose(7))
    assert house.marks()[-1] is Mark.NONE


def test_a_segment_is_closed_after_64_records_half_an_hour_or_a_restart(clinic: Clinic) -> None:
    marking = clinic.install.marking
    writing = open_chart(clinic, make_chart(clinic, uuid4()), mode=Mode.WRITE)

    def sign(number: int) -> None:
        writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), body(f"{at}")) for at in range(number)])

    def segments() -> int:
        return StoredSegment.objects.using(VAULT).count()

    sign(64)
    assert segments() == 1
    sign(1)
    assert segments() == 2
    clinic.clock.ahead += 31 * MINUTE
    marking.close_old()
    clinic.cookies.clear()
    writing = open_chart(clinic, make_chart(clinic, uuid4()), mode=Mode.WRITE)
    sign(1)
    assert segments() == 3
    marking.close()
    sign(1)
    assert segments() == 4
