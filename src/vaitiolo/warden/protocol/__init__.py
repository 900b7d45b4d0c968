"""The messages that can be said over the warden's socket, and their version.

Frozen dataclasses, encoded by ``frames``. What is not in this file cannot be said: no answer
has a field for a key, a seed or a tag, and no question asks to sign bytes of one's own choosing.
"""

from vaitiolo.warden.protocol.breaking import (
    AskDuty,
    AskRosters,
    BarGlass,
    BreakGlass,
    Duty,
    EndGlass,
    FindOnDuty,
    FoundOnDuty,
    GlassBroken,
    GlassesListed,
    GlassReviewed,
    ListGlasses,
    NoteTold,
    ReviewGlass,
    Rosters,
    SetRoster,
)
from vaitiolo.warden.protocol.bringing_in import (
    BeginBringingIn,
    BringIn,
    BringingIn,
    BroughtIn,
    EndBringingIn,
)
from vaitiolo.warden.protocol.desks import Drop, OpenDrops
from vaitiolo.warden.protocol.drilling import (
    AskDrill,
    BeginDrill,
    DrillAsked,
    DrillsListed,
    EndDrill,
    ListDrills,
)
from vaitiolo.warden.protocol.enrolling import (
    BeginEnrolment,
    Enrol,
    Enrolled,
    Enrolment,
    EnrolmentBegun,
    EnrolmentState,
    InvitationList,
    Invitations,
    Invite,
    Invited,
    WithdrawInvitation,
)
from vaitiolo.warden.protocol.erasing import (
    ApproveErasure,
    AskErasure,
    EndErasure,
    ErasureMade,
    ErasureShown,
    ErasuresListed,
    ListErasures,
    LookAtErasure,
)
from vaitiolo.warden.protocol.finding import Find, FindHetu, Found, HetuFound, LoadBook, PutHetu
from vaitiolo.warden.protocol.granting import BeginHandOver, Create, Created, Grant
from vaitiolo.warden.protocol.incident_kits import (
    AdoptIncidentKey,
    AskIncidentKey,
    BeginKit,
    HashKit,
    IncidentKey,
    KitBegun,
    KitHashed,
    KitPart,
    ReadKit,
)
from vaitiolo.warden.protocol.incidents import (
    AddToIncident,
    EscalateIncidents,
    EvidenceTaken,
    IncidentAdded,
    IncidentOpened,
    IncidentRead,
    IncidentsEscalated,
    IncidentsListed,
    LetIntoIncident,
    ListIncidents,
    OpenIncident,
    ReadIncident,
    TakeEvidence,
)
from vaitiolo.warden.protocol.leaks import (
    AskConsistent,
    ConsistentFound,
    DecoyFound,
    DecoysIssued,
    DecoysListed,
    FindDecoy,
    IssueDecoys,
    LeakResultPut,
    LeakResultsRead,
    ListDecoys,
    PutLeakResult,
    ReadLeakResults,
)
from vaitiolo.warden.protocol.opening import Open, Opened, Seal, SealedBack, Unseal, Unsealed
from vaitiolo.warden.protocol.outbox import OutboxSent, PutOutbox, TakeOutbox
from vaitiolo.warden.protocol.own_keys import (
    NEW_CODE,
    NEW_KEY,
    AddOwnCode,
    AddOwnKey,
    BeginOwnKey,
    ChangeOwnPassword,
    ConfirmSelf,
    ListOwnKeys,
    NewKey,
    OwnKeys,
    RemoveOwnSlot,
    removal,
)
from vaitiolo.warden.protocol.reconciling import (
    ListOthers,
    ListSigned,
    NoteReconciled,
    OthersListed,
    SignedListed,
)
from vaitiolo.warden.protocol.recovering import (
    AskOwnShare,
    CaseClosed,
    CaseJoined,
    CaseListed,
    CaseOpened,
    CasesKnown,
    CeremonyExported,
    CeremonyImported,
    CloseCase,
    EnrolShare,
    ExportCeremony,
    ImportCeremony,
    JoinCase,
    ListCases,
    NextOfCase,
    OpenCase,
    OwnShare,
    ReadCase,
)
from vaitiolo.warden.protocol.replies import (
    NotePublished,
    OpenReplies,
    ReadReplies,
    RepliesOpened,
    RepliesRead,
    ReplyFileTaken,
    ReplyTaken,
    TakeReply,
    TakeReplyFile,
)
from vaitiolo.warden.protocol.reporting import (
    AskBundle,
    AskBundlePart,
    AskReport,
    BundleBegun,
    BundlePart,
    DecideReport,
    ReportDecided,
    Reported,
)
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
from vaitiolo.warden.protocol.scoping import (
    AskScope,
    CompareScope,
    KeepScope,
    ListScope,
    ListScopes,
    ProveScope,
    ScopeCompared,
    ScopeFound,
    ScopeListed,
    ScopeProved,
    ScopesKnown,
)
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
from vaitiolo.warden.protocol.staff import (
    CardRequests,
    CardSigned,
    Colleagues,
    Left,
    LeftBehind,
    LetIntoRole,
    ProposeRole,
    RefuseCard,
    RequestList,
    RevokeCard,
    SettleStaff,
    SignCard,
    Staff,
    WaitingForRole,
)
from vaitiolo.warden.protocol.supervising import Copied, CopyNotes
from vaitiolo.warden.protocol.surveying import Survey, Surveyed, SurveyedOne, SurveyOne
from vaitiolo.warden.protocol.telling import (
    ApproveTelling,
    GoOnTelling,
    Letters,
    LettersOf,
    ListTellings,
    MarkNotices,
    NextToTell,
    NoticesBecame,
    PlanTelling,
    StopTelling,
    TakeNotices,
    TellingApproved,
    TellingPlanned,
    TellingsListed,
    TellSome,
    ToldSome,
    ToTellListed,
)
from vaitiolo.warden.protocol.touching import BeginTouch, Touching, over
from vaitiolo.warden.protocol.witnessing import (
    AcknowledgeAlert,
    AlertsForWitnesses,
    AlertsOut,
    AskStanding,
    AwaitCheckpoint,
    BeginStamp,
    BringCosignature,
    BringStamp,
    CheckpointFor,
    CheckpointOut,
    CheckpointWanted,
    LedgerStanding,
    LedgerStands,
    ToStamp,
    WitnessRefuses,
)

VERSION = 2
