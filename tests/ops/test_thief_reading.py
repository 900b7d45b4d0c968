"""The thief opens what is packed, trusts nothing in it, and reads databases cell by cell."""

import sqlite3
import tarfile
import zlib
from pathlib import Path

import pytest

from tests.ops.prey import CLINIC, NOTE, PACKINGS, SECRETS, database, tarred
from vaitiolo.ops.thief.reading import Progress, Reader
from vaitiolo.ops.thief.spellings import Kind
from vaitiolo.ops.thief.unpacking import Piece
from vaitiolo.ops.thief.wanted import Wanted, wanted_for


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    return wanted_for(CLINIC.patients())


class Counted(Progress):
    def __init__(self) -> None:
        self.expected = self.done = 0

    def expect(self, count: int) -> None:
        self.expected += count

    def passed(self, count: int) -> None:
        self.done += count


def read(wanted: Wanted, file: Path) -> Reader:
    scratch = file.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    progress = Counted()
    reader = Reader(wanted, scratch, progress)
    progress.expect(file.stat().st_size)
    reader.read(Piece(file, f"disk: {file.name}"))
    assert progress.done == progress.expected
    assert not list(scratch.iterdir()), "everything unpacked is gone again"
    return reader


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("secret", ["name", "sentence"])
def test_a_secret_is_found_in_every_packing(wanted, tmp_path, packing, secret) -> None:
    content = b"before " + SECRETS[secret].encode() + b" after"
    (tmp_path / "file").write_bytes(PACKINGS[packing](content))
    assert read(wanted, tmp_path / "file").findings.times


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_database_is_found_in_every_packing_and_read(wanted, tmp_path, packing) -> None:
    inner = tmp_path / "inner.sqlite3"
    database(inner, "x" * 100_000 + NOTE.telling + "y" * 100_000)
    (tmp_path / "file").write_bytes(PACKINGS[packing](inner.read_bytes()))
    reader = read(wanted, tmp_path / "file")
    assert reader.findings.found[Kind.SENTENCE]
    assert any("(table stuff)" in place.label for place in reader.findings.places)


def test_a_cell_that_a_page_divides_is_read_whole(wanted, tmp_path) -> None:
    # The sentence is cut by the edge of each page it overflows into.
    database(tmp_path / "file", *(("x" * n) + NOTE.telling + "y" * 9000 for n in range(3950, 4100)))
    labels = [place.label for place in read(wanted, tmp_path / "file").findings.places]
    assert "disk: file (table stuff)" in labels


def test_text_and_bytes_of_cells_are_read_also_when_compressed(wanted, tmp_path) -> None:
    for cell in (
        SECRETS["name"],
        SECRETS["name"].encode("latin-1"),
        zlib.compress(SECRETS["name"].encode()),
    ):
        file = tmp_path / "file"
        file.unlink(missing_ok=True)
        database(file, cell)
        assert read(wanted, file).findings.found[Kind.NAME]


def test_rows_that_are_only_in_the_write_ahead_log_are_read(wanted, tmp_path) -> None:
    writer = sqlite3.connect(tmp_path / "live")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE stuff (cell)")
    writer.execute("INSERT INTO stuff VALUES (?)", (SECRETS["e-mail"],))
    writer.commit()
    for end in ("", "-wal"):
        (tmp_path / f"copy{end}").write_bytes((tmp_path / f"live{end}").read_bytes())
    writer.close()
    reader = read(wanted, tmp_path / "copy")
    assert reader.findings.found[Kind.EMAIL]


def test_the_name_of_a_file_is_read_too(wanted, tmp_path) -> None:
    file = tmp_path / f"letter to {SECRETS['name']}.pdf"
    file.write_bytes(b"nothing")
    assert read(wanted, file).findings.found[Kind.NAME]


def test_a_torn_database_is_read_as_bytes_and_said_to_be_torn(wanted, tmp_path) -> None:
    database(tmp_path / "file", "x" * 9000, SECRETS["identity code"])
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(whole[:100] + b"\xff" * 900 + whole[1000:])
    reader = read(wanted, tmp_path / "file")
    assert reader.findings.found[Kind.HETU]
    assert any("SQLite cannot read" in remark for remark in reader.passed.remarks)


def test_a_damaged_archive_is_read_up_to_the_damage(wanted, tmp_path) -> None:
    packed = PACKINGS["gz"](SECRETS["sentence"].encode() + bytes(range(256)) * 4000)
    (tmp_path / "file").write_bytes(packed[:-40])
    assert read(wanted, tmp_path / "file").findings.found[Kind.SENTENCE]


def test_an_archive_cannot_write_where_it_likes(wanted, tmp_path) -> None:
    target = tmp_path / "evil"
    with tarfile.open(tmp_path / "file", "w") as archive:
        for name in ("../evil", str(target)):
            member = tarfile.TarInfo(name)
            archive.addfile(member)
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    read(wanted, tmp_path / "file")
    assert not target.exists()


def test_what_is_packed_too_deep_is_said_not_to_be_opened(wanted, tmp_path) -> None:
    content = SECRETS["name"].encode()
    for _layer in range(5):
        content = tarred(content)
    (tmp_path / "file").write_bytes(content)
    reader = read(wanted, tmp_path / "file")
    assert any("packed more than" in remark for remark in reader.passed.remarks)
