"""A time-stamp token as RFC 3161 lays it out, signed by nobody; written by hand from that text."""

from datetime import UTC, datetime

SIGNED_DATA = "06092a864886f70d010702"
TST_INFO = "060b2a864886f70d0109100104"
SHA256 = "300d06096086480165030402010500"
POLICY = "06042a030401"


def unsigned(imprint: bytes, *, at: int, nonce: int = 1) -> bytes:
    """What an authority would sign, with an empty set of signers around it."""
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y%m%d%H%M%SZ").encode()
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1)
    fields = [b"\x02\x01\x01", bytes.fromhex(POLICY)]
    fields += [der(0x30, bytes.fromhex(SHA256), der(0x04, imprint)), b"\x02\x01\x07"]
    fields += [der(0x18, moment), der(0x02, number)]
    stated = der(0x30, bytes.fromhex(TST_INFO), der(0xA0, der(0x04, der(0x30, *fields))))
    signed = der(0x30, b"\x02\x01\x03", der(0x31), stated, der(0x31))
    return der(0x30, bytes.fromhex(SIGNED_DATA), der(0xA0, signed))


def der(kind: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((kind, len(content))) + content
    octets = len(content).to_bytes(2)
    return bytes((kind, 0x82)) + octets + content
