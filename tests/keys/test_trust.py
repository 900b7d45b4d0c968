import random
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.keys.clinic import named
from tests.keys.policy import ORG, policy, root_keys
from vaitiolo.keys import cards, primitives, toml, trust
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.slots import LEAST_COST, PasswordCost, SlotKind
from vaitiolo.keys.trust import Trust, TrustRefused, Witness

WITNESSES = (Witness("w1.example/1", named("w1")), Witness("w2.example/1", named("w2")))


def write(folder: Path, **changes: Any) -> Trust:
    return trust.write(folder, policy(**changes), root=root_keys())


def sign(folder: Path, content: bytes) -> None:
    """Sign any bytes as the root would: for files that are well signed and badly written."""
    root, message = root_keys(), trust.SIGNATURE_LABEL + content
    (folder / "trust.toml").write_bytes(content)
    signature = trust._signature_text(root.sign(message), root.sign_mldsa65(message))
    (folder / "trust.toml.sig").write_bytes(signature)


def rewrite(folder: Path, old: str, new: str) -> None:
    write(folder, witnesses=WITNESSES)
    text = (folder / "trust.toml").read_text()
    assert text.count(old) == 1
    sign(folder, text.replace(old, new).encode())


def test_a_policy_is_read_as_it_was_written(tmp_path: Path) -> None:
    for changes in ({}, {"witnesses": WITNESSES, "demo": False, "slots": STRONG}):
        written = write(tmp_path, **changes)
        assert trust.load(tmp_path) == written
        assert replace(written, fingerprint=b"") == policy(**changes)


STRONG = replace(policy().slots, registrar=frozenset({SlotKind.PASSWORD_AND_KEY}))


def test_the_fingerprint_is_the_hash_of_the_file(tmp_path: Path) -> None:
    loaded = write(tmp_path)
    assert loaded.fingerprint == primitives.sha256((tmp_path / "trust.toml").read_bytes())


def test_nothing_is_left_behind_by_writing(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, demo=False, slots=STRONG)
    assert {path.name for path in tmp_path.iterdir()} == {"trust.toml", "trust.toml.sig"}
    assert trust.load(tmp_path).demo is False


def test_it_says_what_others_ask_of_it(tmp_path: Path) -> None:
    loaded = write(tmp_path)
    assert loaded.org == ORG
    assert loaded.recovery_card(RecoveryRole.INCIDENT) == named("incident")
    assert SlotKind.PASSWORD in loaded.slot_policy(CardClass.PATIENT).kinds
    assert loaded.slot_policy(CardClass.ROLE).kinds == frozenset()
    assert loaded.slot_policy(CardClass.STAFF).cost == LEAST_COST


@pytest.mark.parametrize("name", ["trust.toml", "trust.toml.sig"])
def test_a_changed_byte_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    for at in random.Random(7).sample(range(len(whole)), 60):  # noqa: S311 - a seed is meant
        for wrong in (
            whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            whole[:at] + whole[at + 1 :],
            whole[:at] + b" " + whole[at:],
        ):
            if wrong != whole:
                path.write_bytes(wrong)
                with pytest.raises(TrustRefused):
                    trust.load(tmp_path)
    path.write_bytes(whole)
    trust.load(tmp_path)


def test_a_trailing_space_or_line_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("trust.toml", "trust.toml.sig"):
        with (tmp_path / name).open("ab") as file:
            file.write(b"\n")
        with pytest.raises(TrustRefused, match="has signed"):
            trust.load(tmp_path)
        write(tmp_path)


@pytest.mark.parametrize("line", [0, 1])
def test_one_good_signature_is_not_enough(tmp_path: Path, line: int) -> None:
    write(tmp_path, demo=True)
    other = (tmp_path / "trust.toml.sig").read_bytes().splitlines(keepends=True)
    write(tmp_path, demo=False, slots=STRONG)
    lines = (tmp_path / "trust.toml.sig").read_bytes().splitlines(keepends=True)
    lines[line] = other[line]
    (tmp_path / "trust.toml.sig").write_bytes(b"".join(lines))
    with pytest.raises(TrustRefused, match="has signed"):
        trust.load(tmp_path)


def test_another_root_does_not_sign_for_the_one_that_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    foreign = HolderKeys(named("seed of another root"), ORG)
    with pytest.raises(TrustRefused, match="has signed"):
        trust.write(tmp_path, policy(demo=False), root=foreign)
    assert trust.load(tmp_path).demo is True


