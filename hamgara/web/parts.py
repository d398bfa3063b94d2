"""The smallest parts of a page, which a list shows a hundred times: drawn in Python, for a Jinja macro takes longer.

Templates get them from the components, like the macros: `{% from "components/ui.html" import fact %}`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from hamgara.web.looks import look
from hamgara.web.reading import ago, days_to, icon, language, number, show_date, show_datetime


@lru_cache(maxsize=1024)
def _badge(tone: str, symbol: str, text: str) -> SafeString:
    return format_html('<span class="badge {}">{}{}</span>', tone, icon(symbol), text)


@lru_cache(maxsize=512)
def _state(kind: str, state: str, _language: str) -> SafeString:
    return _badge(*_signs(look(kind, state)))


def _signs(it: tuple[str, str, str]) -> tuple[str, str, str]:
    symbol, tone, text = it
    return tone, symbol, text


def badge(kind: str, state: str, label: str | Promise | None = None) -> SafeString:
    """{{ badge("demand", demand.state) }}: icon, tone and text of looks.py; `label` replaces the text."""
    if label is None:
        return _state(kind, str(state), language())
    return _badge(*_signs(look(kind, state, label)))


def fact(symbol: str, text: object, title: str | None = None) -> SafeString:
    """{{ fact("map-pin", place.label) }}: a fact in a row of facts."""
    if title is None:
        return format_html('<span class="fact">{}<bdi>{}</bdi></span>', icon(symbol), text)
    return format_html('<span class="fact" title="{}">{}<bdi>{}</bdi></span>', title, icon(symbol), text)


def moment(value: datetime | date | None, exact: bool = False) -> SafeString | str:
    """{{ moment(demand.submitted_at) }}: how long ago, with the exact time on hover and for machines."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), show_date(value))
    full = show_datetime(value)
    shown = full if exact else ago(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(timespec="minutes"), full, shown)


def deadline(due: date | datetime | None, met: bool = False, label: str | None = None) -> SafeString | str:
    """{{ deadline(commitment.due) }}: days left or late; `met` when the act was done in time."""
    if due is None:
        return ""
    left = days_to(due)
    if met:
        tone, symbol, text = "muted", "calendar-check", show_date(due)
    elif left < 0:
        tone, symbol = "clay", "calendar-x"
        text = ngettext("%(days)s day late", "%(days)s days late", -left) % {"days": number(-left)}
    elif left == 0:
        tone, symbol, text = "claim", "calendar-clock", gettext("due today")
    else:
        tone, symbol = "claim" if left <= 3 else "plain", "calendar-clock"
        text = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": number(left)}
    if label:
        text = gettext("%(what)s: %(when)s") % {"what": label, "when": text}
    return format_html(
        '<span class="badge deadline {}" title="{}">{}{}</span>', tone, show_date(due), icon(symbol), text
    )
