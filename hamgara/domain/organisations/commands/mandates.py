"""Commands on mandates: who acts for a body, in which role, until when."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian.text import clean
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import events, policies, queries
from hamgara.domain.organisations.commands.bodies import locked
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person

UNIT_ROLES = {Mandate.Role.HEAD, Mandate.Role.OFFICER}
BODY_ROLES = {Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.REVIEWER}


@command
def grant_mandate(*, by: Actor, organisation: Organisation, person: Person, role: str, until: date) -> Mandate:
    """Give a person a mandate."""
    refuse_replay(by)
    organisation = locked(organisation)
    require(policies.may_grant_mandate(by, organisation))
    problems = {}
    if role not in (UNIT_ROLES if organisation.is_unit else BODY_ROLES):
        problems["role"] = _("This kind of organisation does not have this role.")
    latest = clock.today() + charter.period("organisations.mandate_at_most")
    if not clock.today() <= until <= latest:
        problems["until"] = _("The date must lie ahead, and within the longest time that the charter allows.")
    if queries.holders(organisation).filter(person=person, role=role).exists():
        problems["person"] = _("This person already has this role here.")
    if problems:
        raise Invalid(problems)
    # A mandate past its date still occupies the role until the clock's job has been round.
    Mandate.objects.filter(organisation=organisation, person=person, role=role, ended_at=None).update(
        ended_at=clock.now(), end_reason="expired"
    )
    mandate = Mandate.objects.create(organisation=organisation, person=person, role=role, until=until)
    record(
        events.MandateGranted(
            organisation=organisation.code,
            mandate=str(mandate.key),
            person=str(person.key),
            role=role,
            until=until.isoformat(),
        ),
        by=by,
    )
    return mandate


@command
def end_mandate(*, by: Actor, mandate: Mandate, reason: str = "") -> Mandate:
    """End a mandate before its date, at once."""
    organisation = locked(mandate.organisation)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    mandate.organisation = organisation
    other_heads = queries.holders(organisation).filter(role=Mandate.Role.HEAD).exclude(pk=mandate.pk)
    last_head = mandate.role == Mandate.Role.HEAD and organisation.is_live and not other_heads.exists()
    require(policies.may_end_mandate(by, mandate, last_head=last_head))
    mandate.ended_at, mandate.end_reason = clock.now(), clean(reason)
    mandate.save()
    record(
        events.MandateEnded(
            organisation=organisation.code,
            mandate=str(mandate.key),
            person=str(mandate.person.key),
            role=mandate.role,
            reason=mandate.end_reason,
        ),
        by=by,
    )
    return mandate


@command
def warn_of_expiry(*, by: Actor, mandate: Mandate) -> Mandate:
    """Say once that a mandate is about to end."""
    require(policies.may_let_mandate_run_out(by))
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.warned_at is not None or not mandate.is_live:
        raise Invalid({"mandate": _("The warning has been given, or there is nothing to warn of any more.")})
    mandate.warned_at = clock.now()
    mandate.save()
    record(
        events.MandateExpiring(
            organisation=mandate.organisation.code, mandate=str(mandate.key), until=mandate.until.isoformat()
        ),
        by=by,
    )
    return mandate


@command
def expire_mandate(*, by: Actor, mandate: Mandate) -> Mandate:
    """The date has passed: say so in the record. The mandate had stopped counting at the date itself."""
    require(policies.may_let_mandate_run_out(by))
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.ended_at is not None or mandate.until >= clock.today():
        raise Invalid({"mandate": _("The mandate has ended already, or still stands.")})
    mandate.ended_at, mandate.end_reason = clock.now(), "expired"
    mandate.save()
    record(
        events.MandateExpired(
            organisation=mandate.organisation.code, mandate=str(mandate.key), until=mandate.until.isoformat()
        ),
        by=by,
    )
    return mandate


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Let go of somebody who is being erased: their mandates go; what was done under them stays the body's."""
    require(may_forget_person(by))
    mandates, _models = Mandate.objects.filter(person=person).delete()
    record(events.PersonForgotten(erasure=erasure, mandates=mandates), by=by)
