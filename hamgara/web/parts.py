"""The smallest parts of a page, which a list shows a hundred times: drawn in Python, for a Jinja macro takes longer.

Templates get them from the components, like the macros: `{% from "components/ui.html" import fact %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from markupsafe import Markup, escape

from hamgara.web.looks import look
from hamgara.web.reading import ago, days_to, icon, language, local_day, number, show_date, show_datetime


def _html(text: str) -> Markup:
    """Text of ours, in which all that came from elsewhere is escaped: three times as fast as format_html."""
    return Markup(text)  # noqa: S704


@lru_cache(maxsize=1024)
def _badge(tone: str, symbol: str, text: str) -> Markup:
    return _html(f'<span class="badge {tone}">{icon(symbol)}{escape(text)}</span>')


@lru_cache(maxsize=512)
def _state(kind: str, state: str, _language: str) -> Markup:
    return _badge(*_signs(look(kind, state)))


def _signs(it: tuple[str, str, str]) -> tuple[str, str, str]:
    symbol, tone, text = it
    return tone, symbol, text


def badge(kind: str, state: str, label: str | Promise | None = None) -> Markup:
    """{{ badge("demand", demand.state) }}: icon, tone and text of looks.py; `label` replaces the text."""
    if label is None:
        return _state(kind, str(state), language())
    return _badge(*_signs(look(kind, state, label)))


def fact(symbol: str, text: object, title: str | None = None) -> Markup:
    """{{ fact("map-pin", place.label) }}: a fact in a row of facts."""
    hint = "" if title is None else f' title="{escape(title)}"'
    return _html(f'<span class="fact"{hint}>{icon(symbol)}<bdi>{escape(text)}</bdi></span>')


def moment(value: datetime | date | None, exact: bool = False) -> Markup | str:
    """{{ moment(demand.submitted_at) }}: how long ago, with the exact time on hover and for machines."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return _html(f'<time datetime="{value.isoformat()}">{show_date(value)}</time>')
    full = show_datetime(value)
    shown = full if exact else ago(value)
    return _html(f'<time datetime="{value.isoformat(timespec="minutes")}" title="{full}">{shown}</time>')


def deadline(due: date | datetime | None, met: bool = False, label: str | None = None) -> Markup | str:
    """{{ deadline(commitment.due) }}: days left or late; `met` when the act was done in time."""
    return "" if due is None else _deadline(local_day(due), days_to(due), met, label, language())


# Most of the rows of a list wait for the same few days.
@lru_cache(maxsize=1024)
def _deadline(due: date, left: int, met: bool, label: str | None, _language: str) -> Markup:
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
    return _html(f'<span class="badge deadline {tone}" title="{show_date(due)}">{icon(symbol)}{escape(text)}</span>')


def list_row(
    title: str,
    href: str,
    side: str = "",
    meta: Iterable[str] = (),
    level: int = 3,
    classes: str = "",
    lead: str = "",
    caller: Callable[[], str] | None = None,
) -> Markup:
    """{% call list_row(demand.title, url(…), side=badge(…), meta=[place, ago]) %}a line of text{% endcall %}, or
    {{ list_row(…) }} without one: a row inside <ul class="rows">."""
    text = "" if caller is None else f'<div class="row-text">{caller()}</div>'
    parts = "".join([f"<li>{escape(part)}</li>" for part in meta if part])
    facts = f'<ul class="meta">{parts}</ul>' if parts else ""
    beside = f'<div class="row-side">{escape(side)}</div>' if side else ""
    before = f'<div class="row-lead">{escape(lead)}</div>' if lead else ""
    return _html(
        f'<li class="row {classes}">{before}<div class="row-main">'
        f'<h{level} class="row-title"><a href="{escape(href)}"><bdi>{escape(title)}</bdi></a></h{level}>{text}'
        f"{facts}</div>{beside}</li>\n"
    )
