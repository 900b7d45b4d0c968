"""Our own vectors: what is stored today must open for ever, and nothing about it may drift."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.keys.clinic import TODAY, Clinic
from tests.vectors import make
from vaitiolo.keys import (
    bodies,
    cards,
    drops,
    envelope,
    grants,
    outboxes,
    revocations,
    rotations,
    vouching,
)
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.cards import RootKeys, TrustedCard
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.kms import Operation
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.vouching import Authority, Moment

HEAD = {"sealed": 1, "grant": 2, "card": 4, "outbox": 6, "rotation": 8, "revocation": 9, "drop": 10}


def read(name: str, least: int = 1) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((make.HERE / f"{name}.json").read_text())["vectors"]
    assert len(vectors) >= least
    return vectors


def raw(vector: dict[str, Any], name: str) -> bytes:
    value = bytes.fromhex(vector[name])
    assert value[:4] == b"VT" + bytes((HEAD[name], 1))
    return value


@pytest.mark.parametrize("name", make.SETTLED)
def test_what_is_settled_comes_out_the_same(name: str) -> None:
    assert make.written(name) == (make.HERE / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", make.MAKERS)
def test_there_are_vectors_and_they_say_what_they_are(name: str) -> None:
    assert read(name)
    assert json.loads(make.written(name))["about"] in (make.HERE / f"{name}.json").read_text()


def test_sealed_texts_open() -> None:
    for vector in read("sealed", 12):
        opened = envelope.unseal(
            bytes.fromhex(vector["dk"]),
            bytes.fromhex(vector["context"]),
            raw(vector, "sealed"),
            epoch=vector["epoch"],
            padding=Padding[vector["padding"]],
        )
        assert opened.hex() == vector["text"]


def test_bodies_verify() -> None:
    for version, vector in enumerate(read("bodies", 2), start=1):
        parts = [bytes.fromhex(vector["place"])[at : at + 16] for at in (0, 16, 33)]
        org, compartment, row = (UUID(bytes=part) for part in parts)
        place = Place(org, compartment, Kind.NOTE, row, version)
        assert place.encode().hex() == vector["place"]
        public = bytes.fromhex(vector["author_ed25519"])
        body = bodies.check_body(
            bytes.fromhex(vector["body"]), place, public_key_of={body_author(vector): public}.get
        )
        assert (body.prev.hex(), body.text.decode()) == (vector["prev"], vector["text"])


def body_author(vector: dict[str, Any]) -> bytes:
    return bytes.fromhex(vector["author"])


def test_cards_are_vouched_for_up_to_the_root() -> None:
    vectors = read("cards", 6)
    shown = [cards.parse(raw(vector, "card")) for vector in vectors]
    assert [card.id.hex() for card in shown] == [vector["id"] for vector in vectors]
    root = RootKeys(*(bytes.fromhex(vectors[0][f"root_{name}"]) for name in ("ed25519", "mldsa65")))
    authority = Authority(
        org=shown[0].terms.org,
        root=root,
        registrars_per_card=1,
        recovery=frozenset({shown[4].id}),
        card_of={card.id: card for card in shown}.__getitem__,
        recorded=lambda _: Moment(TODAY, 1),
        revoked=lambda _: None,
    )
    for card in shown:
        vouching.verify(card, authority, at=Moment(TODAY))
        assert card.encode() == cards.parse(card.encode()).encode()


def test_grants_open_and_verify() -> None:
    for vector in read("grants", 3):
        grant, org = grants.parse(raw(vector, "grant")), UUID(vector["org"])
        with HolderKeys(bytes.fromhex(vector["recipient_seed"]), org) as keys:
            assert keys.open_grant(grant).hex() == vector["dk"]
        assert grant.id.hex() == vector["id"]
        grants.check_signature(grant, org=org, grantor=grantor_of(vector, grant.grantor))
    turn = rotations.parse(raw(vector, "rotation"))
    rotations.check_signature(turn, org=org, rotator=grantor_of(vector, turn.rotator))
    assert (turn.id, turn.dk_commit) == (grant.parent, grant.dk_commit)


def grantor_of(vector: dict[str, Any], card_id: bytes) -> TrustedCard:
    # The vectors' people are the tests' people; their cards are made again from the same seeds.
    clinic = Clinic()
    people = {p.card.id: p.card for p in map(clinic.enrol, ("Raisa", "Helmi", "Otso"))}
    assert people[card_id].ed25519.hex() == vector["grantor_ed25519"]
    return people[card_id]


def test_revocations_verify() -> None:
    registrar = Clinic().registrar.card
    for vector in read("revocations", 5):
        word = revocations.parse(raw(vector, "revocation"))
        revocations.verify(word, org=UUID(vector["org"]), registrar=registrar)
        said = (word.card.hex(), word.why.value, word.since)
        assert said == (vector["card"], vector["reason"], vector["since"])


def test_drops_open() -> None:
    for vector in read("drops"):
        with HolderKeys(bytes.fromhex(vector["recipient_seed"]), UUID(vector["org"])) as keys:
            assert keys.open_drop(drops.parse(raw(vector, "drop"))).decode() == vector["text"]


def test_outbox_rows_open(tmp_path: Path) -> None:
    for vector in read("outbox"):
        tmp_path.chmod(0o700)
        key = tmp_path / "outbox-1"
        key.touch(mode=0o600)
        key.write_bytes(bytes.fromhex(vector["key_file"]))
        kms = FileKms(tmp_path, demo=True, may={"outbox": frozenset({Operation.OPEN})})
        row = outboxes.parse(raw(vector, "outbox"))
        assert kms.open("outbox-1", row.front(), row.sealed_key).hex() == vector["key"]
        org, place = UUID(vector["org"]), UUID(vector["row"])
        assert outboxes.unseal(row, org=org, row=place, kms=kms).decode() == vector["text"]
