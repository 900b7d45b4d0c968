"""The messages that can be said over the warden's socket, and their version.

Frozen dataclasses, encoded by ``frames``. What is not in this file cannot be said: no answer
has a field for a key, a seed or a tag, and no question asks to sign bytes of one's own choosing.
"""

from vaitiolo.warden.protocol.own_keys import (
    AddOwnCode,
    AddOwnKey,
    BeginOwnKey,
    ChangeOwnPassword,
    ConfirmSelf,
    ListOwnKeys,
    NewKey,
    OwnKeys,
    RemoveOwnSlot,
)

from vaitiolo.warden.protocol.bringing_in import (
    BeginBringingIn,
    BringIn,
    BringingIn,
    BroughtIn,
    EndBringingIn,
)
from vaitiolo.warden.protocol.desks import Drop, OpenDrops
from vaitiolo.warden.protocol.finding import Find, FindHetu, Found, HetuFound, LoadBook, PutHetu
from vaitiolo.warden.protocol.granting import Create, Created, Grant
from vaitiolo.warden.protocol.opening import Open, Opened, Seal, SealedBack, Unseal, Unsealed
from vaitiolo.warden.protocol.outbox import OutboxSent, PutOutbox, TakeOutbox
from vaitiolo.warden.protocol.rotating import (
    BeginRotation,
    CommitRotation,
    Due,
    DueRotations,
    RotateDocuments,
    RotationBegun,
    Withdraw,
)
from vaitiolo.warden.protocol.saying import Check, Done, Health, Message, Question, Refused
from vaitiolo.warden.protocol.searching import BeginSearch, EndSearch, Hits, ScanChart, SearchBegun
from vaitiolo.warden.protocol.sessions import (
    EndAllSessions,
    EndSession,
    ListSessions,
    NameSession,
    SessionNamed,
    SessionsListed,
)
from vaitiolo.warden.protocol.signing_in import (
    AskedToSignIn,
    AskToSignIn,
    Recognise,
    Recognised,
    SignIn,
    SignOut,
    WaysIn,
    WaysToSignIn,
)
from vaitiolo.warden.protocol.staff import Colleagues, RevokeCard, Staff
from vaitiolo.warden.protocol.surveying import Survey, Surveyed, SurveyedOne, SurveyOne
from vaitiolo.warden.protocol.touching import BeginTouch, Touching, over

__all__ = [
    "VERSION",
    "AddOwnCode",
    "AddOwnKey",
    "AskToSignIn",
    "AskedToSignIn",
    "BeginBringingIn",
    "BeginOwnKey",
    "BeginRotation",
    "BeginSearch",
    "BeginTouch",
    "BringIn",
    "BringingIn",
    "BroughtIn",
    "ChangeOwnPassword",
    "Check",
    "Colleagues",
    "ConfirmSelf",
    "CommitRotation",
    "Create",
    "Created",
    "Done",
    "Drop",
    "Due",
    "DueRotations",
    "EndAllSessions",
    "EndBringingIn",
    "EndSearch",
    "EndSession",
    "Find",
    "FindHetu",
    "Found",
    "Grant",
    "Health",
    "HetuFound",
    "Hits",
    "ListOwnKeys",
    "ListSessions",
    "LoadBook",
    "Message",
    "NameSession",
    "NewKey",
    "Open",
    "OpenDrops",
    "Opened",
    "OutboxSent",
    "OwnKeys",
    "PutHetu",
    "PutOutbox",
    "Question",
    "Recognise",
    "Recognised",
    "Refused",
    "RemoveOwnSlot",
    "RevokeCard",
    "ScanChart",
    "RotateDocuments",
    "RotationBegun",
    "Seal",
    "SealedBack",
    "SearchBegun",
    "SessionNamed",
    "SessionsListed",
    "SignIn",
    "SignOut",
    "Staff",
    "Survey",
    "SurveyOne",
    "Surveyed",
    "SurveyedOne",
    "TakeOutbox",
    "Touching",
    "Unseal",
    "Unsealed",
    "Withdraw",
    "WaysIn",
    "WaysToSignIn",
    "over",
]

VERSION = 1
