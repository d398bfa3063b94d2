"""Finding demands: by code, in lists, and those nearest to what somebody is about to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramDistance
from django.core.paginator import Page, Paginator
from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, Value

from hamgara import clock
from hamgara.algorithms import tracking
from hamgara.algorithms.distance import kilometres
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.people.models import Person

PER_PAGE = 20
SORTS = ("new", "supported", "deadline", "near")
NO_DEADLINE_LAST = F("deadline").asc(nulls_last=True)

# Long words and what only a page of one demand shows stay in the database when lists are drawn.
_LISTED = (
    "code",
    "kind",
    "title",
    "latitude",
    "longitude",
    "state",
    "state_since",
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
    *(f"{one}__{name}" for one in ("field", "place", "unit", "on_behalf") for name in ("code", "name", "name_en")),
    "field__icon",
    "field__path",
    "field__referral",
    "place__path",
    "place__level",
    "unit__kind",
    "unit__state",
    "unit__path",
    "on_behalf__kind",
    "on_behalf__state",
)

# How much a title's likeness counts for when it is about another place or field: measured in tests/demands.
OTHER_PLACE = 0.3
SAME_DISTRICT = 0.6
NEIGHBOURS_KM = 0.3
OTHER_FIELD = 0.7
SAME_BRANCH = 0.85
LEAST_LIKENESS = 0.1
LOOKED_AT = 40
MOST_WORDS = 12


def listed(demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """`demands` with what a row of a list shows, in one query."""
    return demands.select_related("field", "place", "unit", "on_behalf").only(*_LISTED)


def published() -> QuerySet[Demand]:
    """What the public reads: not what was not admitted or was taken back."""
    return Demand.objects.exclude(state__in=Demand.UNPUBLISHED)


def by_code(typed: str) -> Demand | None:
    """The demand with this tracking code, typed in any digits, with or without its dash."""
    code = tracking.read(typed)
    if code is None:
        return None
    return (
        Demand.objects.select_related(
            *("field", "place", "unit", "on_behalf", "state_by", "author", "merged_into", "escalated_to"),
            "name_hiding__unit",
        )
        .filter(code=code)
        .first()
    )


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


def _with_words(found: QuerySet[Demand], words: str) -> QuerySet[Demand]:
    """Those with every word somewhere in title or text; if there are none, those whose title reads alike."""
    if (code := tracking.read(words)) is not None:
        return found.filter(code=code)
    words_key = key(words)
    if not words_key:
        return found
    literally = found.filter(*(Q(search_key__contains=word) for word in words_key.split()[:MOST_WORDS]))
    # Likeness costs ten times as much as the words themselves, so it is asked only where they find nothing.
    return literally if literally.exists() else found.filter(title_key__trigram_word_similar=words_key)


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
        found = found.filter(field__path__startswith=wanted.field.path)
    if wanted.place is not None:
        found = found.filter(place__path__startswith=wanted.place.path)
    if wanted.states:
        found = found.filter(state__in=list(wanted.states))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.unit is not None:
        found = found.filter(unit__path__startswith=wanted.unit.path)
    if wanted.on_behalf is not None:
        found = found.filter(on_behalf=wanted.on_behalf)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.overdue:
        found = found.filter(deadline__lt=clock.today())
    if wanted.words:
        found = _with_words(found, wanted.words)
    return listed(_in_order(found, wanted))


def _in_order(found: QuerySet[Demand], wanted: Wanted) -> QuerySet[Demand]:
    if wanted.sort == "supported":
        return found.order_by("-support_count", "-id")
    if wanted.sort == "deadline":
        return found.order_by(NO_DEADLINE_LAST, "id")
    if wanted.sort == "near" and wanted.near is not None:
        latitude, longitude = wanted.near
        # Within a city the earth is flat; a degree of longitude at Kashan's latitude is 0.83 of one of latitude.
        north = F("latitude") - Value(latitude)
        east = (F("longitude") - Value(longitude)) * Value(0.83)
        return (
            found.exclude(latitude=None)
            .annotate(away=ExpressionWrapper(north * north + east * east, output_field=FloatField()))
            .order_by("away", "-id")
        )
    return found.order_by("-submitted_at", "-id")


def page(found: QuerySet[Demand], number: int | str | None, per_page: int = PER_PAGE) -> Page[Demand]:
    """One page of a list; a number that is none, or too large, is the first or the last page."""
    return Paginator(found, per_page).get_page(number)


@dataclass(frozen=True)
class Near:
    """An open demand that may be the same, with how alike it is (0 to 1, place and field counted in)."""

    demand: Demand
    likeness: float


def nearest(
    title: str,
    *,
    place: Place | None = None,
    field: Field | None = None,
    point: tuple[float, float] | None = None,
    but: Demand | None = None,
    limit: int = 5,
) -> list[Near]:
    """The open demands most like `title`, for people to judge: never a decision of the machine.

    Trigrams find a spoken wording as well as a written one, but take «water» and «power» in one sentence for alike;
    place and field, which people chose, weigh more than any text (docs/decisions/duplicates.md).
    """
    title_key = key(title)
    if len(title_key) < 3:
        return []
    open_ones = Demand.objects.filter(state__in=Demand.OPEN)
    if but is not None:
        open_ones = open_ones.exclude(pk=but.pk)
    by_likeness = listed(open_ones.annotate(apart=TrigramDistance("title_key", title_key)).order_by("apart"))
    candidates = {demand.pk: demand for demand in by_likeness[:LOOKED_AT]}
    if place is not None and place.level != Place.Level.CITY:
        here = by_likeness.filter(place__path__startswith=place.path)
        candidates |= {demand.pk: demand for demand in here[: LOOKED_AT // 2]}
    found = [Near(each, (1 - each.apart) * _weight(each, place, field, point)) for each in candidates.values()]
    found = [each for each in found if each.likeness >= LEAST_LIKENESS]
    return sorted(found, key=lambda each: (-each.likeness, -each.demand.pk))[:limit]


def _weight(demand: Demand, place: Place | None, field: Field | None, point: tuple[float, float] | None) -> float:
    weight = 1.0
    if field is not None and demand.field_id != field.pk:
        same_branch = demand.field.path.split("/")[1] == field.path.split("/")[1]
        weight *= SAME_BRANCH if same_branch else OTHER_FIELD
    there = demand.latitude, demand.longitude
    if point is not None and None not in there and kilometres(*point, *there) <= NEIGHBOURS_KM:  # type: ignore[arg-type]
        return weight
    if place is not None:
        weight *= _place_weight(demand.place.path, place.path)
    return weight


def _place_weight(one: str, other: str) -> float:
    """One place within the other is the same place; a shared district is near; anything else is elsewhere."""
    if one.startswith(other) or other.startswith(one):
        return 1.0
    city, _, ways = one.strip("/").partition("/")
    return SAME_DISTRICT if other.startswith(f"/{city}/{ways.partition('/')[0]}/") else OTHER_PLACE
