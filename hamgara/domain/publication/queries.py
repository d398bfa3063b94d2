"""What is published of the ledger: the leaves of the log, and its heads."""

from __future__ import annotations

import json
from hashlib import sha256

from django.db import connection

from hamgara import charter
from hamgara.algorithms.tlog.keys import VerifierKey
from hamgara.algorithms.tlog.policies import NONE, Group, Log, Policy
from hamgara.algorithms.tlog.policies import Witness as Named
from hamgara.algorithms.tlog.tiles import LONGEST_ENTRY
from hamgara.domain.ledger.models import Entry
from hamgara.domain.publication.models import Head, LogKey, Witness


def leaf(canonical: bytes, *, alone: bool) -> bytes:
    """What stands in the log for an entry: its own bytes; or, sealed, their hash alone.

    Sealed is what is about a person alone and therefore nobody's reading, and what is longer than an entry of a log may
    be. The log vouches for it just as well.
    """
    if not alone and len(canonical) <= LONGEST_ENTRY:
        return canonical
    return json.dumps({"sealed": sha256(canonical).hexdigest()}, separators=(",", ":")).encode()


def leaf_of(entry: Entry) -> bytes:
    """What stands in the log for this entry."""
    return leaf(bytes(entry.canonical), alone=not entry.subjects)


def leaves(start: int, stop: int) -> list[bytes]:
    """The leaves [start, stop), in the ledger's order; fewer where the ledger ends before."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [start, stop])
        return [leaf(bytes(canonical), alone=alone) for canonical, alone in cursor.fetchall()]


_LEAVES = """
    SELECT canonical, subjects = '{}'
    FROM ledger_position JOIN ledger_entry ON ledger_entry.id = entry_id
    WHERE number >= %s AND number < %s ORDER BY number
"""


def published() -> Head | None:
    """The newest head that is published."""
    return Head.objects.exclude(published_at=None).order_by("-size").first()


def signing_keys() -> list[VerifierKey]:
    """The keys that may sign the log now."""
    return [VerifierKey.parse(vkey) for vkey in LogKey.objects.filter(until=None).values_list("vkey", flat=True)]


def witnesses() -> list[Witness]:
    """Those whose cosignatures count now."""
    return list(Witness.objects.filter(withdrawn_at=None).order_by("registered_at", "pk"))


def policy(url: str | None) -> Policy:
    """Who is believed about this log, which is read at `url`. No quorum is asked for before enough have registered."""
    there = witnesses()
    needed = charter.number("publication.witnesses_needed")
    enough = len(there) >= needed
    return Policy(
        logs=tuple(Log(key, url) for key in signing_keys()),
        witnesses=tuple(Named(each.name, each.key, each.url or None) for each in there),
        groups=(Group(QUORUM, needed, tuple(each.name for each in there)),) if enough else (),
        quorum=QUORUM if enough else NONE,
    )


QUORUM = "witnesses"  # the group of all of them
