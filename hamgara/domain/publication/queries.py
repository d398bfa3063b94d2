"""What is published of the ledger: the leaves of the log, and its heads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from hamgara import charter, clock
from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.keys import VerifierKey
from hamgara.algorithms.tlog.policies import NONE, Group, Log, Policy
from hamgara.algorithms.tlog.policies import Witness as Named
from hamgara.algorithms.tlog.tiles import LONGEST_ENTRY
from hamgara.domain.ledger.events import KINDS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication.models import Head, LogKey, Witness
from hamgara.integrations.published_log import PublishedLog


def leaf(canonical: bytes, *, alone: bool) -> bytes:
    """What stands in the log for an entry: its own bytes; or, sealed, their hash alone.

    Sealed is what is about a person alone and therefore nobody's reading, and what is longer than an entry of a log may
    be. The log vouches for it just as well.
    """
    if not alone and len(canonical) <= LONGEST_ENTRY:
        return canonical
    return json.dumps({"sealed": sha256(canonical).hexdigest()}, separators=(",", ":")).encode()


def leaf_of(entry: Entry) -> bytes:
    """What stands in the log for this entry; one that was put back from there is nothing but that."""
    return leaf(bytes(entry.canonical), alone=not entry.subjects and entry.restored_at is None)


def leaves(start: int, stop: int) -> list[bytes]:
    """The leaves [start, stop), in the ledger's order; fewer where the ledger ends before."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [start, stop])
        return [leaf(bytes(canonical), alone=alone) for canonical, alone in cursor.fetchall()]


_LEAVES = """
    SELECT canonical, subjects = '{}' AND restored_at IS NULL
    FROM ledger_position JOIN ledger_entry ON ledger_entry.id = entry_id
    WHERE number >= %s AND number < %s ORDER BY number
"""


SEALED = "sealed"  # the kind of an act of which the log tells nothing but a hash
COMPARED = 10_000  # leaves that are compared together


def lost(log: PublishedLog) -> tuple[int, list[bytes]]:
    """From which number on this database lacks what is published, and these leaves. Raises Wrong.

    The signed root vouches for each leaf, and those before the first one that is lacking are the very same; so the
    whole has that root.
    """
    newest = Head.objects.order_by("-size").first()
    if newest is not None and newest.size > log.head.size:
        raise Wrong(f"this database knows {newest.size} acts, more than the {log.head.size} that are published there")
    if newest is not None and log.reader.root_at(newest.size) != bytes(newest.root):
        raise Wrong(f"this is not the log of this database: its first {newest.size} acts are others")
    for start in range(0, log.head.size, COMPARED):
        stop = min(log.head.size, start + COMPARED)
        ours, theirs = leaves(start, stop), list(log.reader.entries(start, stop))
        if ours != theirs:
            same = next((at for at, (one, other) in enumerate(zip(ours, theirs, strict=False)) if one != other), None)
            first = start + (min(len(ours), len(theirs)) if same is None else same)
            if newest is not None and first < newest.size:
                raise Wrong(f"act {first} of this database is not the one that it has published itself")
            return first, list(log.reader.entries(first))
    return log.head.size, []


def entry_of(leaf: bytes, number: int, before: datetime) -> Entry:
    """The entry that a published leaf tells of, not saved; `before` is the time of the one before. Raises Wrong.

    Personal values and their salts, and the form that it came by, are not in the log.
    """
    try:
        body: dict[str, Any] = json.loads(leaf)
        if body.keys() == {SEALED}:
            return Entry(kind=SEALED, at=before, subjects=[], canonical=leaf)
        event = object.__new__(KINDS[body["kind"]])
        event.__dict__.update(body["data"])
        at = datetime.fromisoformat(body["at"])
        return Entry(kind=body["kind"], at=at, subjects=list(event.subjects()), canonical=leaf)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Wrong(
            f"act {number} is one that this version of Hamgara does not know ({error!r}): install the one that wrote it"
        ) from error


def published() -> Head | None:
    """The newest head that is published."""
    return Head.objects.exclude(published_at=None).order_by("-size").first()


def log_keys() -> list[LogKey]:
    """Every key that ever signed this log, the oldest first."""
    return list(LogKey.objects.order_by("since", "vkey"))


def signing_keys() -> list[VerifierKey]:
    """The keys that may sign the log now, the oldest first."""
    now = clock.now()
    return [each.key for each in log_keys() if each.until is None or each.until > now]


def witnesses() -> list[Witness]:
    """Those whose cosignatures count now."""
    return list(Witness.objects.filter(withdrawn_at=None).order_by("registered_at", "pk"))


@dataclass(frozen=True)
class Needed:
    """How many witnesses of a group have to cosign, and who is registered."""

    name: str
    count: int
    there: tuple[Witness, ...]

    @property
    def enough(self) -> bool:
        return len(self.there) >= self.count


def needed() -> list[Needed]:
    """The groups of witnesses by the charter: the city's own, and those from outside."""
    there = witnesses()
    local, outside = (tuple(each for each in there if each.outside is which) for which in (False, True))
    return [
        Needed(LOCAL, charter.number("publication.local_witnesses_needed"), local),
        Needed(OUTSIDE, charter.number("publication.outside_witnesses_needed"), outside),
    ]


def policy(url: str | None) -> Policy:
    """Who is believed about this log, which is read at `url`. No quorum is asked for before enough have registered."""
    asked = [each for each in needed() if each.count]
    enough = bool(asked) and all(each.enough for each in asked)
    groups = [Group(each.name, each.count, tuple(one.name for one in each.there)) for each in asked if enough]
    if enough:
        groups.append(Group(QUORUM, len(groups), tuple(each.name for each in groups)))
    return Policy(
        logs=tuple(Log(key, url) for key in signing_keys()),
        witnesses=tuple(Named(each.name, each.key, each.url or None) for each in witnesses()),
        groups=tuple(groups),
        quorum=QUORUM if enough else NONE,
    )


def unseen_since(size: int) -> datetime | None:
    """Since when a head is published that has more than so many acts."""
    later = Head.objects.filter(size__gt=size, published_at__isnull=False).order_by("size")
    return later.values_list("published_at", flat=True).first()


def policy_text(url: str | None) -> str:
    """The policy as it is published, with the times of the keys; what is no line of a policy is a comment in it."""
    lines = ["# Whose signatures count (C2SP tlog-policy). Keys of the log:"]
    for each in log_keys():
        span = f"{each.key.key_id.hex()} signs since {_moment(each.since)}"
        if each.distrusted_since is not None:
            lines.append(f"# {span}. NOT TO BE BELIEVED since {_moment(each.distrusted_since)}: others had it.")
        elif each.until is None:
            lines.append(f"# {span}.")
        elif each.until > clock.now():
            lines.append(f"# {span}, until {_moment(each.until)}.")
        else:  # whoever has a receipt of its time may put it back
            lines.append(f"# {span}, ended {_moment(each.until)}; for receipts of its time: log {each.vkey}")
    return "".join(f"{line}\n" for line in lines) + str(policy(url))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


LOCAL, OUTSIDE, QUORUM = "local", "outside", "witnesses"  # groups of the policy: the last is all of the groups
RESERVED = {LOCAL, OUTSIDE, QUORUM, NONE}
