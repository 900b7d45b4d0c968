"""The questions about the ledger's witnesses, each asked as its courier or an officer asks it."""

from dataclasses import replace

from tests.cast import Clinic
from tests.witness.tokens import unsigned
from vaitiolo.keys.trust import Witness as Pinned
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.cosignatures import Cosigner, draw_seed
from vaitiolo.warden.client import witnessing
from vaitiolo.warden.server import witnesses
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

NAME = "w1.example/1"


def watch_from_outside(clinic: Clinic, web: Transport, worker: Transport) -> None:
    """Have the ledger cosigned, stamped, alarmed about and looked at."""
    install = clinic.install
    cosigner, before = Cosigner(NAME, draw_seed()), install.trust
    install.trust = replace(before, witnesses=(Pinned(NAME, cosigner.key.public),))
    witnessing.await_checkpoint(worker, seen=0, seconds=0)
    _cosign(clinic, worker, cosigner)
    stamp = witnessing.begin_stamp(worker)
    token = unsigned(stamp.imprint, at=clinic.clock() // 1_000_000)
    witnessing.bring_stamp(worker, size=stamp.size, authority="tsa.example", token=token)
    witnessing.tell_refusal(worker, NAME, status=409, size=stamp.size)
    witnessing.alerts_for_witnesses(worker, after=-1)
    pia = Session(clinic.session("pia").cookie, web)
    [alert] = witnessing.ledger_standing(pia).alerts
    witnessing.acknowledge_alert(pia, alert.index)
    assert not witnessing.ask_standing(worker).alerts
    install.trust = before


def _cosign(clinic: Clinic, worker: Transport, cosigner: Cosigner) -> None:
    install = clinic.install
    note = install.recorder.checkpoint_now()
    clinic.clock.ahead += witnesses.OFFERED_FOR
    stated = checkpoints.read(note, witnesses.log_key(install))
    assert witnessing.checkpoint_for(worker, NAME, old=0).size == stated.size
    lines = cosigner.cosign(install.trust.ledger.origin, stated, at=clinic.clock() // 1_000_000)
    witnessing.bring_cosignature(worker, NAME, size=stated.size, lines=lines)
