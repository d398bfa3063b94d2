"""What readers see of dates, numbers, money and icons, in their own language, calendar and digits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from lucide.jinja import lucide

from hamgara import clock
from hamgara.algorithms.persian import calendar, digits
from hamgara.integrations import phones

MINUTE, HOUR, DAY = 60, 3600, 86400


def language() -> Literal["fa", "en"]:
    """The reader's language, Persian unless another one was chosen."""
    return "en" if get_language() == "en" else "fa"


def direction() -> Literal["ltr", "rtl"]:
    return "ltr" if language() == "en" else "rtl"


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> str:
    """An icon that decorates: the text beside it carries the meaning, so it is hidden from screen readers."""
    # Drawn once: a list of twenty rows shows hundreds of icons, and building one parses XML.
    return lucide(name, size=20, **{"class": f"icon {classes}".strip(), "aria_hidden": "true", "focusable": "false"})


def to_reader(value: object) -> str:
    """Digits as the reader writes them."""
    return digits.to_persian(str(value)) if language() == "fa" else str(value)


def in_line(code: str) -> str:
    """Groups of digits that stay in their order within text of either direction (Unicode's isolate)."""
    return f"\u2066{code}\u2069"


def phone(number: str) -> str:
    """A telephone number as people here write it, in the reader's digits: «۰۹۱۳ ۱۲۳ ۴۵۶۷»."""
    return in_line(to_reader(phones.as_written(number)))


def in_language(texts: Mapping[str, str]) -> str:
    """Words that the charter gives in each language, in the reader's own."""
    return texts.get(language()) or texts["en"]


def local_day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def show_date(value: date | datetime | None) -> str:
    """A day in the reader's calendar: «۲ آذر ۱۴۰۵», or "23 November 2026"."""
    return "–" if value is None else _day(local_day(value), language())


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    # The same few hundred days stand on every page.
    return calendar.format_date(day) if language == "fa" else date_format(day, "j F Y")


def show_datetime(value: datetime | None) -> str:
    """A day and the time of the day."""
    return "–" if value is None else _day_and_time(value, language())


@lru_cache(maxsize=4096)
def _day_and_time(value: datetime, language: str) -> str:
    local = timezone.localtime(value)
    return gettext("%(day)s, %(time)s") % {"day": show_date(local.date()), "time": to_reader(f"{local:%H:%M}")}


def ago(value: datetime | None) -> str:
    """How long since, in the largest unit that tells something; past a month, the day itself."""
    if value is None:
        return "–"
    seconds = (clock.now() - value).total_seconds()
    if seconds < MINUTE:
        return gettext("just now")
    if seconds >= 30 * DAY:
        return show_date(value)
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        text = ngettext("%(count)s minute ago", "%(count)s minutes ago", count)
    elif seconds < DAY:
        count = int(seconds // HOUR)
        text = ngettext("%(count)s hour ago", "%(count)s hours ago", count)
    else:
        count = int(seconds // DAY)
        text = ngettext("%(count)s day ago", "%(count)s days ago", count)
    return text % {"count": to_reader(count)}


def days_to(value: date | datetime) -> int:
    """Days from today to a day: negative when it has passed."""
    return (local_day(value) - clock.today()).days


def number(value: float | None) -> str:
    """A number with its thousands grouped, in the reader's digits and separators."""
    return "–" if value is None else digits.number(value, language())


def money(rials: int | None) -> str:
    """Rials, as the law counts, with tomans beside them, as people count."""
    if rials is None:
        return "–"
    return gettext("%(rials)s rials (%(tomans)s tomans)") % {"rials": number(rials), "tomans": number(rials // 10)}


def percent(share: float | None) -> str:
    """A share between 0 and 1 as a percentage; none (nothing counted yet) is a dash, never a zero."""
    return "–" if share is None else digits.percent(share, language())


def filesize(size: int) -> str:
    """A file's size in the unit people know."""
    if size < 1_000_000:
        return gettext("%(size)s kB") % {"size": number(max(1, round(size / 1000)))}
    return gettext("%(size)s MB") % {"size": number(round(size / 1_000_000, 1))}
