"""Commands on organisations and units as bodies: founded, described, renamed, moved, merged, closed."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.algorithms.persian.text import clean, key
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import events, policies, queries
from hamgara.domain.organisations.commands.rows import fitting, line
from hamgara.domain.organisations.models import Capability, Offer, Organisation, Place

DESCRIBED = ("about", "about_en", "website", "public_phone", "seat", "name_en")
LONGEST_CODE = 40  # leaves room for the number that a second one of the same code gets
# Any number that nothing else in this database locks: «tree» on a telephone's keys.
TREE_LOCK = 8733


def check_name(name: str, *, but: Organisation | None = None) -> str:
    """The name as it will stand; another live body with the same name is an error for the form."""
    name = line(name)
    if not key(name):
        raise Invalid({"name": _("Write the organisation's name.")})
    taken = Organisation.objects.filter(name_key=key(name)).exclude(state__in=queries.GONE)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise Invalid({"name": _("An organisation of this name is in the register already.")})
    return name


def free_code(wished: str) -> str:
    """A code nobody has: the wished one, or with a number behind it."""
    wished = wished[:LONGEST_CODE]
    code, n = wished, 1
    while Organisation.objects.filter(code=code).exists():
        n += 1
        code = f"{wished}-{n}"
    return code


def locked(organisation: Organisation) -> Organisation:
    """The row as it is now, held until the command ends."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _hold_tree() -> None:
    """One change of the tree at a time: two crosswise moves at once would make a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _as_it_is(organisation: Organisation | None) -> Organisation | None:
    """The row as it is now; with the tree held, it stays so."""
    return None if organisation is None else Organisation.objects.get(pk=organisation.pk)


def _below(parent: Organisation | None, code: str) -> str:
    return f"{parent.path if parent else '/'}{code}/"


@command
def found(
    *,
    by: Actor,
    name: str,
    parent: Organisation | None = None,
    code: str,
    name_en: str = "",
    seat: Place | None = None,
    about: str = "",
    is_participation_office: bool = False,
) -> Organisation:
    """Enter a municipal unit in the tree; it needs no accreditation."""
    require(policies.may_manage_units(by))
    _hold_tree()
    parent = _as_it_is(parent)
    if parent is not None and not (parent.is_live and parent.is_unit):
        raise Invalid({"parent": _("The unit chosen no longer exists.")})
    if is_participation_office and queries.participation_offices().exists():
        raise Invalid({"is_participation_office": _("There is a participation office already; a city has one.")})
    code = free_code(code)
    body = Organisation(
        code=code,
        name=check_name(name),
        name_en=line(name_en),
        kind=Organisation.Kind.MUNICIPAL_UNIT,
        state=Organisation.State.ACCREDITED,
        parent=parent,
        path=_below(parent, code),
        seat=seat,
        about=clean(about),
        is_participation_office=is_participation_office,
    )
    fitting(body, "code", "name", "name_en").save()
    record(
        events.Founded(
            organisation=code, name=body.name, organisation_kind=body.kind, parent=parent.code if parent else None
        ),
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
    wished = {name: clean(value) if isinstance(value, str) else value for name, value in wished.items()}
    changed = sorted(name for name, value in wished.items() if getattr(organisation, name) != value)
    for name in changed:
        setattr(organisation, name, wished[name])
    fitting(organisation, *(name for name in changed if isinstance(wished[name], str))).save()
    record(events.Described(organisation=organisation.code, changed=changed), by=by)
    return organisation


@command
def rename(*, by: Actor, organisation: Organisation, name: str, name_en: str = "") -> Organisation:
    """Give a body a new name; the old one stays in its history."""
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    old, organisation.name = organisation.name, check_name(name, but=organisation)
    organisation.name_en = line(name_en) or organisation.name_en
    fitting(organisation, "name", "name_en").save()
    record(events.Renamed(organisation=organisation.code, old_name=old, name=organisation.name), by=by)
    return organisation


@command
def move(*, by: Actor, organisation: Organisation, parent: Organisation | None) -> Organisation:
    """Hang a unit, with all below it, elsewhere in the tree."""
    _hold_tree()
    organisation = locked(organisation)
    require(policies.may_manage_units(by, organisation))
    parent = _as_it_is(parent)
    if parent is not None:
        if not parent.is_live:
            raise Invalid({"parent": _("The unit chosen no longer exists.")})
        if parent.is_within(organisation):
            raise Invalid({"parent": _("A unit cannot stand below itself. Choose another one.")})
    old_parent = organisation.parent
    _hang(organisation, parent)
    record(
        events.Moved(
            organisation=organisation.code,
            old_parent=old_parent.code if old_parent else None,
            parent=parent.code if parent else None,
        ),
        by=by,
    )
    return organisation


def _hang(organisation: Organisation, parent: Organisation | None) -> None:
    """The body stands below `parent` now, and everything that stood below it still does."""
    old_path, new_path = organisation.path, _below(parent, organisation.code)
    below = list(Organisation.objects.select_for_update().filter(path__startswith=old_path).order_by("pk"))
    for each in below:
        each.path = new_path + each.path.removeprefix(old_path)
    Organisation.objects.bulk_update(below, ["path"])
    organisation.parent, organisation.path = parent, new_path
    organisation.save()


def _end(organisation: Organisation, successor: Organisation | None, verb: str, reason: str) -> str:
    """The body is gone, and nobody acts for it; what stood below it stands below its successor or its parent."""
    reason = clean(reason)
    if not reason:
        raise Invalid({"reason": _("Give the reason; it is public.")})
    for child in Organisation.objects.select_for_update().filter(parent=organisation).order_by("pk"):
        _hang(child, successor or organisation.parent)
    organisation.state = Organisation.LIFE.after(organisation.state, verb)
    organisation.mandates.filter(ended_at=None).update(ended_at=clock.now(), end_reason=organisation.state)
    organisation.successor, organisation.state_reason = successor, reason
    organisation.save()
    return reason


@command
def merge(*, by: Actor, organisation: Organisation, into: Organisation, reason: str) -> Organisation:
    """A body goes up in another one, which takes over its work."""
    _hold_tree()
    organisation, into = locked(organisation), locked(into)
    require(policies.may_end(by, organisation, "merge"))
    if organisation.is_participation_office:
        raise Invalid({"organisation": _("The participation office cannot be merged away.")})
    if into.is_within(organisation) or not into.is_live:
        raise Invalid({"into": _("Choose another living organisation, not one below this one.")})
    if into.is_unit != organisation.is_unit:
        raise Invalid({"into": _("A municipal unit merges with a unit, an organisation with an organisation.")})
    reason = _end(organisation, into, "merge", reason)
    record(events.Merged(organisation=organisation.code, into=into.code, reason=reason), by=by)
    return organisation


@command
def close(*, by: Actor, organisation: Organisation, successor: Organisation | None, reason: str) -> Organisation:
    """A body ends; a unit names who takes over its work."""
    _hold_tree()
    organisation, successor = locked(organisation), _as_it_is(successor)
    require(policies.may_end(by, organisation, "close"))
    if organisation.is_participation_office:
        raise Invalid({"organisation": _("The participation office cannot be closed.")})
    if successor is None:
        if organisation.is_unit:
            raise Invalid({"successor": _("Name a living unit that takes over the work of this one.")})
    elif not successor.is_live or successor.is_within(organisation) or successor.is_unit != organisation.is_unit:
        raise Invalid({"successor": _("Choose another living one of the same sort, not one below this one.")})
    reason = _end(organisation, successor, "close", reason)
    record(
        events.Closed(organisation=organisation.code, successor=successor.code if successor else None, reason=reason),
        by=by,
    )
    return organisation


@command
def add_capability(*, by: Actor, code: str, name: str, unit: str, name_en: str = "", unit_en: str = "") -> Capability:
    """Add a kind of help to the city's list."""
    require(policies.may_manage_units(by))
    if Capability.objects.filter(code=code).exists():
        raise Invalid({"code": _("Another capability has this code. Choose a different one.")})
    capability = Capability(code=code, name=line(name), name_en=line(name_en), unit=line(unit), unit_en=line(unit_en))
    fitting(capability, "code", "name", "name_en", "unit", "unit_en").save()
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
    said = Offer.objects.filter(organisation=organisation, capability=capability).first()
    offer = said or Offer(organisation=organisation, capability=capability)
    offer.amount, offer.note = amount, line(note)
    fitting(offer, "amount", "note").save()
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
