"""Commands on fields and routes: the participation office says what belongs where and who deals with it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hamgara.algorithms.persian.text import clean
from hamgara.domain.demands import events, policies
from hamgara.domain.demands.models import Field, Route
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import Organisation, Place

CHANGEABLE = ("name", "name_en", "rank", "icon", "guidance", "guidance_en", "referral", "referral_en")


@command
def add_field(*, by: Actor, code: str, name: str, parent: Field | None = None, **more: Any) -> Field:
    """Add a field, or a part of one; `more` are its other names, rank, icon, guidance and referral."""
    require(policies.may_manage_fields(by))
    if unknown := more.keys() - set(CHANGEABLE):
        raise TypeError(f"a field has no {sorted(unknown)}")
    if not clean(name):
        raise Invalid({"name": _("Write the name of the field.")})
    if Field.objects.filter(code=code).exists():
        raise Invalid({"code": _("Another field has this code. Choose a different one.")})
    path = f"{parent.path if parent else '/'}{code}/"
    field = Field.objects.create(code=code, name=clean(name), parent=parent, path=path, **more)
    record(events.FieldAdded(field=code, name=field.name, within=parent.code if parent else None), by=by)
    return field


@command
def change_field(*, by: Actor, field: Field, **wished: Any) -> Field:
    """Change what a field is called, where it stands, and what it tells people."""
    field = Field.objects.select_for_update().get(pk=field.pk)
    require(policies.may_manage_fields(by, field))
    if unknown := wished.keys() - set(CHANGEABLE):
        raise TypeError(f"a field has no {sorted(unknown)}")
    wished = {name: clean(value) if isinstance(value, str) else value for name, value in wished.items()}
    if not wished.get("name", field.name):
        raise Invalid({"name": _("Write the name of the field.")})
    changed = {name: value for name, value in wished.items() if getattr(field, name) != value}
    for name, value in changed.items():
        setattr(field, name, value)
    field.save()
    record(events.FieldChanged(field=field.code, changed=changed), by=by)
    return field


@command
def set_route(*, by: Actor, field: Field, place: Place, unit: Organisation | None) -> Route | None:
    """Say which unit deals with a field in a part of the city; with no unit, the next larger route holds again."""
    require(policies.may_manage_fields(by, field))
    route = None
    if unit is None:
        gone, _kinds = Route.objects.filter(field=field, place=place).delete()
        if not gone:
            raise Invalid({"unit": _("There is no route for this field in this place.")})
    else:
        if not unit.is_unit or not unit.is_live:
            raise Invalid({"unit": _("Choose a municipal unit that exists today.")})
        route, _created = Route.objects.update_or_create(field=field, place=place, defaults={"unit": unit})
    record(events.RouteSet(field=field.code, place=place.code, unit=unit.code if unit else None), by=by)
    return route
