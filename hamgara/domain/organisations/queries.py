"""Places, organisations, mandates: what stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import Any, Generic, TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.query import ModelIterable

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.ledger.queries import Kept, asked_once, one_moment
from hamgara.domain.organisations import events
from hamgara.domain.organisations.models import Capability, Gathering, Mandate, Organisation, Place
from hamgara.domain.people.models import Person

GONE = (Organisation.State.CLOSED, Organisation.State.MERGED, Organisation.State.REFUSED)


M = TypeVar("M", Place, Organisation, Any)


# Compared by identity: one that was read anew is another one, whatever it holds.
@dataclass(frozen=True, eq=False)
class Register(Generic[M]):
    """Rows of which a city has hundreds, and which every page names: kept in the process, shared, changed by nobody."""

    rows: tuple[M, ...]
    by_pk: Mapping[int, M]
    by_code: Mapping[str, M]

    @classmethod
    def of(cls, rows: Iterable[M]) -> Register[M]:
        every = tuple(rows)
        return cls(every, {each.pk: each for each in every}, {each.code: each for each in every})

    def keys_below(self, path: str) -> list[int]:
        """The rows of a tree at and below `path`, named one by one.

        How much is of each, the database knows, but not how much is below the beginning of a path.
        """
        return [each.pk for each in self.rows if each.path.startswith(path)]


def _in_reading_order() -> Register[Place]:
    below: dict[int | None, list[Place]] = {}
    for place in Place.objects.order_by("name_sort"):
        below.setdefault(place.within_id, []).append(place)

    def walk(parent: int | None) -> list[Place]:
        return [each for place in below.get(parent, []) for each in (place, *walk(place.pk))]

    return Register.of(walk(None))


def _by_tree() -> Register[Organisation]:
    return Register.of(Organisation.objects.defer("about", "about_en", "state_reason").order_by("path"))


_places = Kept(_in_reading_order, events.CityFounded.KIND, events.PlaceAdded.KIND, events.PlaceChanged.KIND)
_bodies = Kept(_by_tree, "organisations.")
_mandated = Kept(
    lambda: frozenset(Mandate.objects.filter(ended_at=None).values_list("person_id", flat=True)), "organisations."
)


def places() -> Register[Place]:
    """Every place, as `place_tree` has them."""
    return _places.now()


def bodies() -> Register[Organisation]:
    """Every body that ever was in the register, units too, in the order of their trees."""
    return _bodies.now()


R = TypeVar("R", bound=Model)


def named(rows: Iterable[R], **registers: Register[Any]) -> Iterator[R]:
    """The rows, their foreign keys led to what the registers hold: no join, and no query for each.

    A key may be of a row that was read with it: `demand__place`.
    """
    ways = [
        (path.rpartition("__")[0].split("__") if "__" in path else [], path.rpartition("__")[2], register.by_pk)
        for path, register in registers.items()
    ]
    for row in rows:
        for way, name, known in ways:
            there = reduce(getattr, way, row)
            if (held := known.get(getattr(there, f"{name}_id"))) is not None:
                there._state.fields_cache[name] = held
        yield row


def naming(rows: QuerySet[R], **registers: Callable[[], Register[Any]]) -> QuerySet[R]:
    """A query whose rows come `named`; it has to read the keys."""
    # How a query makes rows of what it read is nobody's public interface, but the one point that every way to read
    # it (a loop, a slice, a page) comes by.
    rows._iterable_class = _naming(tuple(registers.items()))  # type: ignore[attr-defined]
    return rows


@cache
def _naming(registers: tuple[tuple[str, Callable[[], Register[Any]]], ...]) -> type[ModelIterable]:  # type: ignore[type-arg]
    class Named(ModelIterable):  # type: ignore[type-arg]
        def __iter__(self) -> Iterator[Any]:
            with one_moment():
                known = {name: register() for name, register in registers}
            return named(super().__iter__(), **known)

    return Named


def city() -> Place | None:
    """The city itself, once it is founded."""
    return next((each for each in places().rows if each.level == Place.Level.CITY), None)


def founding_gathering() -> Gathering | None:
    """The record of the founding gathering."""
    return Gathering.objects.select_related("city").first()


def place_tree() -> tuple[Place, ...]:
    """Every place in reading order: each under the one that holds it, by name."""
    return places().rows


def places_within(place: Place) -> QuerySet[Place]:
    """The place and all that lies in it."""
    return Place.objects.filter(path__startswith=place.path)


def place_line(place: Place) -> list[Place]:
    """From the city down to the place."""
    known = places().by_code
    return [known[code] for code in place.path.strip("/").split("/") if code in known]


def directory(
    *, kind: str = "", place: Place | None = None, capability: str = "", words: str = "", units: bool = False
) -> QuerySet[Organisation]:
    """The public register, by name."""
    found = Organisation.objects.exclude(state__in=(*GONE, Organisation.State.APPLIED)).select_related("seat")
    if not units:
        found = found.exclude(kind=Organisation.Kind.MUNICIPAL_UNIT)
    if kind:
        found = found.filter(kind=kind)
    if place is not None:
        found = found.filter(seat__path__startswith=place.path)
    if capability:
        found = found.filter(offers__capability__code=capability)
    if words and (words_key := key(words)):
        found = found.annotate(nearness=TrigramWordSimilarity(words_key, "name_key")).filter(
            Q(name_key__contains=words_key) | Q(nearness__gte=0.5)
        )
    return found.order_by("name_sort", "pk")


def units() -> QuerySet[Organisation]:
    """The live units of the municipality, in the order of their tree."""
    return Organisation.objects.filter(kind=Organisation.Kind.MUNICIPAL_UNIT).exclude(state__in=GONE).order_by("path")


def unit_tree() -> Register[Organisation]:
    """The same, kept."""
    return _live_units(bodies())


@lru_cache(maxsize=1)
def _live_units(bodies: Register[Organisation]) -> Register[Organisation]:
    return Register.of(each for each in bodies.rows if each.is_unit and each.is_live)


def participation_offices() -> QuerySet[Organisation]:
    """The secretariat that accredits organisations and keeps the house: one, once it is founded."""
    return Organisation.objects.filter(is_participation_office=True)


def participation_office() -> Organisation:
    """The secretariat itself."""
    for each in bodies().rows:
        if each.is_participation_office:
            return each
    raise Organisation.DoesNotExist("the participation office is not founded yet")


def standing_for(organisation: Organisation) -> Organisation:
    """The body that took this one's place, however often it has changed; itself while it lives."""
    seen = {organisation.pk}
    while not organisation.is_live and organisation.successor_id is not None and organisation.successor_id not in seen:
        seen.add(organisation.successor_id)
        organisation = Organisation.objects.get(pk=organisation.successor_id)
    return organisation


