import unicodedata
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from tests.keys.clinic import id_of, named
from tests.keys.mutations import refuses_all_but
from tests.keys.policy import ORG
from vaitiolo.keys import primitives, slots, typed
from vaitiolo.keys.kms import Macs
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.refused import MESSAGE, Refused
from vaitiolo.keys.slots import (
    LEAST_COST,
    Credential,
    Given,
    Owner,
    PasswordCost,
    Slot,
    SlotKind,
    SlotPolicy,
)

SEED = named("seed of Helmi")
CARD = named("card of Helmi")
PASSWORD = "kolme hiljaista kissaa"
PRF = named("prf")
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
OWNER = Owner(ORG, id_of("Helmi"), CARD)
KEY = Credential(named("credential", 64), named("cose", 77), named("prf salt"))
POLICY = SlotPolicy(ORG, frozenset(SlotKind))
GIVEN = {
    SlotKind.PASSWORD_AND_KEY: Given(password=PASSWORD, prf=PRF),
    SlotKind.KEY: Given(prf=PRF),
    SlotKind.PRINTED_CODE: Given(password=CODE),
    SlotKind.PASSWORD: Given(password=PASSWORD),
    SlotKind.SHARE: Given(password=PASSWORD, prf=PRF),
    SlotKind.MACHINE: Given(secret=named("machine")),
}
WITH_KEY = {SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.SHARE}


@dataclass
class Counting:
    """A key service that counts what it is asked, and answers as the real one does."""

    kms: FileKms
    macs: int = 0

    def mac(self, name: str, data: primitives.Readable) -> bytes:
        self.macs += 1
        return self.kms.mac(name, data)


def card_of(seed: bytearray) -> bytes:
    return CARD if seed == SEED else named("another card")


def new(
    kind: SlotKind, *, epoch: int = 1, policy: SlotPolicy = POLICY, owner: Owner = OWNER
) -> Slot:
    key = KEY if kind in WITH_KEY else None
    return slots.new_slot(kind, owner, kms_epoch=epoch, policy=policy, credential=key)


def locked(kms: Macs, kind: SlotKind, *, seed: bytes = SEED, **more: Any) -> Slot:
    return slots.lock(seed, new(kind, **more), GIVEN[kind], kms=kms, policy=POLICY)


def unlock(
    kms: FileKms, slot: Slot, given: Given | None = None, policy: SlotPolicy = POLICY
) -> bytearray:
    return slots.unlock(slot, given or GIVEN[slot.kind], kms=kms, policy=policy, card_of=card_of)


def reason(kms: Macs, slot: Slot, given: Given | None = None, policy: SlotPolicy = POLICY) -> str:
    with pytest.raises(Refused) as refusal:
        unlock(kms, slot, given, policy)
    assert str(refusal.value) == MESSAGE
    return refusal.value.reason


@pytest.mark.parametrize("kind", SlotKind)
def test_a_slot_of_every_kind_opens_after_being_stored(kms: FileKms, kind: SlotKind) -> None:
    stored = locked(kms, kind).encode()
    slot = slots.parse(stored)
    assert slot.kind is kind
    assert slot.owner == OWNER
    assert unlock(kms, slot) == SEED


