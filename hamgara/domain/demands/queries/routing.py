"""Fields, and which unit deals with a field in a part of the city."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from hamgara.domain.demands.models import Demand, Field, Route
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place


def field_tree() -> list[Field]:
    """Every field in reading order: by rank, each under the one that holds it."""
    below: dict[int | None, list[Field]] = {}
    for field in Field.objects.order_by("rank", "name_sort", "pk"):
        below.setdefault(field.parent_id, []).append(field)

    def walk(parent: int | None) -> list[Field]:
        return [each for field in below.get(parent, []) for each in (field, *walk(field.pk))]

    return walk(None)


def fields_within(field: Field) -> QuerySet[Field]:
    """The field and all that belongs to it."""
    return Field.objects.filter(path__startswith=field.path)


def field_line(field: Field) -> list[Field]:
    """From the root down to the field."""
    codes = field.path.strip("/").split("/")
    found = {each.code: each for each in Field.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def top_fields() -> QuerySet[Field]:
    """The fields people choose from first, each with how many open demands it has."""
    return Field.objects.filter(parent=None).annotate(
        open_demands=Count("demands", filter=Q(demands__state__in=Demand.OPEN))
    )


def routes() -> QuerySet[Route]:
    """Every route, by field."""
    return Route.objects.select_related("field", "place", "unit").order_by("field__path", "place__path")


def unit_for(field: Field, place: Place) -> Organisation:
    """Who deals with this field there. The more specific field wins, then the smaller place.

    A unit that was merged or closed is answered for by its successor; where nobody is named, the participation office
    deals with it.
    """
    fields = field.path.strip("/").split("/")
    places = place.path.strip("/").split("/")
    candidates = Route.objects.filter(field__code__in=fields, place__code__in=places).select_related(
        "field", "place", "unit"
    )
    best = max(
        candidates, key=lambda route: (fields.index(route.field.code), places.index(route.place.code)), default=None
    )
    if best is not None:
        unit = organisations.standing_for(best.unit)
        if unit.is_live:
            return unit
    return organisations.participation_office()
