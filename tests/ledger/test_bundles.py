"""Proof bundles: what is true passes, every omission and change is noticed, twice over."""

import base64
import io
import json
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger import second, strangers
from tests.ledger.bundled import (
    POLICY,
    WHOSE,
    WITNESSES,
    Case,
    committed,
    forgeries,
)
from tests.ledger.logs import KEY, SEED
from tests.ledger.strangers import Included
from vaitiolo.config import verify
from vaitiolo.config.verify_words import WORDS
from vaitiolo.ledger.verify import archives, bundle_checks, bundles, checkpoints
from vaitiolo.ledger.verify.archives import ArchiveBroken
from vaitiolo.ledger.verify.bundles import BundleBroken
from vaitiolo.ledger.verify.cosignatures import Cosigner, policy_of
from vaitiolo.ledger.verify.policies import PolicyBroken, read_policy
from vaitiolo.ledger.verify.proofs import Inclusion
from vaitiolo.ledger.verify.tree import NotIncluded

CASE = Case.lived(160)
FILES = CASE.files()


def ours(files: dict[str, bytes], policy: str = POLICY) -> dict[str, tuple[object, ...]]:
    found = bundle_checks.check(bundles.read(files), read_policy(policy))
    return {said.code: said.values for said in found}


def packed(files: dict[str, bytes]) -> bytes:
    return archives.pack(files.items())


def signatures_alone(files: dict[str, bytes]) -> bool:
    """Say whether the checkpoint is signed and each entry shown in the log, as most would."""
    bundle = bundles.read(files)
    stated = checkpoints.read(bundle.checkpoint, KEY)
    for shown, proof in bundle.entries:
        Inclusion.read(proof).check(shown.leaf, KEY)
    return stated.size > 0


def is_taken_in(files: dict[str, bytes]) -> bool:
    """Say whether that is enough for the naive one, who refuses in many words."""
    try:
        return signatures_alone(files)
    except (BundleBroken, NotIncluded, checkpoints.CheckpointBroken):
        return False


def test_what_is_true_passes_ours_and_the_second_verifier() -> None:
    files = dict(FILES)
    said = ours(files)
    assert said["whole"][0] == len(CASE.shown())
    assert {"checkpoint", "quorum", "heads", "chain", "included", "details"} <= said.keys()
    assert not said.keys() & {"older", "withheld", "newer", "no-quorum"}
    assert second.verify_bundle(packed(files)) == []
    assert packed(files) == packed(dict(files))


@pytest.mark.parametrize("way", sorted(forgeries(CASE)))
def test_nothing_is_left_out_or_changed_unnoticed(way: str) -> None:
    count, naive = len(CASE.shown()), 0
    for size in (160, 200, 240):
        case = CASE if size == len(CASE.log.leaves) - 1 else Case.lived(size)
        for at in range(1, count - 1):
            files = forgeries(case)[way](at)
            with pytest.raises(BundleBroken):
                ours(files)
            assert second.verify_bundle(packed(files)), (way, at)
            naive += is_taken_in(files)
    # Entries chained anew, and files that do not fit their numbers, even the naive one refuses.
    if "chained anew" not in way and "is free" not in way:
        assert naive > 0


def test_more_than_two_hundred_are_tried() -> None:
    assert 3 * (len(CASE.shown()) - 2) * len(forgeries(CASE)) >= 200


def test_the_first_left_out_as_if_they_were_old_are_counted() -> None:
    said = ours(CASE.files(CASE.shown(first=4)))
    assert said["older"] == (3,)


def test_a_withheld_entry_is_counted_and_still_proved() -> None:
    hidden = [
        replace(one, leaf=b"", salt=None, detail=None) if one.sequence in {2, 3} else one
        for one in CASE.shown()
    ]
    files = CASE.files(hidden)
    assert ours(files)["withheld"] == (2,)
    assert second.verify_bundle(packed(files)) == []
    moved = [replace(one, hash=bytes(32)) if one.sequence == 2 else one for one in hidden]
    with pytest.raises(BundleBroken):
        ours(CASE.files(moved))