def test_a_slot_has_the_length_that_is_written_down(kms: FileKms) -> None:
    assert len(locked(kms, SlotKind.MACHINE).encode()) == 114 + 2 + 2 + 32 + 124
    assert len(locked(kms, SlotKind.KEY).encode()) == 114 + 2 + 64 + 2 + 77 + 32 + 124


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (SlotKind.PASSWORD, Given(password=PASSWORD + " ")),
        (SlotKind.PASSWORD_AND_KEY, Given(password=PASSWORD, prf=named("another prf"))),
        (SlotKind.PASSWORD_AND_KEY, Given(password="another password", prf=PRF)),
        (SlotKind.KEY, Given(prf=named("another prf"))),
        (SlotKind.PRINTED_CODE, Given(password=CODE[:-1] + "W")),
        (SlotKind.MACHINE, Given(secret=named("another machine"))),
    ],
)
def test_anything_else_does_not_open(kms: FileKms, kind: SlotKind, given: Given) -> None:
    assert reason(kms, locked(kms, kind), given) == "seal.commit"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (SlotKind.PASSWORD, Given()),
        (SlotKind.PASSWORD, Given(password="x" * 1025)),
        (SlotKind.PASSWORD_AND_KEY, Given(password=PASSWORD)),
        (SlotKind.PASSWORD_AND_KEY, Given(password=PASSWORD, prf=bytes(32))),
        (SlotKind.KEY, Given(prf=PRF[:31])),
        (SlotKind.MACHINE, Given()),
        (SlotKind.MACHINE, Given(secret=bytes(32))),
        (SlotKind.MACHINE, Given(secret=named("machine", 33))),
    ],
)
def test_what_is_missing_zero_or_of_another_length_is_refused(
    kms: FileKms, kind: SlotKind, given: Given
) -> None:
    slot = locked(kms, kind)
    assert reason(kms, slot, given) == "slot.given"
    with pytest.raises(Refused):
        slots.lock(SEED, new(kind), given, kms=kms, policy=POLICY)


def test_half_a_surrogate_pair_is_refused_like_anything_else(kms: FileKms) -> None:
    assert (
        reason(kms, locked(kms, SlotKind.PASSWORD), Given(password="\ud800" * 12))
        == "text.surrogate"
    )


def test_a_password_opens_however_its_letters_are_composed(kms: FileKms) -> None:
    words = unicodedata.normalize("NFC", "äiti öisin ﬁnland")
    slot = slots.lock(SEED, new(SlotKind.PASSWORD), Given(password=words), kms=kms, policy=POLICY)
    apart = unicodedata.normalize("NFD", words)
    assert apart != words
    assert unlock(kms, slot, Given(password=apart)) == SEED


def test_a_printed_code_opens_however_it_is_typed(kms: FileKms) -> None:
    slot = locked(kms, SlotKind.PRINTED_CODE)
    typed_code = "o123 4567 89ab cdef ghjk mnpq rstv"
    assert unlock(kms, slot, Given(password=typed_code)) == SEED
    assert unlock(kms, slot, Given(password=CODE.replace("-", "").replace("1", "l"))) == SEED


