"""Commands on organisations and units as bodies: founded, described, renamed, moved, merged, closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hamgara.algorithms.persian.text import clean, key
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import events, policies, queries
from hamgara.domain.organisations.models import Capability, Offer, Organisation, Place

DESCRIBED = ("about", "about_en", "website", "public_phone", "seat", "name_en")


def check_name(name: str, *, but: Organisation | None = None) -> str:
    """The name as it will stand; another live body with the same name is an error for the form."""
    name = clean(name).strip()
    if not name:
        raise Invalid({"name": _("Write the organisation's name.")})
    taken = Organisation.objects.filter(name_key=key(name)).exclude(state__in=queries.GONE)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise Invalid({"name": _("An organisation of this name is in the register already.")})
    return name


def free_code(wished: str) -> str:
    """A code nobody has: the wished one, or with a number behind it."""
    code, n = wished, 1
    while Organisation.objects.filter(code=code).exists():
        n += 1
        code = f"{wished}-{n}"
    return code


def locked(organisation: Organisation) -> Organisation:
    """The row as it is now, held until the command ends."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


@command
def found(
    *,
    by: Actor,
    name: str,
    kind: str = Organisation.Kind.MUNICIPAL_UNIT,
    parent: Organisation | None = None,
    code: str,
    name_en: str = "",
    seat: Place | None = None,
    about: str = "",
    is_participation_office: bool = False,
) -> Organisation:
    """Enter a municipal unit in the tree; it needs no accreditation."""
    require(policies.may_manage_units(by))
    name = check_name(name)
    code = free_code(code)
    body = Organisation.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        kind=kind,
        state=Organisation.State.ACCREDITED,
        parent=parent,
        path=f"{parent.path if parent else '/'}{code}/",
        seat=seat,
        about=about,
        is_participation_office=is_participation_office,
    )
    record(
        events.Founded(organisation=code, name=name, organisation_kind=kind, parent=parent.code if parent else None),
        by=by,
    )
    return body


@command
def describe(*, by: Actor, organisation: Organisation, **wished: Any) -> Organisation:
    """Change what an organisation says of itself."""
    organisation = locked(organisation)
    require(policies.may_describe(by, organisation))
    if unknown := wished.keys() - set(DESCRIBED):
        raise TypeError(f"an organisation has no describable {sorted(unknown)}")
    changed = sorted(name for name, value in wished.items() if getattr(organisation, name) != value)
    for name in changed:
        value = wished[name]
        setattr(organisation, name, clean(value) if name.startswith("about") else value)
    organisation.save()
    record(events.Described(organisation=organisation.code, changed=changed), by=by)
    return organisation


@command
def rename(*, by: Actor, organisation: Organisation, name: str, name_en: str = "") -> Organisation:
    """Give a body a new name; the old one stays in its history."""
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    old, organisation.name = organisation.name, check_name(name, but=organisation)
    organisation.name_en = name_en or organisation.name_en
    organisation.save()
    record(events.Renamed(organisation=organisation.code, old_name=old, name=organisation.name), by=by)
    return organisation


@command
def move(*, by: Actor, organisation: Organisation, parent: Organisation | None) -> Organisation:
    """Hang a unit, with all below it, elsewhere in the tree."""
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    if parent is not None:
        if not parent.is_live:
            raise Invalid({"parent": _("The unit chosen no longer exists.")})
        if parent.is_within(organisation):
            raise Invalid({"parent": _("A unit cannot stand below itself. Choose another one.")})
    old_parent, old_path = organisation.parent, organisation.path
    organisation.parent = parent
    new_path = f"{parent.path if parent else '/'}{organisation.code}/"
    below = list(Organisation.objects.select_for_update().filter(path__startswith=old_path))
    for each in below:
        each.path = new_path + each.path.removeprefix(old_path)
    Organisation.objects.bulk_update(below, ["path"])
    organisation.path = new_path
    organisation.save()
    record(
        events.Moved(
            organisation=organisation.code,
            old_parent=old_parent.code if old_parent else None,
            parent=parent.code if parent else None,
        ),
        by=by,
    )
    return organisation


