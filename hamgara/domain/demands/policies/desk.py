"""Who may take a demand, hand it over and give it back: officers of the unit that has it, while it is open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.policies.standing import handles, handling, state_stands_against
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson, Mandate


def _on_the_desk(by: Actor | None, demand: Demand) -> Decision:
    if isinstance(by, House):
        return Denied(_("Officers settle among themselves who deals with a demand."))
    if not (decision := handling(by, demand)):
        return decision
    return Allowed if demand.is_open else state_stands_against(demand)


def may_take(by: Actor | None, demand: Demand) -> Decision:
    """A colleague's demand may be taken as well, with a line in the record: people fall ill."""
    if not (decision := _on_the_desk(by, demand)):
        return decision
    if isinstance(by, ActingPerson) and by.mandate is not None and demand.handler_id == by.mandate.pk:
        return Denied(_("You deal with this demand already."))
    return Allowed


def may_hand_over(by: Actor | None, demand: Demand, to: Mandate | None = None) -> Decision:
    """To a colleague whose own mandate covers the demand today."""
    if not (decision := _on_the_desk(by, demand)) or to is None:
        return decision
    if not handles(ActingPerson(person=to.person, mandate=to), demand):
        return Denied(_("This colleague's mandate does not cover the demand, or has ended. Choose another one."))
    if to.person_id == demand.author_id:
        return Denied(_("This colleague made the demand. Choose another one."))
    if demand.handler_id == to.pk:
        return Denied(_("This colleague deals with the demand already."))
    return Allowed


def may_give_back(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := _on_the_desk(by, demand)):
        return decision
    return Allowed if demand.handled_by is not None else Denied(_("Nobody in particular deals with this demand."))
