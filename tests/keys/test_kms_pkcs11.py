"""The key service in a token, with SoftHSM: what leaves it, who may what, and what comes back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, Mechanism, ObjectClass

from tests.keys import softhsm
from tests.keys.mutations import refuses_all_but
from tests.keys.policy import EVERYTHING, NAMES
from tests.keys.softhsm import SoftHsm
from vaitiolo.keys import primitives
from vaitiolo.keys.kms import WARDEN_MAY, WORKER_MAY, KmsAway, KmsMisset, choosing
from vaitiolo.keys.kms.pkcs11 import Connection, Socket, TokenKeeper, TokenKms
from vaitiolo.keys.refused import Refused

SEED = b"thirty-two bytes of a row's seed"

pytestmark = pytest.mark.skipif(
    softhsm.module is None, reason="SoftHSM is not here: apt-get install softhsm2"
)


def quiet(_said: str) -> None:
    """Nobody has to hear of it."""


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftHsm]:
    made = SoftHsm(tmp_path / "hsm")
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.settings))
    softhsm.forget_module()
    keeper = TokenKeeper(made.socket)
    for name in NAMES:
        keeper.create(name)
    yield made
    softhsm.forget_module()


@pytest.fixture
def kms(token: SoftHsm) -> TokenKms:
    return TokenKms(token.socket, may=EVERYTHING)


def key_in(session: pkcs11.Session, name: str) -> pkcs11.SecretKey:
    found = session.get_key(object_class=ObjectClass.SECRET_KEY, label=name)
    assert isinstance(found, pkcs11.SecretKey)
    return found


def test_a_mac_is_the_tokens_own_hmac_and_differs_by_name_and_text(
    kms: TokenKms, token: SoftHsm
) -> None:
    macs = {kms.mac(name, text) for name in ("slot-1", "slot-2") for text in (b"", b"a")}
    assert len(macs) == 4
    assert {len(mac) for mac in macs} == {32}
    labelled = b"vaitiolo/1/kms-mac" + b"a"
    theirs = Connection(token.socket).use(
        lambda session: key_in(session, "slot-1").sign(labelled, mechanism=Mechanism.SHA256_HMAC)
    )
    assert kms.mac("slot-1", bytearray(b"a")) == theirs


def test_no_key_can_be_read_out_and_a_readable_one_could(token: SoftHsm) -> None:
    """The second half shows that the question itself is one that a careless key answers."""
    connection = Connection(token.socket, may_write=True)
    key = connection.use(lambda session: key_in(session, "slot-1"))
    assert key[Attribute.SENSITIVE]
    assert key[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(pkcs11.AttributeSensitive):
        key[Attribute.VALUE]

    def careless(session: pkcs11.Session) -> bytes:
        made = session.generate_key(
            pkcs11.KeyType.GENERIC_SECRET,
            256,
            template={Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True},
        )
        return bytes(made[Attribute.VALUE])

    assert len(connection.use(careless)) == 32


def test_the_wardens_session_makes_and_ends_no_key(token: SoftHsm, kms: TokenKms) -> None:
    session_of = kms._connection.use
    for deed in (
        lambda session: key_in(session, "slot-1").destroy(),
        lambda session: session.generate_key(pkcs11.KeyType.GENERIC_SECRET, 256, store=True),
    ):
        with pytest.raises(KmsAway, match="SessionReadOnly"):
            session_of(deed)
    assert kms.mac("slot-1", b"")
    assert TokenKeeper(token.socket).names() == tuple(sorted(NAMES))


def test_what_was_sealed_opens_under_its_name_and_place_only(kms: TokenKms) -> None:
    sealed = kms.seal("outbox-1", b"a row", SEED)
    assert kms.open("outbox-1", b"a row", sealed) == SEED
    assert sealed != kms.seal("outbox-1", b"a row", SEED)
    for name, place in (("outbox-1", b"a roW"), ("outbox-1", b""), ("staff-1", b"a row")):
        with pytest.raises(Refused):
            kms.open(name, place, sealed)


def test_every_mutation_of_a_sealed_blob_is_refused(kms: TokenKms) -> None:
    sealed = kms.seal("outbox-1", b"a row", SEED)
    assert refuses_all_but(sealed, lambda raw: kms.open("outbox-1", b"a row", raw)) > 300


def test_a_mac_is_never_the_key_of_a_seal(kms: TokenKms) -> None:
    sealed = kms.seal("staff-1", b"", SEED)
    mac = kms.mac("staff-1", b"vaitiolo/1/kms-seal" + sealed[:32])
    assert not primitives.same(mac, kms._compute("staff-1", b"vaitiolo/1/kms-seal" + sealed[:32]))


def test_each_program_does_what_it_may(token: SoftHsm) -> None:
    warden = TokenKms(token.socket, may=WARDEN_MAY)
    worker = TokenKms(token.socket, may=WORKER_MAY)
    sealed = warden.seal("outbox-1", b"a row", SEED)
    assert worker.open("outbox-1", b"a row", sealed) == SEED
    for attempt in (
        lambda: warden.open("outbox-1", b"a row", sealed),
        lambda: worker.mac("slot-1", b""),
        lambda: worker.seal("outbox-1", b"", SEED),
        lambda: warden.mac("log-1", b""),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_key_is_made_once_and_ends_at_once(kms: TokenKms, token: SoftHsm) -> None:
    keeper = TokenKeeper(token.socket)
    before = kms.mac("slot-1", b"a")
    with pytest.raises(FileExistsError):
        keeper.create("slot-1")
    assert kms.mac("slot-1", b"a") == before
    keeper.destroy("slot-1")
    with pytest.raises(Refused) as refusal:
        kms.mac("slot-1", b"a")
    assert refusal.value.reason == "kms.key"
    with pytest.raises(KmsMisset, match="no key slot-1"):
        keeper.destroy("slot-1")
    keeper.create("slot-1")
    assert kms.mac("slot-1", b"a") != before


def test_two_keys_of_one_name_are_no_key(kms: TokenKms, token: SoftHsm) -> None:
    def twin(session: pkcs11.Session) -> None:
        session.generate_key(pkcs11.KeyType.GENERIC_SECRET, 256, label="slot-1", store=True)

    Connection(token.socket, may_write=True).use(twin)
    with pytest.raises(Refused) as refusal:
        kms.mac("slot-1", b"")
    assert refusal.value.reason == "kms.key"


def test_a_token_that_is_taken_out_is_away_and_works_when_it_is_back(
    kms: TokenKms, token: SoftHsm
) -> None:
    before = kms.mac("slot-1", b"a")
    token.take_out()
    for _ in range(3):
        with pytest.raises(KmsAway):
            kms.mac("slot-1", b"a")
    token.put_back()
    assert kms.mac("slot-1", b"a") == before


def test_many_threads_share_a_session(kms: TokenKms) -> None:
    right = {text: kms.mac("slot-1", text) for text in (bytes([n]) for n in range(8))}
    wrong: list[bytes] = []

    def ask(text: bytes) -> None:
        wrong.extend(text for _ in range(50) if kms.mac("slot-1", text) != right[text])

    threads = [threading.Thread(target=ask, args=(text,)) for text in right]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_wrong_pin_is_tried_once(token: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> None:
    token.pin.write_text("0000")
    softhsm.forget_module()
    kms = TokenKms(token.socket, may=EVERYTHING)
    with pytest.raises(KmsAway, match="PinIncorrect"):
        kms.mac("slot-1", b"")
    with pytest.raises(KmsAway, match="not tried again"):
        kms.mac("slot-1", b"")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_pin_that_others_reach_is_not_used(token: SoftHsm, mode: int) -> None:
    token.pin.chmod(mode)
    with pytest.raises(KmsMisset, match="alone can reach"):
        choosing.choose(Path(), demo=False, may=WARDEN_MAY, environ=token.environ(), say=quiet)


def test_a_setting_that_is_missing_or_wrong_is_named(token: SoftHsm, tmp_path: Path) -> None:
    whole = token.environ()
    for name in ("VAITIOLO_KMS_MODULE", "VAITIOLO_KMS_TOKEN", "VAITIOLO_KMS_PIN_FILE"):
        with pytest.raises(KmsMisset, match=name):
            choosing.choose(
                Path(), demo=False, may=WARDEN_MAY, environ={**whole, name: " "}, say=quiet
            )
    wrong = {**whole, "VAITIOLO_KMS_MODULE": str(tmp_path / "none.so")}
    with pytest.raises(KmsMisset, match="no PKCS#11 module"):
        choosing.choose(Path(), demo=False, may=WARDEN_MAY, environ=wrong, say=quiet)


def test_production_may_choose_a_token(token: SoftHsm) -> None:
    chosen = choosing.choose(Path(), demo=False, may=WARDEN_MAY, environ=token.environ(), say=quiet)
    direct = TokenKms(token.socket, may=WARDEN_MAY)
    assert chosen.mac("slot-1", b"a") == direct.mac("slot-1", b"a")
    kept = choosing.keeper(Path(), demo=False, environ=token.environ())
    assert kept.names() == tuple(sorted(NAMES))


def test_a_token_by_another_label_is_away(token: SoftHsm) -> None:
    other = Socket(token.socket.module, "another", token.pin)
    with pytest.raises(KmsAway, match="NoSuchToken"):
        TokenKms(other, may=EVERYTHING).mac("slot-1", b"")
