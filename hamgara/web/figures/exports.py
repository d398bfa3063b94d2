"""Lists of scorecards as files: every number, each rate as its two numbers, each time with the cases behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.persian import calendar
from hamgara.domain.indicators import queries
from hamgara.domain.indicators.models import Scope
from hamgara.domain.indicators.queries import Month
from hamgara.web import exports
from hamgara.web.figures.cards import PARTS
from hamgara.web.figures.kinds import Listed
from hamgara.web.figures.listing import kind_called, listed


def _sum(*columns: str) -> Any:
    return lambda row: sum(row.score[each] for each in columns)


def _waits(name: str) -> tuple[Any, Any]:
    return (
        lambda row: getattr(row.score, name).median,
        lambda row: getattr(row.score, name).cases,
    )


def sheet(name: str, title: exports.Text) -> exports.Sheet:
    """What everybody may take away of scorecards. Claims and findings are never one column."""
    (answer, answers), (verified, verifieds), (keeping, keepings) = map(_waits, ("to_answer", "to_verified", "to_keep"))
    return exports.Sheet(
        name,
        title,
        (
            exports.Column("code", _("code")),
            exports.Column("name", _("name"), "label"),
            exports.Number("asked", _("asked"), "score.own"),
            exports.Number("admitted", _("admitted"), "score.admitted"),
            *(exports.Number(part.name, part.label, _sum(*part.columns)) for part in PARTS),
            exports.Number("merged", _("merged into another"), _sum("merged")),
            exports.Number(
                "filed",
                _("ended before this system, by the municipality's own word"),
                _sum("filed_done", "filed_other"),
            ),
            exports.Number("late", _("late now"), "score.late"),
            exports.Number("median_days_to_answer", _("days in which half got their first answer"), answer),
            exports.Number("answers", _("cases of this"), answers),
            exports.Number(
                "median_days_to_verified", _("days in which half were verified as done"), verified, means=exports.FOUND
            ),
            exports.Number("verified", _("cases of this"), verifieds),
            exports.Number("promises", _("promises"), "score.promises"),
            exports.Number(
                "promises_claimed",
                _("promises reported done, by the promiser's word"),
                _sum("promises_claimed"),
                means=exports.CLAIM,
            ),
            exports.Number("promises_kept", _("promises kept, reviewers found"), _sum("promises_kept")),
            exports.Number("promises_partly", _("promises partly kept, reviewers found"), _sum("promises_partly")),
            exports.Number("promises_broken", _("promises not kept, reviewers found"), _sum("promises_broken")),
            exports.Number("promises_late", _("promises past their date"), "score.promises_late"),
            exports.Number("median_days_to_keep", _("days in which half of the promises were kept"), keeping),
            exports.Number("keepings", _("cases of this"), keepings),
        ),
    )


def _begins(month: Month) -> date:
    return calendar.from_parts(month.year, month.month, 1)


MONTHS = exports.Sheet(
    "months",
    _("Month by month"),
    (
        exports.Number("year", _("Jalali year"), "year"),
        exports.Number("month", _("Jalali month"), "month"),
        exports.Day("begins", _("begins on"), _begins),
        exports.Number("asked", _("asked"), "score.own"),
        *(exports.Number(part.name, part.label, _sum(*part.columns)) for part in PARTS),
    ),
)


@exports.exporting
def months(request: HttpRequest, written: str, name: str = "", code: str = "") -> HttpResponse:
    """What was asked in each month and what became of it: of the city, or of one unit, place, field or organisation."""
    year = _year(request)
    scope, codes = Scope.CITY, [""]
    if name:
        kind = kind_called(name)
        if not any(each.code == code for each in kind.things([code])):
            raise Http404
        scope, codes = kind.scope, list(queries.below(kind.tree(), code))
    # Every month since the first in which anything was asked, not only those of the picture.
    now = calendar.parts(clock.today())
    last = 12 if year else 12 * (now.year - min(queries.years(), default=now.year)) + now.month
    found = queries.months(scope, codes, year, last)
    return exports.answer(request, MONTHS, written, exports.AtHand(found))


def _year(request: HttpRequest) -> int | None:
    typed = request.GET.get("year", "")
    known = {str(year): year for year in queries.years()}
    return known[exports.one_of(known, typed, __("Year"))] if typed else None


@exports.exporting
def export(request: HttpRequest, name: str, written: str) -> HttpResponse:
    """The scorecards of a kind as a file, of all years or of the one that the address names."""
    kind = kind_called(name)
    rows: list[Listed] = listed(kind, _year(request))
    return exports.answer(request, sheet(f"scorecards-{name}", kind.title), written, exports.AtHand(rows))
