"""Every column of both databases that is not under seal, and why it may be read."""

import re

from django.apps import apps
from django.db import models

from tests.promises.naive import Naive

SEALED = re.compile(r"sealed_\w+|sealed")

# A random id ties rows together and names nobody.
ID = "a random id: ties rows together and names nobody"
NUMBER = "which version it is: the seal is bound to it"
NUMBER_OF_NOTICE = "which of the ways and attempts it is"
SIGNED = "public halves and signatures, or a key sealed to one holder inside"
LEAF = "where in the ledger it was recorded"
CLASS = "what it is for, so that rows can be found; authority is the grant, never this"
COMMIT = "a one-way commitment to a random key"
TAG = "a keyed tag: without the key service it leads to nobody"
DAY = "a day without a time"
TIME = "the database itself must refuse a double booking, and find what is due"
WORD = "one of a few fixed words, none of them clinical"
PUBLIC = "no secret: it stands on the door"
HASH_OF_SEALED = "a hash over sealed bytes and random ids"
HASH = "a hash over leaves, which are tags and commitments themselves"

READABLE = {
    "breach.EvidencePiece": {"id": "in the order stored", "entry": ID, "number": NUMBER},
    "breach.IncidentEntry": {"id": ID, "incident": ID},
    "breach.MessageMark": {
        "id": "in the order stored",
        "mark": "a hash over words that hold a code nobody guesses",
        "telling": ID,
        "bucket": "one of 4,096, drawn by a code",
    },
    "breach.Notice": {
        **dict.fromkeys(("id", "telling", "patient"), ID),
        **dict.fromkeys(("attempt", "rank", "tries", "wave"), NUMBER_OF_NOTICE),
        **dict.fromkeys(("due_at", "settled_at", "taken_at"), "what is due is found by it"),
        "channel": WORD,
        "is_recorded": "whether its entry is written",
        "state": "how far it has come",
    },
    "breach.PublishedPage": {
        "id": "in the order stored",
        "lookup": "derived from a code, which it does not lead to",
        "telling": ID,
    },
    "breach.Reply": {"id": ID, "telling": ID},
    "breach.ReplyBox": {"telling": ID, "incident": ID, "public": PUBLIC},
    "breach.Telling": {
        **dict.fromkeys(("id", "incident"), ID),
        "is_stopped": "whether the worker need ask at all",
        "not_before": "until when nothing goes, at the request of the police",
    },
    "charts.Chart": {"id": ID, "patient": ID, "opened_on": DAY},
    "charts.CopiedNote": {"id": ID, "copy": ID},
    "charts.Draft": {
        **dict.fromkeys(("id", "chart", "author", "note", "appointment", "window", "copy_of"), ID),
        "held_on": DAY,
        "version": NUMBER,
    },
    "charts.Note": {
        **dict.fromkeys(("id", "chart", "author", "appointment"), ID),
        "held_on": DAY,
        "kind": WORD,
        "version": NUMBER,
    },
    "charts.NoteVersion": {"id": ID, "note": ID, "version": NUMBER, "signed_on": DAY},
    "charts.SupervisionCopy": {
        **dict.fromkeys(("id", "chart", "author", "reader"), ID),
        "made_on": DAY,
        "until": DAY,
    },
    "keys.AuditSecret": {
        "subject": ID,
        "secret": "random: with the key service it gives the subject's tag; deleting it erases",
        "tag": TAG,
    },
    "keys.HetuTag": {"identity": ID, "tag": "16 bits, shared by strangers: see P27"},
    "keys.RoleSeed": {"compartment": ID},
    "keys.StoredCard": {
        "id": HASH,
        "holder": ID,
        "klass": CLASS,
        "role": CLASS,
        "card": SIGNED,
        "leaf_index": LEAF,
    },
    "keys.StoredCase": {"id": ID, "compartment": ID},
    "keys.StoredCompartment": {
        **dict.fromkeys(("id", "subject", "author"), ID),
        "klass": CLASS,
        "epoch": NUMBER,
        "pending_epoch": NUMBER,
        "creator_card": HASH,
        "dk_commit": COMMIT,
        "creation_leaf": LEAF,
    },
    "keys.StoredDue": {
        "id": "in the order asked",
        "compartment": ID,
        "without_card": HASH,
        "since_epoch": NUMBER,
        "why": WORD,
        "asked_on": DAY,
    },
    "keys.StoredErasure": {"subject": ID, "leaf_index": LEAF},
    "keys.StoredGrant": {
        "id": HASH,
        "compartment": ID,
        "recipient_card": HASH,
        "epoch": NUMBER,
        "grant": SIGNED,
        "leaf_index": LEAF,
    },
    "keys.StoredHolder": {
        "id": ID,
        "unit": ID,
        "klass": CLASS,
        "role": CLASS,
        "card": HASH,
        "state": "whether somebody still works here",
    },
    "keys.StoredIncidentPair": {"id": "a number without a meaning", "first": ID, "second": ID},
    "keys.StoredInvitation": {"id": ID, "code_tag": TAG, "name_tag": TAG, "until": DAY},
    "keys.StoredMark": {
        **dict.fromkeys(("patient", "row", "segment"), ID),
        "number": "in the order signed",
        "kind": WORD,
        "version": NUMBER,
        "place": "in the order sealed",
    },
    "keys.StoredMarkKey": {"id": "always 1: there is one"},
    "keys.StoredMarkLink": {
        "number": "in the order signed",
        "digest": HASH_OF_SEALED,
        "link": HASH_OF_SEALED,
    },
    "keys.StoredProposal": {"holder": ID, "proposed_on": DAY},
    "keys.StoredRequest": {
        "id": HASH,
        "holder": ID,
        "why": WORD,
        "request": SIGNED,
        "name_tag": TAG,
        "slot": "a seed, locked with password and key service: see P14",
        "waiting": "a hash of what the newcomer's browser holds; it shows eight words",
        "asked_on": DAY,
    },
    "keys.StoredPair": {"id": "a number without a meaning", "first": ID, "second": ID},
    "keys.StoredRevocation": {"card": HASH, "record": SIGNED, "leaf_index": LEAF},
    "keys.StoredRotation": {
        "id": HASH,
        "compartment": ID,
        "epoch": NUMBER,
        "record": SIGNED,
        "leaf_index": LEAF,
    },
    "keys.StoredSegment": {"number": ID, "kind": WORD},
    "keys.StoredSlot": {
        "id": ID,
        "holder": ID,
        "name_tag": TAG,
        "slot": "a seed, locked with password and key service: see P14",
    },
    "ledger.Batch": {"size": LEAF, "root": HASH, "edge": HASH},
    "ledger.Checkpoint": {"size": LEAF, "note": "size, root and signature: made to be published"},
    "ledger.Cosignature": {
        "line": "a witness's signature: made to be published",
        "size": LEAF,
        "time": "when a witness signed a checkpoint",
        "witness": "a witness's name, which the signed policy names too",
    },
    "ledger.Token": {
        "authority": "the time-stamp authority's address",
        "hash": HASH,
        "size": LEAF,
        "time": "when a checkpoint was time-stamped",
        "token": "a time-stamp over a published checkpoint",
    },
    "ledger.Detail": {"index": LEAF, "salt": "random: hides what a commitment is of"},
    "ledger.Entry": {
        "index": LEAF,
        "leaf": "tags, a commitment, the act and its time",
        "patient_tag": TAG,
        "patient_seq": "how many entries somebody's chain has",
        "actor_tag": TAG,
        "act": "what was done, without whom and by whom",
        "time_us": "when: the ledger is about that",
    },
    "ledger.PublicDetail": {
        "index": LEAF,
        "salt": PUBLIC,
        "detail": "about the ledger itself, and made to be published",
    },
    "people.Consent": {"id": ID, "patient": ID, "signed_on": DAY},
    "people.Desk": {"id": ID, "holder": ID, "version": NUMBER},
    "people.Drop": {"id": ID, "holder": ID, "is_set_aside": "whether it failed its check"},
    "people.ErasureBegun": {"patient": ID},
    "people.IdentityVersion": {"id": "in the order written", "patient": ID, "version": NUMBER},
    "people.Member": {"id": ID, "unit": ID, "role": CLASS, "is_active": WORD},
    "people.Patient": {
        **dict.fromkeys(("id", "unit", "identity", "chart", "shared"), ID),
        "registered_on": DAY,
    },
    "people.PhonebookRow": {"patient": ID, "unit": ID, "version": NUMBER},
    "people.Unit": {"id": ID, "name": PUBLIC, "phonebook": ID, "diary": ID},
    "schedule.Appointment": {
        **dict.fromkeys(("id", "unit", "therapist", "patient", "room"), ID),
        "starts_at": TIME,
        "ends_at": TIME,
        "state": WORD,
        "missed_because": WORD,
        "version": NUMBER,
    },
    "schedule.OutboxRow": {
        "id": ID,
        "appointment": ID,
        "due_at": TIME,
        "attempts": "how often it was tried",
        "state": WORD,
    },
    "schedule.Room": {"id": ID, "unit": ID, "name": PUBLIC},
}


def readable(model: type[models.Model]) -> set[str]:
    """The columns of a table that hold no sealed bytes."""
    return {field.name for field in model._meta.fields if not SEALED.fullmatch(field.name)}


def test_p16_every_readable_column_is_listed_with_its_reason() -> None:
    found = {model._meta.label: readable(model) for model in apps.get_models()}
    assert found == {label: set(columns) for label, columns in READABLE.items()}
    for model in apps.get_models():
        for field in model._meta.fields:
            if SEALED.fullmatch(field.name):
                assert isinstance(field, models.BinaryField), field
            if isinstance(field, models.TextField | models.JSONField):
                assert field.name == "note", f"{field}: text in clear"
    assert {"name", "hetu", "phone"} <= set(Naive().row("patient", id=1))