def test_an_erased_detail_is_said_to_be_erased() -> None:
    gone = [
        replace(one, salt=None, detail=None) if one.sequence == 1 else one for one in CASE.shown()
    ]
    assert ours(CASE.files(gone))["details"] == (len(gone) - 1, 1)


def test_entries_behind_the_heads_are_genuine_and_said_to_be_newer() -> None:
    case = Case.lived(80, later=2)
    files = case.files()
    assert ours(files)["newer"] == (2,)
    assert second.verify_bundle(packed(files)) == []


def test_a_list_of_long_ago_under_a_new_checkpoint_says_of_when_it_is() -> None:
    case = Case.lived(80, later=2)
    stale = ours(case.files(case.shown()[:-2]))
    # What is newer is left out, and all that is here is genuine and whole.
    assert "whole" in stale
    assert "newer" not in stale
    written = int.from_bytes(case.heads.leaf[2:10]) // 1_000_000
    assert stale["until"] == (written, 3)


def test_nobody_with_no_entry_is_given_one_or_hidden() -> None:
    tag = b"\5" * 15 + b"\6"
    files = CASE.files([], **vars_of(CASE, tag))
    assert ours(files)["none"] == (CASE.covered,)
    assert second.verify_bundle(packed(files)) == []
    # Somebody who has entries is not shown to have none.
    hidden = vars_of(CASE, WHOSE) | {"head": None, "last": 0}
    with pytest.raises(BundleBroken):
        ours(CASE.files([], **hidden))
    assert second.verify_bundle(packed(CASE.files([], **hidden)))


def vars_of(case: Case, tag: bytes) -> dict[str, object]:
    frame = case.frame(tag, last=0)
    return {name: getattr(frame, name) for name in ("tag", "head", "below", "above", "last")}


def test_keys_from_elsewhere_decide_and_too_few_witnesses_are_none() -> None:
    stranger = Cosigner("w9.example/1", bytes(32))
    files = dict(FILES)
    with pytest.raises(BundleBroken, match="quorum"):
        ours(files, policy_of(KEY, [stranger.key, WITNESSES[0].key], 2))
    note, lines = CASE.note(witnesses=1)
    with pytest.raises(BundleBroken, match="quorum"):
        ours(files | {bundles.CHECKPOINT: f"{note}{lines}".encode()})
    assert "no-quorum" in ours(files, policy_of(KEY, [], 0))
    forged = POLICY.replace(KEY.verifier, replace(KEY, public=WITNESSES[0].key.public).verifier)
    with pytest.raises(BundleBroken, match="checkpoint"):
        ours(files, forged)
    assert second.verify_bundle(packed(files), forged) == ["signed"]


def test_a_log_rewritten_with_its_own_key_has_no_witness() -> None:
    rewritten = Case()
    kept = [leaf[10:26] for leaf in CASE.log.leaves[:-1]]
    kept.remove(WHOSE)
    for tag in kept:
        rewritten.log.add(tag, commit=committed(len(rewritten.log.leaves)))
    rewritten.state()
    note, _lines = rewritten.note()
    files = rewritten.files() | {bundles.CHECKPOINT: note.encode()}
    assert signatures_alone(files)
    with pytest.raises(BundleBroken, match="quorum"):
        ours(files)
    assert second.verify_bundle(packed(files), POLICY) == ["signed"]
    # What witnesses signed is another state.
    with pytest.raises(BundleBroken, match="witness"):
        ours(files | {bundles.CHECKPOINT: f"{note}{CASE.note()[1]}".encode()})


def test_a_time_stamp_is_of_an_earlier_state_of_the_same_log() -> None:
    files = FILES | CASE.stamp(64)
    assert ours(files)["stamp"] == (64,)
    for name in (bundles.TOKEN, bundles.STAMPED, bundles.GROWN):
        with pytest.raises(BundleBroken):
            ours(files | {name: files[name][:8] + b"A" + files[name][9:]})
        with pytest.raises(BundleBroken):
            ours({one: content for one, content in files.items() if one != name})


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_file_but_those_for_people_can_be_cut_or_changed(name: str) -> None:
    files = dict(FILES)
    broken = [files[name][:-2], files[name] + b"x", b"", b"\xff", b"[" * 100_000, b"{}", b"null"]
    for content in broken:
        if name in bundles.READABLE:
            assert ours(files | {name: content})
            continue
        with pytest.raises(BundleBroken):
            list(verify.verify(files | {name: content}, None, words=WORDS["en"]))


