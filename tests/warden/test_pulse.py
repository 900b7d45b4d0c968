"""Each minute the ledger says that it lives, and what its tree of heads is."""

import time

import pytest

from tests.cast import Clinic
from vaitiolo.keys.kms import KmsAway
from vaitiolo.ledger import heading, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.verify import specials
from vaitiolo.ledger.verify.chains import Findings
from vaitiolo.ledger.verify.checkpoints import LogKey
from vaitiolo.warden.server.pulse import Pulse, beating
from vaitiolo.warden.server.recording import LEDGER, NOBODY, SYSTEM, Deed


def last(clinic: Clinic) -> queries.Recorded:
    found = list(queries.entries_of(clinic.install.recording.tag(LEDGER)))
    return found[-1]


def findings(clinic: Clinic) -> Findings:
    policy = clinic.install.trust.ledger
    return audit(LogKey(policy.origin, policy.ed25519))


def test_what_came_is_covered_and_silence_is_a_heartbeat(clinic: Clinic) -> None:
    pulse = Pulse(clinic.install.recording)
    pulse.beat()
    told = last(clinic)
    values = specials.read(
        told.leaf.act, told.detail, salt=told.salt, commit=told.leaf.detail_commit
    )
    assert (told.leaf.act, values["covered"]) == (Act.HEADS, told.index)
    tree = heading.tree_of(told.index)
    assert (values["size"], values["root"]) == (tree.size, tree.root().hex())
    pulse.beat()
    pulse.beat()
    assert last(clinic).leaf.act == Act.HEARTBEAT
    clinic.install.recording.record([Deed(Act.DOCTOR_RUN, SYSTEM, NOBODY)])
    pulse.beat()
    assert last(clinic).leaf.act == Act.HEADS
    found = findings(clinic)
    assert found.is_sound
    assert (found.heads, found.covered) == (2, last(clinic).index)


def test_two_wardens_beat_beside_each_other(clinic: Clinic) -> None:
    first, second = Pulse(clinic.install.recording), Pulse(clinic.install.recording)
    for _ in range(2):
        first.beat()
        second.beat()
    assert findings(clinic).is_sound


def test_it_beats_by_itself_and_goes_on_when_the_key_service_was_away(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, missed = clinic.install.recording, []
    inner = recording.tag

    def tag(subject) -> bytes:
        if len(missed) < 2:
            missed.append(subject)
            raise KmsAway
        return inner(subject)

    monkeypatch.setattr(recording, "tag", tag)
    size = (queries.last_batch() or (0, b""))[0]
    end = time.monotonic() + 30
    with beating(recording, every=0.01):
        while (queries.last_batch() or (0, b""))[0] < size + 3:
            assert time.monotonic() < end, "it does not beat"
    assert len(missed) == 2
    assert findings(clinic).is_sound
