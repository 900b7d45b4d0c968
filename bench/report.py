"""What a report costs: `python -m bench.report [--entries N] [--lines N]`.

A founded house on SQLite whose ledger has N entries (1,000,000) of 36,000 people over five years,
one of them with so many lines (400), all by twenty colleagues. Then the officer's page, the file's
question and the proof bundle of that person, over the warden's own messages and without the socket;
and the offline check of the bundle. The witness is left out: how long it takes is its own affair.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

TAGS, STAFF, PART, DETAIL_BYTES = 36_000, 20, 5_000, 400
YEARS = 5 * 365 * 86_400 * 1_000_000
TIMES = 7
WHY = "The patient asked in writing."


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.report", description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--lines", type=int, default=400)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vaitiolo-report-"))
    try:
        os.environ["VAITIOLO_HOME"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
        subprocess.run([sys.executable, "-m", "vaitiolo.config.migrate"], check=True)
        django.setup()
        measure(folder, entries=chosen.entries, lines=chosen.lines)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Clock:
    """The warden's: it begins five years ago and is moved along with the entries."""

    def __init__(self) -> None:
        self.now = time.time_ns() // 1_000 - YEARS

    def __call__(self) -> int:
        return self.now


def measure(home: Path, *, entries: int, lines: int) -> None:
    from vaitiolo.warden.kinds import Role  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.server.founding import (  # noqa: PLC0415 - Django is set up
        Charter,
        Newcomer,
        draw_seed,
        found,
    )

    clock, unit = Clock(), uuid4()
    named = {"Ritva": Role.REGISTRAR, "Mauri": Role.MANAGER, "Pia": Role.PRIVACY_OFFICER}
    people = [Newcomer(uuid4(), name, role, None, draw_seed()) for name, role in named.items()]
    for number in range(STAFF):
        name = f"Therapist {number}"
        people.append(Newcomer(uuid4(), name, Role.THERAPIST, unit, draw_seed()))
    clock.now += YEARS  # the cards are of today; the entries behind them are older
    with found(home, Charter("Bench", "ledger.bench/1", (unit,), tuple(people)), clock) as house:
        house.enrol_all()
        install = house.install
        staff = [one.id for one in people[-STAFF:]]
        patient = patient_of(house, people[-1])
        now, clock.now = clock.now, clock.now - YEARS
        began = time.perf_counter()
        fill(install, patient, staff, entries=entries, lines=lines)
        say(f"{entries:,} entries of {TAGS:,} people in {time.perf_counter() - began:.0f} s")
        clock.now = now
        ask_all(install, people[2], patient)


def patient_of(house: Any, therapist: Any) -> UUID:
    """Make one patient with a chart, as the page would."""
    from vaitiolo.warden import client  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.kinds import CompartmentClass  # noqa: PLC0415 - Django is set up

    patient = uuid4()
    new = client.NewCompartment(CompartmentClass.CHART, patient, (therapist.id,), ())
    client.create_compartments(seated(house.install, therapist), [new])
    return patient


def seated(install: Any, newcomer: Any) -> Any:
    from vaitiolo.warden.server.agent import Agent  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.server.sign_ins import person_of  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.session import Session  # noqa: PLC0415 - Django is set up

    cookie = uuid4().bytes + uuid4().bytes
    person = person_of(install, newcomer.id, is_weak=False, network="bench")
    seed = bytearray(newcomer.seed)
    install.memory.seat(person, seed, cookie=cookie, now=install.clock())
    return Session(cookie, Agent(install))


def fill(install: Any, patient: UUID, staff: list[UUID], *, entries: int, lines: int) -> None:
    """Write entries of everybody, and this patient's own evenly among them, sealed as they are."""
    from vaitiolo.ledger.acts import Act  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.entries import Pending  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.server.recording import Deed  # noqa: PLC0415 - Django is set up

    actors = [install.recording.tag(one) for one in staff]
    sealed, apart = bytes(DETAIL_BYTES), max(1, entries // lines)
    own, last_said = 0, 0
    for first in range(0, entries, PART):
        made = []
        for number in range(first, min(entries, first + PART)):
            drawn = b"".join(uuid4().bytes for _ in range(4))
            tag = b"others' " + (int.from_bytes(drawn[:8]) % TAGS).to_bytes(8)
            actor = actors[number % STAFF]
            made.append(Pending(Act.OPEN_CHART, tag, actor, drawn[:32], sealed, drawn[32:]))
        install.recorder.record(made)
        while own < (first + PART) // apart:
            detail = {"for": "care", "mode": "read", "session": uuid4().hex, "network": "bench"}
            deed = Deed(Act.OPEN_CHART, patient, staff[own % STAFF], detail)
            install.recording.record([deed])
            own += 1
        install.clock.now += YEARS * PART // entries
        if first - last_said >= entries // 4:
            last_said = first
            say(f"  {first:,}")


def ask_all(install: Any, officer: Any, patient: UUID) -> None:
    took, _ = timed(install.heads.now)
    say(f"everybody's last entries, read and checked as at a warden's start: {took:.0f} ms")
    pia = seated(install, officer)
    ask_for_pages(pia, patient)
    check(ask_for_bundles(pia, patient))


def ask_for_pages(pia: Any, patient: UUID) -> None:
    from vaitiolo.warden.client import reporting  # noqa: PLC0415 - Django is set up

    def asked() -> int:
        whose = {"reason": WHY, "older": "a special ground", "after": 0, "is_file": False}
        return len(reporting.ask_report(pia, patient, **whose).lines)

    found = [timed(asked) for _ in range(TIMES)]
    middle = statistics.median(took for took, _lines in found)
    longest = max(took for took, _lines in found)
    say(f"first page, {found[-1][1]} lines: {middle:.0f} ms, longest {longest:.0f} ms")


def ask_for_bundles(pia: Any, patient: UUID) -> dict[str, bytes]:
    from vaitiolo.ledger.verify import archives  # noqa: PLC0415 - Django is set up
    from vaitiolo.warden.client import reporting  # noqa: PLC0415 - Django is set up

    def taken() -> dict[str, bytes]:
        begun = reporting.ask_bundle(pia, patient, reason=WHY, older="a special ground")
        files, after, is_more = list(begun.files), 0, True
        while is_more:
            part = reporting.ask_bundle_part(pia, patient, begun, after=after)
            files += part.files
            after, is_more = part.after, part.is_more
        return {one.name: one.content for one in files}

    said = {"request": "a", "reason": "b", "older": True, "withheld": ()}
    granted = reporting.ReportDecision(0, 0, "", "granted", "", **said)
    reporting.decide_report(pia, patient, granted)
    found = [timed(taken) for _ in range(3)]
    files = found[-1][1]
    size = len(archives.pack(files.items())) / 1e6
    middle = statistics.median(took for took, _files in found)
    say(f"bundle of {len(files) // 2 - 2} entries, {size:.1f} MB: {middle:.0f} ms")
    return files


def check(files: dict[str, bytes]) -> None:
    from vaitiolo.ledger.verify import bundle_checks, bundles  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.verify.policies import read_policy  # noqa: PLC0415 - Django is set up

    bundle = bundles.read(files)
    took, said = timed(lambda: list(bundle_checks.check(bundle, read_policy(bundle.policy))))
    say(f"its check offline: {took:.0f} ms, {len(said)} sentences")


def timed(deed: Callable) -> tuple:
    began = time.perf_counter()
    found = deed()
    return (time.perf_counter() - began) * 1e3, found


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
