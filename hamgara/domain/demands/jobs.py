"""What the calendar does to demands, and what news of units and of calls for reopening lead to."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from hamgara import charter
from hamgara.domain.demands import commands, events, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import events as organisation_events
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


def let_time_pass() -> None:
    """Record deadlines that are near or have passed, put what stays overdue before the unit above, and ask authors.

    Each is an act of its own: killed midway, the next run goes on; of two that run at once, the second finds it done.
    """
    for due, act in (
        (queries.nearly_due, commands.remind),
        (queries.newly_overdue, commands.note_deadline),
        (queries.to_escalate, commands.escalate),
        (queries.authors_to_ask, commands.ask_author),
    ):
        for demand in due():
            with suppress(Refused):
                act(by=CLOCK, demand=demand)


@app.periodic(cron="13 * * * *")
@app.task(name="demands.let_time_pass", queueing_lock="demands.let_time_pass")
def hourly(timestamp: int) -> None:
    """Every hour, so that a missed one matters little."""
    let_time_pass()


@follower("demands.follow_the_units", organisation_events.Merged, organisation_events.Closed)
def follow_the_units(entry: Entry) -> None:
    """When a unit is gone, its open demands are with whoever took over."""
    gone = Organisation.objects.get(code=entry.data["organisation"])
    heir = organisations.standing_for(gone)
    if not gone.is_unit or gone.is_live or not heir.is_live:
        return
    for demand in Demand.objects.filter(unit=gone, state__in=Demand.OPEN).order_by("id"):
        commands.route(by=RULES, demand=demand, unit=heir, reason=entry.data["reason"])


@follower("demands.reopen_when_called", events.ReopeningCalled)
def reopen_when_called(entry: Entry) -> None:
    """Enough supporters have called: the demand is taken up again."""
    demand = Demand.objects.get(code=entry.data["demand"])
    if demand.state in Demand.ENDED and demand.reopen_call_count >= charter.number("demands.reopen_supporters"):
        commands.reopen(by=RULES, demand=demand)


@follower("demands.reopen_when_denied", events.AuthorDenied)
def reopen_when_denied(entry: Entry) -> None:
    """Its author says that it is not really done: the demand is taken up again."""
    demand = Demand.objects.get(code=entry.data["demand"])
    if demand.state == Demand.State.CLOSED and demand.author_says == Demand.AuthorSays.NOT_DONE:
        commands.reopen(by=RULES, demand=demand)


@follower("demands.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: their words stay without them."""
    erasure = people.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
