"""What was recorded, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Position


def about(subject: str) -> QuerySet[Entry]:
    """Every entry about `subject` («demand:…»), oldest first."""
    return Entry.objects.filter(subjects__contains=[subject]).order_by("id")


def latest(limit: int, kinds: Iterable[str] | None = None) -> QuerySet[Entry]:
    """The newest entries, newest first."""
    entries = Entry.objects.order_by("-id")
    return (entries if kinds is None else entries.filter(kind__in=list(kinds)))[:limit]


def done_by(once: object) -> Entry | None:
    """The entry that a form with this key has already led to."""
    return Entry.objects.filter(once=once).first()


def head() -> int:
    """The last position given, -1 in an empty ledger."""
    last = Position.objects.order_by("-number").values_list("number", flat=True).first()
    return -1 if last is None else last


def lagging() -> QuerySet[Bookmark]:
    """The followers that an error holds."""
    return Bookmark.objects.exclude(trouble="")


def heartbeats() -> dict[str, datetime]:
    """When each part of the house last ran."""
    return dict(Heartbeat.objects.values_list("part", "at"))
