"""What the calendar says about a demand: reminders, going up the tree of units, and whether it is really done."""

from __future__ import annotations

from hamgara import clock
from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import locked, reason_words
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor


@command
def remind(*, by: Actor, demand: Demand) -> Demand:
    """Remind the unit, once for each deadline, that it is near."""
    [demand] = locked(demand)
    require(policies.may_remind(by, demand))
    assert demand.deadline is not None
    demand.reminded_at = clock.now()
    demand.save(update_fields=["reminded_at"])
    record(
        events.DeadlineNear(
            demand=demand.code,
            clock=demand.clock_kind,
            deadline=demand.deadline.isoformat(),
            unit=queries.waits_for(demand).code,
        ),
        by=by,
    )
    return demand


@command
def escalate(*, by: Actor, demand: Demand) -> Demand:
    """Put an overdue demand before the unit above the one that last had it."""
    [demand] = locked(demand)
    above = queries.unit_above(demand)
    require(policies.may_escalate(by, demand, above))
    assert above is not None
    assert demand.deadline is not None
    below = demand.escalated_to or queries.waits_for(demand)
    demand.escalated_to, demand.escalated_on = above, clock.today()
    demand.save(update_fields=["escalated_to", "escalated_on"])
    record(
        events.Escalated(
            demand=demand.code, from_unit=below.code, unit=above.code, deadline=demand.deadline.isoformat()
        ),
        by=by,
    )
    return demand


@command
def ask_author(*, by: Actor, demand: Demand) -> Demand:
    """Ask whoever made a demand, once after each closing, whether it is really done."""
    [demand] = locked(demand)
    require(policies.may_ask_author(by, demand))
    demand.author_asked_at = clock.now()
    demand.save(update_fields=["author_asked_at"])
    record(events.AuthorAsked(demand=demand.code), by=by)
    return demand


@command
def confirm_done(*, by: Actor, demand: Demand) -> Demand:
    """The author says that it is really done."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_say_whether_done(by, demand))
    demand.author_says = Demand.AuthorSays.DONE
    demand.save(update_fields=["author_says"])
    record(events.AuthorConfirmed(demand=demand.code), by=by)
    return demand


@command
def deny_done(*, by: Actor, demand: Demand, words: str) -> Demand:
    """The author says that it is not really done, and what is missing; its being opened again follows."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_say_whether_done(by, demand))
    said = reason_words("words", words)
    demand.author_says = Demand.AuthorSays.NOT_DONE
    demand.save(update_fields=["author_says"])
    record(events.AuthorDenied(demand=demand.code, words=said), by=by)
    return demand
