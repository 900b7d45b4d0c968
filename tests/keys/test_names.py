import pytest

from tests.keys.clinic import id_of
from tests.keys.policy import ORG
from vaitiolo.keys import names
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.refused import Refused

HELMI = id_of("Helmi")


def test_a_name_is_found_however_it_is_typed(kms: FileKms) -> None:
    tags = {
        names.name_tag(name, kms=kms, org=ORG)
        for name in ("Helmi.Järvi", " helmi.järvi\t", "HELMI.JA\u0308RVI", "\uff48elmi.järvi")
    }
    assert len(tags) == 1
    assert {len(tag) for tag in tags} == {16}


def test_two_names_or_two_houses_share_no_tag(kms: FileKms) -> None:
    tag = names.name_tag("helmi", kms=kms, org=ORG)
    assert tag != names.name_tag("heimi", kms=kms, org=ORG)
    assert tag != names.name_tag("helmi", kms=kms, org=id_of("another clinic"))


@pytest.mark.parametrize("name", ["x" * 1025, "\ud800"])
def test_what_is_no_name_is_refused(kms: FileKms, name: str) -> None:
    with pytest.raises(Refused):
        names.name_tag(name, kms=kms, org=ORG)


@pytest.mark.parametrize("name", ["", "Helmi Järvi", "x" * 62, "x" * 63, "ä" * 512])
def test_a_name_on_screen_comes_back(kms: FileKms, name: str) -> None:
    sealed = names.seal_name(name, kms=kms, org=ORG, holder=HELMI)
    assert names.unseal_name(sealed, kms=kms, org=ORG, holder=HELMI) == name


def test_its_length_is_hidden_and_its_place_is_its_holder(kms: FileKms) -> None:
    sealed = names.seal_name("Helmi Järvi", kms=kms, org=ORG, holder=HELMI)
    assert len(sealed) == len(names.seal_name("Bo", kms=kms, org=ORG, holder=HELMI))
    for org, holder in ((ORG, id_of("Otso")), (id_of("another clinic"), HELMI)):
        with pytest.raises(Refused):
            names.unseal_name(sealed, kms=kms, org=org, holder=holder)


def test_a_name_too_long_for_a_screen_is_refused(kms: FileKms) -> None:
    with pytest.raises(Refused):
        names.seal_name("ä" * 513, kms=kms, org=ORG, holder=HELMI)


@pytest.mark.parametrize("padded", [b"\x00\x01a\x01", b"\x00\x09a", b"\x00\x01\xff", b"\x00"])
def test_a_badly_written_name_is_refused(kms: FileKms, padded: bytes) -> None:
    place = names._place(ORG, HELMI)
    sealed = kms.seal(names.KEY_NAME, place, padded)
    with pytest.raises(Refused):
        names.unseal_name(sealed, kms=kms, org=ORG, holder=HELMI)