def test_another_root_named_and_signing_has_another_fingerprint(tmp_path: Path) -> None:
    ours = write(tmp_path)
    foreign = HolderKeys(named("seed of another root"), ORG)
    theirs = trust.write(tmp_path, policy(root=cards.root_keys(foreign)), root=foreign)
    assert theirs.root.id != ours.root.id
    assert theirs.fingerprint != ours.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("demo = true\n", "", r"the file lacks demo\."),
        ("demo = true\n", "demo = true\nmode = 1\n", "the file has 1 key"),
        ("demo = true\n", "demo = 1\n", "demo must be true or false"),
        ("hour = 15\n", "", r"\[budgets\.care_team\] lacks hour"),
        (
            "hour = 15\n",
            "hour = 31\n",
            "budgets.care_team.hour must be a whole number from 1 to 30",
        ),
        ("hour = 15\n", "hour = 15.0\n", "must be a whole number"),
        ("hour = 15\n", "hour = true\n", "must be a whole number"),
        ("hour = 15\n", "hour = 0\n", "must be a whole number"),
        ("day = 40\n", "day = 14\n", "hour and alert_day may not be above day"),
        ("alert_day = 25\n", "alert_day = 41\n", "hour and alert_day may not be above day"),
        ("memory_kib = 65536", "memory_kib = 65535", "from 65536 to"),
        ("iterations = 3", "iterations = 2", "from 3 to"),
        ("lanes = 4", "lanes = 1", "from 4 to"),
        ("registrars_per_card = 1", "registrars_per_card = 0", "from 1 to 2"),
        ("quorum = 0", "quorum = 3", "quorum may not be above"),
        ("format = 1", "format = 2", "format must be"),
        ('witness = ""', 'witness = "nobody"', "break_glass.witness must be the name"),
        ('name = "w1.example/1"', 'name = "w2.example/1"', "a name of its own"),
        ('name = "w1.example/1"', 'name = " w1"', "without spaces"),
        ('name = "w1.example/1"', 'name = "w\\u0000"', "on one line"),
        ('name = "w1.example/1"', "name = 1", "a name without"),
        ('witness = ""', "witness = 1", "a text"),
        (f'id = "{ORG}"', f'id = "{{{ORG}}}"', "a UUID in small letters"),
        (f'id = "{ORG}"', 'id = "clinic"', "a UUID"),
        ("machine = [6]", "machine = 6", "a list of kinds"),
        ("machine = [6]", "machine = [6, 6]", "each once"),
        ("machine = [6]", "machine = [7]", "from 1 to 6"),
        ("machine = [6]", "machine = [true]", "from 1 to 6"),
        ("[hetu]", "[[hetu]]", r"\[hetu\] must be a table"),
        ('[[witnesses]]\nname = "w1.example/1"', '[witnesses.w]\nname = "w1.example/1"', "TOML"),
    ],
)
def test_a_well_signed_policy_of_another_form_is_refused(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    rewrite(tmp_path, old, new)
    with pytest.raises(TrustRefused, match=sentence):
        trust.load(tmp_path)


def test_a_list_of_witnesses_is_a_list_of_tables(tmp_path: Path) -> None:
    for wrong, sentence in (("3", "a list of tables"), ("[3]", "must be a table")):
        write(tmp_path)
        text = (tmp_path / "trust.toml").read_text()
        sign(tmp_path, text.replace("witnesses = []", f"witnesses = {wrong}").encode())
        with pytest.raises(TrustRefused, match=sentence):
            trust.load(tmp_path)


@pytest.mark.parametrize("wrong", ["3", '"AAAA"', '"not base64"', '"ä"'])
def test_a_key_of_another_form_is_refused(tmp_path: Path, wrong: str) -> None:
    write(tmp_path)
    text = (tmp_path / "trust.toml").read_text()
    key = tomllib.loads(text)["ledger"]["ed25519"]
    sign(tmp_path, text.replace(f'"{key}"', wrong).encode())
    with pytest.raises(TrustRefused, match="32 bytes in base64"):
        trust.load(tmp_path)


def test_two_recovery_keys_cannot_be_one(tmp_path: Path) -> None:
    same = trust.RecoveryCards(named("contact"), named("contact"), named("incident"))
    with pytest.raises(TrustRefused, match="a card of its own"):
        write(tmp_path, recovery=same)


def test_outside_a_demo_a_registrar_needs_more_than_a_password(tmp_path: Path) -> None:
    with pytest.raises(TrustRefused, match=r"slots\.registrar"):
        write(tmp_path, demo=False)


def test_a_policy_too_weak_cannot_even_be_written(tmp_path: Path) -> None:
    with pytest.raises(TrustRefused, match="memory_kib"):
        write(tmp_path, argon2=PasswordCost(1024, 3, 4))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"\xff", b"demo = ", b"demo = true\ndemo = true\n"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    sign(tmp_path, content)
    with pytest.raises(TrustRefused, match="not TOML"):
        trust.load(tmp_path)


def test_a_missing_linked_open_or_endless_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustRefused, match="cannot be read"):
        trust.load(tmp_path)
    write(tmp_path)
    path = tmp_path / "trust.toml"
    path.chmod(0o664)
    with pytest.raises(TrustRefused, match="owner alone can write"):
        trust.load(tmp_path)
    path.chmod(0o644)
    sign(tmp_path, path.read_bytes() + b"#" * 70_000)
    with pytest.raises(TrustRefused, match="longer"):
        trust.load(tmp_path)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TrustRefused, match="cannot be read"):
        trust.load(tmp_path)


def test_a_policy_says_nothing_secret(tmp_path: Path) -> None:
    write(tmp_path)
    text = (tmp_path / "trust.toml").read_text()
    assert named("seed of root").hex() not in text


def test_a_document_comes_back_from_toml() -> None:
    document = {
        "text": 'quotes " and \\ and ä\x7f\n',
        "flag": False,
        "many": [1, 2],
        "none": [],
        "table": {"inner": {"number": -3}},
        "rows": [{"a": 1}, {"a": 2, "deep": {"b": 3}}],
    }
    assert tomllib.loads(toml.written(document)) == document


def test_toml_has_no_place_for_other_values() -> None:
    with pytest.raises(TypeError):
        toml.written({"when": 1.5})
