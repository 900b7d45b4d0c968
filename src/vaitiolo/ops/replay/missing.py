"""Acts of the tale that this release cannot play yet. Listed on the page, never passed over."""

from typing import Final

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.measured import Missing

KEYS: Final = (
    "the house can do it; two officers open the contact details with their security keys, and "
    "this play has no key that could be touched"
)
LATER: Final = (
    Missing("Patients are told, each what of theirs", history.NOTE_TO_PEOPLE, KEYS),
    Missing(
        "The mail of 200 euros within 24 hours, and the victim's own page",
        "panic, and jammed lines [YLE-EXT]",
        "it follows from telling patients, which is not played",
    ),
    Missing("A port is opened for maintenance", history.EXPOSED, "no program looks at the host"),
    Missing("A try with an empty password", "succeeded [CMS]", "there are no decoy accounts"),
    Missing(
        "The database is wiped, and a note left",
        "restored, and hidden [MTV22]",
        "backup and restoring are not built; witnesses are, and are not part of this play",
    ),
    Missing("The company is sold", "the buyer was not told [TE]", "no statement of incidents yet"),
    Missing("Bankruptcy", "the register was left behind [TSV]", "winding down is not built"),
    Missing(
        "Five years of process",
        "33,000 victims, 9,800 statements [MTV5-23]",
        "reminders of victims' own steps are not built",
    ),
)
