"""What an auditor takes away: the copy, single proofs, and what strangers' programs say of them."""

import contextlib
import io
import subprocess
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from tlog_scales import cli

from tests.ledger import strangers
from tests.ledger.erasures import erasing
from tests.ledger.logs import (
    KEY,
    PUBLIC,
    SYSTEM,
    chained,
    pending,
    sign,
)
from tests.ledger.strangers import Grown, Included
from tests.ledger.tampering import tamper
from vaitiolo.ledger import exporting, heading, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.exporting import CannotExport
from vaitiolo.ledger.publishing import Folders
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify import checkpoints, specials, tiles
from vaitiolo.ledger.verify.chains import FaultKind, Findings
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken
from vaitiolo.ledger.verify.folder import audit_folder
from vaitiolo.ledger.verify.proofs import Growth, Inclusion, ProofBroken
from vaitiolo.ledger.verify.tree import HistoryRewritten, NotIncluded

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def quietly(_done: int, _all: int) -> None:
    """Show no progress."""


def nothing(_path: str) -> None:
    """Have no published tile."""


@pytest.fixture
def note(recorder: Recorder) -> str:
    """Write 600 entries with a HEADS among them; return the checkpoint at 300."""
    recorder.record([pending(bytes([number % 7]) * 16) for number in range(299)])
    found = heading.Heads().now()
    values = {"covered": found.covered, "root": found.root.hex(), "size": found.size}
    told = {"subject_tag": SYSTEM, "actor_tag": SYSTEM, "salt": b"s" * 32}
    recorder.record([specials.prepare(Act.HEADS, values, **told)])
    earlier = recorder.checkpoint_now()
    recorder.record([pending(bytes([number % 7]) * 16) for number in range(300)])
    recorder.checkpoint_now()
    return earlier


@pytest.fixture
def copy(note: str, tmp_path: Path) -> Iterator[Path]:
    exporting.export(tmp_path / "copy", KEY, with_entries=True, progress=quietly)
    return tmp_path / "copy"


def check(copy: Path, *earlier: str) -> Findings:
    return audit_folder(Folders(copy, copy).read, KEY, earlier=earlier)


def kinds(copy: Path, *earlier: str) -> set[FaultKind]:
    return {fault.kind for fault in check(copy, *earlier).faults}


def test_what_was_erased_takes_no_proof_along(
    note: str, recorder: Recorder, tmp_path: Path
) -> None:
    exporting.export(tmp_path / "before", KEY, with_entries=True, progress=quietly)
    held = (tmp_path / "before" / "checkpoint").read_text()
    proved = exporting.prove(7, KEY, note=held, fetch=nothing).write()
    entry = queries.entry(7)
    assert entry is not None
    recorder.erase(erasing(entry.leaf.patient_tag))
    recorder.checkpoint_now()
    exporting.export(tmp_path / "after", KEY, with_entries=True, progress=quietly)
    # What somebody took before is as good as it was, and what is taken now goes on from it.
    Inclusion.read(proved).check(entry.leaf.encode(), KEY)
    assert kinds(tmp_path / "before", note) == set()
    assert kinds(tmp_path / "after", note, held) == set()
    newest = exporting.newest()
    exporting.prove(7, KEY, note=newest, fetch=nothing).check(entry.leaf.encode(), KEY)
    grown = exporting.prove_growth(600, KEY, note=newest, fetch=nothing)
    assert grown.check(checkpoints.read(held, KEY).root, KEY).size == 601


def test_a_copy_is_checked_without_the_installation(copy: Path, note: str) -> None:
    found = check(copy, note)
    assert found.is_sound
    assert (found.size, found.heads, found.covered) == (600, 1, 299)
    assert checkpoints.read_key((copy / "log-key.txt").read_text()) == KEY


