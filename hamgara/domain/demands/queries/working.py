"""Who has something to do: officers by deadline, people about their own demands, the calendar about all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from hamgara import charter, clock
from hamgara.domain.demands.models import Comment, Demand
from hamgara.domain.demands.queries.finding import NO_DEADLINE_LAST, listed
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.domain.people.models import Person

State = Demand.State
DAY = timedelta(days=1)
TO_DO = (State.RECEIVED, State.ADMITTED)


def inbox(unit: Organisation) -> QuerySet[Demand]:
    """What waits for this unit and those below it, the nearest deadline first. Appeals wait for the office alone."""
    found = Demand.objects.filter(state__in=TO_DO)
    appeals = Q(state=State.RECEIVED, appealed=True)
    below = Q(unit__in=organisations.bodies().keys_below(unit.path))
    found = found.filter(below | appeals) if unit.is_participation_office else found.filter(below).exclude(appeals)
    return listed(found.order_by(NO_DEADLINE_LAST, "id"))


def of_author(person: Person) -> QuerySet[Demand]:
    """Somebody's own demands, in every state, newest first."""
    return listed(Demand.objects.filter(author=person).order_by("-submitted_at", "-id"))


def followed_by(person: Person) -> QuerySet[Demand]:
    """What somebody follows, the latest change first."""
    found = Demand.objects.filter(follows__person=person).exclude(state__in=Demand.UNPUBLISHED)
    return listed(found.order_by("-state_since", "-id"))


def to_do(person: Person) -> QuerySet[Demand]:
    """Where the author may still act: answer a question, appeal against not being admitted, reopen what has ended."""
    declined_since = clock.today() - charter.period("demands.appeal_within")
    ended_since = clock.today() - charter.period("demands.reopen_within")
    appealable = Q(state=State.DECLINED, appealed=False, state_since__date__gte=declined_since)
    reopenable = Q(state__in=Demand.ENDED, ended_at__date__gte=ended_since)
    asked = Q(state__in=Demand.OPEN, question_since__isnull=False)
    return listed(Demand.objects.filter(asked | appealable | reopenable, author=person).order_by("-state_since", "-id"))


def made_today(person: Person) -> int:
    """How many demands somebody made on this calendar day."""
    today = clock.today()
    # As it stands, because it is asked of whoever submits: to put it together would take longer than to ask it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM demands_demand WHERE author_id = %s AND submitted_at >= %s AND submitted_at < %s",
            [person.pk, _begin(today), _begin(today + DAY)],
        )
        [count] = cursor.fetchone()
    return int(count)


def commented_today(person: Person) -> int:
    """How many comments somebody wrote on this calendar day."""
    return Comment.objects.filter(author=person, at__date=clock.today()).count()


def newly_overdue() -> QuerySet[Demand]:
    """Demands whose deadline has passed without a word in the record."""
    return Demand.objects.filter(deadline__lt=clock.today(), overdue_noted_at=None).order_by("deadline", "id")


def nearly_due() -> QuerySet[Demand]:
    """Demands whose unit is to be reminded of the deadline."""
    today = clock.today()
    near = Demand.objects.filter(deadline__range=(today, charter.day_after("clocks.remind_before", today)))
    return near.filter(reminded_at=None).order_by("deadline", "id")


def to_escalate() -> QuerySet[Demand]:
    """Demands that are overdue long enough to go up, and not so long that nobody minds; those at the top stay there."""
    late = charter.day_before("clocks.escalate_after", clock.today())
    oldest = charter.day_before("clocks.stale_after", clock.today())
    appeals = Q(state=State.RECEIVED, appealed=True)
    not_yet = Q(escalated_to=None) & (Q(unit__parent__isnull=False) | appeals)
    found = Demand.objects.filter(deadline__gte=oldest, deadline__lt=late, overdue_noted_at__isnull=False)
    found = found.filter(Q(escalated_on=None) | Q(escalated_on__lt=late))
    return found.filter(not_yet | Q(escalated_to__parent__isnull=False)).order_by("deadline", "id")


def waits_for(demand: Demand) -> Organisation:
    """The unit whose turn it is: the participation office for an appeal, else the demand's own."""
    return organisations.participation_office() if demand.is_appeal else demand.unit


def unit_above(demand: Demand) -> Organisation | None:
    """The unit that an overdue demand goes up to next, None at the top of the tree.

    An appeal goes to those who lead the participation office, and on from there; never to the unit that it is against.
    """
    if demand.is_appeal and demand.escalated_to is None:
        return waits_for(demand)
    parent = organisations.standing_for(demand.escalated_to or demand.unit).parent
    above = organisations.standing_for(parent) if parent is not None else None
    if above is None or not above.is_live or (demand.is_appeal and above.pk == demand.unit_id):
        return None
    return above


def authors_to_ask() -> QuerySet[Demand]:
    """Demands that were closed so long ago that it shows whether they are really done."""
    latest = charter.day_before("clocks.ask_author_after", clock.today())
    oldest = charter.day_before("clocks.author_answers_within", latest)
    found = Demand.objects.filter(state=State.CLOSED, author_asked_at=None)
    return found.filter(ended_at__gte=_begin(oldest), ended_at__lt=_begin(latest + DAY)).order_by("ended_at", "id")


def _begin(day: date) -> datetime:
    """The first moment of a day in the city; compared with a moment, it lets an index be used."""
    return timezone.make_aware(datetime.combine(day, time.min))


def asked(person: Person) -> QuerySet[Demand]:
    """What somebody has been asked about, for themselves or for a body that they speak for: is it really done?"""
    since = charter.day_before("clocks.author_answers_within", clock.today())
    speaking = (Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE)
    bodies = [each.organisation_id for each in organisations.held_by(person) if each.role in speaking]
    theirs = Q(author=person) | Q(on_behalf__in=bodies) if bodies else Q(author=person)
    found = Demand.objects.filter(theirs, state=State.CLOSED, author_says=Demand.AuthorSays.NOTHING)
    return found.filter(author_asked_at__date__gte=since).order_by("author_asked_at", "id")
