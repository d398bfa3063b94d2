"""The Jinja2 environment of every page: gettext, icons, links, and what dates, numbers and money look like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

import jinja2
from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import (
    get_language,
    gettext,
    ngettext,
    npgettext,
    pgettext,
)
from lucide.jinja import lucide

from hamgara import clock
from hamgara.algorithms.persian import calendar, digits
from hamgara.web.looks import look

MINUTE, HOUR, DAY = 60, 3600, 86400


def language() -> str:
    """The reader's language, «fa» unless another one was chosen."""
    return (get_language() or "fa")[:2]


def _numbers() -> Literal["fa", "en"]:
    return "fa" if language() == "fa" else "en"


def direction() -> str:
    return "ltr" if language() == "en" else "rtl"


@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> str:
    """An icon that decorates: the text beside it carries the meaning, so it is hidden from screen readers."""
    # Drawn once: a list of twenty rows shows hundreds of icons, and building one parses XML.
    return lucide(name, size=20, **{"class": f"icon {classes}".strip(), "aria_hidden": "true", "focusable": "false"})


def map_server() -> str:
    """Where map pictures come from; empty where the city has named no server."""
    return str(settings.MAP_TILES)


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def with_query(given: Mapping[str, Any], **changes: object) -> str:
    """The query string of this page with some values changed; a value of None leaves the parameter out."""
    query = given.copy() if isinstance(given, QueryDict) else QueryDict(mutable=True)
    if not isinstance(given, QueryDict):
        query.update({name: str(value) for name, value in given.items()})
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


def to_reader(value: object) -> str:
    """Digits as the reader writes them."""
    return digits.to_persian(str(value)) if language() == "fa" else str(value)


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def show_date(value: date | datetime | None) -> str:
    """A day in the reader's calendar: «۲ آذر ۱۴۰۵», or "23 November 2026"."""
    if value is None:
        return "–"
    day = _day(value)
    return calendar.format_date(day) if language() == "fa" else date_format(day, "j F Y")


def show_datetime(value: datetime | None) -> str:
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return gettext("%(day)s, %(time)s") % {
        "day": show_date(local),
        "time": to_reader(local.strftime("%H:%M")),
    }


def ago(value: datetime | None) -> str:
    """How long since, in the largest unit that tells something; past a month, the day itself."""
    if value is None:
        return "–"
    seconds = (clock.now() - value).total_seconds()
    if seconds < MINUTE:
        return gettext("just now")
    if seconds >= 30 * DAY:
        return show_date(value)
    for unit, size in (("minute", MINUTE), ("hour", HOUR), ("day", DAY)):
        count = int(seconds // size)
        if seconds < {"minute": HOUR, "hour": DAY, "day": 30 * DAY}[unit]:
            break
    forms = {
        "minute": ngettext("%(count)s minute ago", "%(count)s minutes ago", count),
        "hour": ngettext("%(count)s hour ago", "%(count)s hours ago", count),
        "day": ngettext("%(count)s day ago", "%(count)s days ago", count),
    }
    return forms[unit] % {"count": to_reader(count)}


def days_to(value: date | datetime) -> int:
    """Days from today to a day: negative when it has passed."""
    return (_day(value) - clock.today()).days


def number(value: float | None) -> str:
    """A number with its thousands grouped, in the reader's digits and separators."""
    if value is None:
        return "–"
    return digits.number(value, _numbers())


def money(rials: int | None) -> str:
    """Rials, as the law counts, with tomans beside them, as people count."""
    if rials is None:
        return "–"
    return gettext("%(rials)s rials (%(tomans)s tomans)") % {
        "rials": number(rials),
        "tomans": number(rials // 10),
    }


def percent(share: float | None) -> str:
    """A share between 0 and 1 as a percentage; none (nothing counted yet) is a dash, never a zero."""
    if share is None:
        return "–"
    return digits.percent(share, _numbers())


def filesize(size: int) -> str:
    """A file's size in the unit people know."""
    if size < 1_000_000:
        return gettext("%(size)s kB") % {"size": number(max(1, round(size / 1000)))}
    return gettext("%(size)s MB") % {"size": number(round(size / 1_000_000, 1))}


def environment(**options: Any) -> jinja2.Environment:
    """The environment that settings.TEMPLATES names."""
    options |= {"extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True}
    del options["autoescape"]  # never anything else than on
    env = jinja2.Environment(autoescape=True, **options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(
        {
            "days_to": days_to,
            "direction": direction,
            "icon": icon,
            "language": language,
            "look": look,
            "map_server": map_server,
            "static": static,
            "url": url,
            "with_query": with_query,
        }
    )
    env.filters.update(
        {
            "ago": ago,
            "date": show_date,
            "datetime": show_datetime,
            "digits": to_reader,
            "filesize": filesize,
            "money": money,
            "number": number,
            "percent": percent,
        }
    )
    return env
