"""Who may take an open demand, hand it over, give it back and ask its author: officers of the unit that has it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.demands.models import AnswerTemplate, Demand
from hamgara.domain.demands.policies.standing import (
    covering,
    handles,
    handling,
    signed_in,
    speaks_for,
    state_stands_against,
)
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation
from hamgara.domain.organisations.policies import HEAD, acts_for_office, acts_for_unit


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
    colleague = ActingPerson(person=to.person, mandate=to)
    if not handles(colleague, demand) or (demand.is_appeal and not acts_for_office(colleague)):
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


def may_ask_back(by: Actor | None, demand: Demand) -> Decision:
    """One question at a time, so that nobody is left with a list."""
    if not (decision := _on_the_desk(by, demand)):
        return decision
    if demand.question_since is not None:
        return Denied(_("The author has been asked already and has not answered yet."))
    return Allowed


def may_tell_more(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := signed_in(by)):
        return decision
    if not speaks_for(by, demand):
        return Denied(_("Only whoever made this demand answers what the officers asked."))
    if not demand.is_open:
        return state_stands_against(demand)
    return Allowed if demand.question_since is not None else Denied(_("There is no question that waits for an answer."))


def may_note(by: Actor | None, demand: Demand) -> Decision:
    """Notes are read and written by those who may deal with the demand, in every state; never by its author."""
    if isinstance(by, House):
        return Denied(_("Only officers write notes."))
    return covering(by, demand)


def may_manage_templates(by: Actor | None, unit: Organisation, template: AnswerTemplate | None = None) -> Decision:
    """The head of the unit, or of one above it: what is said in a unit's name is the head's to word."""
    if isinstance(by, House):
        return Denied(_("Only heads of units keep answers ready."))
    if not (decision := signed_in(by)):
        return decision
    assert isinstance(by, ActingPerson)
    leads = acts_for_unit(by) and by.mandate is not None and by.mandate.role == HEAD
    if not leads or by.mandate is None or not unit.is_within(by.mandate.organisation):
        return Denied(_("Only the head of this unit, or of one above it, words its answers."))
    if template is not None and template.removed_at is not None:
        return Denied(_("This template has been removed already."))
    return Allowed


def may_reword(by: Actor | None, template: AnswerTemplate, seen: str) -> Decision:
    """Whoever words a unit's answers, over the words that they have seen and over no others."""
    if not (decision := may_manage_templates(by, template.unit, template)):
        return decision
    if seen != template.wording:
        return Denied(
            _("Somebody worded this answer anew while you were writing. Nothing was changed."), overtaken=True
        )
    return Allowed


def may_see_workload(by: Actor | None, unit: Organisation) -> Decision:
    """Heads see how the work lies in their unit and below it, and the participation office everywhere."""
    if not (decision := signed_in(by)):
        return decision
    assert isinstance(by, ActingPerson)
    mandate = by.mandate
    leads = acts_for_unit(by) and mandate is not None and mandate.role == HEAD
    if acts_for_office(by) or (leads and mandate is not None and unit.is_within(mandate.organisation)):
        return Allowed
    return Denied(_("Only heads see how the work of their unit lies, and the participation office."))
