"""The words of a patient's report: what each entry says to a lay reader, in the report's language.

Words only. Each is looked up when it is drawn, so that a report speaks the patient's language.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.ledger.acts import Act
from vaitiolo.warden.kinds import CompartmentClass, Purpose, Role

ACTS: Final[dict[Act, str | Promise]] = {
    Act.OPEN_IDENTITY: _("opened name and contact details"),
    Act.OPEN_CHART: _("opened the chart"),
    Act.OPEN_WORKING: _("opened the therapist's working notes"),
    Act.OPEN_SHARED: _("opened what is shared with the patient"),
    Act.OPEN_COPY: _("opened a copy made for supervision"),
    Act.REOPEN_DRAFT: _("went on with an unfinished note"),
    Act.SEARCH_HIT: _("searched own patients' notes, and a note of this patient was found"),
    Act.SIGN: _("signed a note"),
    Act.AMEND: _("corrected a note"),
    Act.RELEASE: _("gave a copy of a note for supervision to %(other)s"),
    Act.PRINT: _("made this report as a file"),
    Act.EXPORT: _("gave the record out as a file"),
    Act.REPORTED: _("looked up who has used the record"),
    Act.REPORT_DECIDED: _("decided on a request for this report"),
    Act.CREATE: _("began a part of the record"),
    Act.GRANT: _("gave access to %(other)s"),
    Act.REVOKE_GRANT: _("ended the access of %(other)s"),
    Act.ROTATE_BEGIN: _("began to change the key of the record"),
    Act.ROTATE_COMMIT: _("changed the key of the record"),
    Act.HAND_OVER: _("handed the record over"),
    Act.BREAK_GLASS: _("opened the record in an emergency"),
    Act.BREAK_GLASS_ENDED: _("ended the opening in an emergency"),
    Act.BREAK_GLASS_TOLD: _("saw to it that the patient is told of the opening in an emergency"),
    Act.BREAK_GLASS_BARRED: _("barred the record from opening in an emergency"),
    Act.BREAK_GLASS_ALLOWED: _("allowed the record to be opened in an emergency"),
    Act.DUTY_GRANT: _("let colleagues on call open it in an emergency"),
    Act.REVIEWED: _("answered whether the opening in an emergency was all right"),
    Act.BRING_IN: _("brought the record in from an earlier system"),
    Act.HETU_PUT: _("entered the identity code"),
    Act.REFUSED: _("was refused"),
    Act.OFFICER_ACT: _("did something for the house that touches the record"),
    Act.ALERT: _("an alarm was raised about the record"),
    Act.ERASURE_ASKED: _("asked for the record to be erased"),
    Act.ERASURE_APPROVED: _("approved that the record is erased"),
    Act.ERASURE_ENDED: _("declined or took back the erasing of the record"),
    Act.ERASE: _("erased details of the record"),
    Act.NOTICE: _("made a notice to the patient about what happened to the record"),
    Act.NOTICE_BECAME: _("wrote down what became of a notice to the patient"),
}
# The same acts on the part that holds name and contact details.
ON_IDENTITY: Final[dict[Act, str | Promise]] = {
    Act.SIGN: _("entered name and contact details"),
    Act.AMEND: _("changed name or contact details"),
}
UNKNOWN: Final = _("did something with the record")

PARTS: Final[dict[int, str | Promise]] = {
    CompartmentClass.IDENTITY: _("name and contact details"),
    CompartmentClass.CHART: _("chart"),
    CompartmentClass.WORKING: _("working notes"),
    CompartmentClass.SHARED: _("shared with the patient"),
    CompartmentClass.COPY: _("copy for supervision"),
}
# Of these acts it is said which part they touch; the others name it themselves.
SAY_PART: Final = frozenset(
    {Act.CREATE, Act.GRANT, Act.DUTY_GRANT, Act.REVOKE_GRANT, Act.ROTATE_BEGIN, Act.ROTATE_COMMIT}
)

ROLES: Final[dict[int, str | Promise]] = {
    Role.THERAPIST: _("therapist"),
    Role.RECEPTION: _("reception"),
    Role.BILLING: _("billing"),
    Role.PRIVACY_OFFICER: _("privacy officer"),
    Role.OPERATOR: _("operator"),
    Role.MANAGER: _("manager"),
    Role.REGISTRAR: _("registrar"),
}

GROUNDS: Final[dict[str, str | Promise]] = {
    Purpose.CARE: _("care"),
    Purpose.RECEPTION: _("reception work"),
    Purpose.BILLING: _("billing work"),
    Purpose.SUPERVISION: _("supervision of the therapist"),
    Purpose.BRINGING_IN: _("bringing in an earlier register"),
    "case": _("telling patients after a data breach"),
    "hand-over": _("handing over to another therapist"),
    "search": _("search in own patients' notes"),
    "letter of a decision": _("letter of a decision"),
    "granted": _("granted"),
    "partly": _("granted in part"),
    "refused": _("refused"),
    "break-glass": _("an emergency"),
    "all-right": _("it was all right"),
    "not-all-right": _("it was not all right; an incident was opened"),
}

REFUSALS: Final[dict[str, str | Promise]] = {
    "not-granted": _("had no access: not in the care team"),
    "not-allowed": _("the role does not include it"),
    "over-budget": _("had opened too many different patients"),
    "card-ended": _("access had ended"),
    "no-witness": _("nobody outside the house had confirmed it"),
    "seal-broken": _("what is stored could not be verified"),
    "report-incomplete": _("the record of reading has a gap"),
    "report-refused": _("the decision in force does not allow it"),
    "too-large": _("it was too large"),
    "no-reason": _("no reason was given"),
    "no-touch": _("the own security key was not touched"),
    "off-call": _("was not on call"),
    "barred": _("the record is barred from emergencies"),
    "glass-off": _("emergency opening is not in use"),
    "glass-spent": _("too many records were opened in emergencies already"),
    "own-patient": _("could open the chart without any emergency"),
}
OTHER_REFUSAL: Final = _("it was not allowed")

TRIED: Final[dict[str, str | Promise]] = {
    "Open": _("tried to open the record"),
    "Unseal": _("tried to read a document"),
    "Seal": _("tried to write"),
    "Grant": _("tried to give access"),
    "Create": _("tried to begin a part of the record"),
    "Withdraw": _("tried to end somebody's access"),
    "CopyNotes": _("tried to give a copy for supervision"),
    "BeginHandOver": _("tried to hand the record over"),
    "ScanChart": _("tried to search the notes"),
    "AskReport": _("tried to look up who has used the record"),
    "AskBundle": _("tried to take this report away with its proofs"),
    "AskBundlePart": _("tried to take this report away with its proofs"),
    "DecideReport": _("tried to decide on a request for this report"),
    "AskErasure": _("tried to have the record erased"),
    "ApproveErasure": _("tried to have the record erased"),
    "PutHetu": _("tried to enter the identity code"),
    "ReadCase": _("tried to open contact details"),
    "BreakGlass": _("tried to open the record in an emergency"),
    "BarGlass": _("tried to bar the record from emergencies"),
}
OTHER_TRY: Final = _("tried something with the record")

SYSTEM: Final = _("the system by itself")
NOT_KNOWN: Final = _("somebody whose details are erased")
ERASED: Final = _("the details of this entry are erased")

REPORT_TITLE: Final = _("Who has used my record")
REPORT_TEXT: Final = _(
    "Each line is an act that the record system wrote down before it was done. Tries that were "
    "refused stand here too. The entries were checked against the log: none is missing, between "
    "them or behind the last."
)
REPORT_OLDER: Final = _(
    "Entries older than two years are left out: %(count)s. They are given when there is a special "
    "ground."
)
REPORT_WITHHELD: Final = _(
    "This report is not complete, by decision. Lines withheld: %(count)s. The decision was given "
    "in writing."
)
REPORT_FILTERED: Final = _("Only some lines were chosen for this paper: %(shown)s of %(total)s.")
MADE_AT: Final = _("Made %(when)s by %(name)s.")
NOT_PRINTED: Final = _(
    "Some letters of names have no type on this paper and are written plainly, or as a question "
    "mark."
)
HEADINGS: Final = (_("When"), _("Who"), _("What was done"), _("On what ground"))
