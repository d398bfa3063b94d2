"""Commands of everybody else: support, follow, comment, call for reopening; and to look at what is hidden."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import check_choice, locked, officer, words
from hamgara.domain.demands.models import Comment, Demand, Follow, Look, ReopenCall, Support
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people.models import Person


def _who(by: Actor) -> Person | None:
    return by.person if isinstance(by, ActingPerson) else None


@command
def support(*, by: Actor, demand: Demand) -> Demand:
    """«I ask for this too»: support it, and hear of it from now on."""
    refuse_replay(by)
    [demand] = locked(demand)
    already = demand.supports.filter(person=_who(by)).exists()
    require(policies.may_support(by, demand, already=already))
    assert isinstance(by, ActingPerson)
    Support.objects.create(demand=demand, person=by.person)
    demand.support_count += 1
    _follow, new = Follow.objects.get_or_create(demand=demand, person=by.person)
    demand.follow_count += int(new)
    demand.save(update_fields=["support_count", "follow_count"])
    record(events.Supported(demand=demand.code), by=by)
    return demand


@command
def withdraw_support(*, by: Actor, demand: Demand) -> Demand:
    """Take one's support back; one goes on hearing of the demand."""
    [demand] = locked(demand)
    mine = demand.supports.filter(person=_who(by))
    require(policies.may_withdraw_support(by, demand, supports=mine.exists()))
    mine.delete()
    demand.support_count -= 1
    demand.save(update_fields=["support_count"])
    record(events.SupportWithdrawn(demand=demand.code), by=by)
    return demand


@command
def follow(*, by: Actor, demand: Demand) -> Demand:
    """Hear of what happens to a demand."""
    refuse_replay(by)
    [demand] = locked(demand)
    already = demand.follows.filter(person=_who(by)).exists()
    require(policies.may_follow(by, demand, already=already))
    assert isinstance(by, ActingPerson)
    Follow.objects.create(demand=demand, person=by.person)
    demand.follow_count += 1
    demand.save(update_fields=["follow_count"])
    record(events.Followed(demand=demand.code), by=by)
    return demand


@command
def unfollow(*, by: Actor, demand: Demand) -> Demand:
    """Hear no more of it; support stays."""
    [demand] = locked(demand)
    mine = demand.follows.filter(person=_who(by))
    require(policies.may_unfollow(by, demand, follows=mine.exists()))
    mine.delete()
    demand.follow_count -= 1
    demand.save(update_fields=["follow_count"])
    record(events.Unfollowed(demand=demand.code), by=by)
    return demand


@command
def comment(*, by: Actor, demand: Demand, text: str, show_name: bool = False) -> Comment:
    """Say something about a demand; under a mandate it is the body that speaks, and officers speak officially."""
    refuse_replay(by)
    [demand] = locked(demand)
    made_today = queries.commented_today(by.person) if isinstance(by, ActingPerson) else 0
    require(policies.may_comment(by, demand, made_today=made_today))
    assert isinstance(by, ActingPerson)
    problems: dict[str, str] = {}
    text = words(problems, "text", text, "demands.comment_length")
    if not text:
        problems["text"] = _("Write your comment.")
    if problems:
        raise Invalid(problems)
    said = Comment.objects.create(
        demand=demand,
        author=by.person,
        organisation=by.organisation,
        official=officer(by) is not None,
        show_name=show_name,
        text=text,
    )
    demand.comment_count += 1
    demand.save(update_fields=["comment_count"])
    record(events.Commented(demand=demand.code, comment=str(said.key), text=text, official=said.official), by=by)
    return said


@command
def call_for_reopening(*, by: Actor, demand: Demand) -> Demand:
    """Call, as one of its supporters, for an ended demand to be taken up again."""
    refuse_replay(by)
    [demand] = locked(demand)
    supports = demand.supports.filter(person=_who(by)).exists()
    already = demand.reopen_calls.filter(person=_who(by)).exists()
    require(policies.may_call_for_reopening(by, demand, supports=supports, already=already))
    assert isinstance(by, ActingPerson)
    ReopenCall.objects.create(demand=demand, person=by.person)
    demand.reopen_call_count += 1
    demand.save(update_fields=["reopen_call_count"])
    record(events.ReopeningCalled(demand=demand.code, calls=demand.reopen_call_count), by=by)
    return demand


@command
def look(*, by: Actor, demand: Demand, reason_code: str) -> Demand:
    """See, for the charter's time, the name and address that the author keeps from the public: one says why, and the
    author reads of it."""
    [demand] = locked(demand)
    require(policies.may_look(by, demand, looked=queries.has_looked(demand, _who(by))))
    assert isinstance(by, ActingPerson)
    assert by.mandate is not None
    check_choice("demands.look_reasons", reason_code)
    Look.objects.create(demand=demand, person=by.person, unit=by.mandate.organisation, reason_code=reason_code)
    record(events.Looked(demand=demand.code, reason_code=reason_code), by=by)
    return demand
