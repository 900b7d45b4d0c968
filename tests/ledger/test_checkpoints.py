import base64

import pytest

from tests.ledger.logs import KEY, ORIGIN, PUBLIC, sign
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey

STATED = Checkpoint(3, bytes(range(32)))
NOTE = checkpoints.sign(KEY, STATED, signer=sign)
TEXT, _, LINE = NOTE.partition("\n\n")

SOMEBODY = f"— somebody.example {base64.b64encode(bytes(68)).decode()}"


def resigned(text: str) -> str:
    line = base64.b64encode(KEY.id + sign(text.encode())).decode()
    return f"{text}\n— {ORIGIN} {line}\n"


def test_a_checkpoint_reads_back() -> None:
    assert checkpoints.read(NOTE, KEY) == STATED
    assert NOTE.startswith(f"{ORIGIN}\n3\nAAECAwQF")


def test_the_largest_and_the_empty_log_can_be_stated() -> None:
    for size in (0, (1 << 63) - 1):
        note = checkpoints.sign(KEY, Checkpoint(size, bytes(32)), signer=sign)
        assert checkpoints.read(note, KEY).size == size


def test_lines_of_unknown_keys_are_passed_over() -> None:
    assert checkpoints.read(f"{NOTE}{SOMEBODY}\n", KEY) == STATED
    assert checkpoints.read(f"{TEXT}\n\n{SOMEBODY}\n{LINE}", KEY) == STATED


@pytest.mark.parametrize(
    "broken",
    [
        "",
        TEXT,
        f"{TEXT}\n\n",
        NOTE[:-1],
        f"{NOTE}\n",
        f"{TEXT}\n\n{SOMEBODY}\n",  # only somebody else signed
        f"{NOTE}— {ORIGIN} {base64.b64encode(KEY.id + bytes(64)).decode()}\n",  # a bad one of ours
        NOTE.replace("\n3\n", "\n4\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace("AAEC", "AAED"),
        f"{TEXT}\n\n— {ORIGIN} not-base64!\n",
        NOTE + "x" * 70_000,
    ],
)
def test_what_is_no_signed_checkpoint_is_refused(broken: str) -> None:
    with pytest.raises(CheckpointBroken):
        checkpoints.read(broken, KEY)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"another.log/1\n3\n{ROOT}\n",
        f"{ORIGIN}\n03\n{ROOT}\n",
        f"{ORIGIN}\n+3\n{ROOT}\n",
        f"{ORIGIN}\n\N{ARABIC-INDIC DIGIT THREE}\n{ROOT}\n",
        f"{ORIGIN}\n{1 << 63}\n{ROOT}\n",
        f"{ORIGIN}\n3\n{ROOT}\nan extension line\n",
        f"{ORIGIN}\n3\n{ROOT[:-4]}\n",
        f"{ORIGIN}\n3\n{ROOT[:-2]}B=\n",  # bits that mean nothing
        f"{ORIGIN}\n3\n\n",
        f"{ORIGIN}\n",
    ],
)
def test_even_the_log_key_signs_no_second_form(text: str) -> None:
    with pytest.raises(CheckpointBroken):
        checkpoints.read(resigned(text), KEY)


def test_spare_bits_write_no_second_signature() -> None:
    kept, last = NOTE[:-3], NOTE[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    second = f"{kept}{alphabet[alphabet.index(last) + 1]}=\n"
    ours, theirs = (note.rpartition(" ")[2].strip() for note in (NOTE, second))
    # A reader that does not look at the spare bits takes the one for the other.
    assert second != NOTE
    assert base64.b64decode(ours) == base64.b64decode(theirs)
    with pytest.raises(CheckpointBroken):
        checkpoints.read(second, KEY)


def test_another_key_of_the_same_name_is_another_key() -> None:
    with pytest.raises(CheckpointBroken):
        checkpoints.read(NOTE, LogKey(ORIGIN, PUBLIC[::-1]))


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\n"])
def test_an_origin_must_fit_into_a_note(origin: str) -> None:
    with pytest.raises(ValueError, match="An origin"):
        LogKey(origin, PUBLIC)
