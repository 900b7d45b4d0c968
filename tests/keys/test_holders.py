import subprocess
import sys
from uuid import UUID

import pytest

from tests.keys.clinic import Chart, Clinic, id_of, named
from vaitiolo.keys import holders
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.refused import Refused


def test_a_seed_gives_the_same_keys_each_time_and_others_in_another_house() -> None:
    seed = named("a seed")
    here = HolderKeys(seed, id_of("clinic")).public()
    assert HolderKeys(bytearray(seed), id_of("clinic")).public() == here
    assert HolderKeys(seed, id_of("another")).public() != here


def test_after_the_block_every_use_is_refused() -> None:
    clinic = Clinic()
    chart = Chart(clinic, clinic.registrar)
    helmi = clinic.enrol("Helmi")
    grant = chart.grant(helmi, by=clinic.registrar)
    with clinic.keys("Helmi") as keys:
        assert keys.open_grant(grant) == chart.dk
    for use in (
        keys.public,
        lambda: keys.sign(b""),
        lambda: keys.sign_mldsa65(b""),
        lambda: keys.open_grant(grant),
    ):
        with pytest.raises(Refused) as refusal:
            use()
        assert refusal.value.reason == "holder.wiped"


def test_the_block_wipes_after_an_error_too() -> None:
    keys = Clinic().keys("Helmi")
    with pytest.raises(KeyError), keys:
        raise KeyError
    with pytest.raises(Refused):
        keys.sign(b"")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_is_32_bytes(length) -> None:
    with pytest.raises(Refused):
        HolderKeys(bytes(length), UUID(int=1))


def test_root_and_chart_recovery_come_from_one_master_and_say_nothing_of_each_other() -> None:
    master, org = named("master"), id_of("clinic")
    parts = {bytes(holders.master_part(master, org, part=part)) for part in ("root", "chart")}
    assert len(parts) == 2
    assert master not in parts
    with pytest.raises(Refused):
        holders.master_part(master, org, part="contact")


def test_keys_have_nothing_to_print() -> None:
    keys = Clinic().keys("Helmi")
    assert named("seed of Helmi").hex() not in repr(keys)
    assert not hasattr(keys, "__dict__")


# The needles are kept masked, so that the search does not find itself.
MEMORY = """
import ctypes, os, sys
from uuid import UUID
from vaitiolo.keys import primitives
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.primitives import hkdf
from vaitiolo.keys.refused import Refused

MASK = 0x5C

def masked(secret):
    return bytes(byte ^ MASK for byte in secret)

def found(mask):
    needle = bytearray(byte ^ MASK for byte in mask)
    places, own = 0, ctypes.addressof(ctypes.c_char.from_buffer(needle))
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, mode = line.split()[:2]
            if not mode.startswith("rw") or "[v" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            places += within(memory, start, end, needle, own)
    for at in range(len(needle)):
        needle[at] = 0
    return places

def within(memory, start, end, needle, own):
    # Read into one buffer that is outside what is searched for, piece by piece.
    places, step = 0, 1 << 20
    buffer = bytearray(step + len(needle))
    here = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
    for at in range(start, end, step):
        length = min(step + len(needle), end - at)
        memory.seek(at)
        view = memoryview(buffer)[:length]
        try:
            memory.readinto(view)
        except OSError:
            continue
        spot = buffer.find(needle, 0, length)
        while spot != -1:
            address = at + spot
            inside = here <= address < here + len(buffer)
            places += address != own and not inside
            spot = buffer.find(needle, spot + 1, length)
        buffer[:] = bytes(len(buffer))
    return places

org = UUID(int=1)
"""

SEEDS = (
    MEMORY
    + """
seed = primitives.random_bytes(32)
labels = (b"xwing", b"ed25519", b"mldsa65")
masks = [masked(seed)]
for label in labels:
    part = hkdf(seed, org.bytes, b"vaitiolo/1/seed/" + label)
    masks.append(masked(part))
    primitives.wipe(part)
with HolderKeys(seed, org) as keys:
    keys.public(), keys.sign(b"message"), keys.sign_mldsa65(b"message")
    during = [found(mask) for mask in masks]
primitives.wipe(seed)
del keys
print(min(during) > 0, [found(mask) for mask in masks])
"""
)

BAD_TAG = (
    MEMORY
    + """
key = primitives.random_bytes(32)
secret = primitives.random_bytes(64)
sealed = bytearray(primitives.aead_seal(key, secret, nonce=bytes(12), aad=b""))
mask = masked(secret)
primitives.wipe(secret)
sealed[-1] ^= 1
try:
    primitives.aead_open(key, sealed, nonce=bytes(12), aad=b"")
except Refused as refusal:
    print(refusal.reason, found(mask))
"""
)


def ran(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process's own memory by /proc")
def test_no_seed_is_in_memory_after_the_block() -> None:
    assert ran(SEEDS) == "True [0, 0, 0, 0]"


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process's own memory by /proc")
def test_no_plaintext_is_left_after_a_bad_tag() -> None:
    assert ran(BAD_TAG) == "seal.tag 0"
