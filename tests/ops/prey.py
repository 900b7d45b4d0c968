"""What the tests of the thief steal: a small clinic, and secrets written in many ways."""

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import quote

from vaitiolo.ops.synthetic.clinic import make_clinic

CLINIC = make_clinic("prey", "12", date(2026, 11, 24))
PATIENT = CLINIC.patient(3)
NOTE = list(PATIENT.notes())[2]
SECRETS = {
    "name": str(PATIENT.name),
    "family first": f"{PATIENT.name.family}, {PATIENT.name.given}",
    "lower case": str(PATIENT.name).casefold(),
    "identity code": PATIENT.hetu,
    "telephone": PATIENT.phone,
    "telephone abroad": "+358" + PATIENT.phone.replace(" ", "").removeprefix("0"),
    "e-mail": PATIENT.email,
    "address": PATIENT.street,
    "next of kin": str(PATIENT.kin.name),
    "sentence": NOTE.telling,
}
# Something around it, so that no alignment is the easy one.
AROUND = ("", "x", "xy", "xyz")

WRITINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "Latin-1": lambda text: text.encode("latin-1"),
    "UTF-16LE": lambda text: text.encode("utf-16-le"),
    "UTF-16BE": lambda text: text.encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "bytea": lambda text: rb"\\x" + text.encode().hex().encode(),
    "JSON": lambda text: json.dumps({"name": text}).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "Python bytes": lambda text: repr(text.encode()).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "percent escapes": lambda text: quote(text).encode(),
    "HTML entities": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "deflate": lambda text: zlib.compress(text.encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "base64 of deflate of hex": lambda text: base64.b64encode(
        zlib.compress(text.encode().hex().encode())
    ),
    "hex of UTF-16": lambda text: text.encode("utf-16-le").hex().encode(),
}


def zipped(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/inner", content)
    return target.getvalue()


def tarred(content: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        member = tarfile.TarInfo("folder/inner")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda content: gzip.compress(tarred(content)),
    "gz in tar.gz": lambda content: gzip.compress(tarred(gzip.compress(content))),
    "zip in tar.xz": lambda content: lzma.compress(tarred(zipped(content))),
}


def database(file: Path, *cells: str | bytes) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE stuff (id integer PRIMARY KEY, cell blob)")
        connection.executemany("INSERT INTO stuff (cell) VALUES (?)", [(cell,) for cell in cells])
