"""Commands of officers when a demand comes in: admit it or not, send it to the right unit, merge it; and the appeal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.domain.demands import events, policies
from hamgara.domain.demands.commands.rows import (
    check_choice,
    go,
    locked,
    reason_words,
    start_clock,
    stop_clock,
)
from hamgara.domain.demands.models import Demand, Follow, Merge, Support
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Organisation


@command
def admit(*, by: Actor, demand: Demand) -> Demand:
    """Take a demand up: from now on it must be answered."""
    [demand] = locked(demand)
    require(policies.may_admit(by, demand))
    go(demand, "admit", by)
    start_clock(demand, Demand.Clock.ANSWER)
    demand.save()
    assert demand.deadline is not None
    record(events.Admitted(demand=demand.code, unit=demand.unit.code, deadline=demand.deadline.isoformat()), by=by)
    return demand


@command
def decline(*, by: Actor, demand: Demand, reason_code: str, reason: str) -> Demand:
    """Do not take a demand up, for one of the charter's reasons and in words; its author may appeal once."""
    [demand] = locked(demand)
    require(policies.may_decline(by, demand))
    code, reason = check_choice("demands.decline_reasons", reason_code), reason_words("reason", reason)
    go(demand, "decline", by, reason_code=code, reason=reason)
    demand.declined_by = by.person if isinstance(by, ActingPerson) else None
    stop_clock(demand)
    demand.save()
    record(events.Declined(demand=demand.code, reason_code=code, reason=reason), by=by)
    return demand


@command
def appeal(*, by: Actor, demand: Demand, words: str) -> Demand:
    """Ask the participation office to look again; another officer decides, and that is final."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_appeal(by, demand))
    said = reason_words("words", words)
    go(demand, "appeal", by)
    demand.appealed = True
    start_clock(demand, Demand.Clock.TRIAGE)
    demand.save()
    assert demand.deadline is not None
    record(events.Appealed(demand=demand.code, words=said, deadline=demand.deadline.isoformat()), by=by)
    return demand


@command
def route(*, by: Actor, demand: Demand, unit: Organisation, reason: str) -> Demand:
    """Send a demand to another unit; its deadline goes along, so that sending on wins no time."""
    [demand] = locked(demand)
    require(policies.may_route(by, demand))
    if not unit.is_unit or not unit.is_live:
        raise Invalid({"unit": _("Choose a municipal unit that exists today.")})
    if unit.pk == demand.unit_id:
        raise Invalid({"unit": _("The demand is with this unit already.")})
    reason = reason_words("reason", reason)
    old, demand.unit, demand.handler = demand.unit, unit, None
    if demand.escalated_to_id is not None:  # the new unit has its own days before it goes up again
        demand.escalated_to, demand.escalated_on = None, clock.today()
    demand.save()
    record(events.Routed(demand=demand.code, from_unit=old.code, unit=unit.code, reason=reason), by=by)
    return demand


@command
def merge(*, by: Actor, demand: Demand, into: Demand, reason: str = "") -> Demand:
    """Say that a demand asks for the same as another one: whoever supported it supports the other one, once."""
    demand, into = locked(demand, into)
    require(policies.may_merge(by, demand, into))
    made = Merge.objects.create(
        source=demand,
        target=into,
        reason=reason.strip(),
        former_state=demand.state,
        former_deadline=demand.deadline,
        former_clock=demand.clock_kind,
    )
    _unite(made)
    go(demand, "merge", by, reason=made.reason)
    stop_clock(demand)
    demand.merged_into = into
    demand.save()
    _recount(into)
    record(events.Merged(demand=demand.code, into=into.code, reason=made.reason), by=by)
    return demand


def _unite(made: Merge) -> None:
    """Give the target copies of the source's supports and follows; the source keeps its own for the way back."""
    source, target = made.source, made.target
    supporters = set(source.supports.values_list("person_id", flat=True))
    followers = set(source.follows.values_list("person_id", flat=True)) | {source.author_id}
    if source.on_behalf_id is None:
        supporters.add(source.author_id)  # whoever asked for the same supports it
    supporters -= {target.author_id, *target.supports.values_list("person_id", flat=True)}
    followers -= {target.author_id, *target.follows.values_list("person_id", flat=True)}
    Support.objects.bulk_create(Support(demand=target, person_id=who, through=made) for who in sorted(supporters))
    Follow.objects.bulk_create(Follow(demand=target, person_id=who, through=made) for who in sorted(followers))


def _recount(demand: Demand) -> None:
    demand.support_count, demand.follow_count = demand.supports.count(), demand.follows.count()
    demand.save(update_fields=["support_count", "follow_count"])


@command
def unmerge(*, by: Actor, demand: Demand, reason: str) -> Demand:
    """Undo a merge: the demand stands where it stood, with the days it had left and its own supporters."""
    standing = Merge.objects.select_related("target").filter(source=demand, undone_at=None).first()
    demand, *target = locked(demand, *([standing.target] if standing else []))
    if standing is not None:
        standing.target = target[0]
    require(policies.may_unmerge(by, demand, standing))
    assert standing is not None
    made = Merge.objects.select_for_update().get(pk=standing.pk)
    if made.undone_at is not None:
        raise Invalid({"demand": _("This merge has been undone already.")})
    reason = reason_words("reason", reason)
    made.supports.all().delete()
    # Whoever came to support the other demand of their own accord goes on hearing of it.
    made.follows.exclude(person__in=standing.target.supports.values("person")).delete()
    made.undone_at = clock.now()
    made.save(update_fields=["undone_at"])
    _recount(standing.target)
    go(demand, f"unmerge_{made.former_state}", by, reason=reason)
    demand.merged_into = None
    demand.clock_kind, demand.deadline = made.former_clock, made.deadline_when_undone()
    demand.save()
    record(events.Unmerged(demand=demand.code, out_of=standing.target.code, state=demand.state, reason=reason), by=by)
    return demand