def test_a_copy_without_entries_holds_none_and_is_checked_too(note: str, tmp_path: Path) -> None:
    exporting.export(tmp_path / "copy", KEY, with_entries=False, progress=quietly)
    held = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"\1" * 16 not in held
    assert not (tmp_path / "copy/special").exists()
    found = check(tmp_path / "copy", note)
    assert found.is_sound
    assert any("hashes alone" in unseen for unseen in found.unseen)


def test_nothing_is_written_over(copy: Path) -> None:
    with pytest.raises(CannotExport):
        exporting.export(copy, KEY, with_entries=True, progress=quietly)


def test_a_ledger_that_was_changed_gives_no_copy_and_no_proof(note: str, tmp_path: Path) -> None:
    leaf = bytearray(queries.entry(4).leaf.encode())
    leaf[-1] ^= 1
    tamper('UPDATE ledger_entry SET leaf = %s WHERE "index" = 4', bytes(leaf))
    with pytest.raises(HistoryRewritten):
        exporting.export(tmp_path / "copy", KEY, with_entries=True, progress=quietly)
    assert not (tmp_path / "copy/checkpoint").exists()
    with pytest.raises(HistoryRewritten):
        exporting.prove(5, KEY, note=note, fetch=nothing)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("tile/0/001", FaultKind.TILE),
        ("tile/0/002.p/88", FaultKind.TILE),
        ("tile/1/000.p/2", FaultKind.TILE),
        ("tile/entries/001", FaultKind.TILE),
        ("special/001", FaultKind.DETAIL),
    ],
)
@pytest.mark.parametrize("how", ["gone", "cut", "changed"])
def test_a_file_that_is_not_as_it_was_is_seen(
    copy: Path, file: str, kind: FaultKind, how: str
) -> None:
    whole = (copy / file).read_bytes()
    changed = {"cut": whole[:-3], "changed": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]}
    (copy / file).unlink()
    if how != "gone":
        (copy / file).write_bytes(changed[how])
    assert kind in kinds(copy)


def test_a_copy_made_anew_with_the_log_key_is_seen_only_from_elsewhere(
    copy: Path, note: str
) -> None:
    forged = chained([bytes([1 + number % 7]) * 16 for number in range(600)])
    growth = tiles.Growth()
    for leaf in forged.leaves:
        growth.append(leaf)
    for path, content in growth.take_finished() + growth.partial():
        (copy / path).write_bytes(content)
    (copy / "special/001").unlink()
    told = checkpoints.sign(KEY, Checkpoint(600, growth.root()), signer=sign)
    (copy / "checkpoint").write_text(told)
    assert kinds(copy) == set()
    assert kinds(copy, note) == {FaultKind.ROOT}


@pytest.mark.parametrize("broken", [b"", b"nothing", b"\xff\xfe"])
def test_without_a_checkpoint_of_this_log_there_is_nothing_to_check(
    copy: Path, broken: bytes
) -> None:
    (copy / "checkpoint").write_bytes(broken)
    with pytest.raises(CheckpointBroken):
        check(copy)


@pytest.mark.parametrize("published", [True, False])
def test_a_proof_is_byte_by_byte_that_of_another_program(copy: Path, published: bool) -> None:  # noqa: FBT001
    fetch = Folders(copy, copy).read if published else nothing
    for index in (0, 255, 256, 299, 599):
        ours = exporting.prove(index, KEY, note=exporting.newest(), fetch=fetch).write()
        with contextlib.redirect_stdout(io.StringIO()) as theirs:
            cli.cmd_gen_proof(Namespace(location=str(copy), leaf_index=index))
        assert ours == theirs.getvalue()


