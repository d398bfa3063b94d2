"""Who may promise, work on a promise, change it or take it back. Nobody who promised may say that it was kept."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.persian import digits
from hamgara.domain.commitments.models import Commitment, Part, Promiser
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.policies.standing import state_stands_against
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation
from hamgara.domain.organisations.policies import mandate_stands
from hamgara.domain.organisations.queries import standing_for

UNIT_ROLES = {Mandate.Role.HEAD, Mandate.Role.OFFICER}
BODY_ROLES = {Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE}
OPEN_DEMANDS = {Demand.State.ADMITTED, Demand.State.ANSWERED}


def shown(number: int) -> str:
    """A whole number in the reader's digits."""
    return digits.to_persian(str(number)) if get_language() == "fa" else str(number)


def _mandate(by: Actor) -> Mandate | None:
    """The standing mandate under which `by` can bind a body."""
    if not isinstance(by, ActingPerson) or by.mandate is None or not mandate_stands(by):
        return None
    roles = UNIT_ROLES if by.mandate.organisation.is_unit else BODY_ROLES
    return by.mandate if by.mandate.role in roles else None


def speaks_for(by: Actor, body: Organisation) -> bool:
    """`by` can bind this body, or what took its place; a unit is bound by the units above it, too."""
    mandate = _mandate(by)
    if mandate is None:
        return False
    body = standing_for(body)
    if body.is_unit and mandate.organisation.is_unit:
        return body.is_within(mandate.organisation)
    return body.pk == mandate.organisation_id


def can_bind_itself(body: Organisation) -> bool:
    """A municipal unit in being, or an organisation whose accreditation stands today."""
    if body.is_unit:
        return body.is_live
    return body.state == Organisation.State.ACCREDITED and (
        body.accredited_until is None or body.accredited_until >= clock.today()
    )


def _needs_mandate(by: Actor) -> Decision:
    """Why `by` binds nobody."""
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(
        _("Municipal units and accredited organisations make promises. Choose under «I act» for which one you act.")
    )


def may_promise(by: Actor, demand: Demand) -> Decision:
    """The responsible unit or one above it, the participation office, or an accredited organisation."""
    mandate = _mandate(by)
    if mandate is None:
        return _needs_mandate(by)
    if demand.state in {Demand.State.RECEIVED, Demand.State.DECLINED}:
        return Denied(
            _("This demand is now «%(state)s»; only an admitted demand can be promised.")
            % {"state": demand.get_state_display()}
        )
    if demand.state not in OPEN_DEMANDS:
        return state_stands_against(demand)
    body = mandate.organisation
    if not can_bind_itself(body):
        return Denied(
            _("Your organisation's accreditation does not stand now. Ask the participation office to renew it.")
        )
    if not body.is_unit or body.is_participation_office:
        return Allowed
    if demand.unit is not None and standing_for(demand.unit).is_within(body):
        return Allowed
    return Denied(_("Another unit is responsible for this demand: it can promise, and ask your unit to join."))


def wrong_state(commitment: Commitment) -> Denied:
    return Denied(
        _("This promise is now «%(state)s»; somebody may have acted before you.")
        % {"state": commitment.get_state_display()},
        overtaken=True,
        about=commitment.subject,
    )


def may_join(by: Actor, promiser: Promiser, verb: str = "join") -> Decision:
    """Each body that is named in a proposal agrees or declines for itself."""
    if not Commitment.LIFE.allows(promiser.commitment.state, verb):
        return wrong_state(promiser.commitment)
    if not speaks_for(by, promiser.organisation):
        if not (stands := mandate_stands(by)):
            return stands
        return Denied(_("Only somebody who acts for the body that was asked can answer this."))
    if verb == "join" and not can_bind_itself(promiser.organisation):
        return Denied(
            _("Your organisation's accreditation does not stand now. Ask the participation office to renew it.")
        )
    if verb == "join" and promiser.joined_at is not None:
        return Denied(_("Your organisation has agreed already."), overtaken=True, about=promiser.commitment.subject)
    return Allowed


def may_work_on(by: Actor, commitment: Commitment) -> Decision:
    """Any of the promisers reports on the work and divides it into parts, while it lasts."""
    if commitment.state not in {Commitment.State.PROMISED, Commitment.State.UNDER_WAY}:
        return wrong_state(commitment)
    return _for_any(by, commitment)


def _for_any(by: Actor, commitment: Commitment) -> Decision:
    if any(speaks_for(by, body) for body in commitment.bodies):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only somebody who acts for one of the promisers can do this."))


def may_start(by: Actor, commitment: Commitment) -> Decision:
    if not Commitment.LIFE.allows(commitment.state, "start"):
        return wrong_state(commitment)
    return _for_any(by, commitment)


def may_report_progress(by: Actor, commitment: Commitment) -> Decision:
    if commitment.state != Commitment.State.UNDER_WAY:
        return wrong_state(commitment)
    return _for_any(by, commitment)


def may_complete_part(by: Actor, part: Part) -> Decision:
    """The owner of the part, or the body that leads the promise."""
    commitment = part.commitment
    if commitment.state not in {Commitment.State.PROMISED, Commitment.State.UNDER_WAY}:
        return wrong_state(commitment)
    if not Part.LIFE.allows(part.state, "complete_part"):
        return Denied(_("This part has been reported done already."), overtaken=True, about=commitment.subject)
    if speaks_for(by, part.owner) or speaks_for(by, commitment.lead):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the owner of this part or the body that leads the promise can do this."))


def _lead_only(by: Actor, commitment: Commitment, verb: str) -> Decision:
    if not Commitment.LIFE.allows(commitment.state, verb):
        return wrong_state(commitment)
    if speaks_for(by, commitment.lead):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the body that leads this promise can do this."))


def may_report_done(by: Actor, commitment: Commitment) -> Decision:
    return _lead_only(by, commitment, "report_done")


def may_withdraw(by: Actor, commitment: Commitment) -> Decision:
    return _lead_only(by, commitment, "withdraw")


def may_resume(by: Actor, commitment: Commitment) -> Decision:
    """After a contest, as long as the demand still waits for its answer."""
    if not (decision := _lead_only(by, commitment, "resume")):
        return decision
    if commitment.demand.state not in OPEN_DEMANDS:
        return Denied(
            _("The demand is now «%(state)s»; nothing is owed on it any more.")
            % {"state": commitment.demand.get_state_display()}
        )
    return Allowed


def may_change_due(by: Actor, commitment: Commitment) -> Decision:
    if commitment.state not in {Commitment.State.PROMISED, Commitment.State.UNDER_WAY}:
        return wrong_state(commitment)
    if speaks_for(by, commitment.lead):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the body that leads this promise can do this."))


def may_follow_the_rules(by: Actor, commitment: Commitment, verb: str) -> Decision:
    """What no person decides: the outcome of a review, an appeal's second look, and what the calendar brings."""
    if not isinstance(by, House):
        return Denied(_("No person decides this: it follows from the review, or from the calendar."))
    if not Commitment.LIFE.allows(commitment.state, verb):
        return wrong_state(commitment)
    return Allowed


def may_speak_of_date(by: Actor, commitment: Commitment) -> Decision:
    """The calendar speaks of the date of a promise that is not yet reported done."""
    if not isinstance(by, House):
        return Denied(_("No person decides this: it follows from the review, or from the calendar."))
    if commitment.state not in {Commitment.State.PROMISED, Commitment.State.UNDER_WAY}:
        return wrong_state(commitment)
    return Allowed
