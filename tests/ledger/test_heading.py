"""The warden's memory of how chains end, against a database whose rows were taken away."""

from collections.abc import Callable

import pytest

from tests.ledger.logs import AINO, SYSTEM, VEIKKO, pending
from tests.ledger.tampering import tamper
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import ChainCut, Heads
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify import specials

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

CUT = "DELETE FROM ledger_entry WHERE patient_tag = %s AND patient_seq > %s"


def state(recorder: Recorder, heads: Heads) -> None:
    found = heads.now()
    values = {"covered": found.covered, "root": found.root.hex(), "size": found.size}
    told = {"subject_tag": SYSTEM, "actor_tag": SYSTEM, "salt": b"s" * 32}
    recorder.record([specials.prepare(Act.HEADS, values, **told)])


def test_a_number_given_anew_after_a_cut_is_noticed(
    new_recorder: Callable[[], Recorder],
) -> None:
    first, heads = new_recorder(), Heads()
    first.start()
    first.record([pending(AINO) for _ in range(5)] + [pending(VEIKKO) for _ in range(300)])
    heads.now()
    first.stop()
    tamper(CUT, AINO, 3)
    again = new_recorder()
    again.start()
    again.record([pending(AINO)])
    found = [one.leaf.patient_seq for one in queries.entries_of(AINO)]
    assert found == [1, 2, 3, 4]
    with pytest.raises(ChainCut):
        heads.check(AINO)
    heads.check(VEIKKO)
    # The next warden finds the ledger short of two, and cannot tell whose they were.
    for tag in (AINO, VEIKKO):
        with pytest.raises(ChainCut):
            Heads().check(tag)


def test_a_row_rewritten_for_somebody_else_does_not_fit_the_heads(recorder: Recorder) -> None:
    recorder.record([pending(AINO), pending(AINO), pending(VEIKKO)])
    state(recorder, Heads())
    stolen = bytearray(queries.entry(1).leaf.encode())
    stolen[10:26], stolen[42:50] = VEIKKO, (2).to_bytes(8, "big")
    stolen[50:82] = queries.entry(2).leaf.hash
    tamper(
        'UPDATE ledger_entry SET leaf = %s, patient_tag = %s, patient_seq = 2 WHERE "index" = 1',
        bytes(stolen),
        VEIKKO,
    )
    with pytest.raises(ChainCut):
        Heads().check(AINO)


def test_every_chain_that_is_whole_is_proved_among_all(recorder: Recorder) -> None:
    recorder.record([pending(bytes([number % 9 + 1]) * 16) for number in range(40)])
    heads = Heads()
    state(recorder, heads)
    for number in range(1, 10):
        found = heads.prove(bytes([number]) * 16)
        assert (found.below is None) == (number == 1)
        assert found.stated.size == 10
    with pytest.raises(ChainCut):
        heads.prove(b"\xff" * 16)
