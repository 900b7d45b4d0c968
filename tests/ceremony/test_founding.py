"""Founding with real shares: sheets before anything is founded, and paper that opens it later."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader

from tests.cast import Clinic
from vaitiolo.ceremony import shares
from vaitiolo.ceremony.files import FileThere
from vaitiolo.config.warden import paper
from vaitiolo.keys import contact
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import recovery_keys

DAY = date(2026, 11, 24)
STAFF = [
    ("Pia Puro", Role.PRIVACY_OFFICER),
    ("Helmi Halla", Role.THERAPIST),
    ("Ritva Ranta", Role.REGISTRAR),
    ("Mauri Mäki", Role.MANAGER),
]
WANTED = {
    "name": "Esimerkki",
    "staff": [{"id": str(uuid4()), "name": name, "role": int(role)} for name, role in STAFF],
}


def texts(folder: Path, name: str) -> list[str]:
    files = sorted(folder.glob(f"{name}-*.pdf"))
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * len(files)
    return [PdfReader(BytesIO(file.read_bytes())).pages[0].extract_text() for file in files]


def numbered(text: str, word: str) -> list[str]:
    found = dict(re.findall(rf"(\d+)\. ({word})\b", text))
    return [found[str(place)] for place in range(1, len(found) + 1)]


def test_the_sheets_give_back_what_was_drawn(tmp_path: Path) -> None:
    org, master = uuid4(), bytearray(range(32))
    keeping = paper.keeping(tmp_path / "sheets", WANTED, DAY)
    drawn = recovery_keys.draw(org, master, keeping)
    five = [
        " ".join(numbered(text, "[a-z]+")) for text in texts(tmp_path / "sheets", "recovery-share")
    ]
    assert len(five) == 5
    assert shares.join([shares.read(one) for one in five[2:]]) == master
    typed = [numbered(text, "[0-9A-Z]{4}") for text in texts(tmp_path / "sheets", "contact-share")]
    officers = keeping.officers
    read = {
        officer: contact.read("-".join(groups), org=org, officer=officer)
        for officer, groups in zip(officers, typed, strict=True)
    }
    assert len(read) == 3
    for pair in drawn.pairs:
        two = (pair.first, pair.second)
        seed = contact.open_pair(pair.sealed_seed, read, pair=two, org=org)
        card = recovery_keys.card_id(seed, org, RecoveryRole.CONTACT)
        assert card == drawn.cards[0].id


def test_officers_are_named_or_taken_by_their_office() -> None:
    by_name = {one["name"]: one["id"] for one in WANTED["staff"]}
    first = [str(one) for one in paper.officers(WANTED)]
    assert first == [by_name[name] for name in ("Pia Puro", "Mauri Mäki", "Ritva Ranta")]
    named = [by_name["Helmi Halla"], by_name["Pia Puro"]]
    assert [str(one) for one in paper.officers(WANTED | {"officers": named})] == named


def test_another_foundings_sheets_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "old.pdf").touch()
    with pytest.raises(FileThere):
        paper.keeping(tmp_path, WANTED, DAY)


def test_a_founded_clinic_keeps_no_seed_and_its_paper_gives_the_pinned_card(clinic: Clinic) -> None:
    org, trust = clinic.install.org, clinic.install.trust
    seed = recovery_keys.master_part(clinic.paper.master, org, part="chart")
    assert recovery_keys.card_id(seed, org, RecoveryRole.CHART) == trust.recovery.chart
    assert len(clinic.paper.shares) == 3
    kept = b"".join(file.read_bytes() for file in clinic.home.rglob("*") if file.is_file())
    assert clinic.paper.master not in kept
    assert bytes(seed) not in kept
