"""What the words of a scope mean to whoever reads them: plain sentences, in three languages."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vaitiolo.breach.scope.access import Done, Loss, Says, Tier
from vaitiolo.warden.kinds import CompartmentClass

Words = str | Promise

LOSSES: Final[Mapping[Loss, Words]] = {
    Loss.OPENED: _("Records were opened: by whom, when, and whose"),
    Loss.SESSION: _("A signed-in computer, or its session, was stolen"),
    Loss.PASSWORD: _("A password is known to others"),
    Loss.SECURITY_KEY: _("A security key was lost or stolen, without the password"),
    Loss.PASSWORD_AND_KEY: _("A password and the security key with it"),
    Loss.HOLDER_KEYS: _("A person's key itself, with copies of both databases"),
    Loss.COPY_OF_DEFAULT: _("A copy or backup of the pages' database"),
    Loss.COPY_OF_VAULT: _("A copy or backup of the vault"),
    Loss.COPY_OF_BOTH: _("A copy or backup of both databases"),
    Loss.KMS: _("The key service's keys"),
    Loss.KMS_AND_COPY: _("The key service's keys and copies of both databases"),
    Loss.ROLE_CARD: _("A reception's key card, with copies of both databases"),
    Loss.DUTY_CARD: _("An on-call key card, with copies of both databases"),
    Loss.OUTBOX_KEY: _("The worker's key to waiting reminders"),
}

TIERS: Final[Mapping[Tier, Words]] = {
    Tier.READ: _("Taken or readable"),
    Tier.COULD: _("Could have been opened"),
    Tier.SEALED: _("Taken under seal, keys untouched"),
    Tier.UNTOUCHED: _("Not touched"),
}

PARTS: Final[Mapping[int, Words]] = {
    0: _("Not told apart, or the report of readers"),
    CompartmentClass.IDENTITY: _("Name, identity code, contact"),
    CompartmentClass.CHART: _("Notes and chart"),
    CompartmentClass.WORKING: _("An author's own working notes"),
    CompartmentClass.SHARED: _("Messages and questionnaires"),
    CompartmentClass.COPY: _("Notes copied for supervision"),
}

DONE: Final[Mapping[Done, Words]] = {
    Done.OPENED: pgettext_lazy("done with a record", "opened"),
    Done.FOUND: pgettext_lazy("done with a record", "found by a search"),
    Done.RELEASED: pgettext_lazy("done with a record", "copied for a colleague"),
    Done.PRINTED: pgettext_lazy("done with a record", "printed"),
    Done.EXPORTED: pgettext_lazy("done with a record", "exported"),
}

# What a loss means, in the words of the table of adversaries (docs/threat-model.md).
MEANS: Final[Mapping[str, Words]] = {
    Says.CIPHERTEXT: _(
        "Ciphertext only. The copy holds no name, number or word of anybody, and no way to try a "
        "password; the keys are not in it. The evidence file proves which state of the ledger "
        "this rests on."
    ),
    Says.READABLE_DEFAULT: _(
        "Readable in the pages' database: which random id has appointments when, with whom and in "
        "which room; how many notes of which day and size; names of units and rooms; when "
        "reminders are due."
    ),
    Says.READABLE_VAULT: _(
        "Readable in the vault: public key cards; which random id holds which part of which random "
        "id; when entries were made and of which kind; 16-bit tags of identity codes, each shared "
        "by strangers. No name of staff and no sign-in name."
    ),
    Says.AT_ITS_PACE: _(
        "Whoever had it opens no more patients than the budgets let through, and each opening is "
        "an entry. What has no entry was not opened through the warden."
    ),
    Says.KEY_NEEDED: _(
        "Nothing: at that time every way in of this person needed a security key or a printed "
        "code besides the password."
    ),
    Says.NOT_ALONE: _(
        "Nothing: at that time no security key of this person opened anything without the password."
    ),
    Says.NO_SLOT: _("Nothing: this person had no such way in at that time."),
    Says.WITHOUT_BUDGET: _(
        "Everything this key held could have been opened at once, with no budget and no entry."
    ),
    Says.KMS_ALONE: _("Nothing by itself: the key service's keys open no record without copies."),
    Says.KMS_GUESSES: _(
        "Passwords that stood alone could be guessed, 0.12 seconds a try, with no budget and no "
        "entry; whatever their owners held is counted as could have been opened. Names of staff "
        "and the ledger's details are readable. Identity codes can be tried; each tag fits some "
        "500 people."
    ),
    Says.KMS_LOCKED: _(
        "At that time every password had a security key beside it, so guessing opens no record. "
        "Names of staff and the ledger's details are readable. Identity codes can be tried; each "
        "tag fits some 500 people."
    ),
    Says.ROLE_NEEDS_COPY: _(
        "The card alone opens nothing. With copies of both databases it opens who its unit's "
        "patients are and their appointments, and no chart."
    ),
    Says.NO_CARD: _("Nothing: this unit has no such card."),
    Says.REMINDERS: _(
        "Reminders that waited at that time are readable with the key and the row: a name, a "
        "telephone number or e-mail address, and a time."
    ),
    Says.DEMO: _(
        "This is a demonstration: everybody in it is invented, and its key service is a folder on "
        "the same disk."
    ),
}

# What the answer does not say, and why.
SILENT: Final[Mapping[str, Words]] = {
    Says.SUPERSET: _(
        "More may be listed than was read: an entry is made before anything is opened."
    ),
    Says.PHONE_BOOK: _(
        "The phone book is searched by unit and shows twelve lines at most; whose lines were shown "
        "is not recorded. Its searches are counted above."
    ),
    Says.STATUS: _(
        "Who has died, has a non-disclosure order or wants a safe channel stands under seal: that "
        "is known only when two officers open the contact details."
    ),
    Says.TWICE: _(
        "Somebody registered twice is listed twice. Equal tags of identity codes are marked as "
        "perhaps one person; strangers share a tag by chance."
    ),
    Says.ERASED: _(
        "Some on the list were erased since. The ledger still counts them, and nobody can tell who "
        "they are."
    ),
    Says.UNKNOWN: _(
        "To whom some older grants went was not recorded and their rows are gone. What they open "
        "is counted as could have been opened."
    ),
    Says.FROM_ROWS: _(
        "Grants that were never withdrawn or exchanged were read from the vault's rows. A single "
        "row taken out of an entry with several is found only by the thorough way."
    ),
    Says.ROOT: _(
        "Whoever had the whole server in hand at that time could read what was opened meanwhile "
        "without an entry of his own."
    ),
    Says.NOBODY_LEFT_OUT: _(
        "It is the list of everybody who was in the databases at that moment, also of those whose "
        "rows were deleted since. Decoys and test patients are not known to the warden; none is "
        "left out."
    ),
}
