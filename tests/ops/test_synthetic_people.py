"""Invented people: the same everywhere, distinct where they must be, and nobody real."""

import zlib
from collections import Counter
from datetime import date
from itertools import islice

import pytest
from stdnum.fi import hetu

from vaitiolo.ops.synthetic.cast import SyntheticPatient
from vaitiolo.ops.synthetic.clinic import SyntheticClinic, make_clinic
from vaitiolo.ops.synthetic.crib import NoInventedClinic, read_crib, write_crib
from vaitiolo.ops.synthetic.scales import UnknownScale, scale_named

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def demo() -> SyntheticClinic:
    return make_clinic(7, "demo", TODAY)


@pytest.fixture(scope="module")
def large() -> SyntheticClinic:
    return make_clinic(7, "vastaamo", TODAY)


@pytest.fixture(scope="module")
def everybody(large: SyntheticClinic) -> list[SyntheticPatient]:
    return list(large.patients())


def print_of(clinic: SyntheticClinic) -> int:
    """Boil a clinic down to a number: whoever is in it and whatever was said."""
    seen = zlib.crc32(repr(clinic.members).encode())
    for patient in islice(clinic.patients(), 40):
        words = repr(patient) + "".join(note.text for note in patient.notes())
        seen = zlib.crc32(words.encode(), seen)
    return seen


def test_a_seed_makes_the_same_clinic_on_every_machine(demo) -> None:
    # Written down once. Another number here means that installed demos no longer match.
    assert print_of(demo) == GOLDEN
    assert print_of(make_clinic("7", "demo", TODAY)) == GOLDEN


def test_another_seed_makes_other_people(demo) -> None:
    other = make_clinic(8, "demo", TODAY)
    ours = {str(patient.name) for patient in demo.patients()}
    assert len(ours & {str(patient.name) for patient in other.patients()}) < len(ours) / 4


def test_a_clinic_is_as_large_as_its_scale(demo, large, everybody) -> None:
    assert (len(demo.units), len(demo.members)) == (2, 12)
    assert sum(1 for _ in demo.patients()) == 150
    assert (len(large.units), len(large.members)) == (25, 400)
    assert len(everybody) == 36_000


def test_a_clinic_of_any_other_size_can_be_made() -> None:
    clinic = make_clinic(1, "1000", TODAY)
    assert sum(1 for _ in clinic.patients()) == 1000
    assert {patient.therapist.number for patient in clinic.patients()}
    assert sum(1 for _ in make_clinic(1, "1", TODAY).patients()) == 1


@pytest.mark.parametrize("name", ["", "huge", "0", "-3", "50001", "\u0661"])
def test_a_scale_that_is_not_known_is_refused(name) -> None:
    with pytest.raises(UnknownScale):
        scale_named(name)


def test_every_identity_code_is_valid_and_given_to_nobody(everybody) -> None:
    codes = {patient.hetu: patient for patient in everybody}
    assert len(codes) == 36_000
    for code, patient in codes.items():
        assert hetu.is_valid(code, allow_temporary=True), code
        assert 900 <= int(code[7:10]) <= 999
        assert code[:6] == f"{patient.born_on:%d%m%y}"


def test_no_two_people_differ_by_the_century_sign_alone(everybody) -> None:
    bare = Counter(p.hetu[:6] + p.hetu[7:] + str(p.born_on.year) for p in everybody)
    assert max(bare.values()) == 1


def test_the_signs_of_2023_are_in_use(everybody) -> None:
    signs = Counter(patient.hetu[6] for patient in everybody)
    assert set(signs) == set("-YXWVUABCDEF")
    assert signs["-"] > signs["Y"] * 10


def test_telephones_and_mails_are_everybodys_own(everybody) -> None:
    phones = [number for p in everybody for number in (p.phone, p.kin.phone)]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("048 00") for phone in phones)
    mails = {patient.email for patient in everybody}
    assert len(mails) == 36_000
    assert {mail.split("@")[1] for mail in mails} == {"example.org", "example.net", "example.com"}
    assert all(mail.isascii() for mail in mails)


def test_some_people_share_a_name(everybody) -> None:
    names = Counter(str(patient.name) for patient in everybody)
    assert 5 < names.most_common(1)[0][1] < 400
    assert len(names) > 5_000


def test_three_languages_are_spoken_finnish_by_most(everybody) -> None:
    spoken = Counter(patient.language for patient in everybody)
    assert spoken["fi"] > 0.7 * 36_000
    assert min(spoken["sv"], spoken["en"]) > 500


def test_a_minor_has_no_partner_and_no_grown_up_child(everybody) -> None:
    late = date(TODAY.year - 18, 12, 31)
    kin = {patient.kin.relation for patient in everybody if patient.born_on > late}
    assert kin
    assert not kin & {"puoliso", "partner", "aikuinen lapsi", "vuxet barn", "grown-up child"}


def test_members_sign_in_under_names_of_their_own(large) -> None:
    names = [member.sign_in_name for member in large.members]
    assert len(set(names)) == len(names)
    assert all(name.isascii() for name in names)


def test_patients_of_a_unit_are_those_of_its_therapists(demo) -> None:
    by_unit = [list(demo.patients(unit)) for unit in demo.units]
    assert sum(map(len, by_unit)) == 150
    for unit, patients in zip(demo.units, by_unit, strict=True):
        assert {patient.unit for patient in patients} == {unit}


def test_the_crib_leads_back_to_the_same_clinic(demo, tmp_path) -> None:
    write_crib(tmp_path, demo)
    assert read_crib(tmp_path) == demo
    assert "Helmi" not in (tmp_path / "demo.json").read_text()


@pytest.mark.parametrize("text", ["", "{}", '{"seed": 7, "scale": "huge", "today": "2026-01-01"}'])
def test_a_crib_that_names_no_clinic_is_refused(tmp_path, text) -> None:
    (tmp_path / "demo.json").write_text(text)
    with pytest.raises(NoInventedClinic):
        read_crib(tmp_path)


GOLDEN = 38057603
