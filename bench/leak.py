"""The search of leaks, measured: speed, memory, recall in each form, and nobody confirmed wrongly.

`python -m bench.leak [patients] [gigabytes] [of others']` (default 36000 10 5). Writes an invented
clinic and its sealed kit into bench/out/leak, then searches, each time in a process of its own.
`python -m bench.leak endless [gigabytes]` searches one file without a line break, ours at its end.
"""

import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import numpy as np

from bench.leak_damage import FORMS, Record
from bench.leak_writing import A_TOKEN, Clinic, Lexicon, Note, note_id, patient_id
from vaitiolo.fingerprints import bulk, fast, identifiers
from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.keys import cards, contact, kits
from vaitiolo.keys.cards import CardClass, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.kits import Front, SectionKind
from vaitiolo.leak import kernels, kit, result, scan, table, verdicts
from vaitiolo.leak.corpus import Identifier, Version

OUT = Path(__file__).parent / "out" / "leak"
ORG = UUID(int=7)
OURS, OTHERS, HELD_OUT = 1, 2, 3
VISITS, IN_FORM = 20, 25
SEED = bytearray(range(32))
KEY = FingerprintKey.from_bytes(bytes(range(48)))
KINDS = {"code": Kind.CODE, "mail": Kind.MAIL, "phone": Kind.PHONE}
GB = 1_000_000_000


def main() -> None:
    if sys.argv[1:2] == ["search"]:
        print(json.dumps(searched([Path(path) for path in sys.argv[2:]])))
        return
    if sys.argv[1:2] == ["endless"]:
        show("without line breaks", child(endless(int((sys.argv[2:] or ["10"])[0]) * GB)))
        return
    patients, gigabytes, others = [int(one) for one in sys.argv[1:]] + [36_000, 10, 5][
        len(sys.argv) - 1 :
    ]
    OUT.mkdir(parents=True, exist_ok=True)
    made(patients)
    forms = write_forms(patients)
    recall(forms, child(*forms.values()))
    show("mixed", child(mixed(forms, gigabytes * GB)))
    show("every byte ours", child(repeated(OUT / "ours", gigabytes * GB)))
    show("others' text", child(foreign(OUT / "others", HELD_OUT, others * GB)))


def made(patients: int) -> None:
    """Write the clinic's notes and its kit, where they are not there yet."""
    if (OUT / f"kit-{patients}").exists():
        return
    began = time.process_time()
    clinic = Clinic(OURS)
    with HolderKeys(SEED, ORG) as keys:
        terms = Terms(
            org=ORG, holder=UUID(int=0), klass=CardClass.RECOVERY, role=RecoveryRole.INCIDENT
        )
        card, xwing = cards.request(keys, terms).id, keys.public().xwing
    pair = contact.pair_of(UUID(int=1), UUID(int=2))
    shares = {officer: bytearray(32) for officer in pair}
    front = Front(ORG, 0, bytes(32), card, tuple(contact.seal_pairs(SEED, shares, org=ORG).items()))
    draft = OUT / "draft"
    with draft.open("wb") as file, (OUT / "ours").open("wb") as text:
        kit.write(file, front, sections(clinic, patients, text, xwing=xwing))
    draft.rename(OUT / f"kit-{patients}")
    print(f"made in {time.process_time() - began:.0f} s of processor", flush=True)


def sections(clinic: Clinic, patients: int, text: BinaryIO, *, xwing: bytes) -> Iterator[bytes]:
    number = 0

    def sealed(kind: SectionKind, texts: list[bytes]) -> bytes:
        nonlocal number
        number += 1
        return kits.seal_section(kind, number, texts, org=ORG, xwing=xwing)

    yield sealed(SectionKind.FINGERPRINT_KEY, [bytes(range(48))])
    yield sealed(SectionKind.RESULT_SEED, [bytes(SEED)])
    writer = Marks()
    waiting: list[bytes] = []
    known: list[bytes] = []
    for patient in range(patients):
        notes = clinic.notes(patient, VISITS)
        text.write(as_text(clinic.identity(patient), notes))
        waiting += [kit.encoded(one) for one in writer.versions(notes)]
        known += [kit.encoded(one) for one in identifiers_of(clinic, patient)]
        while len(waiting) >= kit.SEGMENT:
            yield sealed(SectionKind.VERSIONS, waiting[: kit.SEGMENT])
            waiting = waiting[kit.SEGMENT :]
    yield sealed(SectionKind.VERSIONS, waiting)
    for at in range(0, len(known), 1000):
        yield sealed(SectionKind.IDENTIFIERS, known[at : at + 1000])


