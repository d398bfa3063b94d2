"""Who is believed about a log: its own keys, its witnesses, and how many of them are enough (C2SP tlog-policy)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hamgara.algorithms.tlog import Forged, Malformed
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import verified
from hamgara.algorithms.tlog.keys import COSIGNATURE, ED25519, ML_DSA_44, VerifierKey
from hamgara.algorithms.tlog.notes import Note
from hamgara.algorithms.tlog.text import LONGEST, from_decimal

MOST = 256  # of logs, witnesses and groups each; the specification asks for at least 32
NONE = "none"


@dataclass(frozen=True)
class Log:
    """A log that is believed when this key signed; the key's name is its origin."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True)
class Witness:
    """A witness, under the name that it has in this policy."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True)
class Group:
    """At least `threshold` of `members`, each a witness or another group."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """What a policy says of a checkpoint."""

    checkpoint: Checkpoint
    witnessed: bool  # the quorum stands
    who: Mapping[str, int]  # the witnesses that cosigned, with the latest time that each states
    missing: tuple[str, ...]  # those that did not
    since: int | None  # when the last one that the quorum needs had cosigned; None without a quorum, or none needed
    as_of: int | None  # the latest time for which a quorum vouches that this was the largest head


@dataclass(frozen=True)
class Policy:
    """The logs and witnesses that are known, and the quorum: a witness, a group, or «none»."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE
    _known: dict[str, Witness | Group] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises Malformed for what the specification forbids."""
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MOST:
            raise Malformed(f"a policy has at most {MOST} logs, witnesses and groups each")
        _require_kinds("log", (each.key for each in self.logs), {ED25519, ML_DSA_44})
        _require_kinds("witness", (each.key for each in self.witnesses), {COSIGNATURE, ML_DSA_44})
        known: dict[str, Witness | Group] = {}
        spent: set[str] = set()
        everybody: tuple[Witness | Group, ...] = (*self.witnesses, *self.groups)
        for each in everybody:
            _require_word(each.name)
            if isinstance(each, Group):
                _require_members(each, known, spent)
                spent |= set(each.members)
            if each.name in known or each.name == NONE:
                raise Malformed(f"the name {each.name} stands in the policy twice")
            known[each.name] = each
        if self.quorum != NONE and self.quorum not in known:
            raise Malformed(f"the quorum {self.quorum} is neither a witness nor a group")
        for url in (*(each.url for each in self.logs), *(each.url for each in self.witnesses)):
            if url is not None:
                _require_word(url)
        object.__setattr__(self, "_known", known)

    def __str__(self) -> str:
        """One line each, in one way; comments and spaces of what was read are gone."""
        lines = [" ".join(filter(None, ("log", str(each.key), each.url))) for each in self.logs]
        lines += [" ".join(filter(None, ("witness", each.name, str(each.key), each.url))) for each in self.witnesses]
        lines += [f"group {each.name} {each.threshold} {' '.join(each.members)}" for each in self.groups]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}"))

    @classmethod
    def parse(cls, policy: str | bytes) -> Policy:
        """Of a policy file, with its comments and empty lines. Raises Malformed, and names the line."""
        parser = _Parser()
        for number, line in enumerate(_lines(policy), 1):
            words = line.replace("\t", " ").split(" ")
            words = [each for each in words if each]
            if words and not words[0].startswith("#"):
                try:
                    parser.take(words)
                except Malformed as error:
                    raise Malformed(f"line {number} of the policy: {error}") from error
        if parser.quorum is None:
            raise Malformed("a policy has one line that says the quorum")
        return cls(tuple(parser.logs), tuple(parser.witnesses), tuple(parser.groups), parser.quorum)

    def standing(self, note: Note) -> Standing:
        """Who signed and cosigned the checkpoint, and whether that is enough.

        Raises Forged when no log of this policy signed it under its own origin, or when a signature of somebody who
        is known does not hold; Malformed when it is no checkpoint.
        """
        checkpoint = Checkpoint.parse(note.text)
        logs = [each.key for each in self.logs if each.key.name == checkpoint.origin]
        found = verified(note, [*logs, *(each.key for each in self.witnesses)])
        if self.logs and not any(each.key in logs for each in found):
            raise Forged(f"no log of this policy signed the checkpoint of {checkpoint.origin}")
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for witness in self.witnesses:
            times = [each.timestamp for each in found if each.key == witness.key and each.timestamp]
            if times:
                first[witness.name], last[witness.name] = min(times), max(times)
        since = self._reached(self.quorum, first)
        latest = self._reached(self.quorum, {name: -time for name, time in last.items()})
        return Standing(
            checkpoint,
            witnessed=self.quorum == NONE or since is not None,
            who=last,
            missing=tuple(each.name for each in self.witnesses if each.name not in last),
            since=since,
            as_of=None if latest is None else -latest,
        )

    def _reached(self, name: str, times: Mapping[str, int]) -> int | None:
        """The smallest time by which as many of `times` have passed as `name` needs; None when there are too few."""
        there = self._known.get(name)
        if not isinstance(there, Group):
            return times.get(name)
        members = sorted(time for each in there.members if (time := self._reached(each, times)) is not None)
        return members[there.threshold - 1] if len(members) >= there.threshold else None


class _Parser:
    """What stood in the lines so far."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._named: set[str] = set()

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                self.logs.append(Log(VerifierKey.parse(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) < 2:
                self.witnesses.append(Witness(name, VerifierKey.parse(vkey), *url))
                self._named.add(name)
            case ["group", name, threshold, *members] if members:
                # A name counts only on the lines after its own, whatever the order of witnesses and groups.
                if not set(members) <= self._named:
                    raise Malformed("a group names only those that stand on a line before it")
                self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
                self._named.add(name)
            case ["quorum", name] if self.quorum is None:
                if name not in self._named and name != NONE:
                    raise Malformed(f"the quorum {name} does not stand on a line before it")
                self.quorum = name
            case ["quorum", _name]:
                raise Malformed("the quorum is said twice")
            case _:
                raise Malformed(f"«{words[0]}» with {len(words) - 1} words behind it is no line of a policy")


def _lines(policy: str | bytes) -> list[str]:
    try:
        text = policy.decode() if isinstance(policy, bytes) else policy
        text.encode()
    except UnicodeError:
        raise Malformed("a policy is text in UTF-8") from None
    if len(text) > LONGEST or any((each < " " and each not in "\t\n") or each == "\x7f" for each in text):
        raise Malformed("a policy is short, and has no control characters")
    if not text.endswith("\n"):
        raise Malformed("the last line of the policy has no end")
    return text[:-1].split("\n")


def _threshold(text: str, members: int) -> int:
    words = {"any": 1, "all": members}
    return words[text] if text in words else from_decimal(text)


def _require_kinds(what: str, keys: Iterable[VerifierKey], kinds: set[int]) -> None:
    there = list(keys)
    if any(each.kind not in kinds for each in there):
        raise Malformed(f"a {what} of the policy has a key of a kind that is not for a {what}")
    if len({each.public for each in there}) < len(there):
        raise Malformed(f"one key stands under two {what} lines of the policy")


def _require_members(group: Group, known: Mapping[str, object], spent: set[str]) -> None:
    if not 1 <= group.threshold <= len(group.members):
        raise Malformed(f"the group {group.name} asks for {group.threshold} of {len(group.members)}")
    if not set(group.members) <= known.keys():
        raise Malformed(f"the group {group.name} names somebody who is not known before it")
    if len(set(group.members)) < len(group.members) or spent & set(group.members):
        raise Malformed(f"somebody in the group {group.name} counts already")


def _require_word(text: str) -> None:
    if not text or any(each < "!" or each == "\x7f" for each in text):
        raise Malformed("a name in a policy is one word")
