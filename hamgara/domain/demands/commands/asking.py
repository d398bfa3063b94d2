"""Commands of a question to whoever made a demand: officers ask back, the author tells more."""

from __future__ import annotations

from hamgara import charter, clock
from hamgara.domain.demands import events, policies
from hamgara.domain.demands.commands.rows import locked, message_words
from hamgara.domain.demands.models import Demand, Question
from hamgara.domain.ledger.commands import command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson


@command
def ask_back(*, by: Actor, demand: Demand, text: str) -> Demand:
    """Ask whoever made a demand what must be known to deal with it.

    For the first question of a deadline the clock stands still: the deadline moves by all that the charter gives, and
    back again by what the author did not need. One that has passed already is not healed by asking.
    """
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_ask_back(by, demand))
    said = message_words("text", text)
    assert isinstance(by, ActingPerson)
    assert by.organisation is not None
    pauses = demand.deadline is not None and not demand.is_overdue and demand.unpaused_deadline is None
    question = Question.objects.create(demand=demand, unit=by.organisation, text=said, pauses=pauses)
    demand.question_since = question.at
    if pauses:
        assert demand.deadline is not None
        demand.unpaused_deadline = demand.deadline
        demand.deadline = charter.day_after("demands.question_pauses", demand.deadline)
        demand.reminded_at = None
    demand.save()
    record(
        events.AskedBack(
            demand=demand.code,
            author=str(demand.author.key),
            unit=by.organisation.code,
            text=said,
            deadline=demand.deadline.isoformat() if demand.deadline is not None else None,
        ),
        by=by,
    )
    return demand


@command
def tell_more(*, by: Actor, demand: Demand, text: str) -> Demand:
    """Answer what the officers asked; from now on their clock runs again."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_tell_more(by, demand))
    said = message_words("text", text)
    assert isinstance(by, ActingPerson)
    question = demand.questions.get(replied_at=None)
    question.reply, question.replied_at, question.replied_by = said, clock.now(), by.person
    question.save()
    demand.question_since = None
    if question.pauses and demand.unpaused_deadline is not None and demand.deadline is not None:
        waited = clock.today() - clock.day_of(question.at)
        demand.deadline = min(demand.deadline, demand.unpaused_deadline + waited)
    demand.save()
    record(
        events.ToldMore(
            demand=demand.code,
            text=said,
            deadline=demand.deadline.isoformat() if demand.deadline is not None else None,
        ),
        by=by,
    )
    return demand