def _end(organisation: Organisation, successor: Organisation | None, state: str, reason: str) -> None:
    """The body is gone; what stood below it stands below its successor or its parent."""
    heir = successor or organisation.parent
    for child in Organisation.objects.select_for_update().filter(parent=organisation):
        old_path = child.path
        child.parent = heir
        new_path = f"{heir.path if heir else '/'}{child.code}/"
        below = list(Organisation.objects.filter(path__startswith=old_path).exclude(pk=child.pk))
        for each in below:
            each.path = new_path + each.path.removeprefix(old_path)
        Organisation.objects.bulk_update(below, ["path"])
        child.path = new_path
        child.save()
    organisation.state, organisation.successor, organisation.state_reason = state, successor, clean(reason)
    organisation.save()


@command
def merge(*, by: Actor, organisation: Organisation, into: Organisation, reason: str) -> Organisation:
    """A body goes up in another one, which takes over its work."""
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    if organisation.is_participation_office:
        raise Invalid({"organisation": _("The participation office cannot be merged away.")})
    if into.pk == organisation.pk or into.is_within(organisation) or not into.is_live:
        raise Invalid({"into": _("Choose another living organisation, not one below this one.")})
    if into.is_unit != organisation.is_unit:
        raise Invalid({"into": _("A municipal unit merges with a unit, an organisation with an organisation.")})
    _end(organisation, into, Organisation.State.MERGED, reason)
    record(events.Merged(organisation=organisation.code, into=into.code, reason=clean(reason)), by=by)
    return organisation


@command
def close(*, by: Actor, organisation: Organisation, successor: Organisation | None, reason: str) -> Organisation:
    """A body ends; a unit with work names who takes it over."""
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    if organisation.is_participation_office:
        raise Invalid({"organisation": _("The participation office cannot be closed.")})
    if organisation.is_unit and (successor is None or not successor.is_live or successor.is_within(organisation)):
        raise Invalid({"successor": _("Name a living unit that takes over the work of this one.")})
    _end(organisation, successor, Organisation.State.CLOSED, reason)
    record(
        events.Closed(
            organisation=organisation.code, successor=successor.code if successor else None, reason=clean(reason)
        ),
        by=by,
    )
    return organisation


@command
def add_capability(*, by: Actor, code: str, name: str, unit: str, name_en: str = "", unit_en: str = "") -> Capability:
    """Add a kind of help to the city's list."""
    require(policies.may_manage_units(by))
    if Capability.objects.filter(code=code).exists():
        raise Invalid({"code": _("Another capability has this code. Choose a different one.")})
    capability = Capability.objects.create(
        code=code, name=clean(name), name_en=name_en, unit=clean(unit), unit_en=unit_en
    )
    record(events.CapabilityAdded(capability=code, name=capability.name, unit=capability.unit), by=by)
    return capability


@command
def offer_capability(
    *, by: Actor, organisation: Organisation, capability: Capability, amount: int, note: str = ""
) -> Offer:
    """Say how much of a capability the organisation has; said again, it replaces what was said."""
    organisation = locked(organisation)
    require(policies.may_describe(by, organisation))
    if amount < 1:
        raise Invalid({"amount": _("Write a number of one or more.")})
    offer, _created = Offer.objects.update_or_create(
        organisation=organisation, capability=capability, defaults={"amount": amount, "note": clean(note)}
    )
    record(
        events.CapabilityOffered(
            organisation=organisation.code, capability=capability.code, amount=amount, unit=capability.unit
        ),
        by=by,
    )
    return offer


@command
def withdraw_capability(*, by: Actor, organisation: Organisation, capability: Capability) -> None:
    """Take an offer back."""
    organisation = locked(organisation)
    require(policies.may_describe(by, organisation))
    gone, _kinds = Offer.objects.filter(organisation=organisation, capability=capability).delete()
    if not gone:
        raise Invalid({"capability": _("The organisation does not offer this capability.")})
    record(events.CapabilityWithdrawn(organisation=organisation.code, capability=capability.code), by=by)
