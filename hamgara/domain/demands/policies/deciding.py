"""What officers and the house may do with demands: fields and routes, triage, answers, deadlines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.demands.models import Demand, Field, Merge
from hamgara.domain.demands.policies.standing import decides, handling, house_only, signed_in, state_stands_against
from hamgara.domain.ledger.events import FOUNDERS, Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import acts_for_office

# --- fields and routes -----------------------------------------------------------------------------------------------


def may_manage_fields(by: Actor | None, field: Field | None = None) -> Decision:
    if isinstance(by, House) or (by is not None and acts_for_office(by)):
        return Allowed
    if not (decision := signed_in(by)):
        return decision
    return Denied(_("Only the participation office changes fields and routes."))


def may_take_over(by: Actor | None) -> Decision:
    """The city's past comes in by the participation office, or by those who set the city up."""
    if isinstance(by, House) or (by is not None and acts_for_office(by)):
        return Allowed
    if not (decision := signed_in(by)):
        return decision
    return Denied(_("Only the participation office takes demands over from earlier records."))


def may_write_lives(by: Actor | None) -> Decision:
    """What nobody lived is told only of a city that is made up as a whole, and only when it is set up."""
    gathering = organisations.founding_gathering()
    if by == FOUNDERS and gathering is not None and gathering.record.get("sample"):
        return Allowed
    return Denied(_("Only a made-up city gets a history that nobody lived."))


# --- triage ----------------------------------------------------------------------------------------------------------


def _first_look(by: Actor | None, demand: Demand, verb: str) -> Decision:
    """Admit or decline. An appeal is for the participation office, and for another officer than the first."""
    if not (decision := decides(by, demand, verb)):
        return decision
    if demand.appealed and isinstance(by, ActingPerson) and by.person.pk == demand.declined_by_id:
        return Denied(_("You decided about this demand the first time, so another officer decides the appeal."))
    return Allowed


def may_admit(by: Actor | None, demand: Demand) -> Decision:
    return _first_look(by, demand, "admit")


def may_decline(by: Actor | None, demand: Demand) -> Decision:
    return _first_look(by, demand, "decline")


def may_route(by: Actor | None, demand: Demand) -> Decision:
    if not (decision := handling(by, demand)):
        return decision
    return Allowed if demand.is_open else state_stands_against(demand)


def may_merge(by: Actor | None, demand: Demand, into: Demand | None = None) -> Decision:
    """People merge, never the machine; into a demand that is open itself."""
    if isinstance(by, House):
        return Denied(_("Only people merge demands."))
    if not (decision := decides(by, demand, "merge")):
        return decision
    if into is not None:
        if into.pk == demand.pk:
            return Denied(_("A demand cannot be merged into itself. Choose another one."))
        if not into.is_open:
            return Denied(
                _("The demand chosen is now «%(state)s». Choose one that is open.")
                % {"state": into.get_state_display()}  # type: ignore[attr-defined]
            )
    return Allowed


def may_unmerge(by: Actor | None, demand: Demand, merge: Merge | None = None) -> Decision:
    if not (decision := handling(by, demand)):
        return decision
    if demand.state != Demand.State.MERGED:
        return state_stands_against(demand)
    if merge is not None and merge.target.state == Demand.State.MERGED:
        return Denied(_("The other demand was merged on in its turn. Undo that merge first."))
    return Allowed


# --- answers ---------------------------------------------------------------------------------------------------------


def may_explain(by: Actor | None, demand: Demand) -> Decision:
    """An official word may be given as long as the demand has been admitted and not ended."""
    if not (decision := handling(by, demand)):
        return decision
    if demand.state not in (Demand.State.ADMITTED, Demand.State.ANSWERED):
        return state_stands_against(demand)
    return Allowed


def may_refuse(by: Actor | None, demand: Demand) -> Decision:
    return decides(by, demand, "refuse")


def may_find_not_doable(by: Actor | None, demand: Demand) -> Decision:
    return decides(by, demand, "find_not_doable")


def may_mark_answered(by: Actor | None, demand: Demand) -> Decision:
    return house_only(by, demand, "answer")


def may_close(by: Actor | None, demand: Demand) -> Decision:
    """Nothing is closed by whoever promised it: only a settled review closes."""
    return house_only(by, demand, "close")


def may_go_back(by: Actor | None, demand: Demand) -> Decision:
    return house_only(by, demand, "go_back")


def may_look_again(by: Actor | None, demand: Demand) -> Decision:
    """No person takes a verified outcome away: it follows from an appeal that stands."""
    return house_only(by, demand, "look_again")


def may_note_deadline(by: Actor | None, demand: Demand) -> Decision:
    if not isinstance(by, House):
        return Denied(_("Deadlines pass by themselves."))
    if not demand.is_overdue or demand.overdue_noted_at is not None:
        return Denied(_("No deadline has newly passed."))
    return Allowed
