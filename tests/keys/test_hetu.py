import pytest

from tests.keys.clinic import id_of, named
from tests.keys.policy import ORG
from vaitiolo.keys import hetu, primitives
from vaitiolo.keys.hetu import IndexKey, NotAnIdentityCode
from vaitiolo.keys.kms.file import FileKms

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
KEY = IndexKey(1, ORG, named("salt of the index", 16))


def code(day: str = "010190", separator: str = "-", number: int = 900) -> str:
    """A synthetic code: individual numbers 900 to 999 are given to nobody."""
    return f"{day}{separator}{number}{CHECK[int(f'{day}{number}') % 31]}"


@pytest.mark.parametrize("separator", "+-UVWXYABCDEF")
def test_every_separator_is_kept(separator: str) -> None:
    assert hetu.normalise(code(separator=separator)) == code(separator=separator)


def test_case_spaces_and_dashes_do_not_count() -> None:
    assert hetu.normalise(f" {code(separator='A').lower()} ") == code(separator="A")
    assert hetu.normalise(code().replace("-", "\u2013")) == code()
    assert hetu.normalise(f"{code()[:6]} {code()[6:]}") == code()


def test_people_who_differ_by_the_separator_alone_stay_two(kms: FileKms) -> None:
    one, other = code(separator="-"), code(separator="Y")
    assert hetu.normalise(one) != hetu.normalise(other)
    assert hetu.tag(one, kms=kms, key=KEY) != hetu.tag(other, kms=kms, key=KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        code()[:-1],
        code() + "0",
        code(separator="G"),
        code()[:-1] + ("0" if code()[-1] != "0" else "1"),
        code(day="320190"),
        code(day="290290"),
        code(day="290200", separator="+"),
        code().replace("9", "\u0669", 1),
    ],
)
def test_what_is_no_code_is_refused_and_not_repeated(kms: FileKms, wrong: str) -> None:
    with pytest.raises(NotAnIdentityCode) as refusal:
        hetu.tag(wrong, kms=kms, key=KEY)
    assert str(refusal.value) == "This is not a Finnish identity code."
    assert refusal.value.__cause__ is None


def test_a_leap_day_exists_in_its_own_century_only() -> None:
    assert hetu.normalise(code(day="290200", separator="A"))
    with pytest.raises(NotAnIdentityCode):
        hetu.normalise(code(day="290200", separator="-"))


def test_a_tag_has_sixteen_bits_and_hangs_on_every_part(kms: FileKms) -> None:
    keys = [
        KEY,
        IndexKey(1, id_of("another clinic"), KEY.salt),
        IndexKey(1, ORG, named("another salt", 16)),
    ]
    tags = [
        hetu.tag(code(number=number), kms=kms, key=key) for key in keys for number in (900, 901)
    ]
    assert all(0 <= tag <= 0xFFFF for tag in tags)
    assert (
        len(set(tags)) >= 5
    )  # one chance meeting in 65,536 for each pair is what the index is for
    assert hetu.tag(f" {code().lower()}", kms=kms, key=KEY) == tags[0]


def test_a_tag_is_what_the_format_says(kms: FileKms) -> None:
    stretched = primitives.argon2id(
        code().encode(), KEY.salt, memory_kib=19 * 1024, iterations=2, lanes=1
    )
    mac = kms.mac("hetu-1", b"vaitiolo/1/hetu" + ORG.bytes + stretched)
    assert hetu.tag(code(), kms=kms, key=KEY) == mac[0] << 8 | mac[1]
