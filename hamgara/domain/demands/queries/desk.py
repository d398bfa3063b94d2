"""The officers' desk: what a unit has before it, filtered, in the order of its deadlines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from hamgara import clock
from hamgara.algorithms import tracking
from hamgara.domain.demands.models import Demand, Field, Note
from hamgara.domain.demands.queries.finding import LISTED, NAMED, NO_DEADLINE_LAST, for_a_file, with_words_or_code
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Mandate, Organisation, Place

State = Demand.State
PER_DESK_PAGE = 50
WEEK = timedelta(days=7)
# What the tabs of the desk hold.
DESK_TABS: dict[str, tuple[str, ...]] = {
    "": (State.RECEIVED, State.ADMITTED),
    "received": (State.RECEIVED,),
    "admitted": (State.ADMITTED,),
    "promised": (State.ANSWERED,),
    "ended": (State.CLOSED, State.REFUSED, State.NOT_DOABLE, State.DECLINED, State.MERGED, State.WITHDRAWN),
    "filed": (State.FILED,),
}
DUE = ("overdue", "today", "week")
MINE, NOBODY = "mine", "nobody"
# What stands out among the rest.
ONLY = {
    "escalated": Q(escalated_to__isnull=False),
    "appeals": Q(state=State.RECEIVED, appealed=True),
    "reopened": Q(times_reopened__gt=0),
}
UNATTENDED = "unattended"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What an officer asks their desk for. Empty values ask for nothing."""

    mandate: Mandate
    whole: bool = False
    tab: str = ""
    due: str = ""
    place: Place | None = None
    field: Field | None = None
    handler: str = ""
    only: str = ""
    words: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """A tracking code asks for the one demand, whatever has become of it."""
        if tracking.read(self.words) is not None:
            return tuple(state for states in DESK_TABS.values() for state in states)
        return DESK_TABS[self.tab]

    @property
    def is_open(self) -> bool:
        """What is asked for still waits for something, or for the promised work."""
        return set(self.states) <= set(Demand.OPEN)


def nobodys() -> Q:
    """What nobody deals with. An ended mandate counts as none from the moment it ends; no job has to come by first."""
    officers = organisations.live_mandates().filter(organisation__kind=Organisation.Kind.MUNICIPAL_UNIT)
    return Q(handler=None) | ~Q(handler__in=list(officers.values_list("pk", flat=True)))


def _unattended() -> Q:
    """What lies with a unit that is gone, or for which nobody acts today, and waits for that unit."""
    units = set(Organisation.objects.filter(kind=Organisation.Kind.MUNICIPAL_UNIT).values_list("pk", flat=True))
    attended = set(colleagues(units).order_by().values_list("organisation", flat=True).distinct())
    # By the units that it is, and not by those that it is not: they are few, and have an index.
    return Q(unit__in=sorted(units - attended)) & ~ONLY["appeals"]


def unattended() -> QuerySet[Demand]:
    """Open demands that nobody sees on the desk of their own unit; those above it and the office still do."""
    return Demand.objects.filter(_unattended(), state__in=DESK_TABS[""])


def _before(wanted: Desk) -> QuerySet[Demand]:
    """All that the desk's unit and those below it have before them. Appeals wait for the office alone."""
    unit, found = wanted.mandate.organisation, Demand.objects.all()
    # Units, places and fields go by their keys: the planner then knows that they are few, and takes the index.
    if not wanted.whole:
        appeals = ONLY["appeals"] if State.RECEIVED in wanted.states else Q(pk__in=[])
        below = Q(unit__in=list(Organisation.objects.filter(path__startswith=unit.path).values_list("pk", flat=True)))
        found = found.filter(below | appeals) if unit.is_participation_office else found.filter(below).exclude(appeals)
    if wanted.place is not None and wanted.place.level != Place.Level.CITY:
        found = found.filter(place__in=list(organisations.places_within(wanted.place).values_list("pk", flat=True)))
    if wanted.field is not None:
        within = Field.objects.filter(path__startswith=wanted.field.path)
        found = found.filter(field__in=list(within.values_list("pk", flat=True)))
    if wanted.handler == MINE:
        found = found.filter(handler=wanted.mandate)
    elif wanted.handler == NOBODY:
        found = found.filter(nobodys())
    standing_out = _unattended() if wanted.only == UNATTENDED else ONLY.get(wanted.only, Q())
    return with_words_or_code(found.filter(standing_out), wanted.words)


