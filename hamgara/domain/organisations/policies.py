"""Who may found, accredit, change and end organisations and mandates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation, Place
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import duty

HEAD, REPRESENTATIVE, OFFICER = Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.OFFICER


def mandate_stands(by: Actor) -> Decision:
    """An act under a mandate needs a mandate that stands at this moment; the house needs none."""
    if isinstance(by, ActingPerson) and by.mandate is not None:
        if by.mandate.person_id != by.person.pk:
            return Denied(_("This mandate is somebody else's. Choose in whose name you act."))
        if not by.mandate.is_live:
            return Denied(
                _("Your mandate for this organisation has ended. Act in your own name, or ask its head to renew it.")
            )
    return Allowed


def holds(by: Actor, organisation: Organisation, *roles: str) -> bool:
    """`by` acts under a standing mandate of this very body, in one of these roles."""
    return (
        isinstance(by, ActingPerson)
        and by.mandate is not None
        and bool(mandate_stands(by))
        and by.mandate.organisation_id == organisation.pk
        and (not roles or by.mandate.role in roles)
    )


def acts_for_office(by: Actor) -> bool:
    """`by` acts under a standing mandate of the participation office."""
    return (
        isinstance(by, ActingPerson)
        and by.mandate is not None
        and bool(mandate_stands(by))
        and by.mandate.organisation.is_participation_office
        and by.mandate.role in {HEAD, OFFICER}
    )


def acts_for_unit(by: Actor) -> bool:
    """`by` acts as an officer of some municipal unit."""
    return (
        isinstance(by, ActingPerson)
        and by.mandate is not None
        and bool(mandate_stands(by))
        and by.mandate.organisation.is_unit
        and by.mandate.role in {HEAD, OFFICER}
    )


def _office_only(by: Actor) -> Decision:
    if isinstance(by, House) or acts_for_office(by):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the participation office does this. Choose its name under «acting as», if you work there."))


def may_found_city(by: Actor) -> Decision:
    return Allowed if isinstance(by, House) else Denied(_("A city is founded when the system is set up."))


def may_manage_places(by: Actor, place: Place | None = None) -> Decision:
    return _office_only(by)


def may_manage_units(by: Actor, unit: Organisation | None = None) -> Decision:
    if unit is not None and not unit.is_live:
        return Denied(
            _("This unit no longer exists; its successor has taken over."), overtaken=True, about=unit.subject
        )
    return _office_only(by)


def _in_state(organisation: Organisation, verb: str) -> Decision:
    if Organisation.LIFE.allows(Organisation.State(organisation.state), verb):
        return Allowed
    return Denied(
        _("This organisation is now «%(state)s»; somebody may have decided before you.")
        % {"state": organisation.get_state_display()},  # type: ignore[attr-defined]
        overtaken=True,
        about=organisation.subject,
    )


def may_end(by: Actor, organisation: Organisation, verb: str) -> Decision:
    """Whoever keeps the register merges and closes."""
    if not (decision := may_manage_units(by, organisation)):
        return decision
    return _in_state(organisation, verb)


def may_apply(by: Actor) -> Decision:
    """Anybody signed in may bring an organisation."""
    if isinstance(by, House | ActingPerson):
        return mandate_stands(by)
    return Denied(_("Sign in first."))


def may_decide_accreditation(by: Actor, organisation: Organisation, verb: str) -> Decision:
    if not (decision := _office_only(by)):
        return decision
    if organisation.is_unit:
        return Denied(_("A municipal unit needs no accreditation."))
    return _in_state(organisation, verb)


def may_lack_licence(organisation: Organisation) -> Decision:
    """Neighbours seldom have a licence; the office registers their group under a number of its own."""
    group = organisation.kind == Organisation.Kind.COMMUNITY_GROUP
    if group and charter.rule("organisations.groups_without_licence").value:
        return Allowed
    return Denied(_("Only a community group may be accredited without a licence."))


def may_describe(by: Actor, organisation: Organisation) -> Decision:
    """Its own head or representative says what an organisation is; the office may correct it."""
    if holds(by, organisation, HEAD, REPRESENTATIVE) or acts_for_office(by) or isinstance(by, House):
        return Allowed
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only somebody who acts for this organisation may change this."))


def may_see_documents(by: Actor, organisation: Organisation) -> Decision:
    if acts_for_office(by) or holds(by, organisation, HEAD):
        return Allowed
    return Denied(_("Only the participation office and the organisation's head see these papers."))


def may_grant_mandate(by: Actor, organisation: Organisation) -> Decision:
    """The head of a body gives its mandates; the office does so for units, and for bodies that have no head."""
    if not organisation.is_live:
        return Denied(_("This organisation no longer exists."), overtaken=True, about=organisation.subject)
    if isinstance(by, House) or holds(by, organisation, HEAD):
        return Allowed
    if acts_for_office(by):
        if organisation.is_unit or not queries.has_head(organisation):
            return Allowed
        return Denied(
            _("This organisation has a head, who gives its mandates; the city does not choose who speaks for it.")
        )
    if not (stands := mandate_stands(by)):
        return stands
    return Denied(_("Only the organisation's head or the participation office gives mandates."))


def may_let_mandate_run_out(by: Actor) -> Decision:
    """Dates pass by themselves."""
    return Allowed if isinstance(by, House) else Denied(_("A mandate runs out by itself, at its date."))


def may_end_mandate(by: Actor, mandate: Mandate, *, last_head: bool) -> Decision:
    """A holder may lay a mandate down, a head or the office may end it; a living body keeps a head."""
    if mandate.ended_at is not None:
        return Denied(_("This mandate has ended already."), overtaken=True, about=mandate.organisation.subject)
    own = isinstance(by, ActingPerson) and by.person.pk == mandate.person_id
    if not (own or isinstance(by, House) or acts_for_office(by) or holds(by, mandate.organisation, HEAD)):
        return Denied(_("Only its holder, the organisation's head or the participation office may end a mandate."))
    if last_head:
        return Denied(
            _(
                "This is the last head of the organisation. "
                "Give somebody else this role first, so that nobody is orphaned."
            )
        )
    return Allowed


def may_take_over(by: Actor) -> Decision:
    """An earlier register comes in by the participation office, or by those who set the city up."""
    return _office_only(by)


@duty
def hands_over_first(person: Person) -> Decision:
    """Whoever leads a living body alone gives somebody else this role before leaving: nobody is orphaned."""
    for mandate in queries.live_mandates().filter(person=person, role=HEAD):
        others = queries.holders(mandate.organisation).filter(role=HEAD).exclude(person=person)
        if not others.exists():
            return Denied(
                _("You are the last head of «%(body)s». Give somebody else this role first, or have the body closed.")
                % {"body": mandate.organisation.label}
            )
    return Allowed
