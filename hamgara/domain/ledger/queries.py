"""What was recorded, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Opening, Position


def about(subject: str) -> QuerySet[Entry]:
    """Every entry about `subject` («demand:…»), oldest first; but for those whose effects the thing has lost."""
    return Entry.objects.filter(subjects__contains=[subject], restored_at=None).order_by("id")


def latest(limit: int, kinds: Iterable[str] | None = None) -> QuerySet[Entry]:
    """The newest entries, newest first."""
    entries = Entry.objects.order_by("-id")
    return (entries if kinds is None else entries.filter(kind__in=list(kinds)))[:limit]


# Entries about persons alone have no subject; they are in the order like all others, but are nobody's reading.
def public_acts(before: int | None = None) -> QuerySet[Position]:
    """The acts that are about something public, newest first, below the position `before`."""
    positions = Position.objects.exclude(entry__subjects=[]).select_related("entry").order_by("-number")
    return positions if before is None else positions.filter(number__lt=before)


def position(number: int) -> Position | None:
    """The act at this position."""
    return Position.objects.select_related("entry").filter(number=number).first()


def restored() -> QuerySet[Position]:
    """The acts that were put back from the published log, in their order."""
    return Position.objects.filter(entry__restored_at__isnull=False).select_related("entry").order_by("number")


def opened(entries: Iterable[Entry], fields: Iterable[str]) -> dict[int, object]:
    """What these fields of the entries commit to, by entry, as far as something still opens it."""
    found = Opening.objects.filter(entry__in=[entry.pk for entry in entries], field__in=set(fields))
    return dict(found.values_list("entry_id", "value"))


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


def moment_is_over() -> None:
    """Something was recorded in this moment: what is asked from here on is asked anew."""
    if (found := _moment.get()) is not None:
        found.clear()


def asked_once(question: object, ask: Callable[[], T]) -> T:
    """What several parts of a page ask alike, asked once in this moment."""
    found = _moment.get()
    if found is None:
        return ask()
    if question not in found:
        found[question] = ask()
    return found[question]  # type: ignore[return-value]


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
            return self._as_of(_look_after_all())
        if _look_after_all not in found:
            found[_look_after_all] = _look_after_all()
        if self not in found:
            found[self] = self._as_of(found[_look_after_all])  # type: ignore[arg-type]
        return found[self]  # type: ignore[return-value]

    def forget(self) -> None:
        """Read it anew the next time."""
        self._kept = None

    def _as_of(self, head: int) -> T:
        kept = self._kept
        if kept is None or kept[0] != head:
            kept = self._kept = head, self.read()
        return kept[1]

    def look_after(self, head: int, waiting: list[str], last: dict[str, int]) -> None:
        """Forget it if it was touched since it was made; else it is good for this position too."""
        kept = self._kept
        if kept is None or kept[0] > head:  # made by another thread, a moment later
            return
        told = [*waiting, *(kind for kind, number in last.items() if number > kept[0])]
        self._kept = None if any(kind.startswith(self.kinds) for kind in told) else (head, kept[1])


class Counted(Generic[T]):
    """What readers ask alike, counted once for all of them until an act that may change it."""

    MOST = 1000  # different questions

    def __init__(self, *kinds: str) -> None:
        self._counts: Kept[dict[object, T]] = Kept(dict, *kinds)

    def once(self, asked: object, count: Callable[[], T]) -> T:
        """What was counted for this question; whatever a date changes has the day in its question."""
        counts = self._counts.now()
        if asked in counts:
            return counts[asked]
        value = count()
        if len(counts) < self.MOST:
            counts[asked] = value
        return value


def _look_after_all() -> int:
    """The last position, for which everything that is kept was looked after.

    Asked before anything is read, so that what is read is at least as young. What waits for its position is news each
    time: whoever reads while an act is committed reads again when that act has its position, which is a later one.
    """
    made = [each._kept[0] for each in Kept.every if each._kept is not None]
    with connection.cursor() as cursor:
        cursor.execute(_IS_THERE_NEWS)
        head, waits = cursor.fetchone()
        if waits or any(at != head for at in made):  # as for hardly any reader
            cursor.execute(_NEWS, {"since": min(made, default=head)})
            head, waiting, last = cursor.fetchone()
            for each in Kept.every:
                each.look_after(head, waiting, json.loads(last or "{}"))
    return int(head)


_IS_THERE_NEWS = """
    SELECT coalesce((SELECT max(number) FROM ledger_position), -1), EXISTS (SELECT FROM ledger_pending)
"""
_NEWS = """
    WITH head AS (SELECT coalesce(max(number), -1) AS number FROM ledger_position)
    SELECT
        head.number,
        ARRAY(SELECT DISTINCT kind FROM ledger_pending),
        (
            SELECT jsonb_object_agg(kind, number) FROM (
                SELECT kind, max(position.number) AS number
                FROM ledger_position AS position JOIN ledger_entry ON id = entry_id
                WHERE position.number > %(since)s::bigint AND position.number <= head.number
                GROUP BY kind
            ) AS last
        )
    FROM head
"""


def lagging() -> QuerySet[Bookmark]:
    """The followers that an error holds."""
    return Bookmark.objects.exclude(trouble="")


def heartbeats() -> dict[str, datetime]:
    """When each part of the house last ran."""
    return dict(Heartbeat.objects.values_list("part", "at"))