def hostile() -> dict[str, bytes]:
    def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", method) as archive:
            for name, content in files:
                archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
        return made.getvalue()

    whole = packed(FILES)
    twice = zipped(("aaaa", b"1"), ("bbbb", b"2")).replace(b"bbbb", b"aaaa")
    plain = zipped(("checkpoint", b"x" * 100))
    larger = bytearray(plain)
    at = plain.rindex(b"PK\1\2")
    larger[at + 20 : at + 28] = (1 << 30).to_bytes(4, "little") * 2
    encrypted = bytearray(plain)
    encrypted[at + 8] |= 1
    return {
        "bomb": zipped(("report.json", bytes(5_000_000)), method=zipfile.ZIP_DEFLATED),
        "upwards": zipped(("../report.json", b"")),
        "absolute": zipped(("/etc/passwd", b"")),
        "backwards": zipped(("entries\\1", b"")),
        "nul": zipped(("re:port\x7f", b"")),
        "twice": twice,
        "larger than it is": bytes(larger),
        "encrypted": bytes(encrypted),
        "cut": whole[:-30],
        "cut before": whole[50:-1],
        "changed": whole.replace(b"vaitiolo/1/report", b"vaitiolo/2/report", 1),
        "empty": b"",
        "no zip": b"PK" * 1000,
        "nothing in it": zipped(),
    }


@pytest.mark.parametrize("how", sorted(hostile()))
def test_a_hostile_file_is_refused_in_words(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.zip").write_bytes(hostile()[how])
    monkeypatch.setattr(sys, "argv", ["vaitiolo verify", str(tmp_path / "x.zip")])
    assert verify.main() == 1
    assert "NOT GENUINE" in capsys.readouterr().out
    if how != "nothing in it":
        with pytest.raises(ArchiveBroken):
            archives.read(tmp_path / "x.zip")


def test_no_changed_byte_ends_in_anything_but_a_refusal_or_the_same_proof() -> None:
    drawn, whole = random.Random(11), packed(FILES)  # noqa: S311 - the same bytes each time
    for _ in range(300):
        changed = bytearray(whole)
        changed[drawn.randrange(len(whole))] ^= 1 << drawn.randrange(8)
        try:
            files = archives.unpack(bytes(changed))
            ours(files)
        except (ArchiveBroken, BundleBroken):
            continue
        # A zip says of each file what nobody reads: the hour, who made it, what it needs.
        proof = {name: files[name] for name in files.keys() - bundles.READABLE}
        assert proof == {name: FILES[name] for name in FILES.keys() - bundles.READABLE}


def test_a_report_that_says_it_is_endless_is_refused_at_once() -> None:
    frame = bundles.read(FILES).frame
    endless = FILES | {bundles.FRAME: replace(frame, last=(1 << 62)).write()}
    # Its form is right: only that nobody has so many numbers to compare them.
    with pytest.raises(BundleBroken, match="numbers"):
        ours(endless)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_command_says_each_check_in_words(
    language: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "report.zip").write_bytes(packed(FILES | CASE.stamp(64)))
    (tmp_path / "policy").write_text(POLICY)
    asked = ["x", str(tmp_path / "report.zip"), "--language", language, "--entries"]
    words = WORDS[language]
    monkeypatch.setattr(sys, "argv", asked)
    assert verify.main() == 0
    said = capsys.readouterr().out
    assert words["keys-own"] in said
    assert words["good"] in said
    assert "w1.example/1" in said
    assert said.count("OPEN_CHART") == len(CASE.shown())
    monkeypatch.setattr(sys, "argv", [*asked, "--policy", str(tmp_path / "policy")])
    assert verify.main() == 0
    said = capsys.readouterr().out
    assert words["keys-given"] in said
    assert words["keys-own"] not in said


def test_the_languages_say_the_same_things() -> None:
    english = WORDS["en"]
    for words in WORDS.values():
        assert words.keys() == english.keys()
        assert all(text.count("{}") == english[code].count("{}") for code, text in words.items())


def test_it_runs_alone_without_django_or_a_setting(tmp_path: Path) -> None:
    (tmp_path / "report.zip").write_bytes(packed(FILES))
    code = (
        "import sys; sys.argv = ['verify', sys.argv[1]]\n"
        "from vaitiolo.config import verify\n"
        "assert verify.main() == 0\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'django']\n"
    )
    surroundings = {"PYTHONPATH": ":".join(one for one in sys.path if one), "PATH": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "report.zip")],
        check=False,
        capture_output=True,
        env=surroundings,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\n",
        f"log {KEY.verifier}\n",
        f"log {KEY.verifier}\nlog {KEY.verifier}\nquorum none\n",
        f"log {KEY.verifier}\nquorum somebody\n",
        POLICY.replace("group enough 2", "group enough 4"),
        POLICY.replace("group enough 2", "group enough 0"),
        POLICY.replace("group enough 2", "group enough 0_2"),
        POLICY.replace("W2 W3\n", "W2 W2\n"),
        POLICY.replace("witness W1", "witness none"),
        f"{POLICY}sign anything\n",
        f"{POLICY}witness W9 {WITNESSES[0].key.verifier}\n",
        f"log x\n{POLICY}",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyBroken):
        read_policy(text)


