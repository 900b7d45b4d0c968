"""The page of formats says what the code does: labels, numbers, lengths."""

import re
from enum import IntEnum
from pathlib import Path

import pytest

from vaitiolo.keys import bodies, cards, drops, envelope, grants, revocations, rotations
from vaitiolo.keys.cards import CardClass, Role
from vaitiolo.keys.kinds import CompartmentClass, Kind, RecoveryRole, recovery_of, signed_kinds
from vaitiolo.keys.revocations import Reason
from vaitiolo.keys.slots import SlotKind

HOUSE = Path(bodies.__file__).parent
PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
# Where the page has another word than the code.
WORDS = {
    "PHONEBOOK": "phone-book row",
    "DIARY": "diary row",
    "MANIFEST": "manifest of a file",
    "CHUNK": "chunk of a file",
    "ROLE_SEED": "seed of a role card",
    "PRIVACY_OFFICER": "privacy officer",
    "MISTAKE": "by mistake",
    "NONE": "",
}


def words(member: IntEnum) -> str:
    return WORDS.get(member.name, member.name.lower())


def test_every_label_in_the_code_is_on_the_page() -> None:
    labels = set()
    for file in HOUSE.rglob("*.py"):
        labels |= set(re.findall(r'b"(vaitiolo/1/[a-z0-9/-]+)"', file.read_text()))
    assert len(labels) >= 20
    missing = {label for label in labels if label.rstrip("/") not in PAGE}
    assert not missing


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_on_the_page_with_its_signature(kind: Kind) -> None:
    mark = "yes" if kind in signed_kinds else "-"
    assert f"| {kind.value} | {words(kind)} | {mark} |" in PAGE


@pytest.mark.parametrize("klass", CompartmentClass)
def test_every_class_of_compartment_is_on_the_page_with_its_recovery(klass) -> None:
    recovery = recovery_of(klass)
    mark = "-" if recovery is None else recovery.name.lower()
    row = rf"\| {klass.value} \| {klass.name.lower()}[^|]* \| {mark} \|"
    assert re.search(row, PAGE)


@pytest.mark.parametrize("number", [*Role, *RecoveryRole, *Reason])
def test_every_role_and_reason_is_on_the_page(number: IntEnum) -> None:
    assert f"{number.value} {words(number)}".strip() in PAGE


@pytest.mark.parametrize("number", [*CardClass, *SlotKind])
def test_every_class_of_card_and_kind_of_slot_has_a_row(number: IntEnum) -> None:
    assert re.search(rf"^\| {number.value} \| [a-z]", PAGE, re.MULTILINE)


def test_the_lengths_on_the_page_are_those_of_the_code() -> None:
    for length, heading in (
        (grants.LENGTH, "GRANT (type 02)"),
        (rotations.LENGTH, "ROTATION (type 08)"),
        (revocations.LENGTH, "REVOKE (type 09)"),
    ):
        assert f"{heading}: {length:,} bytes" in PAGE
    assert f"| 01 | SEALED | {envelope.OVERHEAD} + padded text |" in PAGE
    before = drops._FRONT.size + drops._SEALED_KEY_LENGTH + 64
    assert f"| 0A | DROP | {before:,} + SEALED |" in PAGE
    assert f"The body is 1,332 bytes, {1332 + 1952:,} for a registrar" in PAGE
    assert cards._TERMS.size + 4 + 16 + 16 + 32 + 1216 + 32 + 2 == 1332
