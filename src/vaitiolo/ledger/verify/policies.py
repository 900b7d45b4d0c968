"""Reads a C2SP tlog-policy: whose log it is, which witnesses there are, and how many are enough.

Knows public keys only. Addresses in a policy are passed over: nothing is fetched from here.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from vaitiolo.ledger.verify import checkpoints, cosignatures
from vaitiolo.ledger.verify.checkpoints import LogKey
from vaitiolo.ledger.verify.cosignatures import CosignerKey

NOBODY = "none"
_LONGEST = 64 * 1024


class PolicyBroken(ValueError):
    """This text is not a policy for one log."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, which are witnesses or groups named before."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One log's key, its witnesses by their names in the policy, and what is enough."""

    log: LogKey
    witnesses: Mapping[str, CosignerKey]
    groups: Mapping[str, Group]
    quorum: str

    def is_enough(self, signed: AbstractSet[str]) -> bool:
        """Say whether these witnesses are enough; `none` asks for nobody."""
        held = set(signed & self.witnesses.keys())
        # In the order they were named, each once: groups of groups grow without bound otherwise.
        for name, group in self.groups.items():
            if sum(member in held for member in group.members) >= group.needed:
                held.add(name)
        return self.quorum == NOBODY or self.quorum in held


def read_policy(text: str) -> Policy:
    """Read a policy; raises PolicyBroken for everything that is none, or is of several logs."""
    reader = _Reader()
    if len(text) > _LONGEST:
        raise PolicyBroken
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            reader.take(words)
    return reader.policy()


class _Reader:
    """A policy as far as it is read; every name stands before it is used, so nothing goes round."""

    def __init__(self) -> None:
        self._logs: list[LogKey] = []
        self._witnesses: dict[str, CosignerKey] = {}
        self._groups: dict[str, Group] = {}
        self._quorums: list[str] = []

    def take(self, words: list[str]) -> None:
        deeds: dict[str, Callable[..., None]] = {
            "log": self._take_log,
            "witness": self._take_witness,
            "group": self._take_group,
            "quorum": self._take_quorum,
        }
        try:
            deeds[words[0]](*words[1:])
        except (KeyError, TypeError, ValueError):
            raise PolicyBroken from None

    def policy(self) -> Policy:
        if len(self._logs) != 1 or len(self._quorums) != 1:
            raise PolicyBroken
        return Policy(self._logs[0], self._witnesses, self._groups, self._quorums[0])

    def _take_log(self, key: str, _address: str = "") -> None:
        self._logs.append(checkpoints.read_key(key))

    def _take_witness(self, name: str, key: str, _address: str = "") -> None:
        self._check_new(name)
        read = cosignatures.read_key(key)
        # Under two names one witness would be two.
        if read.public in {one.public for one in self._witnesses.values()}:
            raise PolicyBroken
        self._witnesses[name] = read

    def _take_group(self, name: str, needed: str, *members: str) -> None:
        self._check_new(name)
        for member in members:
            self._check_known(member)
        words = {"any": 1, "all": len(members)}
        count = words[needed] if needed in words else _number(needed)
        # The same witness twice would make one of them two.
        if not 0 < count <= len(members) or len(set(members)) != len(members):
            raise PolicyBroken
        self._groups[name] = Group(count, members)

    def _take_quorum(self, name: str) -> None:
        if name != NOBODY:
            self._check_known(name)
        self._quorums.append(name)

    def _check_new(self, name: str) -> None:
        if name == NOBODY or name in self._witnesses or name in self._groups:
            raise PolicyBroken

    def _check_known(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise PolicyBroken


def _number(text: str) -> int:
    # Other scripts' digits and 1_000 are numbers to Python, and to nobody else who reads this.
    if not (text.isascii() and text.isdecimal()):
        raise PolicyBroken
    return int(text)
