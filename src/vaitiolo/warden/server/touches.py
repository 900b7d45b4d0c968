"""Touches: a security key's signature over one challenge of the warden's, for one request.

Verifies what WebAuthn (Level 3) calls assertions and attestations, always with the key's own check
of its user (PIN or finger). It never sees a PRF secret, opens nothing and signs nobody in.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential

from vaitiolo.keys import slots, store
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.slots import Credential, SlotKind
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import TouchKey
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.ways import ways_of

NO_TOUCH: Final = "no-touch"
NONE: Final = "none"
MOST_BYTES: Final = 16 * 1024
WITH_KEY: Final = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.KEY})

# What an answer that is not as it should be can raise while it is taken apart.
BROKEN: Final = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


def begin_touch(install: Installation, question: protocol.BeginTouch) -> protocol.Touching:
    """Give a challenge for a request of somebody who is signed in. Raises No(signed-out)."""
    person = install.memory.find(question.cookie, now=install.clock()).person.id
    drawn = install.challenges.draw(question.over, cookie=question.cookie, now=install.clock())
    keys = tuple(TouchKey(one.id, one.prf_salt) for one in credentials_of(person))
    return protocol.Touching(drawn, rp_id(), keys)


def demand(install: Installation, cookie: bytes, *, over: bytes, assertion: bytes) -> bytes:
    """Demand the touch of an own security key over a request; return the credential's id.

    ``over`` is what is asked, in bytes: the same as in BeginTouch. Where nobody real is (a demo), a
    person without any security key passes, and the id is empty: `said` puts it into the entry.
    Raises No(signed-out, no-touch).
    """
    person = install.memory.find(cookie, now=install.clock()).person.id
    own = credentials_of(person)
    if not own and install.trust.demo:
        return b""
    touched = credential_id(assertion)
    credential = next((one for one in own if one.id == touched), None)
    if credential is None:
        because = "no key of theirs" if own else "no security key"
        raise No(NO_TOUCH, subject=person, because=because)
    check(install, assertion=assertion, credential=credential, over=over, cookie=cookie)
    if not _is_recorded(install, person, credential):
        raise No(NO_TOUCH, subject=person, because="a key that was never recorded")
    return credential.id


def named(credential: Credential | None) -> dict[str, object]:
    """Return what the entry of a slot must say of its security key, so that its touches count.

    A slot's row could be planted with a key of somebody else's; its entry could not.
    """
    return {} if credential is None else {"key": sha256(credential.id + credential.cose).hex()}


def _is_recorded(install: Installation, person: UUID, credential: Credential) -> bool:
    """Return whether a slot with this key was recorded, and not removed since."""
    return named(credential)["key"] in ways_of(install, person).keys.values()


def said(credential: bytes) -> str:
    """Return how a touch stands in the detail of an entry: the credential's id, or `none`."""
    return credential.hex() or NONE


def check(
    install: Installation,
    *,
    assertion: bytes,
    credential: Credential,
    over: bytes,
    cookie: bytes = b"",
) -> None:
    """Verify that this credential answered a challenge given for this request, and use it up.

    ``cookie`` is of the session that asked for the challenge, empty at the sign-in. Raises
    No(no-touch) for every other answer: foreign, used, late, of another site, or without the user.
    """
    try:
        touch = _parsed(assertion)
        challenge = _challenge_of(touch)
        install.challenges.take(challenge, over, cookie=cookie, now=install.clock())
        if touch.raw_id != credential.id:
            raise No(NO_TOUCH, because="another key")
        verify_authentication_response(
            credential=touch,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=settings.ORIGIN,
            credential_public_key=credential.cose,
            # Synced keys have no counter, and a copy of the others needs the key itself.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except BROKEN as broken:
        raise No(NO_TOUCH, because=type(broken).__name__) from None


def register(
    install: Installation, *, attestation: bytes, over: bytes, cookie: bytes
) -> Credential:
    """Verify a new credential and return its id and public key, without a PRF salt.

    Its maker is not asked for a certificate: which brand of key somebody has is not our business.
    Raises No(no-touch).
    """
    try:
        made = _registration(attestation)
        challenge = _challenge_of(made)
        install.challenges.take(challenge, over, cookie=cookie, now=install.clock())
        verified = verify_registration_response(
            credential=made,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=settings.ORIGIN,
            require_user_verification=True,
        )
    except BROKEN as broken:
        raise No(NO_TOUCH, because=type(broken).__name__) from None
    return Credential(verified.credential_id, verified.credential_public_key, b"")


def credentials_of(person: UUID) -> list[Credential]:
    """List a holder's security keys, each once, by their id."""
    found: dict[bytes, Credential] = {}
    for row in store.slots_of(person):
        slot = slots.parse(row.slot)
        if slot.credential is not None and slot.kind in WITH_KEY and slot.owner.holder == person:
            found.setdefault(slot.credential.id, slot.credential)
    return [found[one] for one in sorted(found)]


def credential_id(assertion: bytes) -> bytes:
    """Return which credential an assertion says it is of, empty if it is none. Proves nothing."""
    try:
        return bytes(_parsed(assertion).raw_id)
    except BROKEN:
        return b""


def rp_id() -> str:
    """Return the name that keys are made for: the host of the address that people go to."""
    return urlsplit(settings.ORIGIN).hostname or ""


def _parsed(assertion: bytes) -> AuthenticationCredential:
    return parse_authentication_credential_json(_fields(assertion))


def _registration(attestation: bytes) -> RegistrationCredential:
    return parse_registration_credential_json(_fields(attestation))


def _fields(said: bytes) -> dict[str, Any]:
    if len(said) > MOST_BYTES:
        raise ValueError
    fields = json.loads(said)
    if not isinstance(fields, dict):
        raise TypeError
    return fields


def _challenge_of(answer: AuthenticationCredential | RegistrationCredential) -> bytes:
    client = parse_client_data_json(answer.response.client_data_json)
    if client.cross_origin:
        raise No(NO_TOUCH, because="inside another site")
    return bytes(client.challenge)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.BeginTouch: begin_touch}
