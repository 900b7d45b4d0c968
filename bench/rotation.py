"""What new keys for everybody cost: `python -m bench.rotation [patients]` (default 36,000).

Full: every document opened under the old key and sealed under the new one, and every grant made
anew. Grants alone: what a rewrapping would cost, which leaves the old key useful and is shown for
comparison only. One process, then two. Memory to memory: what databases and sockets add is not in
it. Also the opening of a caseload of 100.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from uuid import UUID, uuid4

from vaitiolo.keys import envelope, grants
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.cards import CardClass, Terms, TrustedCard, request
from vaitiolo.keys.envelope import Padding, Sealer
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.octets import random_bytes, wipe

COMPARTMENTS, GRANTS, DOCUMENTS, BYTES = 2, 4, 20, 2_000
SAMPLE = 50
CASELOAD = 100
ORG = uuid4()


class House:
    """One holder, a card, and some patients' compartments under their first keys."""

    def __init__(self) -> None:
        self.keys = HolderKeys(random_bytes(32), ORG)
        terms = Terms(ORG, uuid4(), CardClass.STAFF, 1)
        # Made here and not judged: a measurement of sealing needs no registrar.
        self.card = TrustedCard(request(self.keys, terms))
        self.compartments = [self.compartment() for _ in range(SAMPLE * COMPARTMENTS)]

    def compartment(self) -> tuple[UUID, Grant, list[tuple[Place, bytes]]]:
        own, dk = uuid4(), random_bytes(32)
        places = [Place(ORG, own, Kind.NOTE, uuid4(), 1) for _ in range(DOCUMENTS)]
        with Sealer(dk) as sealer:
            sealed = [(one, self.seal(sealer, one, bytes(BYTES), epoch=1)) for one in places]
        return own, self.grant(dk, own, epoch=1), sealed

    def grant(self, dk: bytearray, own: UUID, *, epoch: int) -> Grant:
        terms = grants.Terms(own, epoch, ZERO, 0xFFFFFFFF)
        return grants.make(
            dk, terms, org=ORG, recipient=self.card, keys=self.keys, grantor=self.card.id
        )

    def seal(self, sealer: Sealer, place: Place, body: bytes | bytearray, *, epoch: int) -> bytes:
        context = envelope.document_context(place, epoch=epoch)
        return sealer.seal(context, body, epoch=epoch, padding=Padding.DOCUMENT)

    def rotate(self, number: int, *, documents: bool) -> None:
        own, grant, sealed = self.compartments[number % len(self.compartments)]
        old, new = self.keys.open_grant(grant), random_bytes(32)
        for _ in range(GRANTS):
            self.grant(new, own, epoch=2)
        with Sealer(new) as sealer:
            for place, text in sealed if documents else ():
                context = envelope.document_context(place, epoch=1)
                body = envelope.unseal(old, context, text, epoch=1, padding=Padding.DOCUMENT)
                self.seal(sealer, place, body, epoch=2)
                wipe(body)
        wipe(old, new)


def turn(patients: int, documents: bool) -> tuple[float, float]:  # noqa: FBT001 - as a pool calls
    """Return the seconds that passed, and those of the processor, once the house stands."""
    house = House()
    began, spent = time.monotonic(), time.process_time()
    for number in range(patients * COMPARTMENTS):
        house.rotate(number, documents=documents)
    return time.monotonic() - began, time.process_time() - spent


def seconds(patients: int, *, documents: bool, processes: int) -> tuple[float, float]:
    """Return what the slowest process took, and the processor time of all together."""
    shares = [patients // processes] * processes
    with ProcessPoolExecutor(processes) as pool:
        took = list(pool.map(turn, shares, [documents] * processes))
    return max(passed for passed, _spent in took), sum(spent for _passed, spent in took)


def caseload() -> float:
    house = House()
    wanted = [house.compartments[n % len(house.compartments)][1] for n in range(CASELOAD)]
    best = 1e9
    for _ in range(7):
        began = time.perf_counter()
        for grant in wanted:
            wipe(house.keys.open_grant(grant))
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    patients = int((sys.argv[1:] or ["36000"])[0])
    print(f"{patients:,} patients, each {COMPARTMENTS} compartments of {GRANTS} grants and")
    print(f"{DOCUMENTS} documents of {BYTES:,} bytes; seconds, in brackets those of the processors")
    for documents in (True, False):
        (alone, _), (both, _) = took = [
            seconds(patients, documents=documents, processes=n) for n in (1, 2)
        ]
        one, two = (f"{passed:6.1f} ({spent:5.1f})" for passed, spent in took)
        name = "full" if documents else "grants alone"
        print(f"  {name:<12}  one process {one}   two {two}   {alone / both:.2f} x")
    print(f"a caseload of {CASELOAD} opened in {caseload() * 1000:.1f} ms")


if __name__ == "__main__":
    main()