class Marks:
    """Fingerprints of many short texts with the compiled loops."""

    def __init__(self) -> None:
        self._keys = bulk.unfolded(KEY)
        self._room = fast.scratch(1 << 16)
        self._out = np.empty(1 << 16, dtype=np.uint64)

    def of(self, text: str) -> bytes:
        data = np.frombuffer(text.encode(), dtype=np.uint8)
        sampled = fast.sample(data, self._keys, self._room)
        marks = fast.mark(sampled.hashes, self._keys, self._out)
        return marks.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :5].tobytes()

    def versions(self, notes: list[Note]) -> list[Version]:
        return [
            Version(
                patient_id(OURS, note.patient),
                note_id(OURS, note.patient, note.number),
                number,
                note.held_on,
                note.created[number - 1],
                self.of(text),
            )
            for note in notes
            for number, text in enumerate(note.texts, start=1)
        ]


def identifiers_of(clinic: Clinic, patient: int) -> list[Identifier]:
    identity = clinic.identity(patient)
    return [
        Identifier(patient_id(clinic.name, patient), kind, hashed)
        for name, kind in KINDS.items()
        for hashed in identifiers.hashes_of(identity[name], kind, KEY)
    ]


def as_text(identity: dict[str, str], notes: list[Note]) -> bytes:
    texts = "\n\n".join(note.texts[-1] for note in notes)
    return ("\n".join(identity.values()) + f"\n\n{texts}\n\n---\n\n").encode()


def write_forms(patients: int) -> dict[str, Path]:
    """Write twenty-five patients in each form, each form a file."""
    clinic = Clinic(OURS)
    paths = {}
    for at, (name, form) in enumerate(FORMS.items()):
        group = [int(one) for one in np.linspace(0, patients - 1, IN_FORM * len(FORMS))]
        records = [
            Record(clinic.identity(one), [note.texts[-1] for note in clinic.notes(one, VISITS)])
            for one in group[at * IN_FORM : (at + 1) * IN_FORM]
        ]
        paths[name] = OUT / f"form-{at:02}"
        paths[name].write_bytes(form(records, np.random.default_rng(at)))
    return paths


