"""Whether a grant goes back, link by link, to the creation of its compartment or to a rotation.

A grant sealed and signed by anybody who was not given the key himself is refused here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from vaitiolo.keys import grants, rotations, vouching
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rotations import Rotation
from vaitiolo.keys.vouching import Authority, Moment


@dataclass(frozen=True, slots=True)
class Creation:
    """What the creation leaf says of a compartment: who made it, and the first key's commitment."""

    compartment: UUID
    creator: bytes
    dk_commit: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What vault and ledger say about one compartment: creation, grants, rotations, their leaves.

    ``recorded`` gives the leaf of a grant or rotation, by id. What has no leaf is refused.
    """

    creation: Creation
    grants: Mapping[bytes, Grant]
    rotations: Mapping[bytes, Rotation]
    recorded: Mapping[bytes, Moment]


def verify_chain(grant: Grant, evidence: Evidence, authority: Authority) -> None:
    """Return quietly when every grant up to the creation or rotation is good, else `Refused`.

    Each grantor is judged at the moment of the grant's leaf: a colleague who left lawfully has not
    unmade what she granted. Until a card is revoked the answer may be remembered by the grant's id.
    """
    if evidence.creation.compartment != grant.compartment:
        raise Refused("chain.compartment")
    while True:
        grantor = _judged(grant.grantor, grant.id, evidence, authority=authority)
        grants.check_signature(grant, org=authority.org, grantor=grantor)
        parent = evidence.grants.get(grant.parent)
        if parent is None:
            _check_origin(grant, evidence, authority)
            return
        _check_link(grant, parent, owned=vouching.earlier_cards(grantor, authority))
        grant = parent


def conflicting(verified: Iterable[Grant]) -> bool:
    """Return whether grants that were all verified name two keys for one compartment and epoch.

    Then none of them is to be used, and somebody is to be woken.
    """
    keys: dict[tuple[UUID, int], bytes] = {}
    return any(
        keys.setdefault((grant.compartment, grant.epoch), grant.dk_commit) != grant.dk_commit
        for grant in verified
    )


def _judged(
    card_id: bytes, subject: bytes, evidence: Evidence, *, authority: Authority
) -> TrustedCard:
    at = evidence.recorded.get(subject)
    if at is None:
        raise Refused("chain.leaf")
    return vouching.verify(authority.card_of(card_id), authority, at=at)


def _check_link(child: Grant, parent: Grant, *, owned: frozenset[bytes]) -> None:
    if parent.id != child.parent:
        raise Refused("chain.parent")
    here = (child.compartment, child.epoch, child.dk_commit)
    if (parent.compartment, parent.epoch, parent.dk_commit) != here:
        raise Refused("chain.key")
    if parent.recipient not in owned:
        raise Refused("chain.grantor")
    if child.until > parent.until:
        raise Refused("chain.until")


def _check_origin(grant: Grant, evidence: Evidence, authority: Authority) -> None:
    if grant.parent == ZERO:
        made = evidence.creation
        if (grant.epoch, grant.grantor, grant.dk_commit) != (1, made.creator, made.dk_commit):
            raise Refused("chain.creation")
        return
    rotation = evidence.rotations.get(grant.parent)
    if rotation is None or rotation.id != grant.parent:
        raise Refused("chain.unknown")
    turned = (rotation.compartment, rotation.epoch, rotation.rotator, rotation.dk_commit)
    if turned != (grant.compartment, grant.epoch, grant.grantor, grant.dk_commit):
        raise Refused("chain.rotation")
    rotator = _judged(rotation.rotator, rotation.id, evidence, authority=authority)
    rotations.check_signature(rotation, org=authority.org, rotator=rotator)