def live_mandates() -> QuerySet[Mandate]:
    """Every mandate that stands today."""
    return (
        Mandate.objects.filter(ended_at=None, until__gte=clock.today())
        .exclude(organisation__state__in=GONE)
        .select_related("person", "organisation")
    )


def mandates_of(person: Person) -> QuerySet[Mandate]:
    """In whose names this person may act today."""
    return live_mandates().filter(person=person).order_by("organisation__name_sort", "role")


def held_by(person: Person) -> list[Mandate]:
    """The same for whom every page asks it: whoever is signed in."""
    return asked_once((held_by, person.pk), lambda: _held_by(person))


def _held_by(person: Person) -> list[Mandate]:
    if person.pk not in _mandated.now():  # as hardly anybody is
        return []
    standing = Mandate.objects.filter(person=person, ended_at=None, until__gte=clock.today())
    found = [each for each in named(standing, organisation=bodies()) if each.organisation.state not in GONE]
    for each in found:
        each.person = person
    return sorted(found, key=lambda each: (each.organisation.name_sort, each.role))


def holders(organisation: Organisation) -> QuerySet[Mandate]:
    """Who may act for this body today."""
    return live_mandates().filter(organisation=organisation).order_by("role", "since")


def has_head(organisation: Organisation) -> bool:
    """Somebody leads the body today."""
    return holders(organisation).filter(role=Mandate.Role.HEAD).exists()


def headless() -> QuerySet[Organisation]:
    """Living bodies, units too, that nobody leads today: nobody but the participation office can give them a head."""
    # Not by `live_mandates`, whose own look at the body would be made for each.
    heads = Mandate.objects.filter(
        organisation=OuterRef("pk"), role=Mandate.Role.HEAD, ended_at=None, until__gte=clock.today()
    )
    return Organisation.objects.exclude(state__in=GONE).filter(~Exists(heads)).order_by("name_sort", "pk")


def accredited() -> QuerySet[Organisation]:
    """Bodies that are not the municipality's and whose accreditation stands today."""
    return (
        Organisation.objects.filter(state=Organisation.State.ACCREDITED)
        .exclude(kind=Organisation.Kind.MUNICIPAL_UNIT)
        .filter(Q(accredited_until=None) | Q(accredited_until__gte=clock.today()))
    )


def waiting_for_accreditation() -> QuerySet[Organisation]:
    """Applications, oldest first."""
    return Organisation.objects.filter(state=Organisation.State.APPLIED).order_by("since")


def capabilities() -> QuerySet[Capability]:
    """The city's list of capabilities, each with how many organisations offer it."""
    return Capability.objects.annotate(organisations=Count("offers")).order_by("name_sort")
