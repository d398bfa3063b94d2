"""Commands on the city and its places."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hamgara.algorithms.persian.text import clean, key
from hamgara.domain.ledger.commands import Invalid, command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import events, policies, queries
from hamgara.domain.organisations.commands.rows import fitting, line
from hamgara.domain.organisations.models import Gathering, Place

# A level, and the levels that may hold it.
HELD_BY = {
    Place.Level.DISTRICT: {Place.Level.CITY},
    Place.Level.SUBDISTRICT: {Place.Level.DISTRICT},
    Place.Level.NEIGHBOURHOOD: {Place.Level.CITY, Place.Level.DISTRICT, Place.Level.SUBDISTRICT},
}


def _checked(place: Place, *fields: str) -> Place:
    """The place, if it has a name and its point, if it has one, is on the earth."""
    if not key(place.name):
        raise Invalid({"name": _("Write the name of the place.")})
    point = (place.latitude, place.longitude)
    if point != (None, None) and not (
        None not in point and -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180  # type: ignore[operator]
    ):
        raise Invalid({"point": _("This is no point on the earth. Write latitude and longitude in degrees.")})
    return fitting(place, "name", "name_en", *fields)


@command
def found_city(
    *,
    by: Actor,
    code: str,
    name: str,
    name_en: str,
    latitude: float,
    longitude: float,
    source: str,
    gathering: dict[str, Any],
) -> Place:
    """Set the city up on the record of its founding gathering."""
    require(policies.may_found_city(by))
    if queries.city() is not None:
        raise Invalid({"code": _("The city has been founded already.")})
    city = Place(
        code=code,
        name=line(name),
        name_en=line(name_en),
        level=Place.Level.CITY,
        path=f"/{code}/",
        latitude=latitude,
        longitude=longitude,
        source=clean(source),
    )
    _checked(city, "code").save()
    Gathering.objects.create(city=city, record=gathering)
    record(events.CityFounded(city=code, gathering=gathering), by=by)
    return city


@command
def add_place(
    *,
    by: Actor,
    code: str,
    name: str,
    level: str,
    within: Place,
    name_en: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    source: str = "",
) -> Place:
    """Add a part of the city."""
    require(policies.may_manage_places(by))
    if level not in HELD_BY:
        raise Invalid({"level": _("Choose what part of the city this is.")})
    if within.level not in HELD_BY[Place.Level(level)]:
        raise Invalid({"within": _("A place of this level cannot lie in the one chosen. Choose a larger one.")})
    if Place.objects.filter(code=code).exists():
        raise Invalid({"code": _("Another place has this code. Choose a different one.")})
    place = Place(
        code=code,
        name=line(name),
        name_en=line(name_en),
        level=level,
        within=within,
        path=f"{within.path}{code}/",
        latitude=latitude,
        longitude=longitude,
        source=clean(source),
    )
    _checked(place, "code").save()
    record(events.PlaceAdded(place=code, name=place.name, level=level, within=within.code), by=by)
    return place


EDITABLE = ("name", "name_en", "latitude", "longitude", "outline")


@command
def change_place(*, by: Actor, place: Place, **wished: Any) -> Place:
    """Change a place's names, point or outline; its code and standing stay."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    require(policies.may_manage_places(by, place))
    if unknown := wished.keys() - set(EDITABLE):
        raise TypeError(f"a place has no changeable {sorted(unknown)}")
    wished = {name: line(value) if isinstance(value, str) else value for name, value in wished.items()}
    changed = {name: value for name, value in wished.items() if getattr(place, name) != value}
    for name, value in changed.items():
        setattr(place, name, value)
    _checked(place).save()
    # Coordinates go in as text: canonical JSON keeps away from fractions, so that every reader gets the same bytes.
    public = {
        name: str(value) if isinstance(value, float) else value for name, value in changed.items() if name != "outline"
    }
    record(
        events.PlaceChanged(
            place=place.code, changed=public | ({"outline": "changed"} if "outline" in changed else {})
        ),
        by=by,
    )
    return place
