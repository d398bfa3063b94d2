"""The city's places."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from hamgara.domain.ledger import queries as ledger
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place
from hamgara.web.places import line
from hamgara.web.telling import told
from hamgara.web.views import reading

MOST = 50
HISTORY = 20


def branches(places: list[Place]) -> list[dict[str, Any]]:
    """Places in the order of the tree, each with those in it."""
    nodes: dict[int, dict[str, Any]] = {place.pk: {"place": place, "below": []} for place in places}
    for place in places:
        if place.within_id in nodes:
            nodes[place.within_id]["below"].append(nodes[place.pk])
    return [nodes[place.pk] for place in places if place.within_id not in nodes]


def points(places: list[Place]) -> list[dict[str, Any]]:
    """What the map shows; the page says the same in words."""
    return [
        {
            "lat": place.latitude,
            "lng": place.longitude,
            "title": place.label,
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
    """One place: what lies in it, and who works there."""
    place = get_object_or_404(Place.objects.select_related("within"), code=code)
    parts = list(place.parts.annotate(inside=Count("parts")).order_by("name_sort"))
    seated = queries.directory(place=place)
    here = {
        "place": place,
        "line": line.links(place),
        "parts": parts,
        "points": points([place, *parts]),
        "organisations": seated[:MOST],
        "organisation_count": seated.count(),
        # The city is the seat of many units, which have a page of their own: here stands the municipality alone.
        "units": queries.units().filter(seat=place) if place.within_id else queries.units().filter(parent=None),
        "history": _history(place),
    }
    return render(request, "places/detail.html", here)


def _history(place: Place) -> list[dict[str, Any]]:
    """The latest of what happened here, each with the way to what it is about, unless that is this very page."""
    here = reverse("places:detail", args=[place.code])
    entries = ledger.about(place.subject).order_by("-id")[:HISTORY]
    return [item | {"href": item["href"] if item["href"] != here else None} for item in told(entries, linked=True)]
