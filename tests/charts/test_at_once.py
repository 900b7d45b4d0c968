"""Two threads do at the same moment what two windows do: one of them wins, and both texts stay."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connections
from django.http import HttpResponse

from tests.charts.conftest import Aada
from vaitiolo.charts.models import Draft, Note, NoteVersion

MINE, THEIRS = "Tämän kirjoitin vasemmalla.", "Tämän kirjoitin oikealla."


def at_once(*asks: Callable[[], HttpResponse]) -> list[int]:
    """Ask all of it in the same moment; return the statuses, sorted."""
    ready = Barrier(len(asks))

    def one(ask: Callable[[], HttpResponse]) -> int:
        try:
            ready.wait(timeout=10)
            return ask().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(asks)) as pool:
        return sorted(pool.map(one, asks))


def everything(aada: Aada) -> str:
    drafts = [aada.page(url=f"{aada.url}drafts/{one.id}/") for one in Draft.objects.all()]
    return "".join([aada.page(), *drafts])


def test_two_windows_begin_a_note_in_the_same_moment(aada: Aada) -> None:
    aada.page()  # signs Helmi in, once
    one, two = aada.draft_url(), aada.draft_url()
    statuses = at_once(
        lambda: aada.save(one, MINE),
        lambda: aada.save(two, THEIRS, window=str(uuid4())),
    )
    assert statuses == [200, 409]
    assert Draft.objects.count() == 2
    assert MINE in everything(aada)
    assert THEIRS in everything(aada)


def test_two_windows_save_over_the_same_version_in_the_same_moment(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, "Alku")
    statuses = at_once(
        lambda: aada.save(url, MINE, version=1, window=str(uuid4())),
        lambda: aada.save(url, THEIRS, version=1, window=str(uuid4())),
    )
    assert statuses == [200, 409]
    assert MINE in everything(aada)
    assert THEIRS in everything(aada)


def test_a_note_sent_three_times_at_once_is_one_note(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, MINE)
    assert at_once(*[lambda: aada.sign(url, MINE, version=1)] * 3) == [200, 200, 200]
    assert (Note.objects.count(), NoteVersion.objects.count()) == (1, 1)
    assert not Draft.objects.exists()


def test_an_amendment_sent_twice_at_once_is_one_version(aada: Aada) -> None:
    note = aada.signed(MINE)
    url = f"{aada.url}notes/{note.id}/{uuid4()}/"
    aada.save(url, THEIRS)
    assert at_once(*[lambda: aada.sign(url, THEIRS, version=1)] * 2) == [200, 200]
    assert NoteVersion.objects.count() == 2


def test_saving_and_signing_at_once_loses_no_word(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, MINE)
    statuses = at_once(
        lambda: aada.sign(url, MINE, version=1),
        lambda: aada.save(url, THEIRS, version=1, window=str(uuid4())),
    )
    assert statuses[0] == 200
    assert MINE in everything(aada)
    assert THEIRS in everything(aada)
