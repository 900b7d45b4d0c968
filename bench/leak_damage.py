"""What becomes of records on their way through a leak: twenty forms, each a function to bytes."""

import base64
import bz2
import csv
import gzip
import html
import io
import json
import lzma
import quopri
import tarfile
import textwrap
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_INSERT = "INSERT INTO `potilas` VALUES ('{}');\n"
LETTERS = "abcdefghijklmnopqrstuvwxyzäö "


@dataclass(frozen=True)
class Record:
    """One person of a leak, as it lies in the file."""

    identity: dict[str, str]
    texts: list[str]


Rng = np.random.Generator
Form = Callable[[list[Record], Rng], bytes]


def plain(records: list[Record], _rng: Rng) -> bytes:
    blocks = ["\n".join(one.identity.values()) + "\n\n" + "\n\n".join(one.texts) for one in records]
    return "\n\n---\n\n".join(blocks).encode()


def rows(records: list[Record]) -> list[tuple[str, ...]]:
    return [(*one.identity.values(), text) for one in records for text in one.texts]


def csv_latin(records: list[Record], _rng: Rng) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows(records))
    return out.getvalue().encode("latin-1", "replace")


def sql(records: list[Record], _rng: Rng) -> bytes:
    lines = []
    for row in rows(records):
        fields = (one.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") for one in row)
        lines.append(_INSERT.format("','".join(fields)))
    return "".join(lines).encode()


def sql_json(records: list[Record], _rng: Rng) -> bytes:
    lines = [
        json.dumps({"n": row[-1], "id": row[:-1]}).replace("\\", "\\\\") for row in rows(records)
    ]
    return "".join(_INSERT.format(line) for line in lines).encode()


def html_page(records: list[Record], _rng: Rng) -> bytes:
    body = []
    for row in rows(records):
        cells = "".join(
            f'<td class="c">{html.escape(one)}</td>\n'.replace("ä", "&auml;").replace("ö", "&#246;")
            for one in row
        )
        body.append(f"<tr>{cells}</tr>".replace("\n\n", "<br/><br/>\n"))
    return ("<!DOCTYPE html><table>" + "".join(body) + "</table>").encode()


def json_file(records: list[Record], _rng: Rng) -> bytes:
    return json.dumps([{**one.identity, "notes": one.texts} for one in records]).encode()


def json_one_line(records: list[Record], rng: Rng) -> bytes:
    return json_file(records, rng).replace(b"\n", b" ")


def quoted_mail(records: list[Record], rng: Rng) -> bytes:
    head = b"From: x@example.org\nContent-Transfer-Encoding: quoted-printable\n\n"
    return head + quopri.encodestring(plain(records, rng))


def ascii_wrapped(records: list[Record], rng: Rng) -> bytes:
    text = plain(records, rng).decode().lower().translate(str.maketrans("äöå", "aoa"))
    lines = [textwrap.fill(line, 72) for line in text.split("\n")]
    return "\r\n".join(lines).encode("ascii", "replace")


def utf16(records: list[Record], rng: Rng) -> bytes:
    return plain(records, rng).decode().encode("utf-16")


def mojibake(records: list[Record], rng: Rng) -> bytes:
    return plain(records, rng).decode("cp1252", "replace").encode()


def decomposed(records: list[Record], rng: Rng) -> bytes:
    return unicodedata.normalize("NFD", plain(records, rng).decode()).encode()


def zipped(records: list[Record], rng: Rng) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, one in enumerate(records):
            archive.writestr(f"../../etc/{at}.txt", plain([one], rng))
    return out.getvalue()


def tar_gz(records: list[Record], rng: Rng) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for at, one in enumerate(records):
            data = csv_latin([one], rng)
            info = tarfile.TarInfo(f"/etc/{'x' * 120}/{at}.csv")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def mbox(records: list[Record], rng: Rng) -> bytes:
    parts = []
    for one in records:
        packed = base64.encodebytes(plain([one], rng))
        head = (
            "From a@b Thu Jan  1 00:00:00 2026\nSubject: x\nContent-Transfer-Encoding: base64\n\n"
        )
        parts.append(head.encode() + packed + b"\n")
    return b"".join(parts)


def mailed_zip(records: list[Record], rng: Rng) -> bytes:
    head = b"From: x@example.org\nContent-Type: application/zip\n\n"
    return head + base64.encodebytes(zipped(records, rng))


def redacted(records: list[Record], rng: Rng) -> bytes:
    # One word of twelve is blacked out, and every identifier.
    texts = []
    for one in records:
        for text in one.texts:
            words = text.split(" ")
            for at in range(len(words)):
                if rng.random() < 1 / 12:
                    words[at] = "█" * len(words[at])
            texts.append(" ".join(words))
    return "\n\n".join(texts).encode()


def typos(share: float) -> Form:
    def form(records: list[Record], rng: Rng) -> bytes:
        wrong = [
            Record(one.identity, [_mistyped(text, share, rng) for text in one.texts])
            for one in records
        ]
        return plain(wrong, rng)

    return form


def cut(records: list[Record], rng: Rng) -> bytes:
    kept = [Record({}, [text[: int(len(text) * 0.7)] for text in one.texts]) for one in records]
    return plain(kept, rng)


def excerpts(records: list[Record], rng: Rng) -> bytes:
    kept = []
    for one in records:
        starts = [int(rng.integers(0, max(1, len(text) - 300))) for text in one.texts]
        parts = [text[at : at + 300] for at, text in zip(starts, one.texts, strict=True)]
        kept.append(Record({}, parts))
    return plain(kept, rng)


def _mistyped(text: str, share: float, rng: Rng) -> str:
    letters = list(text)
    for at in np.flatnonzero(rng.random(len(letters)) < share).tolist():
        letters[at] = LETTERS[int(rng.integers(0, len(LETTERS)))]
    return "".join(letters)


FORMS: dict[str, Form] = {
    "plain text": plain,
    "CSV, Latin-1": csv_latin,
    "SQL dump": sql,
    "JSON in SQL": sql_json,
    "HTML": html_page,
    "JSON": json_file,
    "JSON on one line": json_one_line,
    "quoted-printable": quoted_mail,
    "lower case, ASCII, wrapped": ascii_wrapped,
    "UTF-16": utf16,
    "read in the wrong encoding": mojibake,
    "decomposed letters": decomposed,
    "zip": zipped,
    "tar.gz": tar_gz,
    "base64 mbox": mbox,
    "zip attached to mail": mailed_zip,
    "bz2": lambda records, rng: bz2.compress(plain(records, rng)),
    "gz in xz": lambda records, rng: lzma.compress(gzip.compress(json_file(records, rng))),
    "one word of twelve redacted": redacted,
    "2 % typing errors": typos(0.02),
    "5 % typing errors": typos(0.05),
    "last 30 % cut off": cut,
    "excerpts of 300 characters": excerpts,
}
# Changes of format and encoding: nothing may be lost by them.
LOSSLESS = list(FORMS)[:18]
