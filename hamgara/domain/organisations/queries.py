"""Places, organisations, mandates: what stands now."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, Q, QuerySet

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.organisations.models import Capability, Gathering, Mandate, Organisation, Place
from hamgara.domain.people.models import Person

GONE = (Organisation.State.CLOSED, Organisation.State.MERGED, Organisation.State.REFUSED)


def city() -> Place | None:
    """The city itself, once it is founded."""
    return Place.objects.filter(level=Place.Level.CITY).first()


def founding_gathering() -> Gathering | None:
    """The record of the founding gathering."""
    return Gathering.objects.select_related("city").first()


def place_tree() -> list[Place]:
    """Every place in reading order: each under the one that holds it, by name."""
    places = list(Place.objects.order_by("name_sort"))
    below: dict[int | None, list[Place]] = {}
    for place in places:
        below.setdefault(place.within_id, []).append(place)

    def walk(parent: int | None) -> list[Place]:
        return [each for place in below.get(parent, []) for each in (place, *walk(place.pk))]

    return walk(None)


def places_within(place: Place) -> QuerySet[Place]:
    """The place and all that lies in it."""
    return Place.objects.filter(path__startswith=place.path)


def place_line(place: Place) -> list[Place]:
    """From the city down to the place."""
    codes = place.path.strip("/").split("/")
    found = {each.code: each for each in Place.objects.filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


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


def participation_offices() -> QuerySet[Organisation]:
    """The secretariat that accredits organisations and keeps the house: one, once it is founded."""
    return Organisation.objects.filter(is_participation_office=True)


def participation_office() -> Organisation:
    """The secretariat itself."""
    return participation_offices().get()


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


def holders(organisation: Organisation) -> QuerySet[Mandate]:
    """Who may act for this body today."""
    return live_mandates().filter(organisation=organisation).order_by("role", "since")


def has_head(organisation: Organisation) -> bool:
    """Somebody leads the body today."""
    return holders(organisation).filter(role=Mandate.Role.HEAD).exists()


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
