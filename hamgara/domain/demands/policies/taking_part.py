"""What people may do with demands: make, read, support and discuss them, appeal, have them reopened."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara import charter, clock
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.policies.standing import (
    for_oneself,
    handles,
    in_state,
    is_author,
    shown,
    signed_in,
    speaks_for,
    state_stands_against,
)
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.organisations.policies import HEAD, REPRESENTATIVE

# --- making a demand -------------------------------------------------------------------------------------------------


def may_submit(by: Actor | None, *, made_today: int = 0) -> Decision:
    """A person for themselves, or for an accredited organisation on behalf of people who cannot."""
    if not (decision := signed_in(by)):
        return decision
    assert isinstance(by, ActingPerson)
    if by.mandate is not None:
        body = by.mandate.organisation
        if body.is_unit:
            return Denied(_("Officers make demands in their own name. Choose «in my own name» under «acting as»."))
        if by.mandate.role not in {HEAD, REPRESENTATIVE}:
            return Denied(_("Your mandate is for reviews only. Choose «in my own name» under «acting as»."))
        if body.state != Organisation.State.ACCREDITED or (
            body.accredited_until is not None and body.accredited_until < clock.today()
        ):
            return Denied(
                _("%(body)s is not accredited now, so it cannot carry demands. Act in your own name.")
                % {"body": body.label}
            )
    most = charter.number("demands.demands_a_day")
    if made_today >= most:
        return Denied(
            ngettext(
                "The charter allows %(count)s demand a day. Please come back tomorrow.",
                "The charter allows %(count)s demands a day. Please come back tomorrow.",
                most,
            )
            % {"count": shown(most)}
        )
    return Allowed


def may_withdraw(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand may take it back."))
    return in_state(demand, "withdraw")


# --- reading ---------------------------------------------------------------------------------------------------------


def may_read_words(by: Actor | None, demand: Demand) -> Decision:
    """Published, unless not admitted or taken back: then only those concerned see more than the fact."""
    if demand.state not in Demand.UNPUBLISHED or speaks_for(by, demand) or handles(by, demand):
        return Allowed
    return Denied(_("What was not admitted or was taken back is not published."))


def may_see_private(by: Actor | None, demand: Demand, *, looked: bool = False) -> Decision:
    """The author's name where it is hidden, and the address: for the author, and for officers who have said why."""
    if speaks_for(by, demand):
        return Allowed
    if not handles(by, demand):
        return Denied(_("Only the officers who deal with this demand see this."))
    return Allowed if looked else Denied(_("Say first why you need to see this; its author reads of it."))


def may_look(by: Actor | None, demand: Demand, *, looked: bool = False) -> Decision:
    """Say why, and see what the author keeps from the public."""
    if not (decision := signed_in(by)):
        return decision
    if not handles(by, demand) or isinstance(by, House):
        return Denied(_("Only the officers who deal with this demand see this."))
    if speaks_for(by, demand):
        return Denied(_("This is your own demand; you see all of it."))
    if demand.public_name and not demand.address:
        return Denied(_("Its author keeps nothing from the public here."))
    return Denied(_("You see this already.")) if looked else Allowed


# --- support, following, comments ------------------------------------------------------------------------------------


def may_support(by: Actor | None, demand: Demand, *, already: bool = False) -> Decision:
    if not (decision := for_oneself(by)):
        return decision
    if is_author(by, demand):
        return Denied(_("This is your own demand; supporters are the others who join it."))
    if not demand.is_open:
        return state_stands_against(demand)
    if already:
        return Denied(_("You support this demand already."))
    return Allowed


def may_withdraw_support(by: Actor | None, demand: Demand, *, supports: bool = True) -> Decision:
    if not (decision := for_oneself(by)):
        return decision
    if not demand.is_open:
        return state_stands_against(demand)
    return Allowed if supports else Denied(_("You do not support this demand."))


def may_follow(by: Actor | None, demand: Demand, *, already: bool = False) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    if not (decision := may_read_words(by, demand)):
        return decision
    if is_author(by, demand):
        return Denied(_("This is your own demand; you hear of it anyway."))
    return Denied(_("You follow this demand already.")) if already else Allowed


def may_unfollow(by: Actor | None, demand: Demand, *, follows: bool = True) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    return Allowed if follows else Denied(_("You do not follow this demand."))


def may_comment(by: Actor | None, demand: Demand, *, made_today: int = 0) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    if demand.state in (*Demand.UNPUBLISHED, Demand.State.MERGED):
        return state_stands_against(demand)
    most = charter.number("demands.comments_a_day")
    if made_today >= most:
        return Denied(
            ngettext(
                "The charter allows %(count)s comment a day. Please come back tomorrow.",
                "The charter allows %(count)s comments a day. Please come back tomorrow.",
                most,
            )
            % {"count": shown(most)}
        )
    return Allowed


# --- a refusal or an end is not always the end ------------------------------------------------------------------------


def may_appeal(by: Actor | None, demand: Demand) -> Decision:
    """Once, by whoever made the demand, within the time of the charter."""
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand may appeal."))
    if not (decision := in_state(demand, "appeal")):
        return decision
    if demand.appealed:
        return Denied(_("There has been an appeal about this demand; the decision on it is final."))
    last_day = demand.appeal_until
    if last_day is not None and last_day < clock.today():
        return Denied(_("The time for an appeal has passed. You may make a new demand."))
    return Allowed


def _within_window(demand: Demand) -> Decision:
    if not (decision := in_state(demand, "reopen")):
        return decision
    last_day = demand.reopen_until
    if last_day is not None and last_day < clock.today():
        return Denied(_("The time for reopening has passed. You may make a new demand."))
    return Allowed


def may_reopen(by: Actor | None, demand: Demand) -> Decision:
    """Its author at once; the house, when enough supporters have called for it."""
    if isinstance(by, House):
        called = demand.reopen_call_count >= charter.number("demands.reopen_supporters")
        if not called and demand.author_says != Demand.AuthorSays.NOT_DONE:
            return Denied(_("Too few supporters have called for it."))
        return in_state(demand, "reopen")
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand reopens it alone; its supporters may call for it together."))
    return _within_window(demand)


def may_call_for_reopening(
    by: Actor | None, demand: Demand, *, supports: bool = True, already: bool = False
) -> Decision:
    if not (decision := for_oneself(by)):
        return decision
    if is_author(by, demand):
        return Denied(_("You made this demand, so you may reopen it at once."))
    if not (decision := _within_window(demand)):
        return decision
    if not supports:
        return Denied(_("Only people who supported this demand may call for reopening it."))
    if already:
        return Denied(_("You have called for reopening this demand already."))
    return Allowed
