"""Hostile and broken files: all is said, nothing is followed, and what can be searched is."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.leak_damage import Record, csv_latin, json_one_line, mbox, plain, tar_gz, zipped
from tests.leak.conftest import Search, Written, found, ids, rng
from vaitiolo.leak import limits
from vaitiolo.leak.blocks import FRONT, Cutter
from vaitiolo.leak.peel import LeftOut, Member, peel

# A block of bz2 is lost whole, so it is a small one.
PACKERS = [gzip.compress, lambda data: bz2.compress(data, 1), lzma.compress, bytes]


def zip_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tar_of(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, content in entries:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def peeled(content: bytes) -> tuple[list[bytes], list[LeftOut]]:
    members, left = [], []
    for one in peel(io.BufferedReader(io.BytesIO(content)), 1, len(content)):
        if isinstance(one, Member):
            members.append(one.stream.read(1 << 30))
        else:
            left.append(one)
    return members, left


@pytest.fixture
def _strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE", 1 << 20)


@pytest.mark.usefixtures("_strict")
def test_a_bomb_is_stopped_and_named_and_what_lies_beside_it_is_searched(
    written: Written, search: Search
) -> None:
    bomb = bytes(16 << 20)
    result = search(zip_of(bomb=bomb, notes=plain(written.records(range(3)), rng())))
    assert [one["why"] for one in result["left_out"]] == ["unpacks to more than 250 times its size"]
    assert found(result, "confirmed") == ids(range(3))


@pytest.mark.usefixtures("_strict")
def test_a_bomb_in_layers_counts_in_every_layer(search: Search) -> None:
    inner = gzip.compress(gzip.compress(bytes(16 << 20)))
    result = search(zip_of(inner=inner))
    assert "more than 250 times" in result["left_out"][0]["why"]


def test_archives_are_followed_so_deep_and_no_deeper() -> None:
    content = b"note"
    for _ in range(limits.DEPTH + 1):
        content = gzip.compress(content)
    members, left = peeled(content)
    assert members == []
    assert "within each other" in left[0].reason


def test_a_path_that_leads_out_of_a_tar_is_never_used(
    written: Written, search: Search, tmp_path: Path
) -> None:
    note = plain(written.records(range(2)), rng())
    target = tmp_path / "victim"
    archive = tar_of(
        (named("link", tarfile.SYMTYPE, str(tmp_path)), b""),
        (named("link/victim"), note),
        (named(str(target)), note),
        (named("../" * 20 + str(target)), note),
        (named("device", tarfile.CHRTYPE), b""),
    )
    before = sorted(tmp_path.rglob("*"))
    result = search(archive)
    assert found(result, "confirmed") == ids(range(2))
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "evidence-0"])
    assert str(tmp_path) not in str(result)
    assert "victim" not in str(result)


@pytest.mark.parametrize("pack", PACKERS, ids=["gz", "bz2", "xz", "tar"])
def test_of_an_archive_that_breaks_off_the_beginning_is_searched(
    pack, written: Written, search: Search
) -> None:
    whole = tar_of(
        (named("a"), plain(written.records(range(3)), rng())),
        (named("b"), rng().bytes(400_000)),
    )
    packed = pack(whole)
    result = search(packed[: len(packed) - 200_000])
    assert found(result, "confirmed") == ids(range(3))
    assert {one["why"] for one in result["left_out"]} == {"is cut off"}


def test_a_broken_header_within_a_tar_is_said_and_not_taken_for_the_end(written: Written) -> None:
    archive = bytearray(tar_of((named("a"), b"x" * 600), (named("b"), b"y" * 600)))
    archive[512 + 1024 : 512 + 1032] = b"?" * 8
    broken = bytes(archive)
    members, left = peeled(broken)
    assert members[0] == b"x" * 600
    assert any("broken header" in one.reason for one in left)


def test_what_is_locked_or_a_picture_is_named(written: Written) -> None:
    locked = bytearray(zip_of(secret=b"x" * 100))
    locked[6] |= 1
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    _, left = peeled(zip_of(locked=bytes(locked), picture=b"\x89PNG\r\n", old=b"Rar!"))
    reasons = {one.number: one.reason for one in left}
    assert reasons == {
        (1, 1, 1): "is locked, or packed in a way that is not known here",
        (1, 2): "is a picture",
        (1, 3): "is a RAR archive",
    }


def test_a_file_without_line_breaks_is_searched_in_blocks(written: Written, search: Search) -> None:
    # Longer than a block, so that notes lie across a border.
    filler = json_one_line(written.records(range(10, 14)), rng())
    filler = filler * (9_000_000 // len(filler))
    result = search(filler + json_one_line(written.records(range(3)), rng()))
    assert found(result, "confirmed") == ids(range(3)) | ids(range(10, 14))


class Endless(io.RawIOBase):
    """So many bytes without a single line break, that nobody could hold."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, into) -> int:
        count = min(len(into), self.left)
        self.left -= count
        memoryview(into)[:count] = b"\\x41=<" * (count // 6) + b"x" * (count % 6)
        return count


def test_however_long_a_file_is_no_more_than_its_buffers_are_held() -> None:
    buffers: SimpleQueue[bytearray] = SimpleQueue()
    buffers.put(bytearray((1 << 20) + FRONT))
    cutter = Cutter(0, buffers)
    for block in cutter.blocks(Endless(200 << 20)):
        buffers.put(block.buffer)
    assert (cutter.length, cutter.problem) == (200 << 20, None)
    assert buffers.qsize() == 1


def test_a_member_without_a_name_is_searched() -> None:
    # As a name of one letter that begins with a zero, which ends it.
    broken = zip_of(x=b"Lyhyt").replace(b"x", b"\0")
    assert peeled(broken) == ([b"Lyhyt"], [])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_whatever_break_the_peeling(data: st.DataObject) -> None:
    records = [Record({"code": "x"}, ["Lyhyt merkintä."] * 3)]
    seed = data.draw(st.sampled_from(SEEDS))(records, rng())
    broken = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    for one in peel(io.BufferedReader(io.BytesIO(bytes(broken))), 1, len(broken)):
        if isinstance(one, Member):
            cutter = Cutter(0, _buffers())
            for block in cutter.blocks(one.stream):
                cutter.buffers.put(block.buffer)


def _buffers() -> SimpleQueue[bytearray]:
    buffers = SimpleQueue()
    buffers.put(bytearray((1 << 16) + FRONT))
    return buffers


SEEDS = [zipped, tar_gz, mbox, csv_latin, lambda *_: tar_of((named("a"), b"x" * 700))]


def test_nothing_of_a_leak_is_kept(written: Written, search: Search, tmp_path: Path) -> None:
    content = zipped(written.records(range(3)), rng())
    temporary = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - where others would write
    before = set(temporary.iterdir())
    kept = str(search(content)).encode()
    (tmp_path / "evidence-0").unlink()
    text = plain(written.records(range(3)), rng())
    windows = {text[at : at + 24] for at in range(len(text) - 24)}
    assert not any(kept[at : at + 24] in windows for at in range(len(kept) - 24))
    assert not list(tmp_path.rglob("*"))
    assert not {one for one in set(temporary.iterdir()) - before if "vaitiolo" in one.name}
