"""What was recorded, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Generic, TypeVar
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


T = TypeVar("T")
# What was asked and found within one moment; None outside of one.
_moment: ContextVar[dict[object, object] | None] = ContextVar("moment", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within it, whatever is `Kept` is looked after once: a page shows the city as of one moment."""
    if _moment.get() is not None:
        yield
        return
    token = _moment.set({})
    try:
        yield
    finally:
        _moment.reset(token)


class Kept(Generic[T]):
    """What was made of rows that hardly ever change, kept in the process until an act changes them.

    `kinds` are how the kinds of those acts begin; only commands write, so none is missed. What is kept may be shared
    by readers: nobody changes it. It is at least as young as the last act (docs/decisions/kept-rows.md).
    """

    every: list[Kept[object]] = []

    def __init__(self, read: Callable[[], T], *kinds: str) -> None:
        self.read, self.kinds = read, kinds
        self._kept: tuple[int, T] | None = None  # with the position that it was made at, or later
        self.every.append(self)  # type: ignore[arg-type]

    def now(self) -> T:
        """As it is now."""
        found = _moment.get()
        if found is None:
            return self._now(*_news())
        if _news not in found:
            found[_news] = _news()
        if self not in found:
            found[self] = self._now(*found[_news])  # type: ignore[misc]
        return found[self]  # type: ignore[return-value]

    def forget(self) -> None:
        """Read it anew: for tests, which take back what was done."""
        self._kept = None

    def made_at(self) -> int | None:
        """The position that holds for what is kept."""
        return None if self._kept is None else self._kept[0]

    def _now(self, since: int, head: int, kinds: list[str]) -> T:
        kept = self._kept
        changed = any(kind.startswith(self.kinds) for kind in kinds)
        value = self.read() if kept is None or kept[0] < since or head < kept[0] or changed else kept[1]
        self._kept = head, value
        return value


def _news() -> tuple[int, int, list[str]]:
    """A position, the last one, and the kinds of what was recorded in between or waits for its position.

    Asked before anything is read, so that what is read is at least as young. What waits is news each time: whoever
    reads while an act is committed reads again when that act has its position, which is larger than the last one.
    """
    since = min((at for each in Kept.every if (at := each.made_at()) is not None), default=None)
    with connection.cursor() as cursor:
        cursor.execute(_IS_THERE_NEWS)
        last, waiting = cursor.fetchone()
        if last == since and not waiting:  # as for almost every reader
            return last, last, []
        cursor.execute(_NEWS, {"since": since})
        head, kinds = cursor.fetchone()
    return head if since is None else since, head, kinds


_IS_THERE_NEWS = """
    SELECT coalesce((SELECT max(number) FROM ledger_position), -1), EXISTS (SELECT FROM ledger_pending)
"""
_NEWS = """
    WITH head AS (SELECT coalesce(max(number), -1) AS number FROM ledger_position)
    SELECT head.number, ARRAY(
        SELECT kind FROM ledger_pending JOIN ledger_entry ON id = entry_id
        UNION
        SELECT kind FROM ledger_position AS position JOIN ledger_entry ON id = entry_id
        WHERE position.number > %(since)s AND position.number <= head.number
    ) FROM head
"""


def lagging() -> QuerySet[Bookmark]:
    """The followers that an error holds."""
    return Bookmark.objects.exclude(trouble="")


def heartbeats() -> dict[str, datetime]:
    """When each part of the house last ran."""
    return dict(Heartbeat.objects.values_list("part", "at"))
