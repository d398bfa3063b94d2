"""What the calendar may do with a demand, and who says whether it is really done."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.policies.standing import in_state, signed_in, speaks_for
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import Organisation


def may_remind(by: Actor | None, demand: Demand) -> Decision:
    if not isinstance(by, House):
        return Denied(_("Deadlines pass by themselves."))
    near = charter.day_after("clocks.remind_before", clock.today())
    if demand.deadline is None or demand.reminded_at is not None or not clock.today() <= demand.deadline <= near:
        return Denied(_("No deadline has newly come near."))
    return Allowed


def may_escalate(by: Actor | None, demand: Demand, above: Organisation | None) -> Decision:
    """Overdue, since the deadline or since it last went up, for as long as the charter says; and not too old."""
    if not isinstance(by, House):
        return Denied(_("Deadlines pass by themselves."))
    late = charter.day_before("clocks.escalate_after", clock.today())
    oldest = charter.day_before("clocks.stale_after", clock.today())
    if demand.deadline is None or not oldest <= demand.deadline < late:
        return Denied(_("This demand does not go up to another unit now."))
    if demand.overdue_noted_at is None or (demand.escalated_on is not None and demand.escalated_on >= late):
        return Denied(_("This demand does not go up to another unit now."))
    return Allowed if above is not None else Denied(_("There is no unit above this one."))


def may_ask_author(by: Actor | None, demand: Demand) -> Decision:
    """Once, when its time has come; what was closed long before that time is left in peace."""
    if not isinstance(by, House):
        return Denied(_("The house asks by itself."))
    latest = charter.day_before("clocks.ask_author_after", clock.today())
    oldest = charter.day_before("clocks.author_answers_within", latest)
    if demand.state != Demand.State.CLOSED or demand.author_asked_at is not None or demand.ended_at is None:
        return Denied(_("There is nothing to ask about this demand."))
    if not oldest <= clock.day_of(demand.ended_at) <= latest:
        return Denied(_("There is nothing to ask about this demand."))
    return Allowed


def may_say_whether_done(by: Actor | None, demand: Demand) -> Decision:
    """Whoever made it, once, within the charter's time, and while it can still be reopened."""
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand says whether it is really done."))
    if demand.author_says:
        return Denied(_("You have answered this already. One answer stands."))
    last_day = demand.author_answers_until
    if last_day is None:
        return in_state(demand, "look_again") and Denied(_("You have not been asked about this demand."))
    until = min(last_day, demand.reopen_until or clock.today() - timedelta(days=1))
    if until < clock.today():
        return Denied(_("The time for this answer has passed. You may make a new demand."))
    return Allowed
