"""Each adversary of the threat model, against programs that run and against a careful team."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Clinic
from tests.promises.adversaries import (
    empty_house,
    hetu_index,
    hostile_dba,
    insider,
    pq_only,
    rce_hour,
    steal_backup,
    steal_db,
    steal_disk,
    stolen_kms,
    stolen_password,
)
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.hetu_index import NAIVE, Index
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy, taken_kms
from tests.promises.adversaries.rows import octets
from tests.promises.adversaries.stolen_kms import Guessing
from tests.promises.careful import PASSWORD, Careful
from tests.promises.seeking import holds, spellings
from vaitiolo.keys import envelope
from vaitiolo.warden import client

pytestmark = pytest.mark.enable_socket
THREATS = Path(__file__).parents[3] / "docs" / "threat-model.md"
AN_HOUR, A_DAY = 15, 40
LINES = 12


def both(program: ModuleType, here: Any, naive: Any) -> tuple[Loot, Loot]:
    """Let an adversary loose on both; where he wins nothing on the second, nothing is shown."""
    there = program.attack(naive)
    assert not there.is_nothing, there
    return program.attack(here), there


def test_p40_a_copy_of_both_databases_names_nobody_and_confirms_no_password(
    here: Here, careful: Careful
) -> None:
    careful.sign_in("helmi.aalto")
    found, there = both(steal_db, here, careful)
    assert found.is_nothing
    assert found.also["passwords confirmed"] == 0
    assert found.also["patients counted"] == found.patients == 24
    assert int(str(found.also["largest tag"])) <= 0xFFFF
    sizes = found.also["sizes of notes"]
    assert all((size - envelope.OVERHEAD) % 1024 == 0 for size in sizes)  # type: ignore[attr-defined]
    assert (there.named, there.read) == (24, 24)


def test_p41_a_copy_of_the_disk_names_nobody_and_in_a_demo_holds_the_key_service(
    here: Here, careful: Careful
) -> None:
    found, there = both(steal_disk, here, careful)
    assert found.is_nothing
    assert found.also["keys of the key service"]
    assert found.also["signs a false history"]
    assert there.named == 24


def test_p42_an_old_backup_opens_with_no_old_password_once_its_epoch_has_ended(
    here: Here, careful: Careful
) -> None:
    found, _there = both(steal_backup, here, careful)
    assert found.is_nothing
    assert found.also["opened with the service while the epoch lives"] == found.also["slots"]
    assert found.also["opened after the epoch's end"] == 0


def test_p43_each_of_nine_moves_in_the_rows_comes_to_what_the_threat_model_says(
    here: Here, spoilt: Careful
) -> None:
    found, there = both(hostile_dba, here, spoilt)
    said = dict(
        re.findall(r"^\| \d \| ([^|]+?) \| ([^|:]+?)(?:: [^|]+)? \|$", text(), re.MULTILINE)
    )
    assert found.also["moves"] == said
    assert found.read == 0
    assert set(there.also["moves"].values()) == {"not noticed"}  # type: ignore[attr-defined]


def test_p44_code_in_the_pages_has_what_the_budgets_leave_and_nothing_afterwards(
    here: Here, careful: Careful
) -> None:
    found, there = both(rce_hour, here, careful)
    assert found.read == AN_HOUR
    assert found.also["from the phone book"] == LINES
    assert found.also["after it"] == 0
    assert there.read == 24
    assert there.also["after it"]


def test_p45_a_day_of_code_in_the_pages_has_a_day_of_one_budget(clinic: Clinic) -> None:
    """Against a warden in this process, since no live clock can be moved."""
    found = rce_hour.attack(clinic)
    per_hour = found.also["each hour"]
    assert max(per_hour) == AN_HOUR  # type: ignore[call-overload]
    assert found.read == A_DAY
    # A count that a session keeps is new with the next session.
    assert stolen_password.TRIES * AN_HOUR > A_DAY


def test_p46_with_nobody_signed_in_old_cookies_open_nothing(here: Here, careful: Careful) -> None:
    found, there = both(empty_house, here, careful)
    assert found.is_nothing
    assert (there.named, there.read) == (24, 24)


def test_p47_a_password_alone_has_one_caseload_at_the_pace_of_the_budget(
    here: Here, careful: Careful
) -> None:
    found, there = both(stolen_password, here, careful)
    assert found.also["let in where there is a key"] == 0
    assert found.read == AN_HOUR
    assert there.read == 24


def test_p48_an_insider_reads_no_chart_that_is_not_his_and_every_attempt_is_an_entry(
    here: Here, careful: Careful
) -> None:
    found, there = both(insider, here, careful)
    assert found.read == 0
    identities = dict(found.also["identities"])  # type: ignore[call-overload]
    assert {role for role, names in identities.items() if names} == {"reception"}
    asked = 2 * 24 * len(identities)
    assert found.also["attempts recorded"] == asked - sum(identities.values())
    assert there.read == 24


def test_p49_the_key_service_with_both_databases_gives_reminders_and_guesses(
    here: Here, careful: Careful
) -> None:
    lay_a_reminder(here)
    found, there = both(stolen_kms, here, careful)
    assert found.is_nothing
    assert found.also["KiB a guess"] == 64 * 1024
    fits, rows = found.also["tags that fit"]  # type: ignore[misc]
    assert 1 <= fits <= rows
    assert found.also["reminders opened"]
    assert found.also["opens with a key's slot"] == 0
    assert there.named == 24
    # The same thief, with the right word among his guesses: all that its owner holds.
    lucky = stolen_kms.attack(Guessing(here, (*stolen_kms.WRONG, PASSWORD)))
    assert (lucky.named, lucky.read) == (24, 24)


def test_p50_every_key_at_rest_that_is_sealed_to_a_public_key_is_sealed_to_xwing(
    here: Here, careful: Careful
) -> None:
    found, there = both(pq_only, here, careful)
    assert found.is_nothing, found.also["unknown"]
    assert found.also["formats"]["GRANT"] > 48  # type: ignore[index]
    assert found.also["opens with both halves"]
    assert there.read == 24


def test_p51_the_index_of_codes_with_its_key_names_nobody(here: Here) -> None:
    found, there = both(hetu_index, Index(), Index(bits=NAIVE))
    assert found.is_nothing
    assert 500 < float(str(found.also["candidates a row"])) < 560
    assert 0.40 < float(str(found.also["match"])) < 0.45
    assert there.named == there.patients
    own = hetu_index.attack(here)
    assert own.also["match"] == own.also["tried"]
    assert int(str(own.also["largest tag"])) <= 0xFFFF


def test_p52_no_log_of_a_program_that_runs_holds_a_key(here: Here, careful: Careful) -> None:
    target, kms = Copy.of(here), here.home / "kms"
    seeds = target.guess(taken_kms(kms), [PASSWORD])
    keys = [bytes(seed) for seed in seeds.values()]
    for card, seed in seeds.items():
        with target.keys(seed) as opened:
            keys += [bytes(opened.open_grant(one)) for _id, one in target.grants_to(card)]
    keys += [file.read_bytes()[4:] for file in kms.iterdir()]
    keys += [session.cookie for session in here.sessions.values()]
    needles = [spelt for key in keys for spelt in spellings(key)]
    said = [file.read_bytes() for file in [*(here.home / "log").iterdir(), here.live.said]]
    assert len(said) > 3
    assert not holds(said, needles)
    careful.sign_in("helmi.aalto")
    [(private,)] = careful.rows.ask("SELECT private FROM session")[-1:]
    kept = [cell for row in careful.rows.copy()["session"] for cell in octets(row)]
    assert holds(kept, spellings(bytes(private)))


def lay_a_reminder(here: Here) -> None:
    """Seal a reminder as the pages do, due later than any worker looks today."""
    row, due = uuid4(), datetime.now(UTC) + timedelta(days=3)
    sealed = client.put_outbox(
        here.session("reception"), row=row, due=int(due.timestamp()), body=b"huomenna"
    )
    [(appointment,)] = here.default.ask("SELECT id FROM schedule_appointment LIMIT 1")
    here.default.add(
        "schedule_outboxrow",
        id=row,
        appointment_id=appointment,
        due_at=due.strftime("%Y-%m-%d %H:%M:%S"),
        attempts=0,
        state=1,
        sealed_row=sealed,
    )


def text() -> str:
    return THREATS.read_text(encoding="utf-8")
