"""Makes the vectors of the formats of keys, for readers in other languages (docs/formats.md).

Run as `python -m tests.vectors.make`. Seeds and ids are fixed; a generator that is not random is
handed in as an argument. What HPKE and ML-DSA draw themselves differs each time: of CARD, GRANT,
DROP and OUTBOX the files hold one example, made once, and a new run makes another as good.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.keys.asking import House
from tests.keys.clinic import TODAY, Chart, Clinic, id_of, named
from tests.keys.policy import key_service
from tests.notices import example
from vaitiolo.keys import (
    bodies,
    contact,
    drops,
    envelope,
    grants,
    holders,
    outboxes,
    pages,
    revocations,
    rotations,
)
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.cards import CardClass, Role
from vaitiolo.keys.drops import Spot
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.kinds import Kind, RecoveryRole
from vaitiolo.keys.primitives import hkdf
from vaitiolo.keys.revocations import Reason
from vaitiolo.notices import checking, codes
from vaitiolo.notices import pages as notices_pages

HERE = Path(__file__).parent
Vector = dict[str, Any]

TEXT = bodies.canonical_json({"held_on": "2026-11-24", "text": "Nukkui paremmin. Äiti soitti."})
LENGTHS = {
    Padding.DOCUMENT: (0, 1, 1020, 1021, 16_380, 16_381, 20_000),
    Padding.PHONEBOOK: (0, 252, 253),
    Padding.NONE: (0, 32),
}


def fixed(length: int) -> bytearray:
    return bytearray(named("drawn once", length))


def derivations() -> list[Vector]:
    """A seed's keys, the parts of the master seed, a commitment, and a sealed text's two keys."""
    clinic, seed, master, dk = Clinic(), named("seed of Helmi"), named("master"), named("a key")
    org = clinic.org
    public = clinic.keys("Helmi").public(mldsa65=True)
    labels = ("xwing", "ed25519", "mldsa65")
    return [
        {
            "org": org.hex,
            "seed": seed.hex(),
            "seeds": {
                name: hkdf(seed, org.bytes, b"vaitiolo/1/seed/" + name.encode()).hex()
                for name in labels
            },
            "publics": {name: getattr(public, name).hex() for name in labels},
            "root_id": clinic.root_keys.id.hex(),
            "master": master.hex(),
            "master_parts": {
                part: holders.master_part(master, org, part=part).hex()
                for part in ("root", "chart")
            },
            "dk": dk.hex(),
            "dk_commit": grants.commitment(dk).hex(),
        }
    ]


def sealed() -> list[Vector]:
    """SEALED at every step of every padding, and in the first and a later epoch."""
    org, chart, row = id_of("clinic"), id_of("chart"), id_of("row")
    made = []
    for padding, lengths in LENGTHS.items():
        for length in lengths:
            epoch, text = 1 + length % 3, named("a text", length)
            place = Place(org, chart, Kind.NOTE, row, 1 + length)
            context = envelope.document_context(place, epoch=epoch)
            raw = envelope.seal(
                named("a key"), context, text, epoch=epoch, padding=padding, draw=fixed
            )
            made.append(
                {
                    "dk": named("a key").hex(),
                    "padding": padding.name,
                    "epoch": epoch,
                    "context": context.hex(),
                    "drawn": fixed(32).hex(),
                    "text": text.hex(),
                    "sealed": raw.hex(),
                }
            )
    return made


def signed_bodies() -> list[Vector]:
    """Two versions of a note: what is inside the seal."""
    helmi = Clinic().enrol("Helmi")
    made, prev = [], ZERO
    for version in (1, 2):
        place = Place(id_of("clinic"), id_of("chart"), Kind.NOTE, id_of("row"), version)
        body = bodies.sign_body(TEXT, place, keys=helmi.keys, card=helmi.card.id, prev=prev)
        made.append(
            {
                "place": place.encode().hex(),
                "author": helmi.card.id.hex(),
                "author_ed25519": helmi.card.ed25519.hex(),
                "prev": prev.hex(),
                "text": TEXT.decode(),
                "body": body.hex(),
            }
        )
        prev = bodies.predecessor_hash(body)
    return made


def shown_cards() -> list[Vector]:
    """One card of each class; signed by the registrar, who is signed by the root."""
    clinic = Clinic()
    people = {
        "registrar": clinic.registrar,
        "staff": clinic.enrol("Helmi"),
        "patient": clinic.enrol("Aino", klass=CardClass.PATIENT, role=Role.NONE),
        "machine": clinic.enrol("lab", klass=CardClass.MACHINE, role=Role.NONE),
        "recovery": clinic.recovery(RecoveryRole.CHART),
        "role": clinic.enrol("a unit", klass=CardClass.ROLE, role=Role.DUTY),
    }
    return [
        {
            "class": name,
            "root_ed25519": clinic.root_keys.ed25519.hex(),
            "root_mldsa65": clinic.root_keys.mldsa65.hex(),
            "id": person.card.id.hex(),
            "card": person.card.encode().hex(),
        }
        for name, person in people.items()
    ]


def granted() -> list[Vector]:
    """A first grant, one handed on with an end date, and one after a rotation, with its record."""
    clinic = Clinic()
    raisa, helmi, otso = (clinic.enrol(name) for name in ("Raisa", "Helmi", "Otso"))
    chart = Chart(clinic, raisa)
    first = chart.grant(helmi, by=raisa)
    lent = chart.grant(otso, by=helmi, parent=first.id, until=TODAY + 30)
    old_dk, new_dk = chart.dk, bytearray(named("the next key"))
    turn = rotations.make(new_dk, first, org=clinic.org, rotator=helmi.card.id, keys=helmi.keys)
    chart.dk, chart.epoch = new_dk, 2
    after = chart.grant(helmi, by=helmi, parent=turn.id)
    rows = ((first, raisa, "Helmi", old_dk), (lent, helmi, "Otso", old_dk))
    return [
        {
            "org": clinic.org.hex,
            "recipient_seed": named(f"seed of {recipient}").hex(),
            "grantor_ed25519": grantor.card.ed25519.hex(),
            "dk": dk.hex(),
            "id": grant.id.hex(),
            "grant": grant.encode().hex(),
            "rotation": turn.encode().hex() if grant is after else "",
        }
        for grant, grantor, recipient, dk in (*rows, (after, helmi, "Helmi", new_dk))
    ]


def revoked() -> list[Vector]:
    """One revocation for each reason."""
    clinic = Clinic()
    card, registrar = clinic.enrol("Helmi").card, clinic.registrar
    return [
        {
            "org": clinic.org.hex,
            "registrar_ed25519": registrar.card.ed25519.hex(),
            "card": card.id.hex(),
            "reason": reason.value,
            "since": TODAY + 1,
            "revocation": revocations.make(
                card.id,
                reason,
                since=TODAY + 1,
                org=clinic.org,
                registrar=registrar.card.id,
                keys=registrar.keys,
            )
            .encode()
            .hex(),
        }
        for reason in Reason
    ]


def dropped() -> list[Vector]:
    """What reception leaves on a therapist's desk."""
    clinic = Clinic()
    helmi, raisa = clinic.enrol("Helmi"), clinic.enrol("Raisa")
    spot = Spot(clinic.org, id_of("desk of Helmi"), id_of("row"), TODAY)
    drop = drops.make(TEXT, spot, recipient=helmi.card, keys=raisa.keys, sender=raisa.card.id)
    return [
        {
            "org": clinic.org.hex,
            "recipient_seed": named("seed of Helmi").hex(),
            "sender_ed25519": raisa.card.ed25519.hex(),
            "text": TEXT.decode(),
            "drop": drop.encode().hex(),
        }
    ]


