"""Moderation as files: what awaits a decision or is hidden, and the public figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _hidden
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian import calendar
from hamgara.domain.demands.models import reason_words
from hamgara.domain.moderation import queries
from hamgara.domain.moderation.models import REASONS, Case
from hamgara.domain.moderation.queries import Figures, Tally
from hamgara.web import exports
from hamgara.web.moderation.office import unit_of
from hamgara.web.officers import officers_only
from hamgara.web.reading import language

PARTS = {"month": _("month"), "reason": _("reason"), "kind": _("what it was")}


def _queue_sheet(root: str) -> exports.Sheet:
    """What was said, who said it and who reported it stay on the page: a file is carried away."""
    return exports.Sheet(
        "reports",
        _("Reports and hidden things"),
        (
            exports.Column("code", _("code")),
            exports.Choice("kind", _("what it is"), dict(Case.Kind.choices)),
            exports.Choice("state", _("state"), dict(Case.State.choices)),
            exports.Column("demand_code", _("tracking code of the demand"), "demand.shown_code"),
            exports.Number("reports", _("reports")),
            exports.Moment("since", _("awaited since")),
            exports.Day("decide_until", _("to be decided until")),
            exports.Truth("overdue", _("overdue"), "is_overdue"),
            exports.Column("hidden_for", _("hidden because"), lambda each: each.hiding and each.hiding.reason_label),
            exports.Day("hidden_on", _("hidden on"), lambda each: each.hiding and each.hiding.at),
            exports.Column("page", _("page"), lambda each: f"{root}/office/moderation/{each.code}/"),
        ),
    )


@exports.exporting
@officers_only
def queue(request: HttpRequest, written: str) -> HttpResponse:
    """What awaits a decision of the reader's unit, or all that is hidden."""
    unit = unit_of(request)
    show = exports.one_of(
        ("", "hidden"), request.GET.get("show", ""), _("What to show"), lambda each: _hidden("hidden")
    )
    found = queries.hidden_now() if show else queries.queue(unit)
    return exports.answer(request, _queue_sheet(exports.root(request)), written, found)


@dataclass(frozen=True)
class _Line:
    """The counts of one month, reason or kind."""

    part: str
    code: str
    label: str
    tally: Tally


def _lines(found: Figures) -> Iterator[_Line]:
    for (year, month), tally in found.months.items():
        yield _Line("month", f"{year}/{month:02d}", f"{calendar.month_name(month, language())} {year}", tally)
    for code, tally in found.reasons.items():
        yield _Line("reason", code, reason_words(REASONS, code) or code, tally)
    for code, tally in found.kinds.items():
        yield _Line("kind", code, str(Case.Kind(code).label), tally)


FIGURES = exports.Sheet(
    "moderation",
    _("What is hidden, in figures"),
    (
        exports.Choice("part", _("counted by"), PARTS),
        exports.Column("code", _("code")),
        exports.Column("label", _("name")),
        *(
            exports.Number(name, head, f"tally.{name}")
            for name, head in {
                "reports": _("reports"),
                "hidden": _("hidden"),
                "unasked": _("hidden without a report"),
                "left": _("left"),
                "restored": _("shown again"),
                "granted": _("appeals granted"),
                "dismissed": _("appeals dismissed"),
                "in_time": _("decided within the charter's time"),
            }.items()
        ),
        exports.Number("awaited", _("decisions that somebody waited for"), lambda each: len(each.tally.waits)),
        exports.Number("median_hours", _("half decided within, hours"), "tally.median_hours"),
    ),
)


@exports.exporting
def figures(request: HttpRequest, written: str) -> HttpResponse:
    """The figures of the page, whole: also months in which nothing happened."""
    kind = exports.one_of(
        ("", *Case.Kind.values), request.GET.get("kind", ""), _("what it was"), lambda each: str(Case.Kind(each).label)
    )
    return exports.answer(request, FIGURES, written, exports.AtHand(list(_lines(queries.figures(kind)))))
