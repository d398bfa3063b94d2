"""Commands that answer a demand, end it, and take it up again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import (
    check_choice,
    forget_answer,
    go,
    locked,
    officer,
    reason_words,
    start_clock,
    stop_clock,
    words,
)
from hamgara.domain.demands.models import Answer, Demand, ReopenCall
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import Organisation


@command
def explain(*, by: Actor, demand: Demand, text: str) -> Answer:
    """Give an official word in public. It ends nothing: only a commitment answers, and only a review closes."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_explain(by, demand))
    problems: dict[str, str] = {}
    text = words(problems, "text", text, "demands.answer_length")
    if not text:
        problems["text"] = _("Write the answer; it is public.")
    if problems:
        raise Invalid(problems)
    unit = officer(by) or demand.unit
    answer = Answer.objects.create(demand=demand, kind=Answer.Kind.EXPLANATION, unit=unit, text=text)
    record(events.Explained(demand=demand.code, text=text), by=by)
    return answer


def _end(by: Actor, demand: Demand, verb: str, kind: Answer.Kind, code: str, reason: str) -> None:
    Answer.objects.create(demand=demand, kind=kind, unit=officer(by) or demand.unit, text=reason, reason_code=code)
    go(demand, verb, by, reason_code=code, reason=reason)
    stop_clock(demand)
    demand.save()


@command
def refuse(*, by: Actor, demand: Demand, reason_code: str, reason: str) -> Demand:
    """Decide against a demand, for one of the charter's reasons and in words. It stays in view as refused."""
    [demand] = locked(demand)
    require(policies.may_refuse(by, demand))
    code, reason = check_choice("demands.refusal_reasons", reason_code), reason_words("reason", reason)
    _end(by, demand, "refuse", Answer.Kind.REFUSAL, code, reason)
    record(events.Refused(demand=demand.code, reason_code=code, reason=reason), by=by)
    return demand


@command
def find_not_doable(*, by: Actor, demand: Demand, reason_code: str, reason: str) -> Demand:
    """Say that the city cannot do what is asked, and why. It stays in view as not doable."""
    [demand] = locked(demand)
    require(policies.may_find_not_doable(by, demand))
    code, reason = check_choice("demands.not_doable_reasons", reason_code), reason_words("reason", reason)
    _end(by, demand, "find_not_doable", Answer.Kind.NOT_DOABLE, code, reason)
    record(events.FoundNotDoable(demand=demand.code, reason_code=code, reason=reason), by=by)
    return demand


@command
def mark_answered(
    *, by: Actor, demand: Demand, commitment: str, promiser: Organisation | None = None, text: str = ""
) -> Demand:
    """A commitment answers the demand: follows from its being promised, with `commitment` its code."""
    [demand] = locked(demand)
    require(policies.may_mark_answered(by, demand))
    Answer.objects.create(demand=demand, kind=Answer.Kind.PROMISE, unit=promiser, text=text, commitment=commitment)
    go(demand, "answer", by)
    stop_clock(demand)
    demand.answered_at = clock.now()
    demand.save()
    record(
        events.Answered(demand=demand.code, commitment=commitment, promiser=promiser.code if promiser else None), by=by
    )
    return demand


@command
def close(*, by: Actor, demand: Demand, outcome: str, review: str) -> Demand:
    """A settled review found the promise kept, wholly («kept») or in part («partly»); `review` is its code."""
    [demand] = locked(demand)
    require(policies.may_close(by, demand))
    if outcome not in (Demand.Outcome.KEPT, Demand.Outcome.PARTLY):
        raise Invalid({"outcome": _("A demand is closed as kept or as partly kept.")})
    go(demand, "close", by)
    demand.outcome = outcome
    stop_clock(demand)
    demand.save()
    record(events.Closed(demand=demand.code, outcome=outcome, review=review), by=by)
    return demand


@command
def go_back(*, by: Actor, demand: Demand, cause: str) -> Demand:
    """What answered the demand does not hold («contested» or «promise_withdrawn»); it awaits an answer again."""
    [demand] = locked(demand)
    require(policies.may_go_back(by, demand))
    if cause not in Demand.Return.values:
        raise Invalid({"cause": _("A demand goes back after a review, or when its promise is withdrawn.")})
    go(demand, "go_back", by, reason_code=cause)
    demand.answered_at = None
    start_clock(demand, Demand.Clock.ANSWER)
    demand.save()
    assert demand.deadline is not None
    record(events.WentBack(demand=demand.code, cause=cause, deadline=demand.deadline.isoformat()), by=by)
    return demand


@command
def look_again(*, by: Actor, demand: Demand, review: str) -> Demand:
    """The outcome of `review`, its code, is under appeal: until another panel has spoken, nothing is verified."""
    [demand] = locked(demand)
    require(policies.may_look_again(by, demand))
    go(demand, "look_again", by)
    demand.outcome = Demand.Outcome.NONE
    forget_answer(demand)
    demand.save()
    record(events.LookedAtAgain(demand=demand.code, review=review), by=by)
    return demand


@command
def reopen(*, by: Actor, demand: Demand, words: str = "") -> Demand:
    """Take an ended demand up again: by its author, saying why; by the house, when enough supporters have called."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_reopen(by, demand))
    said = reason_words("words", words) if by.person_key is not None else None
    ended_as, calls = demand.state, demand.reopen_call_count
    go(demand, "reopen", by)
    demand.outcome, demand.answered_at = Demand.Outcome.NONE, None
    demand.times_reopened += 1
    forget_answer(demand)
    ReopenCall.objects.filter(demand=demand).delete()
    demand.reopen_call_count = 0
    start_clock(demand, Demand.Clock.ANSWER)
    demand.save()
    assert demand.deadline is not None
    record(
        events.Reopened(
            demand=demand.code, words=said, from_state=ended_as, calls=calls, deadline=demand.deadline.isoformat()
        ),
        by=by,
    )
    return demand


@command
def note_deadline(*, by: Actor, demand: Demand) -> Demand:
    """Record, once, that a deadline passed without what it was for."""
    [demand] = locked(demand)
    require(policies.may_note_deadline(by, demand))
    assert demand.deadline is not None
    demand.overdue_noted_at = clock.now()
    demand.save(update_fields=["overdue_noted_at"])
    record(
        events.DeadlinePassed(
            demand=demand.code,
            clock=demand.clock_kind,
            deadline=demand.deadline.isoformat(),
            unit=queries.waits_for(demand).code,
        ),
        by=by,
    )
    return demand
