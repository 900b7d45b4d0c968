"""Keeps what witnesses and time-stamp authorities said of the ledger, and says how far they saw.

Believes nothing: whoever keeps a line here has verified it. Rows are added and never altered.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db import IntegrityError, transaction

from vaitiolo.ledger import models
from vaitiolo.ledger.verify.checkpoints import Checkpoint
from vaitiolo.ledger.verify.cosignatures import fingerprint, parse_unverified


class Seen(NamedTuple):
    """How far a witness has followed the log, and when it last said so (seconds since 1970)."""

    size: int
    time: int


class Stamped(NamedTuple):
    """The checkpoint that a token is of, when the token came, and who gave it."""

    size: int
    time: int
    authority: str


NOTHING = Seen(0, 0)


def keep(witness: str, *, line: str, seen: Seen, alias: str = "vault") -> None:
    """Keep a verified cosignature; the same line twice is kept once."""
    row = models.Cosignature(line=line, size=seen.size, witness=witness, time=seen.time)
    try:
        with transaction.atomic(using=alias):
            row.save(using=alias, force_insert=True)
    except IntegrityError:
        # Brought twice, or by two couriers at once: it is there, which is what was asked for.
        return


def seen_by(witness: str, *, alias: str = "vault") -> Seen:
    """Return the largest size that a witness cosigned, and the newest time at which it did."""
    rows = models.Cosignature.objects.using(alias).filter(witness=witness)
    found = rows.order_by("-size", "-time").values_list("size", "time").first()
    return Seen(*found) if found else NOTHING


def size_seen(witnesses: Collection[str], quorum: int, *, alias: str = "vault") -> int:
    """Return up to which size so many of these witnesses have followed the log.

    A cosignature covers every smaller size too: a witness signs consistent growth only.
    """
    sizes = sorted((seen_by(name, alias=alias).size for name in witnesses), reverse=True)
    return sizes[quorum - 1] if 0 < quorum <= len(sizes) else 0


def lines_of(size: int, *, alias: str = "vault") -> dict[str, str]:
    """Return the newest cosignature line of each witness under the checkpoint of a size."""
    rows = models.Cosignature.objects.using(alias).filter(size=size).order_by("time")
    return dict(rows.values_list("witness", "line"))


def size_signed(
    witnesses: Collection[str], quorum: int, *, since: int, alias: str = "vault"
) -> int | None:
    """Return the smallest size from one on whose own checkpoint so many of these have cosigned."""
    rows = models.Cosignature.objects.using(alias).filter(size__gte=since, witness__in=witnesses)
    signed: dict[int, set[str]] = {}
    for size, witness in rows.order_by("size").values_list("size", "witness"):
        signed.setdefault(size, set()).add(witness)
        if len(signed[size]) >= quorum:
            return size
    return None


def newest_stamp(*, before: int, alias: str = "vault") -> tuple[int, bytes] | None:
    """Return size and token of the newest time-stamp of a state not larger than a size."""
    rows = models.Token.objects.using(alias).filter(size__lte=before, size__gt=0)
    found = rows.order_by("-size").values_list("size", "token").first()
    return None if found is None else (found[0], bytes(found[1]))


def note_of(size: int, *, alias: str = "vault") -> str | None:
    """Return the checkpoint that was signed for a size, or nothing."""
    rows = models.Checkpoint.objects.using(alias).filter(size=size)
    return rows.values_list("note", flat=True).first()


def state_marked(mark: str, *, alias: str = "vault") -> Checkpoint | None:
    """Return the signed state that a check mark belongs to, or nothing where there is none.

    Case, hyphens and spaces do not matter: people copy it from paper.
    """
    wanted = _plain(mark)
    rows = models.Checkpoint.objects.using(alias).order_by("-size").values_list("note", flat=True)
    for note in rows.iterator(chunk_size=2_000):
        origin, stated = parse_unverified(note)
        if _plain(fingerprint(origin, stated)) == wanted:
            return stated
    return None


def keep_token(token: bytes, stamped: Stamped, *, digest: bytes, alias: str = "vault") -> None:
    """Keep a token under its SHA-256; the same one twice is kept once."""
    row = models.Token(hash=digest, token=token, **stamped._asdict())
    try:
        with transaction.atomic(using=alias):
            row.save(using=alias, force_insert=True)
    except IntegrityError:
        return


def newest_token(*, alias: str = "vault") -> Stamped:
    """Return what was stamped last: size, time and authority; zeroes before the first."""
    rows = models.Token.objects.using(alias).order_by("-time")
    found = rows.values_list("size", "time", "authority").first()
    return Stamped(*found) if found else Stamped(0, 0, "")


def token_of(digest: bytes, *, alias: str = "vault") -> bytes | None:
    """Return a token by its SHA-256, or nothing."""
    rows = models.Token.objects.using(alias).filter(hash=digest)
    found = rows.values_list("token", flat=True).first()
    return None if found is None else bytes(found)


def _plain(mark: str) -> str:
    return "".join(sign for sign in mark.upper() if sign.isalnum())
