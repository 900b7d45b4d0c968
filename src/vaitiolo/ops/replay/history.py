"""What happened in 2017 to 2020, as far as it is public: figures with the key of their source.

The keys are those of the list at the end of the page.
"""

from collections.abc import Mapping
from typing import Final

YEARS: Final = "2017\u20132020"
EXPOSED: Final = "472 days [CMS]"
NOTE_TO_AUTHORITY_DAYS: Final = 564
NOTE_TO_PEOPLE_DAYS: Final = 587
LETTER_TO_PUBLIC_DAYS: Final = 23
NOTE_TO_AUTHORITY: Final = "564 days after the ransom note [TSV, MTV22]"
NOTE_TO_PEOPLE: Final = "587 days after the ransom note, by order [TSV]"
STOLEN: Final = "the whole register, about 33,000 people [MTV5-23]"
UNSEEN: Final = "neither date nor addresses could be told from the logs [CMS]"
LETTER: Final = "40 bitcoin, with a sample, to three employees [TSV, TE]"
PUBLISHED: Final = "100 people a day, then all of it [IS21O, IS20N]"
SPECIFIC: Final = "“some clients' data” [HS-L]"
FORENSICS: Final = "first report after 8 days, the list never by itself [IS21J]"
# A day of the whole tale, for the line of time: what happened, and how many days after the note.
LINE: Final = (
    ("ransom note left in the emptied database, kept quiet", 0),
    ("threat letter with a sample", 563),
    ("authority told", 564),
    ("patients told, by order", 587),
)
SOURCES: Final[Mapping[str, str]] = {
    "CMS": "decision of the Data Protection Ombudsman's sanctions board, as summarised by CMS",
    "HS-L": "Helsingin Sanomat on the first messages to clients",
    "IS20N": "Ilta-Sanomat, October 2020, on vastaamo.tar",
    "IS21J": "Ilta-Sanomat, 2021, on the forensic reports",
    "IS21O": "Ilta-Sanomat, 2021, on the publications",
    "MTV22": "MTV, 2022, on the prosecutor's decision about March 2019",
    "MTV5-23": "MTV, May 2023, on the number of victims",
    "TE": "Talouselämä on the company's own statement",
    "TSV": "Office of the Data Protection Ombudsman, press releases of 2020 and 2021",
    "YLE-EXT": "Yle, October 2020, on the extortion mails",
}
LIMITS: Final = (
    "A therapist's unlocked device shows whoever sits at it what she may read, at her pace.",
    "The memory of a running machine holds what is open at that moment; root on it sees that.",
    "Officers who are forced, as many as a quorum, can open what the quorum can open.",
    "Screens can be photographed.",
    "A patient's own device, and what was sent to it, are the patient's to protect.",
    "How often somebody came, and how long texts are in steps, can be seen in a copy.",
)