def outbox() -> list[Vector]:
    """A reminder; `key` is what the key service answers, `key_file` what the file provider kept."""
    org, row = id_of("clinic"), id_of("row")
    with tempfile.TemporaryDirectory() as folder:
        kms = key_service(Path(folder) / "kms")
        made = outboxes.make(TEXT, org=org, row=row, due=TODAY, kms_epoch=1, kms=kms)
        key = kms.open("outbox-1", made.front(), made.sealed_key)
        key_file = (Path(folder) / "kms" / "outbox-1").read_bytes()
    return [
        {
            "org": org.hex,
            "row": row.hex,
            "key": key.hex(),
            "key_file": key_file.hex(),
            "text": TEXT.decode(),
            "outbox": made.encode().hex(),
        }
    ]


def ceremony() -> list[Vector]:
    """A request for three compartments of a therapist who is gone, and its answer."""
    house = House()
    checked = house.checked()
    root = house.clinic.root_keys
    return [
        {
            "org": house.clinic.org.hex,
            "root_ed25519": root.ed25519.hex(),
            "root_mldsa65": root.mldsa65.hex(),
            "recovery_card": house.chart.card.id.hex(),
            "contact_card": house.contact.card.id.hex(),
            "recovery_seed": named("seed of recovery CHART").hex(),
            "target_seed": named("seed of Helmi").hex(),
            "dks": [bytes(chart.dk).hex() for chart in house.charts],
            "request": checked.request.encode().hex(),
            "answer": house.answer(checked).encode().hex(),
        }
    ]


