"""The city's places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries as demands
from hamgara.domain.indicators import queries as indicators
from hamgara.domain.indicators.models import Scope
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place
from hamgara.web.figures import cards, charts
from hamgara.web.places import line
from hamgara.web.telling import told
from hamgara.web.views import reading

MOST = 50
HISTORY = 20
LATEST = 5


def branches(places: list[Place]) -> list[dict[str, Any]]:
    """Places in the order of the tree, each with those in it."""
    nodes: dict[int, dict[str, Any]] = {place.pk: {"place": place, "below": []} for place in places}
    for place in places:
        if place.within_id in nodes:
            nodes[place.within_id]["below"].append(nodes[place.pk])
    return [nodes[place.pk] for place in places if place.within_id not in nodes]


def points(places: Iterable[Place]) -> list[dict[str, Any]]:
    """What the map shows; the page says the same in words."""
    return [
        {
            "lat": place.latitude,
            "lng": place.longitude,
            "title": place.label,
            "code": place.code,
            "href": reverse("places:detail", args=[place.code]),
        }
        for place in places
        if place.latitude is not None
    ]


@reading
def tree(request: HttpRequest) -> HttpResponse:
    """Every place, each under the one that holds it."""
    places = queries.place_tree()
    return render(request, "places/list.html", {"tree": branches(places), "points": points(places)})


@reading
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what its people asked for and what came of it, what lies in it, and who works there."""
    known = queries.places()
    place = known.by_code.get(code)
    if place is None:
        raise Http404
    parts = [each for each in known.rows if each.within_id == place.pk]
    seated = queries.directory(place=place)
    organisations = list(seated[:MOST])
    here = {
        "place": place,
        "within": known.by_pk.get(place.within_id or 0),
        "line": line.links(place),
        "parts": [(each, sum(1 for other in known.rows if other.within_id == each.pk)) for each in parts],
        "points": points([place, *parts]),
        "organisations": organisations,
        "organisation_count": seated.count() if len(organisations) == MOST else len(organisations),
        # The city is the seat of many units, which have a page of their own: here stands the municipality alone.
        "units": [
            each
            for each in queries.unit_tree().rows
            if (each.seat_id == place.pk if place.within_id else each.parent_id is None)
        ],
        "history": _history(place),
        "demands": list(demands.listing(demands.Wanted(place=place))[:LATEST]),
        "commitments": list(commitments.listing(commitments.Wanted(place=place))[:LATEST]),
        **_figures(place),
    }
    return render(request, "places/detail.html", here)


def _figures(place: Place) -> dict[str, Any]:
    """What became of what was asked here, as the place's scorecard counts it."""
    inside = {each.code: (place.code,) for each in queries.place_tree() if each.path.startswith(place.path)}
    score = indicators.scores(Scope.PLACE, inside)[place.code]
    rows = cards.rows(score, {"place": place.code})
    return {
        "score": score,
        "headline": cards.headline(score),
        "rows": rows,
        "bar": charts.bar([(row.part, row.count) for row in rows]),
    }


def _history(place: Place) -> list[dict[str, Any]]:
    """The latest of what happened here, each with the way to what it is about, unless that is this very page."""
    here = reverse("places:detail", args=[place.code])
    entries = ledger.about(place.subject).order_by("-id")[:HISTORY]
    return [item | {"href": item["href"] if item["href"] != here else None} for item in told(entries, linked=True)]
