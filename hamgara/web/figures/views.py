"""Scorecards of the whole city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hamgara.domain.indicators import queries
from hamgara.domain.indicators.models import Scope
from hamgara.domain.indicators.queries import Month, Score
from hamgara.web.figures import cards, charts
from hamgara.web.reading import language, number, to_reader
from hamgara.web.views import reading


def chosen_year(request: HttpRequest, years: list[int]) -> int | None:
    """The Jalali year that the address asks for; none for all of them, or for one of which nothing is known."""
    typed = request.GET.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and int(typed) in years else None


def year_tabs(
    years: list[int], year: int | None, keep: Mapping[str, str] | None = None
) -> list[tuple[str, str, bool, None]]:
    """The way to the card of each year."""
    ever: tuple[str, str, bool, None] = (_("All years"), "?" + urlencode(keep or {}), year is None, None)
    return [
        ever,
        *((to_reader(each), "?" + urlencode({**(keep or {}), "year": each}), each == year, None) for each in years),
    ]


def month_table(months: Iterable[Month]) -> tuple[list[str], list[list[str]]]:
    """The numbers behind the picture, the newest month first."""
    heads = [_("Month"), _("asked"), *(str(part.label) for part in cards.PARTS)]
    listed = [
        [charts.month_label(each), number(each.score.own), *(number(part.of(each.score)) for part in cards.PARTS)]
        for each in reversed(list(months))
    ]
    return heads, listed


def sentence(each: Month) -> str:
    """A month in words, for whoever points at it."""
    between = "؛ " if language() == "fa" else "; "
    told = [f"{part.label}: {number(part.of(each.score))}" for part in cards.PARTS if part.of(each.score)]
    return f"{charts.month_label(each)}: {number(each.score.own)}" + (f" ({between.join(told)})" if told else "")


def card(
    score: Score, months: list[Month], *, filters: Mapping[str, str] | None, promises: Mapping[str, str] | None
) -> dict[str, Any]:
    """What the template of a scorecard shows; `filters` and `promises` ask the lists for the same scope."""
    rows = cards.rows(score, filters)
    return {
        "score": score,
        "headline": cards.headline(score),
        "fixed": cards.rate(score.fixed),
        "rows": rows,
        "bar": charts.bar([(row.part, row.count) for row in rows]),
        "waits": cards.waits(score),
        "late_href": cards.way({"overdue": "on"}, filters),
        "all_href": cards.way({}, filters),
        "columns": charts.columns(months, [sentence(each) for each in months]),
        "months": month_table(months),
        "kept_rate": cards.rate(score.promises_kept),
        "to_keep": cards.days(score.to_keep),
        "promises": promises,
    }


@reading
def city(request: HttpRequest) -> HttpResponse:
    """How the whole city stands."""
    years = queries.years()
    year = chosen_year(request, years)
    score = queries.scores(Scope.CITY, queries.CITY, year)[""]
    months = queries.months(Scope.CITY, [""], year)
    given = None if year else {}
    here = {
        "it": card(score, months, filters=given, promises=given),
        "years": year_tabs(years, year) if len(years) > 1 else [],
        "few": cards.too_few(),
    }
    return render(request, "figures/city.html", here)
