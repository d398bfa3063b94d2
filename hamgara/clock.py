"""The one clock that the domain reads, so that samples and tests can stand at another moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _standing_at.get() or timezone.now()


def today() -> date:
    """The city's calendar day."""
    return timezone.localdate(now())


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Inside, `now()` is `moment`. For sample history and tests; no request enters here."""
    token = _standing_at.set(moment)
    try:
        yield
    finally:
        _standing_at.reset(token)


def day_of(moment: datetime) -> date:
    """The city's calendar day at `moment`."""
    return timezone.localdate(moment)
