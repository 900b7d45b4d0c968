"""A signed note is never changed: its author amends it, and every version stays to be read."""

from uuid import uuid4

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.models import Draft, Note, NoteVersion
from vaitiolo.ledger.acts import Act

BETTER = WORDS + " Lääkitys tarkistettiin."


def amending(aada: Aada, note: Note) -> str:
    return f"{aada.url}notes/{note.id}/{uuid4()}/"


def test_the_author_amends_and_the_original_stays_one_click_away(aada: Aada) -> None:
    note = aada.signed()
    answer = aada.sign(amending(aada, note), BETTER, reason="Lääke puuttui")
    assert answer.json()["next"].endswith(f"/notes/{note.id}/")
    page = aada.page(url=f"{aada.url}notes/{note.id}/")
    assert page.index(BETTER) < page.index("The original, signed")
    assert page.count(WORDS) == 2
    assert "Lääke puuttui" in page
    assert Act.AMEND in aada.practice.entries()
    note.refresh_from_db()
    assert note.version == NoteVersion.objects.filter(note=note).count() == 2


def test_an_amendment_of_an_amendment_names_the_one_before(aada: Aada) -> None:
    note = aada.signed()
    for text in (BETTER, BETTER + " Kerran."):
        assert aada.sign(amending(aada, note), text).status_code == 200
    page = aada.page(url=f"{aada.url}notes/{note.id}/")
    assert "As amended" in page
    assert "The original, signed" in page


def test_the_chart_shows_the_newest_words_alone(aada: Aada) -> None:
    note = aada.signed("Tässä oli virhe.")
    aada.sign(amending(aada, note), BETTER)
    page = aada.page()
    assert BETTER in page
    assert "Tässä oli virhe." not in page
    assert "amended" in page


def test_amending_begins_with_the_words_that_stand(aada: Aada) -> None:
    note = aada.signed()
    page = aada.page(url=f"{aada.url}notes/{note.id}/amend/")
    assert f"{WORDS}</textarea>" in page
    assert "As it is now" in page


def test_an_amendment_is_drafted_like_a_note(aada: Aada) -> None:
    note = aada.signed()
    url = amending(aada, note)
    assert aada.save(url, BETTER).json()["version"] == 1
    assert f"{BETTER}</textarea>" in aada.page(url=f"{aada.url}notes/{note.id}/amend/")
    assert aada.sign(url, BETTER, version=1).status_code == 200
    assert not Draft.objects.exists()


def test_nothing_that_changes_nothing_is_signed(aada: Aada) -> None:
    note = aada.signed()
    url = amending(aada, note)
    for _twice in range(2):
        assert aada.sign(url, BETTER).status_code == 200
    assert NoteVersion.objects.count() == 2


def test_an_amendment_signed_in_another_window_is_not_signed_over(aada: Aada) -> None:
    note = aada.signed()
    url = amending(aada, note)
    aada.save(url, BETTER)
    aada.save(url, BETTER + " Toinen.", version=1, window=str(uuid4()))
    assert aada.sign(url, BETTER + " Kolmas.", version=1).status_code == 409
    assert NoteVersion.objects.count() == 1
    assert Draft.objects.count() == 2


def test_only_the_author_amends(aada: Aada) -> None:
    note = aada.signed()
    aada.let_in("otso")
    otso = aada.practice.browser("otso")
    assert "Amend" not in aada.page("otso")
    assert otso.get(f"{aada.url}notes/{note.id}/amend/").status_code == 403
    assert aada.sign(amending(aada, note), BETTER, by="otso").status_code == 403
    assert aada.save(amending(aada, note), BETTER, by="otso").status_code == 403
    assert NoteVersion.objects.count() == 1


def test_a_note_of_another_chart_is_not_found_in_this_one(aada: Aada, admit) -> None:
    note = admit().signed()
    helmi = aada.practice.browser("helmi")
    for there in ("", "amend/"):
        assert helmi.get(f"{aada.url}notes/{note.id}/{there}").status_code == 404
    assert aada.sign(amending(aada, note), BETTER).status_code == 404
    assert NoteVersion.objects.count() == 1
