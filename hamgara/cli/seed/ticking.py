"""When the house's hourly jobs would have run in a made-up city, and on which day a demand would have gone up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone

from hamgara import charter

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
MINUTES = {"commitments": 11, "demands": 13, "oversight": 17, "moderation": 23}  # at which the hourly jobs run


@lru_cache(maxsize=8192)
def tick(day: date, part: str) -> datetime:
    """When the hourly job of this part of the house first runs on that day."""
    return next_tick(timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC), part)


def next_tick(at: datetime, part: str) -> datetime:
    minute = MINUTES[part]
    run = at.replace(minute=minute, second=0, microsecond=0)
    return run if run > at else run + HOUR


@lru_cache(maxsize=8192)
def goes_up_on(since: date) -> date:
    """The day on which a demand that has been with a unit since then goes up."""
    day = since
    while charter.day_before("clocks.escalate_after", day) <= since:
        day += DAY
    return day
