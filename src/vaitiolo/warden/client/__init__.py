"""The asking half: what access modules and sign-in call, and the refusals that people read.

It holds no key. What it returns is a handle, sealed bytes, or words that the asker may read.
"""

from vaitiolo.warden.client.asking import ask, check
from vaitiolo.warden.client.bringing_in import begin_bringing_in, bring_in, end_bringing_in
from vaitiolo.warden.client.compartments import (
    OpenCompartment,
    create_compartments,
    grant,
    open_compartment,
    open_compartments,
)
from vaitiolo.warden.client.desks import drop
from vaitiolo.warden.client.finding import find, find_hetu, put_hetu
from vaitiolo.warden.client.outbox import put_outbox, settle_outbox, take_outbox
from vaitiolo.warden.client.refusals import (
    REFUSALS,
    CardEnded,
    LedgerSilent,
    NotAllowed,
    NotGranted,
    NoTouch,
    OverBudget,
    QuestionBroken,
    SealBroken,
    SignedOut,
    TooLarge,
    TooManyTries,
    WardenSilent,
    WrongSignIn,
)
from vaitiolo.warden.client.searching import begin_search, end_search, scan_chart
from vaitiolo.warden.client.sessions import (
    end_all_sessions,
    end_session,
    list_sessions,
    name_session,
)
from vaitiolo.warden.client.signing_in import recognise, sign_in, sign_out
from vaitiolo.warden.client.staff import list_colleagues, revoke_card
from vaitiolo.warden.client.surveying import survey, survey_one
from vaitiolo.warden.client.touching import begin_touch, over
from vaitiolo.warden.parts import (
    Arrival,
    BookRow,
    Colleague,
    Hit,
    NewCompartment,
    Place,
    Plain,
    Read,
    Reader,
    Sealed,
    Seated,
    ToDrop,
    Wanted,
)
from vaitiolo.warden.protocol import Health, Recognised, Surveyed

__all__ = [
    "REFUSALS",
    "Arrival",
    "BookRow",
    "CardEnded",
    "Colleague",
    "Health",
    "Hit",
    "LedgerSilent",
    "NewCompartment",
    "NoTouch",
    "NotAllowed",
    "NotGranted",
    "OpenCompartment",
    "OverBudget",
    "Place",
    "Plain",
    "QuestionBroken",
    "Read",
    "Reader",
    "Recognised",
    "SealBroken",
    "Sealed",
    "Seated",
    "SignedOut",
    "Surveyed",
    "ToDrop",
    "TooLarge",
    "TooManyTries",
    "Wanted",
    "WardenSilent",
    "WrongSignIn",
    "ask",
    "begin_bringing_in",
    "begin_search",
    "begin_touch",
    "bring_in",
    "check",
    "create_compartments",
    "drop",
    "end_all_sessions",
    "end_bringing_in",
    "end_search",
    "end_session",
    "find",
    "find_hetu",
    "grant",
    "list_colleagues",
    "list_sessions",
    "name_session",
    "open_compartment",
    "open_compartments",
    "over",
    "put_hetu",
    "put_outbox",
    "recognise",
    "revoke_card",
    "scan_chart",
    "settle_outbox",
    "sign_in",
    "sign_out",
    "survey",
    "survey_one",
    "take_outbox",
]
