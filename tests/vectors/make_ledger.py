"""Writes ledger.json from docs/formats-ledger.md alone: it imports nothing of the product.

Run it as `python tests/vectors/make_ledger.py > tests/vectors/ledger.json`; it draws nothing.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "ledger.example/1"
# The first secret key of RFC 8032, section 7.1.
SEED_OF_RFC_8032 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

CERTIFICATE_TRANSPARENCY = {
    "source": "the reference tests of certificate transparency (RFC 6962)",
    "inputs": [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ],
    "roots": [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ],
}
SUMDB_NOTE = {
    "source": "the example in golang.org/x/mod/sumdb/note",
    "verifier": "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "text": "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n",
    "line": "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX"
    "gKvqfqdngotpRZb6KE6RyyBwJnAM=",
}


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def hash_leaf(leaf: bytes) -> bytes:
    return sha256(b"\0", leaf)


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root(hashes: list[bytes]) -> bytes:
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return sha256(b"\1", root(hashes[:middle]), root(hashes[middle:]))


def inclusion(index: int, hashes: list[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    middle = split(len(hashes))
    if index < middle:
        return [*inclusion(index, hashes[:middle]), root(hashes[middle:])]
    return [*inclusion(index - middle, hashes[middle:]), root(hashes[:middle])]


def growth(old: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    middle = split(len(hashes))
    if old <= middle:
        return [*growth(old, hashes[:middle], whole=whole), root(hashes[middle:])]
    return [*growth(old - middle, hashes[middle:], whole=False), root(hashes[:middle])]


def edge(hashes: list[bytes]) -> bytes:
    peaks, rest = [], hashes
    while rest:
        full = 1 << len(rest).bit_length() - 1
        peaks.append(root(rest[:full]))
        rest = rest[full:]
    return len(hashes).to_bytes(8, "big") + b"".join(peaks)


def log() -> list[dict[str, object]]:
    aino, veikko, helmi = b"aino-the-patient", b"veikko-a-patient", b"helmi-the-actor-"
    heads: dict[bytes, tuple[int, bytes]] = {}
    made = []
    for number, (act, tag) in enumerate(
        [(2, aino), (0x18, aino), (2, veikko), (1, aino), (0x3F, veikko), (0x1C, aino), (2, veikko)]
    ):
        seq, prev = heads.get(tag, (0, bytes(32)))
        salt, detail = sha256(b"salt", bytes([number])), json.dumps({"n": number}).replace(" ", "")
        commit = hmac.new(salt, detail.encode(), "sha256").digest()
        time_us = 1_795_000_000_000_000 + number * 1_000_001
        leaf = struct.pack(">BBQ16s16sQ32s32s", 1, act, time_us, tag, helmi, seq + 1, prev, commit)
        heads[tag] = (seq + 1, hash_leaf(leaf))
        made.append(
            {
                "version": 1,
                "act": act,
                "time_us": time_us,
                "patient_tag": tag.hex(),
                "actor_tag": helmi.hex(),
                "patient_seq": seq + 1,
                "patient_prev": prev.hex(),
                "detail": detail,
                "salt": salt.hex(),
                "detail_commit": commit.hex(),
                "leaf": leaf.hex(),
                "hash": hash_leaf(leaf).hex(),
            }
        )
    return made


def checkpoint(size: int, top: bytes) -> dict[str, object]:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SEED_OF_RFC_8032))
    public = key.public_key().public_bytes_raw()
    key_id = sha256(ORIGIN.encode(), b"\n\1", public)[:4]
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(top).decode()}\n"
    line = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return {
        "seed": SEED_OF_RFC_8032,
        "public": public.hex(),
        "origin": ORIGIN,
        "verifier": f"{ORIGIN}+{key_id.hex()}+{base64.b64encode(bytes([1]) + public).decode()}",
        "size": size,
        "root": top.hex(),
        "note": f"{text}\n— {ORIGIN} {line}\n",
    }


def specials() -> list[dict[str, object]]:
    zero = "0a" * 32
    values = {
        0xE0: {"covered": 7, "root": zero, "size": 2},
        0xE1: {"every": 60},
        0xE2: {"authority": "tsa.example", "root": zero, "size": 7, "token": zero},
        0xE3: {"key": "w1.example+00000000+AAAA", "of": "witness", "state": "introduced"},
        0xE4: {"basis": "GDPR 17(1)(b)", "details": 3, "tag": "0a" * 16},
    }
    made = []
    for act, said in values.items():
        salt = sha256(b"salt", bytes([act]))
        detail = json.dumps(said, sort_keys=True, separators=(",", ":"))
        commit = hmac.new(salt, detail.encode(), "sha256").hexdigest()
        made.append({"act": act, "detail": detail, "salt": salt.hex(), "commit": commit})
    return made


def head(entries: list[dict[str, object]], tag: str) -> bytes:
    last = max(n for n, entry in enumerate(entries) if entry["patient_tag"] == tag)
    leaf = bytes.fromhex(str(entries[last]["leaf"]))
    return bytes.fromhex(tag) + sha256(b"\2", last.to_bytes(8, "big"), leaf)


def vectors() -> dict[str, object]:
    entries = log()
    hashes = [bytes.fromhex(str(entry["hash"])) for entry in entries]
    heads = [head(entries, tag) for tag in sorted({str(entry["patient_tag"]) for entry in entries})]
    sizes = range(len(hashes) + 1)
    return {
        "certificate_transparency": CERTIFICATE_TRANSPARENCY,
        "sumdb_note": SUMDB_NOTE,
        "entries": entries,
        "roots": [root(hashes[:size]).hex() for size in sizes],
        "edges": [edge(hashes[:size]).hex() for size in sizes],
        "inclusion": [
            [[step.hex() for step in inclusion(index, hashes[:size])] for index in range(size)]
            for size in sizes
        ],
        "growth": [
            [[step.hex() for step in growth(old, hashes[:new])] for old in range(1, new + 1)]
            for new in sizes
        ],
        "heads": [one.hex() for one in heads],
        "heads_root": root([hash_leaf(one) for one in heads]).hex(),
        "specials": specials(),
        "checkpoint": checkpoint(len(hashes), root(hashes)),
    }


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
