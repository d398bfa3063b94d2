"""The lists of scorecards: tables of units, places, fields and organisations, in an order where there is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.indicators import queries
from hamgara.domain.organisations.models import Place
from hamgara.web.figures import cards, maps
from hamgara.web.figures.kinds import KINDS, Kind, Listed, Thing
from hamgara.web.figures.views import card, chosen_year, year_tabs
from hamgara.web.reading import number
from hamgara.web.views import reading


@dataclass(frozen=True)
class Figure:
    """What an order goes by, smallest first, and the number of cases behind it."""

    value: float
    cases: int


def _done(score: queries.Score) -> Figure:
    return Figure(-(score.fixed.share or 0), score.own)


def _answered(score: queries.Score) -> Figure:
    # The charter may find the cases too few for a median that it would find enough for a place.
    median = score.to_answer.median
    return Figure(median or 0, 0 if median is None else score.to_answer.cases)


def _late(score: queries.Score) -> Figure:
    return Figure(-score.late, score.own)


# The ways to order a list. None puts anybody in a place whom the charter finds too small for one.
ORDERS: dict[str, Callable[[queries.Score], Figure]] = {"done": _done, "answer": _answered, "late": _late}


def kind_called(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def listed(kind: Kind, year: int | None) -> list[Listed]:
    """All of a kind in the order of their tree; organisations only where anything stands in their card."""
    scores = kind.scores(kind.tree(), year)
    return [Listed(thing, scores[thing.code]) for thing in kind.things(scores) if thing.code in scores]


def in_order(rows: Iterable[Listed], order: str) -> tuple[list[Listed], list[Listed]]:
    """Those that may be ranked, in this order; and apart from them the others, as they came.

    Enough must have been asked, and enough stand behind the very figure: who answered two of a hundred demands has no
    place among the quick.
    """
    least, figure = charter.number("scorecards.ranked_from"), ORDERS[order]
    ranked: list[Listed] = []
    others: list[Listed] = []
    for row in rows:
        enough = row.score.may_be_ranked and figure(row.score).cases >= least
        (ranked if enough else others).append(row)
    return sorted(ranked, key=lambda row: figure(row.score).value), others


def heads() -> list[str]:
    """What stands over the table."""
    return [
        _("Name"),
        _("asked"),
        _("verified as done"),
        _("share"),
        _("half answered within"),
        _("late"),
        _("promises kept"),
    ]


def cells(kind: Kind, row: Listed, year: int | None, *, deep: bool = True) -> list[Any]:
    """A row of the table."""
    score, query = row.score, f"?year={year}" if year else ""
    link = format_html(
        '<a class="{}" href="{}{}">{}</a>',
        f"deep-{min(3, row.thing.depth)}" if deep else "",
        reverse("figures:card", args=[kind.name, row.code]),
        query,
        row.label,
    )
    return [
        link,
        number(score.own),
        cards.of_whole(score.fixed),
        cards.rate(score.fixed),
        cards.days(score.to_answer),
        number(score.late),
        cards.of_whole(score.promises_kept),
    ]


def order_tabs(order: str, year: int | None) -> list[tuple[str, str, bool, None]]:
    """The ways to order, as links."""
    names = {
        "": _("By name"),
        "done": _("Most done first"),
        "answer": _("Quickest answer first"),
        "late": _("Most late first"),
    }
    return [
        (
            label,
            "?" + urlencode({**({"order": name} if name else {}), **({"year": year} if year else {})}),
            name == order,
            None,
        )
        for name, label in names.items()
    ]


@reading
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """The scorecards of all units, places, fields or organisations."""
    kind = kind_called(name)
    years = queries.years()
    year = chosen_year(request, years)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ""
    rows = listed(kind, year)
    ranked, others = in_order(rows, order) if order else (rows, [])
    districts = [row for row in rows if row.thing.place is not None and row.thing.place.level == Place.Level.DISTRICT]
    here = {
        "kind": kind,
        "heads": heads(),
        "rows": [cells(kind, row, year, deep=not order) for row in ranked],
        "others": [cells(kind, row, year, deep=False) for row in others],
        "ranked_from": number(charter.number("scorecards.ranked_from")),
        "orders": order_tabs(order, year),
        "years": year_tabs(years, year, {"order": order} if order else {}) if len(years) > 1 else [],
        "map": maps.drawn(districts) if districts else None,
        "few": cards.too_few(),
        "year": year,
    }
    return render(request, "figures/list.html", here)


@reading
def one(request: HttpRequest, name: str, code: str) -> HttpResponse:
    """The scorecard of one unit, place, field or organisation, and those of its parts."""
    kind = kind_called(name)
    things = kind.things([code])
    thing = next((each for each in things if each.code == code), None)
    if thing is None:
        raise Http404
    years = queries.years()
    year = chosen_year(request, years)
    tree = kind.tree()
    parts = [each for each in things if each.is_part_of(thing)] if kind.name != "organisations" else []
    wanted = {thing.code, *(each.code for each in parts)}
    scores = kind.scores({each: wanted.intersection(tops) for each, tops in tree.items() if wanted & set(tops)}, year)
    months = queries.months(kind.scope, queries.below(tree, code), year)
    score = scores.get(code, queries.Score())
    filters, promises = (None, None) if year else (kind.filters(thing), kind.promises(thing))
    here = {
        "kind": kind,
        "thing": thing,
        "it": card(score, months, filters=filters, promises=promises),
        "heads": heads(),
        "parts": [
            cells(kind, Listed(each, scores.get(each.code, queries.Score())), year, deep=False) for each in parts
        ],
        "years": year_tabs(years, year) if len(years) > 1 else [],
        "few": cards.too_few(),
        "over": _above(kind, things, thing),
    }
    return render(request, "figures/one.html", here)


def _above(kind: Kind, things: list[Thing], thing: Thing) -> list[tuple[str, str | None]]:
    """The way from the whole city down to this card."""
    line = [each for each in things if thing.path.startswith(each.path)] if kind.name != "organisations" else [thing]
    return [
        (_("Scorecard of the city"), reverse("figures:city")),
        (str(kind.title), reverse("figures:list", args=[kind.name])),
        *((each.label, reverse("figures:card", args=[kind.name, each.code])) for each in line),
    ]