def test_a_proof_says_which_leaf_it_is_for(copy: Path) -> None:
    text = exporting.prove(7, KEY, note=exporting.newest(), fetch=nothing).write()
    proof = Inclusion.read(text)
    assert proof.write() == text
    assert proof.check(queries.entry(7).leaf.encode(), KEY).size == 600
    with pytest.raises(NotIncluded):
        proof.check(queries.entry(8).leaf.encode(), KEY)
    with_extra = text.replace("\nindex", "\nextra AAAA\nindex")
    assert Inclusion.read(with_extra) == proof
    assert not strangers.has_go() or strangers.go([{"Key": KEY.verifier, "Note": proof.note}])[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7", "place 7"),
        ("=\n\nl", "\n\nl"),
        ("=\n\nl", "=\nAAAA\n\nl"),
        ("\n\n", "\n"),
    ],
)
def test_what_is_no_proof_is_refused(copy: Path, old: str, new: str) -> None:
    text = exporting.prove(7, KEY, note=exporting.newest(), fetch=nothing).write()
    head, _, rest = text.partition("\n\n")
    with pytest.raises(ProofBroken):
        Inclusion.read(f"{head}\n\n{rest}".replace(old, new))


def test_growth_is_proved_between_two_checkpoints(copy: Path, note: str) -> None:
    stated = checkpoints.read(note, KEY)
    text = exporting.prove_growth(300, KEY, note=exporting.newest(), fetch=nothing).write()
    proof = Growth.read(text)
    assert proof.write() == text
    assert proof.check(stated.root, KEY).size == 600
    with pytest.raises(HistoryRewritten):
        proof.check(bytes(32), KEY)
    with pytest.raises(ProofBroken):
        Growth.read(text.replace("old ", "new "))


@pytest.mark.parametrize("index", [-1, 600])
def test_what_no_checkpoint_covers_has_no_proof(copy: Path, index: int) -> None:
    with pytest.raises(CannotExport):
        exporting.prove(index, KEY, note=exporting.newest(), fetch=nothing)
    with pytest.raises(CannotExport):
        exporting.prove_growth(601, KEY, note=exporting.newest(), fetch=nothing)


def test_before_the_first_checkpoint_there_is_no_copy(tmp_path: Path) -> None:
    with pytest.raises(CannotExport):
        exporting.export(tmp_path / "copy", KEY, with_entries=True, progress=quietly)


def test_strangers_accept_every_proof_and_refuse_every_other(copy: Path, note: str) -> None:
    old, new = checkpoints.read(note, KEY), checkpoints.read(exporting.newest(), KEY)
    fetch = Folders(copy, copy).read
    good, bad = [], []
    for index in range(0, 600, 13):
        leaf = queries.entry(index).leaf.encode()
        path = tuple(exporting.prove(index, KEY, note=exporting.newest(), fetch=fetch).path)
        good.append(Included(leaf, index, new.size, new.root, path))
        bad.append(Included(leaf, (index + 1) % 600, new.size, new.root, path))
        bad.append(Included(leaf[:-1] + bytes([leaf[-1] ^ 1]), index, new.size, new.root, path))
    path = tuple(exporting.prove_growth(300, KEY, note=exporting.newest(), fetch=fetch).path)
    good.append(Grown(300, old.root, new.size, new.root, path))
    bad.append(Grown(300, new.root, new.size, new.root, path))
    bad.append(Grown(299, old.root, new.size, new.root, path))
    for name, said in strangers.ask(good + bad).items():
        assert all(said.get(one, True) for one in good), name
        assert not any(said.get(one, False) for one in bad), name


def test_openssl_checks_the_note_too(note: str, tmp_path: Path) -> None:
    text, _, line = note.rpartition("\n\n")
    signature = checkpoints._unbase64(line.split()[2])[4:]
    # RFC 8410: twelve fixed bytes stand before an Ed25519 key.
    der = bytes.fromhex("302a300506032b6570032100") + PUBLIC
    for name, content in {"key": der, "text": f"{text}\n".encode(), "sig": signature}.items():
        (tmp_path / name).write_bytes(content)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
    files = ["-inkey", "key", "-in", "text", "-sigfile", "sig"]

    def accepted() -> bool:
        checked = [*command, *files]
        done = subprocess.run(checked, check=False, cwd=tmp_path, capture_output=True)
        return done.returncode == 0

    assert accepted()
    (tmp_path / "text").write_bytes(f"{text.replace('300', '301')}\n".encode())
    assert not accepted()
