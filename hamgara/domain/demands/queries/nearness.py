"""The open demands nearest to what somebody is about to write, for people to judge: never a decision of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.search import TrigramDistance
from django.db.models import QuerySet

from hamgara import charter
from hamgara.algorithms.distance import kilometres
from hamgara.algorithms.persian.likeness import likenesses
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.demands.queries.finding import listed
from hamgara.domain.organisations.models import Place

# How much a title's likeness counts for when it is about another place or field: measured in tests/demands.
OTHER_PLACE = 0.3
SAME_DISTRICT = 0.6
NEIGHBOURS_KM = 0.3
OTHER_FIELD = 0.7
SAME_BRANCH = 0.85
LEAST_LIKENESS = 0.1
LIKE_IN_LETTERS = 200  # looked at from the whole city
LIKE_BESIDE_HERE = 40  # the same, once a place is chosen
HERE = 1000  # looked at from the place that was chosen: the newest of what is open there


@dataclass(frozen=True)
class Near:
    """An open demand that may be the same, with how alike it is (0 to 1, place and field counted in)."""

    demand: Demand
    likeness: float


class _Open(NamedTuple):
    pk: int
    title_key: str
    field_path: str
    place_path: str
    latitude: float | None
    longitude: float | None


def nearest(
    title: str,
    *,
    place: Place | None = None,
    field: Field | None = None,
    point: tuple[float, float] | None = None,
    but: Demand | None = None,
    limit: int = 5,
) -> list[Near]:
    """The open demands most like `title`.

    Letters find a misspelt wording, words one in another order; neither tells «water» from «power» in one sentence.
    Place and field, which people chose, weigh more than any text (docs/decisions/duplicates.md).
    """
    title_key = key(title)
    if len(title_key) < 3:
        return []
    open_ones = Demand.objects.filter(state__in=Demand.OPEN)
    if but is not None:
        open_ones = open_ones.exclude(pk=but.pk)
    alike = open_ones.annotate(apart=TrigramDistance("title_key", title_key)).order_by("apart")
    apart: dict[int, float] = {}
    candidates: dict[int, _Open] = {}
    placed = place is not None and place.level != Place.Level.CITY
    for *row, distance in _rows(alike, "apart")[: LIKE_BESIDE_HERE if placed else LIKE_IN_LETTERS]:
        candidates[row[0]], apart[row[0]] = _Open(*row), 1 - distance
    if place is not None and placed:
        here = open_ones.filter(place__path__startswith=place.path).order_by("-submitted_at")
        candidates |= {row[0]: _Open(*row) for row in _rows(here)[:HERE]}
    like = likenesses(title_key, {pk: each.title_key for pk, each in candidates.items()}, by_letters=apart)
    weighed = {pk: like[pk] * _weight(each, place, field, point) for pk, each in candidates.items()}
    best = sorted((pk for pk in weighed if weighed[pk] >= LEAST_LIKENESS), key=lambda pk: (-weighed[pk], -pk))[:limit]
    rows = {demand.pk: demand for demand in listed(open_ones.filter(pk__in=best))} if best else {}
    return [Near(rows[pk], weighed[pk]) for pk in best if pk in rows]


def _rows(found: QuerySet[Demand], *more: str) -> QuerySet[Demand, Any]:
    """Of many demands no more than the comparison needs."""
    return found.values_list("pk", "title_key", "field__path", "place__path", "latitude", "longitude", *more)


def _weight(demand: _Open, place: Place | None, field: Field | None, point: tuple[float, float] | None) -> float:
    weight = 1.0
    if field is not None and demand.field_path != field.path:
        same_branch = demand.field_path.split("/")[1] == field.path.split("/")[1]
        weight *= SAME_BRANCH if same_branch else OTHER_FIELD
    there = demand.latitude, demand.longitude
    if point is not None and None not in there and kilometres(*point, *there) <= NEIGHBOURS_KM:  # type: ignore[arg-type]
        return weight
    if place is not None:
        weight *= _place_weight(demand.place_path, place.path)
    return weight


def _place_weight(one: str, other: str) -> float:
    """One place within the other is the same place; a shared district is near; anything else is elsewhere."""
    if one.startswith(other) or other.startswith(one):
        return 1.0
    city, _, ways = one.strip("/").partition("/")
    return SAME_DISTRICT if other.startswith(f"/{city}/{ways.partition('/')[0]}/") else OTHER_PLACE


def within_reach(point: tuple[float, float], city: Place | None) -> bool:
    """The point is no further from the city's own than the charter lets demands be."""
    latitude, longitude = point
    # Written so that «nan», which is neither inside nor outside, is refused as well.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return False
    if city is None or city.latitude is None or city.longitude is None:
        return True
    return kilometres(latitude, longitude, city.latitude, city.longitude) <= charter.number("demands.reach")