def test_a_policy_of_groups_within_groups_is_counted_once_each() -> None:
    # A bundle brings a policy of its own: to walk this one takes 2^2000 steps, 2000 deep.
    lines = [f"log {KEY.verifier}", f"witness a0 {WITNESSES[0].key.verifier}", "group b0 any a0"]
    for n in range(1, 1_000):
        lines += [f"group {x}{n} all a{n - 1} b{n - 1}" for x in "ab"]
    policy = read_policy("\n".join([*lines, "quorum a999\n"]))
    assert policy.is_enough({"a0"})
    assert not policy.is_enough(set())


def test_a_policy_counts_groups_of_groups() -> None:
    keys = "".join(
        f"witness {n} {one.key.verifier}\n" for n, one in zip("abc", WITNESSES, strict=True)
    )
    policy = read_policy(
        f"# ours\nlog {KEY.verifier} https://log.example/\n{keys}"
        "group two all a b\ngroup enough any two c\nquorum enough\n"
    )
    assert [policy.is_enough(set(names)) for names in ("a", "ab", "c", "")] == [
        False,
        True,
        True,
        False,
    ]


def test_strangers_accept_the_proofs_and_openssl_the_checkpoint(tmp_path: Path) -> None:
    files = dict(FILES)
    with zipfile.ZipFile(io.BytesIO(packed(files))) as archive:
        given = {name: archive.read(name) for name in archive.namelist()}
    text, _, lines = given["checkpoint"].decode().partition("\n\n")
    _origin, size, root = text.split("\n")
    asked = []
    for name in sorted(one for one in given if one.endswith(".json") and "/" in one):
        said = json.loads(given[name])
        proof = given[name.replace(".json", ".tlog-proof")].decode().partition("\n\n")[0]
        path = tuple(base64.b64decode(one) for one in proof.split("\n")[2:])
        leaf = bytes.fromhex(said["leaf"])
        asked.append(Included(leaf, said["index"], int(size), base64.b64decode(root), path))
    for who, answers in strangers.ask(asked).items():
        assert all(answers.values()), who
    signature = base64.b64decode(lines.split("\n")[0].split(" ")[2])[4:]
    der = bytes.fromhex("302a300506032b6570032100") + KEY.public
    for name, content in {"key": der, "text": f"{text}\n".encode(), "sig": signature}.items():
        (tmp_path / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -keyform DER -rawin -inkey key -in text -sigfile sig"
    subprocess.run(command.split(), check=True, cwd=tmp_path, capture_output=True)


def test_the_second_verifiers_signatures_are_rfc_8032s() -> None:
    # RFC 8032, section 7.1, test 2; and no other message.
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert second.ed25519(public, b"\x72", signature)
    assert not second.ed25519(public, b"\x73", signature)
    assert SEED
