"""What others lay on a desk."""

from uuid import uuid4

from tests.cast import Clinic
from tests.promises.naive import Naive
from tests.warden.hostile import card_of, keys_of
from vaitiolo.keys import drops
from vaitiolo.keys.drops import Spot
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import ToDrop
from vaitiolo.warden.kinds import Purpose


def test_p18_what_nobody_signed_is_not_shown_and_keeps_nobody_from_the_day(
    clinic: Clinic,
) -> None:
    helmi, said = clinic.session("helmi"), b'{"op":"booked"}'
    to = [ToDrop(clinic.id("helmi"), uuid4(), said)]
    [good] = client.drop(clinic.session("aino"), to)
    desk = client.open_compartment(helmi, clinic.desk("helmi"), purpose=Purpose.OWN_DESK)
    spot = Spot(clinic.install.org, clinic.desk("helmi"), uuid4(), clinic.install.today())
    with keys_of(clinic, "taito") as keys:
        card = card_of(clinic, "helmi")
        forged = drops.make(
            b"{}", spot, recipient=card, keys=keys, sender=card_of(clinic, "aino").id
        ).encode()
    cut = good[:-1] + bytes([good[-1] ^ 1])
    reads = desk.open_drops([forged, cut, b"", good])
    assert [read.body for read in reads] == [b"", b"", b"", said]
    refused = [one for one in queries.entries_from(0) if one.leaf.act is Act.REFUSED]
    assert len(refused) == 3
    naive = Naive()
    naive.tables["drop"].append({"desk": "helmi", "from": "aino", "text": "planted"})
    assert naive.row("drop", text="planted", **{"from": "aino"})
