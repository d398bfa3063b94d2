"""Commands by which a promise ends, goes back or is looked at again; and what the calendar says about its date."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.commitments import events, policies
from hamgara.domain.commitments.commands.promising import about, locked
from hamgara.domain.commitments.commands.wording import Problems
from hamgara.domain.commitments.models import REASON_LENGTH, Commitment, DueChange
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor

# What a review finds, and what it does to the promise.
VERBS = {
    Commitment.State.CONFIRMED: "confirm",
    Commitment.State.PARTLY_KEPT: "settle_partly",
    Commitment.State.CONTESTED: "contest",
}


@command
def settle(*, by: Actor, commitment: Commitment, outcome: str, review: str) -> Commitment:
    """Let the outcome of a review take effect. No person can do this."""
    commitment = locked(commitment)
    verb = VERBS[Commitment.State(outcome)]
    require(policies.may_follow_the_rules(by, commitment, verb))
    commitment.state = Commitment.LIFE.after(commitment.state, verb)
    commitment.outcome, commitment.settled_by, commitment.settled_at = commitment.state, review, clock.now()
    commitment.save()
    record(events.Settled(**about(commitment), review=review, outcome=commitment.outcome), by=by)
    return commitment


@command
def review_again(*, by: Actor, commitment: Commitment, review: str) -> Commitment:
    """After an appeal the promise is again a claim that waits for reviewers; the first outcome stays in view."""
    commitment = locked(commitment)
    require(policies.may_follow_the_rules(by, commitment, "review_again"))
    commitment.state = Commitment.LIFE.after(commitment.state, "review_again")
    commitment.save()
    record(events.UnderAppeal(**about(commitment), review=review), by=by)
    return commitment


@command
def resume(*, by: Actor, commitment: Commitment, due: date, reason: str) -> Commitment:
    """Take a contested promise up again, with a new date; the old one stays in view."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_resume(by, commitment))
    problems = Problems()
    problems.day_ahead("due", due)
    reason = problems.words(
        "reason", reason, REASON_LENGTH, _("Write what will now be done differently; it is public.")
    )
    problems.check()
    old = commitment.due
    DueChange.objects.create(commitment=commitment, old=old, new=due, reason=reason)
    commitment.state = Commitment.LIFE.after(commitment.state, "resume")
    commitment.due, commitment.outcome, commitment.settled_by, commitment.settled_at = due, "", "", None
    commitment.save()
    record(events.Resumed(**about(commitment), old=old.isoformat(), new=due.isoformat(), reason=reason), by=by)
    return commitment


@command
def withdraw(*, by: Actor, commitment: Commitment, reason: str) -> Commitment:
    """Take a promise back, for a reason that everybody sees."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_withdraw(by, commitment))
    problems = Problems()
    reason = problems.words("reason", reason, REASON_LENGTH, _("Give the reason; it is public."))
    problems.check()
    commitment.state = Commitment.LIFE.after(commitment.state, "withdraw")
    commitment.ended_at, commitment.end_reason = clock.now(), reason
    commitment.save()
    record(events.Withdrawn(**about(commitment), reason=reason), by=by)
    return commitment


@command
def warn_of_due(*, by: Actor, commitment: Commitment) -> Commitment:
    """Say once for each due date that it is near."""
    commitment = locked(commitment)
    require(policies.may_speak_of_date(by, commitment))
    today = clock.today()
    if commitment.warned_of == commitment.due or not (
        today <= commitment.due <= today + charter.period("commitments.due_warning")
    ):
        raise Invalid({"due": _("The date is not near, or the warning has been given.")})
    commitment.warned_of = commitment.due
    commitment.save()
    record(events.DueSoon(**about(commitment), due=commitment.due.isoformat()), by=by)
    return commitment


@command
def deadline_passed(*, by: Actor, commitment: Commitment) -> Commitment:
    """Say once for each due date that it has gone by without a report."""
    commitment = locked(commitment)
    require(policies.may_speak_of_date(by, commitment))
    if commitment.overdue_told == commitment.due or not commitment.is_overdue:
        raise Invalid({"due": _("The date has not passed, or this has been said.")})
    commitment.overdue_told = commitment.due
    commitment.save()
    record(events.DeadlinePassed(**about(commitment), due=commitment.due.isoformat()), by=by)
    return commitment
