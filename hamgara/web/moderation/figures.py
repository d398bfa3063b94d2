"""The public figures of moderation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara.algorithms.persian import calendar
from hamgara.domain.demands.models import reason_words
from hamgara.domain.demands.queries import Rate
from hamgara.domain.moderation import queries
from hamgara.domain.moderation.models import REASONS, Case
from hamgara.domain.moderation.queries import Tally
from hamgara.web.reading import language, number, to_reader
from hamgara.web.views import reading


def hours(value: float | None) -> str:
    """A length of time in whole hours, as people say it."""
    if value is None:
        return "–"
    whole = round(value)
    if whole < 1:
        return _("less than an hour")
    return ngettext("%(count)s hour", "%(count)s hours", whole) % {"count": number(whole)}


def _part(rate: Rate) -> str:
    """«3 of 8»: a part is never shown without its whole."""
    if not rate.whole:
        return "–"
    return _("%(part)s of %(whole)s") % {"part": number(rate.part), "whole": number(rate.whole)}


def _row(name: Any, tally: Tally) -> list[Any]:
    return [
        name,
        number(tally.reports),
        number(tally.hidden),
        number(tally.left),
        number(tally.restored + tally.granted),
        _part(tally.of_appeals),
        hours(tally.median_hours),
    ]


def _heads(first: str) -> list[str]:
    return [
        first,
        _("Reports"),
        _("Hidden"),
        _("Left"),
        _("Shown again"),
        _("Appeals granted"),
        _("Half decided within"),
    ]


@reading
def figures(request: HttpRequest) -> HttpResponse:
    """What was reported, hidden, left and shown again in the last twelve months; of one kind, if `kind` asks for it."""
    kind = request.GET.get("kind", "")
    chosen = Case.Kind(kind).label if kind in Case.Kind.values else None
    found = queries.figures(kind if chosen else "")
    here = {
        "chosen": chosen,
        "whole": found.whole,
        "awaiting": found.awaiting,
        "overdue": found.overdue,
        "median": _("Half of the decisions were made within: %(time)s.") % {"time": hours(found.whole.median_hours)},
        "month_heads": _heads(_("Month")),
        "months": [
            _row(f"{calendar.month_name(month, language())} {to_reader(year)}", tally)
            for (year, month), tally in found.months.items()
            if tally.happened
        ],
        "reason_heads": [_("Reason"), _("Reports"), _("Hidden")],
        "reasons": [
            [reason_words(REASONS, code) or code, number(tally.reports), number(tally.hidden)]
            for code, tally in found.reasons.items()
            if tally.happened
        ],
        "kind_heads": _heads(_("What it was")),
        "kinds": [
            _row(format_html('<a href="{}?kind={}">{}</a>', reverse("moderation:figures"), code, _label(code)), tally)
            for code, tally in found.kinds.items()
            if tally.happened
        ],
    }
    return render(request, "moderation/figures.html", here)


def _label(code: str) -> str:
    return str(Case.Kind(code).label)
