"""A house with real people, from its founding to the first note; and what it refuses meanwhile."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import DAY, Clock, Paper
from tests.ceremony.conftest import Typing
from tests.ceremony.houses import (
    ANSWERS,
    PASSWORD,
    House,
    founded,
    keeping_on,
    new_session,
    parsed,
)
from tests.keys import softhsm
from tests.keys.clinic import named
from tests.keys.softhsm import SoftHsm
from vaitiolo.ceremony import registering, shares
from vaitiolo.ceremony.answering import CannotAnswer
from vaitiolo.keys import cards, registrations, store, trust
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.registrations import Direction, Registration
from vaitiolo.keys.slots import SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.verify.checkpoints import LogKey
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    NewCompartment,
    NotAllowed,
    NoTouch,
    Place,
    Plain,
    Sealed,
    WrongSignIn,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose, Role
from vaitiolo.warden.server import house, policies, registrars, unit_books
from vaitiolo.warden.server.founding import CannotBeFounded
from vaitiolo.warden.server.registrars import Invitee, RegistrarRefused
from vaitiolo.warden.session import Session

pytestmark = [
    pytest.mark.skipif(
        softhsm.module is None, reason="SoftHSM is not here: apt-get install softhsm2"
    ),
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftHsm]:
    made = SoftHsm(tmp_path / "hsm")
    for name, value in made.environ().items():
        monkeypatch.setenv(name, value)
    softhsm.forget_module()
    yield made
    softhsm.forget_module()


@pytest.fixture
def home(tmp_path: Path, token: SoftHsm) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


def test_a_house_is_founded_and_a_therapist_writes_a_note(home: Path) -> None:
    with founded(home) as one:
        assert not one.install.trust.demo
        one.let_registrars_in()
        ritva = one.sign_in("ritva")
        client.settle_staff(ritva)
        rita = one.hire(ritva, "ritva", "rita", Role.RECEPTION)
        tiina = one.hire(ritva, "ritva", "tiina", Role.THERAPIST)
        book = client.open_compartment(rita, one.made.units[0].phonebook, purpose=Purpose.RECEPTION)
        patient = uuid4()
        assert book.seal([Plain(Place(Kind.PHONEBOOK, patient, 1), b'{"name":"Aada"}')])
        note = write_note(rita, tiina, patient)
        assert note == b'{"text":"Uni on parantunut."}'
        key = LogKey(one.install.trust.ledger.origin, one.install.trust.ledger.ed25519)
        assert audit(key).is_sound
        acts = [entry.leaf.act for entry in queries.entries_from(0)]
        assert acts.count(Act.INVITED) == 5
        assert {Act.CONFIGURED, Act.CARD, Act.CEREMONY_EXPORTED, Act.CEREMONY_IMPORTED} <= set(acts)


def write_note(reception: Session, therapist: Session, patient) -> bytes:
    person = client.recognise(therapist).person
    new = NewCompartment(CompartmentClass.CHART, patient, (person,), ())
    [chart] = client.create_compartments(reception, [new])
    place = Place(Kind.NOTE, uuid4(), 1)
    writing = client.open_compartment(therapist, chart, purpose=Purpose.CARE, mode=Mode.WRITE)
    words = json.dumps({"text": "Uni on parantunut."}, separators=(",", ":")).encode()
    [sealed] = writing.seal([Plain(place, words)])
    reading = client.open_compartment(therapist, chart, purpose=Purpose.CARE)
    return reading.unseal([Sealed(place, sealed)])[0].body


def test_a_unit_that_is_added_later_gets_its_books_with_its_first_receptionist(
    home: Path,
) -> None:
    with founded(home) as one:
        one.let_registrars_in()
        ritva = one.sign_in("ritva")
        new = house.add_unit(one.install, "Munkkiniemi")
        one.made = replace(one.made, units=(new, *one.made.units))
        rita = one.hire(ritva, "ritva", "rita", Role.RECEPTION)
        for book in (new.phonebook, new.diary):
            assert client.open_compartment(rita, book, purpose=Purpose.RECEPTION)
        other = one.made.units[1].phonebook
        with pytest.raises(client.NotGranted):
            client.open_compartment(rita, other, purpose=Purpose.RECEPTION)


def test_a_contact_sheet_fits_whoever_enrolled_with_the_first_invitation(home: Path) -> None:
    with founded(home) as one:
        one.let_registrars_in()
        ritva = one.sign_in("ritva")
        pia = one.enrol(one.code("Pia Puro"), "pia")
        assert one.sign_card(ritva, "ritva", pia.card)
        session = one.sign_in("pia")
        person = client.recognise(session).person
        others = [share for officer, share in one.paper.shares.items() if officer != person]
        for share, fits in ((others[0], False), (one.paper.shares[person], True)):
            asked = client.begin_touch(session, client.over_enrolling())
            assertion = pia.key.touch(asked.challenge)
            with nullcontext() if fits else pytest.raises(client.WrongShare):
                client.enrol_share(
                    session,
                    share,
                    password=PASSWORD,
                    prf=pia.key.prf(bytes(32)),
                    assertion=assertion,
                )


def test_nobody_on_the_staff_comes_in_by_a_password_alone(home: Path) -> None:
    with founded(home) as one:
        code = one.code("Ritva Ranta")
        assert not client.begin_enrolment(new_session(one.install), code).password_alone
        with pytest.raises(NoTouch):
            client.enrol(new_session(one.install), code, PASSWORD)
        one.let_registrars_in()
        with pytest.raises(WrongSignIn):
            client.sign_in(new_session(one.install), name="ritva", password=PASSWORD, network="")
        assert one.sign_in("ritva")
        kinds = one.install.trust.slots
        assert SlotKind.PASSWORD not in kinds.staff | kinds.registrar


def test_no_registrar_makes_another_and_nobody_signs_in_before_the_root(home: Path) -> None:
    with founded(home) as one:
        waiting = one.enrol(one.code("Reino Rauta"), "reino")
        with pytest.raises(WrongSignIn):
            one.sign_in("reino")
        first = one.enrol(one.code("Ritva Ranta"), "ritva")
        answer = parsed(one.ceremony())
        own = tuple(card for card in answer.cards if card.id == first.card)
        registrars.admit(one.install, replace(answer, cards=own).encode())
        ritva = one.sign_in("ritva")
        assert client.list_card_requests(ritva) == ()
        with pytest.raises(NotAllowed):
            one.sign_card(ritva, "ritva", waiting.card)
        with pytest.raises(NotAllowed):
            client.invite(ritva, name="X", role=Role.REGISTRAR, unit=None, sign_in="x")


def test_a_card_comes_in_by_the_pinned_root_alone(home: Path) -> None:
    with founded(home) as one:
        for name, sign_in in (("Ritva Ranta", "ritva"), ("Reino Rauta", "reino")):
            one.enrol(one.code(name), sign_in)
        good = parsed(one.ceremony())
        org = one.install.org
        with HolderKeys(bytearray(32), org) as strange:
            root = cards.root_keys(strange)
            bare = [replace(card, signatures=()) for card in good.cards]
            forged = [registrations.sign(card, root=strange, pinned=root) for card in bare]
        # To whoever does not know the pinned root, the forged answer is as good as the right one.
        made = Registration(Direction.ANSWER, org, good.made, tuple(forged))
        registrations.check_answer(made, org=org, root=root)
        borrowed = replace(
            made, cards=tuple(replace(c, signatures=good.cards[0].signatures) for c in bare)
        )
        for wrong in (made, borrowed, replace(good, org=uuid4())):
            with pytest.raises(RegistrarRefused):
                registrars.admit(one.install, wrong.encode())
        assert not store.cards_of_class(CardClass.REGISTRAR)
        acts = [entry.leaf.act for entry in queries.entries_from(0)]
        assert (acts.count(Act.REFUSED), acts.count(Act.CEREMONY_IMPORTED)) == (3, 0)
        assert registrars.admit(one.install, good.encode()).new == 2
        again = registrars.admit(one.install, good.encode())
        assert (again.new, again.already) == (0, 2)


def test_no_registrar_comes_in_unseen_where_witnesses_are_asked_for(home: Path) -> None:
    with founded(home) as one:
        one.enrol(one.code("Ritva Ranta"), "ritva")
        answer, asking_none = one.ceremony(), one.install.trust
        silent = (trust.Witness("w.example/1", named("a witness")),)
        asking = replace(asking_none, ledger=replace(asking_none.ledger, quorum=1))
        one.install.trust = replace(asking, witnesses=silent)
        one.install.waiting.patience = 0.1
        with pytest.raises(RegistrarRefused, match="witnesses"):
            registrars.admit(one.install, answer)
        assert not store.cards_of_class(CardClass.REGISTRAR)
        acts = [entry.leaf.act for entry in queries.entries_from(0)]
        assert acts[-2:] == [Act.CEREMONY_IMPORTED, Act.REFUSED]
        one.install.trust = asking_none
        assert registrars.admit(one.install, answer).new == 1


def test_officers_sign_with_paper_on_a_machine_without_network(
    home: Path, tmp_path: Path, alone: Callable[..., list[str]]
) -> None:
    with founded(home) as one:
        one.enrol(one.code("Ritva Ranta"), "ritva")
        (tmp_path / "request").write_bytes(
            registrars.export(one.install, registrars.waiting(one.install))
        )
        paths = [str(tmp_path / "request"), str(tmp_path / "answer"), "--trust", str(home)]
        typed = "\n".join(["yes", *shares.split(bytearray(one.paper.master))[2:], ""])
        done = subprocess.run(
            alone("-m", "vaitiolo.config.ceremony", "registrars", *paths),
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert " ".join(one.joined["ritva"].words()) in done.stdout
        registrars.admit(one.install, (tmp_path / "answer").read_bytes())
        assert client.recognise(one.sign_in("ritva")).role == Role.REGISTRAR


def test_nothing_is_signed_without_a_yes_or_with_other_paper(home: Path) -> None:
    with founded(home) as one:
        one.enrol(one.code("Ritva Ranta"), "ritva")
        raw = registrars.export(one.install, registrars.waiting(one.install))
        policy, today = registering.read_policy(home), one.install.today()
        request = registering.read_request(raw, policy, today=today)
        right = shares.split(bytearray(one.paper.master))[:3]
        other = shares.split(bytearray(named("another master")))[:3]
        for lines in (["no", *right], [*right], ["yes", *other], ["yes", *right[:2]]):
            with pytest.raises(CannotAnswer):
                registering.sign(request, policy, Typing(list(lines)), made=today)
        with pytest.raises(CannotAnswer):
            registering.read_request(raw, policy, today=today + 500)


def test_a_house_without_registrars_gets_new_ones_and_they_renew(home: Path) -> None:
    with founded(home) as one:
        code, _until = registrars.invite(one.install, Invitee("Uuno Uusi", "uuno"))
        one.enrol(code, "uuno")
        registrars.admit(one.install, one.ceremony())
        assert client.recognise(one.sign_in("uuno")).role == Role.REGISTRAR
        one.clock.ahead += 380 * DAY
        one.sign_in("uuno")
        [due] = registrars.waiting(one.install)
        assert due.card.terms.prev == one.joined["uuno"].card
        registrars.admit(one.install, one.ceremony())
        one.clock.ahead += 100 * DAY
        assert client.recognise(one.sign_in("uuno")).role == Role.REGISTRAR


def test_two_signatures_where_the_house_wants_two(home: Path) -> None:
    with founded(home, replace(ANSWERS, registrars_per_card=2)) as one:
        one.let_registrars_in()
        ritva, reino = one.sign_in("ritva"), one.sign_in("reino")
        code = client.invite(
            ritva, name="Rita", role=Role.RECEPTION, unit=one.unit, sign_in="rita"
        ).code
        rita = one.enrol(code, "rita")
        assert not one.sign_card(ritva, "ritva", rita.card)
        assert one.sign_card(reino, "reino", rita.card)
        # The reception's own card waits for the other signature as well.
        [role_card] = client.list_card_requests(ritva)
        assert one.sign_card(ritva, "ritva", role_card.card)
        session = one.sign_in("rita")
        book = one.made.units[0].phonebook
        assert client.open_compartment(session, book, purpose=Purpose.RECEPTION)


class Cut(BaseException):
    """As if the power went."""


def cut(*_: object, **__: object) -> None:
    raise Cut


@pytest.mark.parametrize(
    ("room", "name", "keeps_paper"),
    [
        (house, "_make_kms_keys", False),
        (house, "_sign_policy", False),
        (policies.trust, "write", False),
        (house, "_admit_recovery", True),
        (unit_books, "record", True),
        (registrars, "invite", True),
    ],
)
def test_a_founding_that_is_cut_off_is_begun_again_or_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, room, name: str, keeps_paper: object
) -> None:
    first = Paper()
    with monkeypatch.context() as patch:
        patch.setattr(room, name, cut)
        with pytest.raises(Cut):
            house.found(home, ANSWERS, Clock(), keeping=keeping_on(first))
    assert house.goes_on(home) is keeps_paper
    with founded(home) as one:
        one.paper = first if keeps_paper else one.paper
        one.enrol(one.code("Ritva Ranta"), "ritva")
        assert registrars.admit(one.install, one.ceremony()).new == 1
        assert len(store.cards_of_class(CardClass.RECOVERY)) == 3
        assert set(unit_books.founded(one.install)) == {unit.id for unit in one.made.units}
        assert len(store.officers()) == 3


def test_a_founding_does_not_go_on_with_other_answers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(unit_books, "record", cut)
        with pytest.raises(Cut):
            house.found(home, ANSWERS, Clock(), keeping=keeping_on(Paper()))
    with pytest.raises(CannotBeFounded, match="other answers"):
        house.found(home, replace(ANSWERS, name="X"), Clock(), keeping=keeping_on(Paper()))


def test_a_house_that_is_there_is_named_and_left_alone(home: Path) -> None:
    with founded(home):
        pass
    before = (home / trust.FILE_NAME).read_bytes()
    with pytest.raises(CannotBeFounded, match="a house here already: Esimerkki"):
        house.found(home, ANSWERS, Clock(), keeping=keeping_on(Paper()))
    assert (home / trust.FILE_NAME).read_bytes() == before


def test_keys_in_files_and_another_houses_keys_are_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with founded(home):
        pass
    second = tmp_path / "second"
    second.mkdir()
    with pytest.raises(CannotBeFounded, match="holds keys already"):
        house.found(second, ANSWERS, Clock(), keeping=keeping_on(Paper()))
    monkeypatch.setenv("VAITIOLO_KMS", "file")
    with pytest.raises(CannotBeFounded, match="for demonstrations"):
        house.found(second, ANSWERS, Clock(), keeping=keeping_on(Paper()))
    assert not list(second.rglob("*"))


def test_the_paper_is_nowhere_on_the_machine(home: Path) -> None:
    with founded(home) as one:
        one.let_registrars_in()
        kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
        seeds = [bytes(starting_seed(one, part)) for part in ("root", "chart")]
        assert not [seed for seed in (one.paper.master, *seeds) if seed in kept]
        assert not (home / "warden" / house.BEGUN).exists()


def starting_seed(one: House, part: str) -> bytearray:
    return registering.master_part(bytearray(one.paper.master), one.install.org, part=part)
