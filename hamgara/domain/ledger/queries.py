"""What was recorded, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Position


def about(subject: str) -> QuerySet[Entry]:
    """Every entry about `subject` («demand:…»), oldest first."""
    return Entry.objects.filter(subjects__contains=[subject]).order_by("id")


def latest(limit: int, kinds: Iterable[str] | None = None) -> QuerySet[Entry]:
    """The newest entries, newest first."""
    entries = Entry.objects.order_by("-id")
    return (entries if kinds is None else entries.filter(kind__in=list(kinds)))[:limit]


# Entries about persons alone have no subject; they are in the order like all others, but are nobody's reading.
def public_acts(*, before: int | None, limit: int) -> list[Position]:
    """The newest acts that are about something public, newest first, below the position `before`."""
    positions = Position.objects.exclude(entry__subjects=[]).select_related("entry").order_by("-number")
    return list((positions if before is None else positions.filter(number__lt=before))[:limit])


def position(number: int) -> Position | None:
    """The act at this position."""
    return Position.objects.select_related("entry").filter(number=number).first()


def done_by(once: UUID) -> Entry | None:
    """The entry that a form with this key has already led to."""
    return Entry.objects.filter(once=once).first()


def done_before(keys: Iterable[UUID]) -> set[UUID]:
    """Those of the keys under which something was recorded already."""
    return set(Entry.objects.filter(once__in=list(keys)).values_list("once", flat=True))  # type: ignore[arg-type]


def head() -> int:
    """The last position given, -1 in an empty ledger."""
    last = Position.objects.order_by("-number").values_list("number", flat=True).first()
    return -1 if last is None else last


def place() -> tuple[int | None, ...]:
    """The ledger's place: differs after every act, and after every follower's step, as soon as they are committed.

    Not the largest number of an entry: numbers are given before the commit, so that a smaller one may come later. An
    entry waits from its commit until it has its position; which ones wait is told by how many they are and their sum.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACE)
        return tuple(cursor.fetchone())


_PLACE = """
    SELECT (SELECT max(number) FROM ledger_position), count(*), sum(entry_id),
           (SELECT sum(position) FROM ledger_bookmark)
    FROM ledger_pending
"""


def lagging() -> QuerySet[Bookmark]:
    """The followers that an error holds."""
    return Bookmark.objects.exclude(trouble="")


def heartbeats() -> dict[str, datetime]:
    """When each part of the house last ran."""
    return dict(Heartbeat.objects.values_list("part", "at"))