def _due(due: str) -> Q:
    today = clock.today()
    return {
        "overdue": Q(deadline__lt=today),
        "today": Q(deadline=today),
        "week": Q(deadline__range=(today, today + WEEK)),
    }.get(due, Q())


def _in_order(wanted: Desk) -> QuerySet[Demand]:
    """What is asked for: what waits by its deadline, the nearest first; what has ended with the newest first."""
    found = _before(wanted).filter(_due(wanted.due), state__in=wanted.states)
    return found.order_by(NO_DEADLINE_LAST, "id") if wanted.is_open else found.order_by("-id")


def desk(wanted: Desk) -> QuerySet[Demand]:
    """The list of the desk, with what its rows show."""
    handler = ("until", "ended_at", "person__name", "person__erased_at", "organisation__state")
    found = _in_order(wanted).select_related("handler__person", "handler__organisation")
    return organisations.naming(found.only(*LISTED, *(f"handler__{name}" for name in handler)), **NAMED)


def on_desk(wanted: Desk, demand: Demand) -> bool:
    """The demand is among what is asked for."""
    return _before(wanted).filter(_due(wanted.due), state__in=wanted.states, pk=demand.pk).exists()


def next_on_desk(wanted: Desk, demand: Demand) -> str | None:
    """The code of the demand after this one, wherever this one stands; of the first, where none comes after it."""
    found = _in_order(wanted).exclude(pk=demand.pk).values_list("code", flat=True)
    after = Q(pk__lt=demand.pk)
    if wanted.is_open and demand.deadline is None:
        after = Q(deadline=None, pk__gt=demand.pk)
    elif wanted.is_open:
        later = Q(deadline__gt=demand.deadline) | Q(deadline=demand.deadline, pk__gt=demand.pk)
        after = later | Q(deadline=None)
    return found.filter(after).first() or found.first()


def desk_for_a_file(wanted: Desk) -> QuerySet[Demand]:
    """The same, with what the public may take away of each, and who deals with it."""
    stands = Q(handler__ended_at=None, handler__until__gte=clock.today())
    handler = Case(When(stands, then="handler__person__name"), default=Value(""))
    return for_a_file(desk(wanted).select_related(None)).annotate(handler_name=handler)


def desk_counts(wanted: Desk) -> dict[str, int]:
    """How much is open under each tab, and how much waits until when, of what the other filters leave."""
    waiting = Q(state__in=DESK_TABS[""])
    open_ones = _before(wanted).filter(state__in=Demand.OPEN).order_by()
    return open_ones.aggregate(
        waiting=Count("pk", filter=waiting & _due(wanted.due)),
        received=Count("pk", filter=Q(state=State.RECEIVED) & _due(wanted.due)),
        admitted=Count("pk", filter=Q(state=State.ADMITTED) & _due(wanted.due)),
        promised=Count("pk", filter=Q(state=State.ANSWERED) & _due(wanted.due)),
        **{due: Count("pk", filter=Q(state__in=DESK_TABS[wanted.tab]) & _due(due)) for due in DUE},
        every=Count("pk", filter=Q(state__in=DESK_TABS[wanted.tab])),
    )


def colleagues(units: Collection[int]) -> QuerySet[Mandate]:
    """Who deals with demands for these units today, by name."""
    roles = (Mandate.Role.HEAD, Mandate.Role.OFFICER)
    return organisations.live_mandates().filter(organisation__in=units, role__in=roles).order_by("person__name", "pk")


def by_codes(codes: Collection[str]) -> list[Demand]:
    """The demands with these codes, by deadline."""
    found = Demand.objects.filter(code__in=codes).select_related("unit", "field", "place", "on_behalf", "state_by")
    return list(found.select_related("handler__organisation").order_by(NO_DEADLINE_LAST, "id"))


def notes(demand: Demand) -> list[Note]:
    """What officers wrote to each other, oldest first. Ask `may_note` before showing it."""
    return list(demand.notes.select_related("writer", "unit"))
