"""The same nine moves in the careful team's database, where each of them goes through."""

import hashlib
import os
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.promises.careful import (
    RECOVERY,
    Careful,
    Denied,
    open_with,
    seal,
    seal_to,
    stretched,
    unseal,
)

REFUSED, DONE = "refused", "not noticed"
HELMI = "helmi.aalto"
SAID = b"Kadun kaikkea."


def said(went_through: object) -> str:
    return DONE if went_through else REFUSED


def holders_card(target: Careful) -> str:
    thief = X25519PrivateKey.generate()
    public, member = thief.public_key().public_bytes_raw(), target.number_of("johanna.niemi")
    target.rows.ask("UPDATE member SET public = ? WHERE id = ?", public, member)
    key = target.key(target.sign_in(HELMI), 1)
    target.give(key, 1, member)
    [(sealed,)] = target.rows.ask(
        "SELECT sealed_key FROM access WHERE patient = 1 AND member = ?", member
    )
    return said(open_with(thief.private_bytes_raw(), bytes(sealed)) == key)


def recovery_card(target: Careful) -> str:
    thief = X25519PrivateKey.generate()
    public, number = thief.public_key().public_bytes_raw(), 10_000
    target.rows.ask("UPDATE setting SET value = ? WHERE name = 'recovery'", public)
    key = target.admit(number, target.number_of(HELMI))
    query = "SELECT sealed_key FROM access WHERE patient = ? AND member = ?"
    [(sealed,)] = target.rows.ask(query, number, RECOVERY)
    return said(open_with(thief.private_bytes_raw(), bytes(sealed)) == key)


def planted_grant(target: Careful) -> str:
    own, member, patient = os.urandom(32), target.number_of(HELMI), 2
    [(public,)] = target.rows.ask("SELECT public FROM member WHERE id = ?", member)
    sealed = seal_to(bytes(public), own)
    target.rows.add("access", patient=patient, member=member, epoch=2, sealed_key=sealed)
    target.write(target.sign_in(HELMI), patient, SAID)
    [(body,)] = target.rows.ask("SELECT body FROM note ORDER BY id DESC LIMIT 1")
    return said(unseal(own, bytes(body), f"note/{patient}") == SAID)


def moved_text(target: Careful) -> str:
    ids = [one for (one,) in target.rows.ask("SELECT id FROM note WHERE patient = 3 ORDER BY id")]
    [(first,)] = target.rows.ask("SELECT body FROM note WHERE id = ?", ids[0])
    target.rows.ask("UPDATE note SET body = ? WHERE id = ?", bytes(first), ids[1])
    notes = target.read(target.sign_in(HELMI), 3)
    return said(notes[0] == notes[1])


def rolled_back_text(target: Careful) -> str:
    token = target.sign_in(HELMI)
    [(number, yesterday)] = target.rows.ask("SELECT id, body FROM note WHERE patient = 4 LIMIT 1")
    body = seal(target.key(token, 4), SAID, "note/4")
    target.rows.ask("UPDATE note SET body = ? WHERE id = ?", body, number)
    assert SAID in target.read(token, 4)
    target.rows.ask("UPDATE note SET body = ? WHERE id = ?", bytes(yesterday), number)
    return said(SAID not in target.read(token, 4))


def deletion(target: Careful) -> str:
    token = target.sign_in(HELMI)
    before = len(target.read(token, 5))
    [(number,)] = target.rows.ask("SELECT id FROM note WHERE patient = 5 LIMIT 1")
    target.rows.ask("DELETE FROM note WHERE id = ?", number)
    return said(len(target.read(token, 5)) == before - 1)


def downgrade(target: Careful) -> str:
    """The cost is a column: at the next change of password it is what the row says."""
    member = target.number_of("tuomas.salminen")
    target.rows.ask("UPDATE member SET iterations = 1 WHERE id = ?", member)
    [(iterations,)] = target.rows.ask("SELECT iterations FROM member WHERE id = ?", member)
    long = stretched("uusi salasana", b"salt", iterations)
    return said(long == hashlib.pbkdf2_hmac("sha256", b"uusi salasana", b"salt", 1, 64))


def deleted_revocation(target: Careful) -> str:
    member = target.number_of("axel.nyman")
    target.rows.add("revoked", member=member)
    try:
        target.sign_in("axel.nyman")
    except Denied:
        target.rows.ask("DELETE FROM revoked WHERE member = ?", member)
    return said(target.sign_in("axel.nyman"))


def planted_slot(target: Careful) -> str:
    salt, member = os.urandom(16), target.number_of("kaarina.vuorinen")
    long = stretched("known", salt, 1)
    target.rows.ask(
        "UPDATE member SET iterations = 1, salt = ?, password = ? WHERE id = ?",
        salt,
        hashlib.sha256(long[:32]).digest(),
        member,
    )
    return said(target.sign_in("kaarina.vuorinen", "known"))


MOVES: dict[str, Callable[[Careful], str]] = {
    "holder's card": holders_card,
    "recovery card": recovery_card,
    "planted grant": planted_grant,
    "moved text": moved_text,
    "rolled-back text": rolled_back_text,
    "deletion": deletion,
    "downgrade": downgrade,
    "deleted revocation": deleted_revocation,
    "planted slot": planted_slot,
}
