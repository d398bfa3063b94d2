"""Finding demands: by code and in lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Case, ExpressionWrapper, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from hamgara import clock
from hamgara.algorithms import tracking
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.demands.queries.routing import fields
from hamgara.domain.demands.queries.words import with_words
from hamgara.domain.ledger.queries import Counted
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.people.models import Person

SORTS = ("new", "supported", "deadline", "near")
NO_DEADLINE_LAST = F("deadline").asc(nulls_last=True)

# Long words and what only a page of one demand shows stay in the database when lists are drawn.
_LISTED_PLAINLY = (
    "code",
    "kind",
    "title",
    "latitude",
    "longitude",
    "state",
    "state_since",
    "question_since",
    "reason_code",
    "outcome",
    "deadline",
    "clock_kind",
    "appealed",
    "submitted_at",
    "ended_at",
    "support_count",
    "follow_count",
    "comment_count",
    "attachment_count",
    "author_id",
    "escalated_to_id",
)

# What these keys lead to is kept; a list does not join four tables for a few names.
NAMED = {
    "field": fields,
    "place": organisations.places,
    "unit": organisations.bodies,
    "on_behalf": organisations.bodies,
}
LISTED = (*_LISTED_PLAINLY, *NAMED)


def listed(demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """`demands` with what a row of a list shows, in one query."""
    return organisations.naming(demands.only(*LISTED), **NAMED)


def for_a_file(demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """`demands` with what the public may take away of each. A name that is not shown does not leave the database."""
    named = (
        f"{one}__{name}" for one in ("field", "place", "unit", "on_behalf") for name in ("code", "name", "name_en")
    )
    return (
        demands.select_related("field", "place", "unit", "on_behalf")
        .only(*_LISTED_PLAINLY, *named, "text", "claim", "answered_at", "times_reopened", "escalated_on")
        .annotate(
            author_shown=Case(When(show_name=True, name_hiding=None, then="author__name"), default=Value("")),
            merged_into_code=F("merged_into__code"),
        )
    )


def published() -> QuerySet[Demand]:
    """What the public reads: not what was not admitted or was taken back."""
    return Demand.objects.exclude(state__in=Demand.UNPUBLISHED)


def by_code(typed: str) -> Demand | None:
    """The demand with this tracking code, typed in any digits, with or without its dash."""
    code = tracking.read(typed)
    if code is None:
        return None
    bodies = organisations.bodies
    found = organisations.naming(Demand.objects.filter(code=code), **NAMED, state_by=bodies, escalated_to=bodies)
    return next(iter(found), None)


def carried_as(titles: Sequence[str]) -> dict[str, Demand]:
    """For each of these titles the first demand that an organisation carries under it, if there is one."""
    keys = {key(title): title for title in titles}
    if not keys:
        return {}
    under = reduce(or_, (Q(search_key__startswith=each) for each in keys))
    found = listed(published().filter(under, on_behalf__isnull=False).order_by("submitted_at", "pk"))
    carried: dict[str, Demand] = {}
    for demand in found:
        if (title := keys.get(key(demand.title))) is not None:
            carried.setdefault(title, demand)
    return carried


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is asked for. Empty values ask for nothing."""

    words: str = ""
    field: Field | None = None
    place: Place | None = None
    states: Sequence[str] = ()
    kind: str = ""
    unit: Organisation | None = None
    on_behalf: Organisation | None = None
    outcome: str = ""
    overdue: bool = False
    author: Person | None = None
    follower: Person | None = None
    supporter: Person | None = None
    sort: str = "new"
    near: tuple[float, float] | None = None


def with_words_or_code(found: QuerySet[Demand], words: str) -> QuerySet[Demand]:
    """Those with every word in title or text, or the one whose tracking code it is."""
    code = tracking.read(words)
    return with_words(found, words) if code is None else found.filter(code=code)


def listing(wanted: Wanted) -> QuerySet[Demand]:
    """The demands asked for, in the order asked for. Somebody's own list holds what is not published as well."""
    found = Demand.objects.all() if wanted.author is not None else published()
    if wanted.author is not None:
        found = found.filter(author=wanted.author)
    if wanted.follower is not None:
        found = found.filter(follows__person=wanted.follower)
    if wanted.supporter is not None:
        found = found.filter(supports__person=wanted.supporter)
    if wanted.field is not None:
        found = found.filter(field__in=fields().keys_below(wanted.field.path))
    if wanted.place is not None:
        found = found.filter(place__in=organisations.places().keys_below(wanted.place.path))
    if wanted.states:
        found = found.filter(state__in=list(wanted.states))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.unit is not None:
        found = found.filter(unit__in=organisations.bodies().keys_below(wanted.unit.path))
    if wanted.on_behalf is not None:
        found = found.filter(on_behalf=wanted.on_behalf)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.overdue:
        found = found.filter(deadline__lt=clock.today())
    if wanted.words:
        found = with_words_or_code(found, wanted.words)
    return listed(_in_order(found, wanted))


# What readers ask alike is counted once for all of them, until something happens to a demand.
_counts: Counted[int] = Counted("demands.", "organisations.")
ANYWHERE = (0.0, 0.0)


def counted(wanted: Wanted) -> int | None:
    """How many demands are asked for; None for what hardly two readers ask alike."""
    if wanted.words or wanted.author or wanted.follower or wanted.supporter or wanted.overdue:
        return None
    # Where readers stand changes the order, not what there is to put in order.
    alike = replace(wanted, sort="new") if wanted.near is None else replace(wanted, near=ANYWHERE)
    return _counts.once(alike, lambda: listing(alike).count())


def _in_order(found: QuerySet[Demand], wanted: Wanted) -> QuerySet[Demand]:
    if wanted.sort == "supported":
        return found.order_by("-support_count", "-id")
    if wanted.sort == "deadline":
        return found.order_by(NO_DEADLINE_LAST, "id")
    if wanted.sort == "near" and wanted.near is not None:
        return _nearest_first(found, *wanted.near)
    return found.order_by("-submitted_at", "-id")


def _nearest_first(found: QuerySet[Demand], latitude: float, longitude: float) -> QuerySet[Demand]:
    """By the demand's own point; one that has none is as near as its neighbourhood. What concerns the whole city is
    near to nobody, and left out."""
    nowhere = Q(place__level=Place.Level.CITY) | Q(place__latitude=None)
    # Within a city the earth is flat; a degree of longitude at Kashan's latitude is 0.83 of one of latitude.
    north = Coalesce("latitude", "place__latitude") - Value(latitude)
    east = (Coalesce("longitude", "place__longitude") - Value(longitude)) * Value(0.83)
    return (
        found.exclude(nowhere, latitude=None)
        .annotate(away=ExpressionWrapper(north * north + east * east, output_field=FloatField()))
        .order_by("away", "-id")
    )


def _middle(place: Place) -> tuple[float, float] | None:
    if place.level == Place.Level.CITY or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def point_of(demand: Demand) -> tuple[float, float] | None:
    """Where a demand stands on a map: its own point, else the middle of its neighbourhood."""
    if demand.latitude is not None and demand.longitude is not None:
        return demand.latitude, demand.longitude
    return _middle(demand.place)
