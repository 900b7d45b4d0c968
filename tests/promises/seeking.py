"""How a thief looks for a word or a key in bytes: as it is, in base64, base32, hex, UTF-16."""

import base64
from collections.abc import Iterable, Iterator

from django.db import connections

LEAST = 6


def spellings(secret: bytes) -> list[bytes]:
    """A secret as it may stand in a dump; base64 three times, because it may begin anywhere."""
    found = [secret, secret.hex().encode(), secret.hex().upper().encode()]
    for pad in range(3):
        whole = base64.b64encode(bytes(pad) + secret)
        # The first and the last letters mix with whatever stands beside it.
        found += [whole[4 if pad else 0 : -4], whole.translate(bytes.maketrans(b"+/", b"-_"))[4:-4]]
    # The same of base32, which may begin at five places.
    for pad in range(5):
        found.append(base64.b32encode(bytes(pad) + secret).rstrip(b"=")[8:-8])
    # What is left of a short word in the middle of base64 stands in random bytes by chance.
    return [secret, *(one for one in found[1:] if len(one) >= LEAST)]


def spoken(word: str) -> list[bytes]:
    """A word in the encodings and cases that programs write."""
    forms = {word, word.lower(), word.upper(), word.replace(" ", "")}
    found = [form.encode(code) for form in forms for code in ("utf-8", "utf-16-le", "latin-1")]
    return [spelling for raw in found for spelling in spellings(raw)]


def holds(haystack: Iterable[bytes], needles: Iterable[bytes]) -> bool:
    """Say whether any of the needles stands in any of these bytes."""
    wanted = list(needles)
    return any(needle in cell for cell in haystack for needle in wanted)


def cells(alias: str) -> Iterator[tuple[str, str, object]]:
    """Every value of every table of a database: table, column, value."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from (
                    (table, column, value) for column, value in zip(columns, row, strict=True)
                )


def dump(*aliases: str) -> list[bytes]:
    """The same as bytes, as a copy of the databases holds them."""
    return [as_bytes(value) for alias in aliases for _, _, value in cells(alias)]


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