def recall(forms: dict[str, Path], found: dict[str, Any]) -> None:
    """Print what was found in each form, out of all that lies in it."""
    show("forms", found)
    print("| form | notes confirmed | possible | patients | right version | altered or part |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for at, name in enumerate(forms, start=1):
        row = found["forms"][str(at)]
        notes = IN_FORM * VISITS
        print(
            f"| {name} | {row['confirmed'] / notes:.4f} | {row['possible'] / notes:.3f} "
            f"| {row['patients']} of {IN_FORM} | {row['right'] / max(1, row['notes']):.4f} "
            f"| {row['changed'] / max(1, row['notes']):.3f} |"
        )


def mixed(forms: dict[str, Path], size: int) -> Path:
    """Write a leak of a few hundred patients among others' text, logs and tables, ten times."""
    path = OUT / "mixed"
    once = OUT / "once"
    others = foreign(OUT / "foreign", OTHERS, size // 18)
    with once.open("wb") as file:
        for form in list(forms.values()):
            file.write(form.read_bytes())
        file.write(others.read_bytes())
        rng = np.random.default_rng(3)
        while file.tell() < size // 10:
            numbers = rng.integers(0, 10**9, 200_000).astype("U").tolist()
            file.write(";".join(numbers).encode() + b"\n")
            file.write(b"2026-11-24 12:00:00 INFO GET /api/v1/visits 200 0.012 s\n" * 20_000)
            file.write(rng.bytes(4_000_000))
    return repeated(once, size, path)


def repeated(source: Path, size: int, path: Path | None = None) -> Path:
    path = path or source.with_name(f"{source.name}-repeated")
    content = source.read_bytes()
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(content[: size - file.tell()])
    return path


def endless(size: int) -> Path:
    """Write nothing but zeros, which take no room on the disk, and one patient behind them."""
    path = OUT / "endless"
    clinic = Clinic(OURS)
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(as_text(clinic.identity(0), clinic.notes(0, VISITS)).replace(b"\n", b" "))
    return path


def foreign(path: Path, name: int, size: int) -> Path:
    """Write another clinic's text: the same words, phrases and template sentences, other notes."""
    if path.exists() and path.stat().st_size >= size:
        return path
    lexicon = Lexicon()
    rng = np.random.default_rng(name)
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(lexicon.drawn(rng, 2_000_000 // A_TOKEN).encode() + b"\n")
    return path


def child(*paths: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.leak", "search", str(kit_path()), *map(str, paths)]
    answer: dict[str, Any] = json.loads(subprocess.check_output(command))
    return answer


def kit_path() -> Path:
    return max(OUT.glob("kit-*"), key=lambda path: path.stat().st_mtime)


def searched(paths: list[Path]) -> dict[str, Any]:
    """Search in this process, and say what everything took."""
    times = {"begin": time.monotonic()}
    opened = kit.open_kit(paths[0], SEED)
    times["open"] = time.monotonic()
    whole = table.build(opened.corpus)
    loops = kernels.kernel(KEY)
    times["table"] = time.monotonic()
    cpu = time.process_time()
    findings = scan.search(paths[1:], opened.corpus, whole, report=lambda *_: None)
    times["scan"] = time.monotonic()
    cpu = time.process_time() - cpu
    judged = verdicts.judge(opened.corpus, whole, findings, loops=loops)
    del whole
    written = result.written(opened, [], findings=findings, judged=judged, kernel=loops.name)
    result.sealed(written.line, opened.result_seed)
    times["judge"] = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    content = json.loads(written.line)
    steps = list(times)
    return {
        "seconds": {
            step: round(times[step] - times[before], 1)
            for before, step in itertools.pairwise(steps)
        },
        "processor": round(cpu, 1),
        "size": sum(path.stat().st_size for path in paths[1:]),
        "peak": peak,
        "tally": result.tally(content),
        "verdict": content["verdict"],
        "taken": content["taken"],
        "left_out": len(content["left_out"]),
        "most_own": int(judged.hits.own.max(initial=0)),
        "forms": by_file(content),
    }


def by_file(content: dict[str, Any]) -> dict[int, dict[str, int]]:
    rows: dict[int, dict[str, int]] = {}
    clinic = Clinic(OURS)
    for one in content["patients"][: IN_FORM * len(FORMS)]:
        if one["class"] != "confirmed":
            continue
        number = UUID(one["patient"]).int - (OURS << 64) - 1
        newest = {
            str(UUID(bytes=note_id(OURS, number, note.number))): len(note.texts)
            for note in clinic.notes(number, VISITS)
        }
        files = [note["from"][0][0] for note in one["notes"]]
        row = rows.setdefault(
            max(set(files), key=files.count),
            dict.fromkeys(("confirmed", "possible", "patients", "right", "notes", "changed"), 0),
        )
        row["patients"] += 1
        for note in one["notes"]:
            row["confirmed"] += note["class"] == "confirmed"
            row["possible"] += note["class"] != "confirmed"
            row["notes"] += 1
            row["right"] += note["version"] == newest[note["note"]]
            row["changed"] += note["state"] != "whole"
    none = dict.fromkeys(next(iter(rows.values()), {}), 0)
    return {at: rows.get(at, none) for at in range(1, len(FORMS) + 1)}


def show(name: str, found: dict[str, Any]) -> None:
    rate = found["size"] / 1e6 / max(0.1, found["seconds"]["scan"])
    print(
        f"{name}: {found['size'] / GB:.2f} GB, {found['seconds']}, "
        f"processor {found['processor']} s,"
        f" {rate:.0f} MB/s, peak {found['peak'] / GB:.2f} GB, {found['tally']}, "
        f"{found['verdict']}, {found['taken']}, most own {found['most_own']}, "
        f"left out {found['left_out']}",
        flush=True,
    )


if __name__ == "__main__":
    main()