def test_a_new_code_is_140_random_bits_in_groups_of_four() -> None:
    codes = {typed.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {7 * 4 + 6}
    assert all(typed.is_code(typed.code(code)) for code in codes)
    assert typed.new_code(lambda length: bytearray(range(length))) == CODE


@pytest.mark.parametrize("short", ["", "0123-4567", CODE.replace("V", "U"), CODE + "0"])
def test_a_code_that_was_not_printed_locks_nothing(kms: FileKms, short: str) -> None:
    with pytest.raises(Refused) as refusal:
        slots.lock(SEED, new(SlotKind.PRINTED_CODE), Given(password=short), kms=kms, policy=POLICY)
    assert refusal.value.reason == "slot.code"


@pytest.mark.parametrize(
    ("kind", "least"),
    [(SlotKind.PASSWORD, 12), (SlotKind.PASSWORD_AND_KEY, 8), (SlotKind.SHARE, 8)],
)
def test_a_short_password_locks_nothing(kms: FileKms, kind: SlotKind, least: int) -> None:
    short = Given(password="x" * (least - 1), prf=PRF)
    with pytest.raises(Refused) as refusal:
        slots.lock(SEED, new(kind), short, kms=kms, policy=POLICY)
    assert refusal.value.reason == "slot.password"


def test_only_a_seed_of_32_bytes_is_locked(kms: FileKms) -> None:
    with pytest.raises(Refused) as refusal:
        locked(kms, SlotKind.KEY, seed=SEED[:31])
    assert refusal.value.reason == "slot.seed"


def test_every_mutation_of_a_stored_slot_is_refused(kms: FileKms) -> None:
    stored = locked(kms, SlotKind.KEY).encode()
    # Without a password nothing takes time, so each mutation goes all the way to the seal.
    assert (
        refuses_all_but(stored, lambda raw: unlock(kms, slots.parse(raw), GIVEN[SlotKind.KEY]))
        > 1200
    )


def test_what_a_kind_does_not_use_must_be_zero(kms: FileKms) -> None:
    stored = bytearray(locked(kms, SlotKind.PASSWORD).encode())
    prf_salt = 114 + 4
    stored[prf_salt] = 1
    with pytest.raises(Refused):
        slots.parse(stored)
    machine = bytearray(locked(kms, SlotKind.MACHINE).encode())
    machine[0x5D] = 1  # in the cost of a password that there is none of
    with pytest.raises(Refused):
        slots.parse(machine)


@pytest.mark.parametrize(
    "change",
    [
        {"kms_epoch": 0},
        {"cost": PasswordCost(0, 0, 0)},
        {"credential": None},
        {"credential": replace(KEY, id=b"")},
        {"credential": replace(KEY, id=bytes(1024))},
        {"credential": replace(KEY, cose=b"")},
        {"credential": replace(KEY, cose=bytes(513))},
        {"credential": replace(KEY, prf_salt=bytes(31))},
        {"sealed": b""},
    ],
)
def test_a_slot_of_another_shape_is_refused(kms: FileKms, change: dict[str, object]) -> None:
    slot = locked(kms, SlotKind.PASSWORD_AND_KEY)
    with pytest.raises(Refused) as refusal:
        slots.parse(replace(slot, **change).encode())
    assert refusal.value.reason == "slot.form"


@pytest.mark.parametrize(
    ("cost", "is_allowed"),
    [
        (PasswordCost(LEAST_COST.memory_kib - 1, 3, 4), False),
        (PasswordCost(LEAST_COST.memory_kib, 2, 4), False),
        (PasswordCost(LEAST_COST.memory_kib, 3, 3), False),
        (PasswordCost(2 * 1024 * 1024, 3, 4), False),
        (PasswordCost(LEAST_COST.memory_kib, 99, 4), False),
        (LEAST_COST, True),
    ],
)
def test_a_cost_out_of_bounds_is_refused_before_any_work(
    kms: FileKms, cost: PasswordCost, *, is_allowed: bool
) -> None:
    service = Counting(kms)
    lax = replace(POLICY, cost=PasswordCost(1, 1, 1))
    slot = replace(locked(kms, SlotKind.PASSWORD), cost=cost)
    if is_allowed:
        assert unlock(service, slot, policy=lax) == SEED
    else:
        assert reason(service, slot, policy=lax) == "slot.cost"
        assert service.macs == 0


def test_a_policy_may_ask_for_more_than_the_least(kms: FileKms) -> None:
    dearer = replace(POLICY, cost=PasswordCost(LEAST_COST.memory_kib, 4, 4))
    cheap = locked(kms, SlotKind.PASSWORD)
    assert reason(kms, cheap, policy=dearer) == "slot.cost"
    slot = new(SlotKind.PASSWORD, policy=dearer)
    assert slot.cost.iterations == 4
    stored = slots.lock(SEED, slot, GIVEN[SlotKind.PASSWORD], kms=kms, policy=dearer)
    assert unlock(kms, stored, policy=dearer) == SEED


def test_a_kind_that_the_policy_does_not_allow_is_refused(kms: FileKms) -> None:
    strict = replace(POLICY, kinds=frozenset({SlotKind.KEY}))
    service = Counting(kms)
    assert reason(service, locked(kms, SlotKind.PASSWORD), policy=strict) == "slot.kind"
    with pytest.raises(Refused):
        slots.lock(
            SEED, new(SlotKind.PASSWORD), GIVEN[SlotKind.PASSWORD], kms=service, policy=strict
        )
    assert service.macs == 0


def test_a_slot_of_another_organisation_is_refused(kms: FileKms) -> None:
    foreign = replace(POLICY, org=id_of("another clinic"))
    assert reason(kms, locked(kms, SlotKind.KEY), policy=foreign) == "slot.org"


def test_a_planted_seed_does_not_sign_in(kms: FileKms) -> None:
    planted = locked(kms, SlotKind.PASSWORD, seed=named("seed of a stranger"))
    assert reason(kms, planted) == "slot.card"


def test_a_share_gives_no_card_and_opens_all_the_same(kms: FileKms) -> None:
    assert unlock(kms, locked(kms, SlotKind.SHARE, seed=named("share"))) == named("share")


def test_a_seed_is_wiped_when_it_is_refused(kms: FileKms) -> None:
    seen: list[bytearray] = []

    def nobody(seed: bytearray) -> bytes:
        seen.append(seed)
        raise Refused("card.unknown")

    slot = locked(kms, SlotKind.KEY)
    with pytest.raises(Refused):
        slots.unlock(slot, GIVEN[SlotKind.KEY], kms=kms, policy=POLICY, card_of=nobody)
    assert seen == [bytearray(32)]


def test_a_slot_of_a_destroyed_epoch_is_shut_for_ever(kms: FileKms, tmp_path) -> None:
    slot = locked(kms, SlotKind.KEY)
    again = locked(kms, SlotKind.KEY, epoch=2)
    (tmp_path / "kms" / "slot-1").unlink()
    assert reason(kms, slot) == "kms.key"
    assert unlock(kms, again) == SEED


def test_an_owner_has_the_id_of_a_card() -> None:
    with pytest.raises(Refused):
        Owner(ORG, id_of("Helmi"), CARD[:31])


def test_nothing_given_is_shown() -> None:
    assert PASSWORD not in repr(GIVEN[SlotKind.PASSWORD])
    assert repr(GIVEN[SlotKind.MACHINE]) == "Given()"


@pytest.mark.parametrize(
    "kind", [SlotKind.PASSWORD, SlotKind.PASSWORD_AND_KEY, SlotKind.PRINTED_CODE]
)
def test_an_unknown_name_has_one_slot_that_never_opens(kms: FileKms, kind: SlotKind) -> None:
    def fake(name: str) -> Slot:
        return slots.fake_slot(name, kind, kms=kms, kms_epoch=1, policy=POLICY)

    slot = fake("Nobody Here")
    assert slot == fake("  nobody   HERE ")
    assert slot != fake("nobody there")
    assert slots.parse(slot.encode()) == slot
    assert len(slot.encode()) == len(locked(kms, kind).encode()) - (
        0 if kind not in WITH_KEY else 32
    )
    assert reason(kms, slot) == "seal.commit"


def test_an_unknown_name_costs_the_same_work(kms: FileKms, monkeypatch: pytest.MonkeyPatch) -> None:
    service, costs = Counting(kms), []
    argon2id = primitives.argon2id

    def counted(password: bytes, salt: bytes, **cost: int) -> bytearray:
        costs.append(cost)
        return argon2id(password, salt, **cost)

    monkeypatch.setattr(primitives, "argon2id", counted)
    real = locked(kms, SlotKind.PASSWORD)
    fake = slots.fake_slot("nobody", SlotKind.PASSWORD, kms=kms, kms_epoch=1, policy=POLICY)
    costs.clear()
    wrong = Given(password="not the password")
    answers = []
    for slot in (real, fake):
        service.macs = 0
        answers.append((reason(service, slot, wrong), service.macs, costs.pop()))
    assert answers[0] == answers[1]
    assert not costs


def test_ids_and_salts_are_drawn_anew(kms: FileKms) -> None:
    drawn = [new(SlotKind.PASSWORD) for _ in range(20)]
    assert len({slot.id for slot in drawn}) == len({slot.salt for slot in drawn}) == 20
    assert all(isinstance(slot.id, UUID) and slot.id.version == 4 for slot in drawn)
