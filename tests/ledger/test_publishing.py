"""What is published: every tile of a checkpoint before the checkpoint, and never a step back."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ledger.house import House
from tests.ledger.logs import AINO, SYSTEM, pending
from tests.ledger.tampering import cut
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.recorder import LedgerSilent
from vaitiolo.ledger.verify import specials

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def test_every_checkpoint_has_its_tiles(house: House) -> None:
    recorder = house.warden()
    for size in (1, 2, 255, 256, 257, 700):
        have = (queries.last_batch() or (0, b""))[0]
        recorder.record([pending(bytes([number % 9]) * 16) for number in range(size - have)])
        recorder.checkpoint_now()
        assert house.check() == size


def test_the_public_folder_holds_no_entry(house: House) -> None:
    recorder = house.warden()
    recorder.record([pending() for _ in range(300)])
    recorder.checkpoint_now()
    held = b"".join(file.read_bytes() for file in house.public.rglob("*") if file.is_file())
    assert not any(found.leaf.encode() in held for found in queries.entries_from(0))
    assert AINO not in held
    assert not (house.public / "tile" / "entries").exists()


def test_partial_tiles_stay_until_the_full_one_is_there(house: House) -> None:
    recorder = house.warden()
    for _ in range(3):
        recorder.record([pending()])
        recorder.checkpoint_now()
    partial = house.public / "tile/0/000.p"
    assert sorted(file.name for file in partial.iterdir()) == ["1", "2", "3"]
    recorder.record([pending() for _ in range(260)])
    recorder.checkpoint_now()
    assert not partial.exists()
    assert house.check() == 263


def test_values_about_the_ledger_itself_stand_beside_the_entries(house: House) -> None:
    recorder = house.warden()
    beat = specials.prepare(
        Act.HEARTBEAT, {"every": 60}, subject_tag=SYSTEM, actor_tag=SYSTEM, salt=b"s" * 32
    )
    recorder.record([pending(), beat])
    recorder.checkpoint_now()
    (line,) = (house.inside / "special/000").read_text().splitlines()
    told = json.loads(line)
    commit = queries.entry(1).leaf.detail_commit
    salt = bytes.fromhex(told["salt"])
    values = specials.read(Act.HEARTBEAT, told["detail"].encode(), salt=salt, commit=commit)
    assert (told["index"], values) == (1, {"every": 60})


def test_a_warden_goes_on_where_another_ended(house: House) -> None:
    for size in (300, 301, 700):
        recorder = house.warden()
        have = (queries.last_batch() or (0, b""))[0]
        recorder.record([pending() for _ in range(size - have)])
        recorder.stop()
        assert house.check() == size


@pytest.mark.parametrize(
    "lost",
    ["ledger/tile", "ledger/tile/1/000.p/1", "ledger-entries/tile", "ledger/tile/0/001.p/45"],
)
def test_what_was_lost_is_made_anew(house: House, lost: str) -> None:
    recorder = house.warden()
    recorder.record([pending() for _ in range(301)])
    recorder.stop()
    place = house.public.parent / lost
    place.rename(place.with_name("elsewhere"))
    recorder = house.warden()
    recorder.record([pending()])
    recorder.stop()
    if lost == "ledger-entries/tile":
        # Only what is unfinished is written again; an audit of the folder names the rest.
        assert (place / "entries/001.p/46").exists()
        return
    assert house.check() == 302


def test_a_long_log_is_published_before_it_opens(house: House) -> None:
    recorder = house.warden(publish=[].append)
    recorder.record([pending() for _ in range(600)])
    note = recorder.checkpoint_now()
    steps: list[tuple[int, int]] = []
    publisher = house.publisher()
    publisher.catch_up(note, progress=lambda *step: steps.append(step))
    assert (house.public / "tile/0/001").exists()
    assert not (house.public / "checkpoint").exists()
    publisher(note)
    assert house.check() == 600


def test_two_wardens_publish_into_one_folder_and_never_step_back(house: House) -> None:
    seen: list[int] = []

    def publishing() -> Callable[[str], None]:
        publisher = house.publisher()

        def publish(note: str) -> None:
            publisher(note)
            seen.append(int((house.public / "checkpoint").read_text().split("\n")[1]))

        return publish

    both = [house.warden(publishing()), house.warden(publishing())]

    def ask(number: int) -> None:
        both[number % 2].record([pending(bytes([number % 5]) * 16)] * 3)
        both[number % 2].checkpoint_now()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(120)))
    assert seen == sorted(seen)
    assert house.check() == 360


@pytest.mark.parametrize(
    ("full", "more"), [("tile/0/000.p/.2", 1), (".checkpoint", 1), ("tile/0/.000", 300)]
)
def test_a_full_disk_leaves_the_last_checkpoint_whole(house: House, full: str, more: int) -> None:
    recorder = house.warden()
    recorder.record([pending()])
    first = recorder.checkpoint_now()
    # The draft of a file on which every write finds the disk full.
    (house.public / full).symlink_to("/dev/full")
    recorder.record([pending() for _ in range(more)])
    with pytest.raises(LedgerSilent):
        recorder.checkpoint_now()
    assert (house.public / "checkpoint").read_text() == first
    assert queries.newest_checkpoint() == first
    (house.public / full).unlink()
    recorder.checkpoint_now()
    assert house.check() == queries.last_batch()[0]


def test_a_ledger_that_was_cut_touches_no_published_file(house: House) -> None:
    recorder = house.warden()
    for _ in range(3):
        recorder.record([pending()])
        recorder.checkpoint_now()
    recorder.stop()
    before = {file: file.read_bytes() for file in house.public.rglob("*") if file.is_file()}
    cut(1)
    again = house.warden()
    with pytest.raises(LedgerSilent):
        again.record([pending()])
    with pytest.raises(LedgerSilent):
        again.checkpoint_now()
    assert before == {file: file.read_bytes() for file in house.public.rglob("*") if file.is_file()}


def test_what_could_not_be_written_at_the_start_is_written_later(house: House) -> None:
    recorder = house.warden(publish=[].append)
    recorder.record([pending() for _ in range(600)])
    note = recorder.checkpoint_now()
    publisher = house.publisher()
    draft = house.public / "tile/0/.001"
    draft.parent.mkdir(parents=True)
    draft.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        publisher.catch_up(note)
    draft.unlink()
    publisher(note)
    assert house.check() == 600


def test_full_tiles_are_written_before_their_checkpoint(house: House) -> None:
    publisher = house.publisher()
    recorder = house.warden(publisher)
    with publisher.following(every=0.01):
        recorder.record([pending() for _ in range(600)])
        tile = house.public / "tile/0/001"
        end = time.monotonic() + 30
        while not tile.exists():
            assert time.monotonic() < end, "nothing was written ahead"
        recorder.checkpoint_now()
    assert house.check() == queries.last_batch()[0]


def test_what_is_written_ahead_while_entries_come_fits_each_checkpoint(house: House) -> None:
    publisher = house.publisher()
    recorder = house.warden(publisher)

    def ask(number: int) -> None:
        recorder.record([pending() for _ in range(97)])
        if number % 3 == 0:
            recorder.checkpoint_now()

    with publisher.following(every=0.001), ThreadPoolExecutor(4) as threads:
        list(threads.map(ask, range(60)))
    recorder.checkpoint_now()
    assert house.check() == 60 * 97