def shares_of_contact() -> list[Vector]:
    """Two officers' shares of the contact key, as printed, and the seed that they open."""
    org, seed = id_of("clinic"), named("seed of contact")
    shares = {id_of(name): named(f"share of {name}") for name in ("Pia", "Mauri")}
    [(pair, blob)] = contact.seal_pairs(seed, shares, org=org, draw=fixed).items()
    return [
        {
            "org": org.hex,
            "officers": [officer.hex for officer in pair],
            "shares": [shares[officer].hex() for officer in pair],
            "printed": [
                contact.printed(shares[officer], org=org, officer=officer) for officer in pair
            ],
            "seed": seed.hex(),
            "pair": blob.hex(),
        }
    ]


def pages_of_victims() -> list[Vector]:
    """A code, where its page lies, its key, a sealed page, and a certificate's under another."""
    found = []
    for name, body in (("a page", example.PAGE), ("a certificate", example.CERTIFICATE)):
        code = codes.fresh(named(name, codes.RANDOM_BYTES))
        found.append(
            {
                "random": named(name, codes.RANDOM_BYTES).hex(),
                "code": code,
                "shown": codes.show(code),
                "token": pages.token_of(code).hex(),
                "lookup": pages.lookup_of(code).hex(),
                "bucket": pages.bucket_of(code),
                "body": notices_pages.write(body).decode(),
                "sealed": pages.seal_page(code, notices_pages.write(body), draw=fixed).hex(),
            }
        )
    return found


def marks_of_messages() -> list[Vector]:
    """Messages as they were pasted, their canonical form, and what a check says of them."""
    marks = [checking.mark_of(example.MESSAGE)]
    return [
        {
            "text": text,
            "canonical": checking.canonical(text),
            "mark": checking.mark_of(text).hex(),
            "marks": [mark.hex() for mark in marks],
            "verdict": checking.check(text, marks).verdict,
            "around": list(checking.check(text, marks).around),
            "codes": list(checking.codes_in(text)),
            "warnings": list(checking.warnings_in(text)),
        }
        for text in example.pasted()
    ]


MAKERS = {
    "derivations": derivations,
    "sealed": sealed,
    "bodies": signed_bodies,
    "revocations": revoked,
    "cards": shown_cards,
    "grants": granted,
    "drops": dropped,
    "outbox": outbox,
    "ceremonies": ceremony,
    "contact": shares_of_contact,
    "pages": pages_of_victims,
    "messages": marks_of_messages,
}
# These come out the same each time, byte by byte.
SETTLED = ("derivations", "sealed", "bodies", "revocations", "contact", "pages", "messages")


def written(name: str) -> str:
    make = MAKERS[name]
    about = f"{make.__doc__} docs/formats.md says what each byte means; bytes are in hexadecimal."
    return json.dumps({"about": about, "vectors": make()}, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    for name in MAKERS:
        (HERE / f"{name}.json").write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    main()
