"""What the rows of this room claim was signed, for setting the ledger beside it. Opens nothing."""

from collections.abc import Iterator
from uuid import UUID

from vaitiolo.people.models import Consent, IdentityVersion
from vaitiolo.warden.kinds import Kind

CHUNK = 5_000


def list_signed() -> Iterator[tuple[int, UUID, int]]:
    """Yield kind, row and version of every identity and every consent."""
    found = IdentityVersion.objects.values_list("patient_id", "version")
    for patient, version in found.iterator(chunk_size=CHUNK):
        yield int(Kind.IDENTITY), patient, version
    for row in Consent.objects.values_list("id", flat=True).iterator(chunk_size=CHUNK):
        yield int(Kind.CONSENT), row, 1
