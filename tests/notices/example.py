"""A page, a certificate and a message of invented people, for tests and vectors."""

from datetime import date

from vaitiolo.notices import codes
from vaitiolo.notices.pages import Certificate, Page, PagePart

CODE = codes.fresh(bytes(range(100, 112)))
CERTIFICATE_CODE = codes.fresh(bytes(range(140, 152)))

MESSAGE = f"""Hei,

tietojasi on päässyt ulkopuolisen käsiin. Tämä ei ole sinun syytäsi.

Kirjoita selaimeesi osoite apu.example/told ja anna siellä tämä koodi:
{codes.show(CODE)}

Emme lähetä linkkejä. Emme koskaan pyydä rahaa tai pankkitunnuksia.
Kysymyksiin vastaa 09 000 0000, arkisin klo 8-20.
"""

PAGE = Page(
    language="fi",
    reference="P-2026-7",
    told_on=date(2026, 11, 25),
    name="Åke Esimerkki",
    happened_from=date(2026, 11, 3),
    happened_to=date(2026, 11, 20),
    known_since=date(2026, 11, 24),
    parts=(
        PagePart(
            "chart", ("note", "plan"), "taken", 14, first=date(2024, 2, 1), last=date(2026, 10, 30)
        ),
        PagePart("identity", ("identity",), "could", 1, first=None, last=None),
        PagePart("shared", ("message",), "not-found", 0, first=None, last=None),
    ),
    untouched=("working", "appointments"),
    fields=("name", "address", "phone"),
    audiences=("everyone", "data_leaked", "in_treatment"),
    contact="09 000 0000, klo 8-20, Esimerkkikatu 1, 00100 Helsinki",
    messages=(),
    certificate=CERTIFICATE_CODE,
)

CERTIFICATE = Certificate(
    name="Åke Esimerkki",
    born=1990,
    issued=date(2026, 11, 25),
    fields=("name", "address", "phone"),
    reference="P-2026-7",
)


def pasted() -> tuple[str, ...]:
    """Return the message as people paste it: as sent, mangled, forged, and what is none at all."""
    quoted = "\r\n".join(f"> {line}" for line in MESSAGE.splitlines())
    wrapped = MESSAGE.replace("päässyt ", "päässyt\n").replace("-", "\u2011")
    headers = "From: Tuki <tuki@apu.example>\nSubject: Ilmoitus\n\n"
    return (
        MESSAGE,
        MESSAGE.upper().replace("\n", "\r\n"),
        headers + MESSAGE,
        f"Åke kirjoitti:\n{quoted}",
        wrapped.replace(" ", "\u00a0"),
        MESSAGE.replace("Emme koskaan", "Emme juuri"),
        MESSAGE.replace("apu.example", "ap.uexample"),
        MESSAGE + "\nMaksa 200 € osoitteessa http://apu.test",
        "Maksa heti 0,02 bitcoinia tai julkaisemme kaiken, mitä olet kertonut.",
        "Hei",
        MESSAGE.replace("Emme lähetä", "\U0001f17f\U0001f170\U0001f18a Emme lähetä"),
        MESSAGE.replace("09 000 0000", "\u202e09 000 0000\u202c"),
        MESSAGE.replace("Hei,", "Hei, \ue000\u2820\u0363"),
        f"X-Huom: soita ja kerro tunnukset\n{MESSAGE}",
        f"Subject: a\n\tsoita heti\n{MESSAGE}",
        f"Soita 0700 123 456, kuten tuki kirjoitti:\n{MESSAGE}",
        MESSAGE.replace("Hei,", "\u200bHe\u00adi\u200d,\ufe0f"),
    )
