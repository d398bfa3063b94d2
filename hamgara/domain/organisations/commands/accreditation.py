"""Commands on accreditation: asked for by people, decided by the participation office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.files import File
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian.text import clean
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import events, policies
from hamgara.domain.organisations.commands.bodies import check_name, free_code, locked
from hamgara.domain.organisations.commands.rows import fitting, line
from hamgara.domain.organisations.models import AccreditationDocument, ActingPerson, Mandate, Organisation, Place


@command
def apply(
    *,
    by: Actor,
    name: str,
    kind: str,
    code: str,
    name_en: str = "",
    about: str = "",
    seat: Place | None = None,
    registration_number: str = "",
    authority: str = "",
    documents: Iterable[tuple[str, File]] = (),  # type: ignore[type-arg]
) -> Organisation:
    """Bring an organisation; whoever brings it becomes its head."""
    refuse_replay(by)
    require(policies.may_apply(by))
    if kind == Organisation.Kind.MUNICIPAL_UNIT or kind not in Organisation.Kind.values:
        raise Invalid({"kind": _("Choose what kind of organisation this is.")})
    code = free_code(code)
    organisation = Organisation(
        code=code,
        name=check_name(name),
        name_en=line(name_en),
        kind=kind,
        path=f"/{code}/",
        about=clean(about),
        seat=seat,
        registration_number=line(registration_number),
        authority=line(authority),
    )
    given = [name for name in ("registration_number", "authority") if getattr(organisation, name)]
    fitting(organisation, "code", "name", "name_en", *given).save()
    if isinstance(by, ActingPerson):
        Mandate.objects.create(
            person=by.person,
            organisation=organisation,
            role=Mandate.Role.HEAD,
            until=clock.today() + charter.period("organisations.mandate_at_most"),
        )
    record(events.Applied(organisation=code, name=organisation.name, organisation_kind=kind), by=by)
    # Files come last: all that may fail has not failed, so none is left behind by an application that is not there.
    for title, file in documents:
        AccreditationDocument.objects.create(organisation=organisation, title=line(title), file=file)
    return organisation


@command
def accredit(
    *, by: Actor, organisation: Organisation, registration_number: str, authority: str, until: date
) -> Organisation:
    """Accredit an organisation until a date; again, to renew.

    A community group that names neither number nor authority has no licence: it gets a number of the office's own.
    """
    organisation = locked(organisation)
    require(policies.may_decide_accreditation(by, organisation, "accredit"))
    registration_number, authority = line(registration_number), line(authority)
    problems = {}
    if not registration_number and not authority and policies.may_lack_licence(organisation):
        registration_number = str(organisation.pk)
    else:
        if not registration_number:
            problems["registration_number"] = _("Write the registration number.")
        if not authority:
            problems["authority"] = _("Write which authority issued the licence.")
    latest = clock.today() + charter.period("organisations.accreditation_at_most")
    if not clock.today() < until <= latest:
        problems["until"] = _("The date must lie ahead, and within the longest time that the charter allows.")
    if problems:
        raise Invalid(problems)
    # While it was refused, another one may have taken its name.
    check_name(organisation.name, but=organisation)
    organisation.state = Organisation.LIFE.after(organisation.state, "accredit")
    organisation.registration_number, organisation.authority = registration_number, authority
    organisation.accredited_until, organisation.state_reason = until, ""
    given = [name for name in ("registration_number", "authority") if getattr(organisation, name)]
    fitting(organisation, *given).save()
    record(
        events.Accredited(
            organisation=organisation.code,
            registration_number=organisation.registration_number,
            authority=organisation.authority,
            expires=until.isoformat(),
        ),
        by=by,
    )
    return organisation


def _with_reason(by: Actor, organisation: Organisation, verb: str, reason: str) -> Organisation:
    organisation = locked(organisation)
    require(policies.may_decide_accreditation(by, organisation, verb))
    organisation.state_reason = clean(reason)
    if not organisation.state_reason:
        raise Invalid({"reason": _("Give the reason; it is public.")})
    organisation.state = Organisation.LIFE.after(organisation.state, verb)
    organisation.save()
    return organisation


@command
def refuse_accreditation(*, by: Actor, organisation: Organisation, reason: str) -> Organisation:
    """Turn an application down, with the reason."""
    organisation = _with_reason(by, organisation, "refuse_accreditation", reason)
    record(events.AccreditationRefused(organisation=organisation.code, reason=organisation.state_reason), by=by)
    return organisation


@command
def withdraw_accreditation(*, by: Actor, organisation: Organisation, reason: str) -> Organisation:
    """Take an accreditation away, with the reason."""
    organisation = _with_reason(by, organisation, "withdraw_accreditation", reason)
    record(events.AccreditationWithdrawn(organisation=organisation.code, reason=organisation.state_reason), by=by)
    return organisation


@command
def expire_accreditation(*, by: Actor, organisation: Organisation) -> Organisation:
    """The date has passed."""
    organisation = locked(organisation)
    require(policies.may_decide_accreditation(by, organisation, "expire_accreditation"))
    if organisation.accredited_until is None or organisation.accredited_until >= clock.today():
        raise Invalid({"until": _("The accreditation still stands.")})
    organisation.state = Organisation.LIFE.after(organisation.state, "expire_accreditation")
    organisation.save()
    record(
        events.AccreditationExpired(organisation=organisation.code, expired=organisation.accredited_until.isoformat()),
        by=by,
    )
    return organisation
