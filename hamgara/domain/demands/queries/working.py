"""Who has something to do: officers by deadline, people about their own demands, the calendar about all."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from hamgara import charter, clock
from hamgara.domain.demands.models import Comment, Demand
from hamgara.domain.demands.queries.finding import NO_DEADLINE_LAST, listed
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person

State = Demand.State
TO_DO = (State.RECEIVED, State.ADMITTED)


def inbox(unit: Organisation, *, states: tuple[str, ...] = TO_DO) -> QuerySet[Demand]:
    """What waits for this unit and those below it, the nearest deadline first. Appeals wait for the office alone."""
    found = Demand.objects.filter(state__in=states)
    appeals = Q(state=State.RECEIVED, appealed=True)
    below = Q(unit__path__startswith=unit.path)
    found = found.filter(below | appeals) if unit.is_participation_office else found.filter(below).exclude(appeals)
    return listed(found.order_by(NO_DEADLINE_LAST, "id"))


def whole_inbox() -> QuerySet[Demand]:
    """What waits anywhere in the municipality: the participation office keeps an eye on it."""
    return listed(Demand.objects.filter(state__in=TO_DO).order_by(NO_DEADLINE_LAST, "id"))


def of_author(person: Person) -> QuerySet[Demand]:
    """Somebody's own demands, in every state, newest first."""
    return listed(Demand.objects.filter(author=person).order_by("-submitted_at", "-id"))


def followed_by(person: Person) -> QuerySet[Demand]:
    """What somebody follows, the latest change first."""
    found = Demand.objects.filter(follows__person=person).exclude(state__in=Demand.UNPUBLISHED)
    return listed(found.order_by("-state_since", "-id"))


def to_do(person: Person) -> QuerySet[Demand]:
    """Where the author may still act: appeal against not being admitted, or reopen what has ended."""
    declined_since = clock.today() - charter.period("demands.appeal_within")
    ended_since = clock.today() - charter.period("demands.reopen_within")
    appealable = Q(state=State.DECLINED, appealed=False, state_since__date__gte=declined_since)
    reopenable = Q(state__in=Demand.ENDED, ended_at__date__gte=ended_since)
    return listed(Demand.objects.filter(appealable | reopenable, author=person).order_by("-state_since", "-id"))


def made_today(person: Person) -> int:
    """How many demands somebody made on this calendar day."""
    return Demand.objects.filter(author=person, submitted_at__date=clock.today()).count()


def commented_today(person: Person) -> int:
    """How many comments somebody wrote on this calendar day."""
    return Comment.objects.filter(author=person, at__date=clock.today()).count()


def newly_overdue() -> QuerySet[Demand]:
    """Demands whose deadline has passed without a word in the record."""
    return Demand.objects.filter(deadline__lt=clock.today(), overdue_noted_at=None).order_by("deadline", "id")


def counts_by_state(demands: QuerySet[Demand]) -> dict[str, int]:
    """How many of these wait to be admitted or not, and how many to be answered."""
    return demands.order_by().aggregate(
        received=Count("pk", filter=Q(state=State.RECEIVED)), admitted=Count("pk", filter=Q(state=State.ADMITTED))
    )
