"""What the privacy officer takes away: bundles and letters, and the decisions they rest on."""

import io
import zipfile
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import translation
from pypdf import PdfReader

from tests.cast import Clinic
from tests.ledger import second
from tests.warden.test_reporting import live
from tests.watch.test_reports import ask, browser, shown
from vaitiolo.config import verify
from vaitiolo.config.verify_words import WORDS
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify import archives
from vaitiolo.watch import letters
from vaitiolo.watch.access import ReportDecision
from vaitiolo.watch.forms import DecisionForm

REASON = "One line names somebody else's illness."


def decide(clinic: Clinic, patient: object, *, name: str = "pia", **more: str) -> HttpResponse:
    fields = {
        "patient": str(patient),
        "request": "A letter of 3 November.",
        "outcome": "partly",
        "ground": "others",
        "reason": REASON,
        "withheld": "2, 5 - 6",
        "language": "sv",
        **more,
    }
    english = {"accept-language": "en"}
    return browser(clinic, name).post("/log/report/decision/", fields, headers=english)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_a_bundle_is_the_report_its_proofs_and_a_page_in_the_patients_language(
    clinic: Clinic,
) -> None:
    patient, truth = live(clinic)
    answer = ask(clinic, patient, deed="bundle", language="sv")
    assert answer["Content-Disposition"] == 'attachment; filename="report.zip"'
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    files = archives.unpack(answer.content)
    lines = list(verify.verify(files, None, words=WORDS["en"]))
    assert lines[0].startswith("+ The file has the form")
    assert second.verify_bundle(answer.content) == []
    assert '<html lang="sv">' in files["README.html"].decode()
    assert "Helmi Halla" in text_of(files["report.pdf"])
    assert text_of(files["report.pdf"]).count("Helmi Halla") >= 2
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert (
            len([one for one in archive.namelist() if one.endswith("tlog-proof")]) == len(truth) + 2
        )
    assert "made this report as a file" in shown(ask(clinic, patient))


def test_a_decision_is_recorded_shown_and_kept_to(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    page = decide(clinic, patient).content.decode()
    assert "The decision is recorded." in page
    assert REASON in page.replace("&#x27;", "'")
    asked = ask(clinic, patient).content.decode()
    report = asked.partition('<div class="report"')[2]
    assert report.count('<span class="tag">withheld</span>') == 3
    assert "The decision in force withholds 3 lines." in asked
    assert "decided on a request for this report" in report
    pdf = text_of(ask(clinic, patient, deed="file").content)
    assert "not complete, by decision. Lines withheld: 3." in pdf
    files = archives.unpack(ask(clinic, patient, deed="bundle").content)
    assert any("NOT COMPLETE BY DECISION: 3" in line for line in said(files))
    assert "This bundle is not complete" in files["README.html"].decode()
    paper = text_of(files["report.pdf"])
    assert "signed a note" not in paper
    assert paper.count("opened the chart") == sum(act == Act.OPEN_CHART for act, *_ in truth)


def said(files: dict[str, bytes]) -> list[str]:
    return list(verify.verify(files, None, words=WORDS["en"]))


def test_what_is_refused_says_so_and_makes_no_file(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    decide(clinic, patient, outcome="refused", ground="health", withheld="")
    for deed in ("file", "bundle"):
        answer = ask(clinic, patient, deed=deed)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "Nothing was made" in answer.content.decode()
    decide(clinic, patient, outcome="granted", ground="", withheld="")
    assert ask(clinic, patient, deed="file").status_code == HTTPStatus.OK


WRONG = [
    ({"ground": ""}, "What is not given needs a ground in the law."),
    ({"outcome": "granted"}, "Lines are withheld only where it is granted in part."),
    ({"withheld": "2-x"}, "Write numbers of lines"),
    ({"withheld": "5-2"}, "Write numbers of lines"),
    ({"withheld": "1-999999999"}, "Write numbers of lines"),
    ({"outcome": "refused", "older": "on", "withheld": ""}, "nothing is given"),
    ({"reason": ""}, "This field is required."),
]


def test_a_wrong_decision_is_said_beside_its_field_and_not_recorded(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    for wrong, words in WRONG:
        page = decide(clinic, patient, **wrong).content.decode()
        assert words in page
        assert "A letter of 3 November." in page
    assert "decided on a request" not in shown(ask(clinic, patient))


def test_numbers_of_lines_are_read_as_people_write_them() -> None:
    fields = {"patient": "00000000-0000-4000-8000-000000000000", "request": "a", "reason": "b"}
    fields |= {"outcome": "partly", "ground": "others", "language": "en"}
    for written in ("3, 7-9", "3,7\N{EN DASH}9", " 9 8;7 3 ", "3 7 - 9"):
        form = DecisionForm({**fields, "withheld": written})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["withheld"] == (3, 7, 8, 9)
    assert DecisionForm({**fields, "withheld": ""}).is_valid()


def test_a_letter_says_what_was_decided_and_where_to_turn(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    decide(clinic, patient)
    number = ask(clinic, patient).context["decisions"][0].sequence
    fields = {"patient": str(patient), "sequence": number, "language": "en"}
    answer = browser(clinic, "pia").post("/log/report/letter/", fields)
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    text = text_of(answer.content)
    for words in (
        "Decision on a request for log data",
        "Esimerkki",
        "A letter of 3 November.",
        "granted in part",
        "endanger the rights of somebody else",
        REASON,
        "703/2023",
        "Data Protection Ombudsman",
        "Pia Puro",
    ):
        assert words in text
    assert "letter of a decision" in shown(ask(clinic, patient))
    wrong = browser(clinic, "pia").post("/log/report/letter/", {**fields, "sequence": 1})
    assert wrong.status_code == HTTPStatus.NOT_FOUND


def test_whoever_is_granted_everything_is_not_sent_to_the_ombudsman(clinic: Clinic) -> None:
    with translation.override("en"):
        granted = ReportDecision(
            9, 0, "Pia", "granted", "", request="a", reason="b", older=True, withheld=()
        )
        text = " ".join(letters.texts_of(granted, clinic.id("helmi")))
    assert "granted" in text
    assert "special ground" in text
    assert "Ombudsman" not in text


def test_decisions_and_letters_are_the_privacy_officers(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    for name in ("helmi", "mauri", "ritva"):
        assert decide(clinic, patient, name=name).status_code == HTTPStatus.FORBIDDEN
        fields = {"patient": str(patient), "sequence": 1, "language": "en"}
        answer = browser(clinic, name).post("/log/report/letter/", fields)
        assert answer.status_code == HTTPStatus.FORBIDDEN
