"""Fields, and which unit deals with a field in a part of the city."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from hamgara.domain.demands import events
from hamgara.domain.demands.models import Demand, Field, Route
from hamgara.domain.ledger.queries import Kept
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.organisations.queries import Register


def _in_reading_order() -> Register[Field]:
    below: dict[int | None, list[Field]] = {}
    for field in Field.objects.order_by("rank", "name_sort", "pk"):
        below.setdefault(field.parent_id, []).append(field)

    def walk(parent: int | None) -> list[Field]:
        return [each for field in below.get(parent, []) for each in (field, *walk(field.pk))]

    return Register.of(walk(None))


_fields = Kept(_in_reading_order, events.FieldAdded.KIND, events.FieldChanged.KIND)


def fields() -> Register[Field]:
    """Every field, as `field_tree` has them."""
    return _fields.now()


def field_tree() -> tuple[Field, ...]:
    """Every field in reading order: by rank, each under the one that holds it."""
    return fields().rows


def fields_within(field: Field) -> QuerySet[Field]:
    """The field and all that belongs to it."""
    return Field.objects.filter(path__startswith=field.path)


def field_line(field: Field) -> list[Field]:
    """From the root down to the field."""
    known = fields().by_code
    return [known[code] for code in field.path.strip("/").split("/") if code in known]


def top_fields() -> QuerySet[Field]:
    """The fields people choose from first, each with how many open demands it has."""
    return Field.objects.filter(parent=None).annotate(
        open_demands=Count("demands", filter=Q(demands__state__in=Demand.OPEN))
    )


def routes() -> QuerySet[Route]:
    """Every route, by field."""
    return Route.objects.select_related("field", "place", "unit").order_by("field__path", "place__path")


def _by_field_and_place() -> dict[tuple[str, str], int]:
    return {
        (field, place): unit for field, place, unit in Route.objects.values_list("field__code", "place__code", "unit")
    }


_routes = Kept(_by_field_and_place, events.RouteSet.KIND)


def unit_for(field: Field, place: Place) -> Organisation:
    """Who deals with this field there. The more specific field wins, then the smaller place.

    A unit that was merged or closed is answered for by its successor; where nobody is named, the participation office
    deals with it.
    """
    known = _routes.now()
    for each in reversed(field.path.strip("/").split("/")):
        for where in reversed(place.path.strip("/").split("/")):
            if (number := known.get((each, where))) is not None:
                unit = organisations.standing_for(organisations.bodies().by_pk[number])
                return unit if unit.is_live else organisations.participation_office()
    return organisations.participation_office()
