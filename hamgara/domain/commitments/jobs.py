"""What follows from promises for their demands, and what the calendar says about dates."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hamgara.domain.commitments import commands, events, queries
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


def _of(entry: Entry) -> Commitment:
    return Commitment.objects.select_related("demand").get(code=entry.data["commitment"])


@follower("commitments.answer_demand", events.Promised, events.Resumed, events.UnderAppeal)
def answer_demand(entry: Entry) -> None:
    """A promise that lives answers its demand. How things are now decides, so that a second reading does nothing."""
    commitment = _of(entry)
    demand = queries.standing(commitment.demand)
    if not commitment.is_live:
        return
    if demand.state == Demand.State.ADMITTED:
        demands.mark_answered(
            by=RULES, demand=demand, commitment=commitment.code, promiser=commitment.lead, text=commitment.title
        )
    elif demand.state == Demand.State.CLOSED and entry.kind == events.UnderAppeal.KIND:
        demands.look_again(by=RULES, demand=demand, review=entry.data["review"])


@follower("commitments.conclude_demand", events.Settled, events.Withdrawn)
def conclude_demand(entry: Entry) -> None:
    """When nothing promised is owed any more, what was verified closes the demand, or it waits for an answer again."""
    commitment = _of(entry)
    demand = queries.standing(commitment.demand)
    promises = queries.on_standing(demand)
    if demand.state != Demand.State.ANSWERED or promises.filter(state__in=Commitment.LIVE).exists():
        return
    ended = queries.ended_together(promises, commitment)
    states = {each.state for each in ended}
    if states <= {Commitment.State.CONTESTED, Commitment.State.WITHDRAWN}:
        contested = Commitment.State.CONTESTED in states
        cause = Demand.Return.CONTESTED if contested else Demand.Return.PROMISE_WITHDRAWN
        demands.go_back(by=RULES, demand=demand, cause=cause)
        return
    kept = states == {Commitment.State.CONFIRMED}
    last = max((each for each in ended if each.settled_at is not None), key=lambda each: each.settled_at)
    outcome = Demand.Outcome.KEPT if kept else Demand.Outcome.PARTLY
    demands.close(by=RULES, demand=demand, outcome=outcome, review=last.settled_by)


def let_time_pass() -> None:
    """Record what the calendar brings: dates that are near or gone, and proposals that not everybody agreed to."""
    for commitment in queries.unanswered_proposals():
        commands.let_proposal_lapse(by=CLOCK, commitment=commitment)
    for commitment in queries.nearly_due():
        commands.warn_of_due(by=CLOCK, commitment=commitment)
    for commitment in queries.newly_overdue():
        commands.deadline_passed(by=CLOCK, commitment=commitment)


@app.periodic(cron="11 * * * *")
@app.task(name="commitments.let_time_pass", queueing_lock="commitments.let_time_pass")
def hourly(timestamp: int) -> None:
    """Every hour, so that a missed one matters little."""
    let_time_pass()


@follower("commitments.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: what they wrote for a body stays the body's."""
    erasure = people.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
