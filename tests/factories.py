"""Makers of persons, bodies, places, fields and demands for tests: through the commands, so that all is as in life."""

from __future__ import annotations

import io
import itertools
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from PIL import Image

from hamgara import clock
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation, Place
from hamgara.domain.people import commands as people
from hamgara.domain.people.models import Person

_number = itertools.count(1)

# --- time ------------------------------------------------------------------------------------------------------------


def days_later(days: float) -> AbstractContextManager[None]:
    """Stand so many days after now: `with days_later(3): …`. Nested, the days add up."""
    return clock.standing_at(clock.now() + timedelta(days=days))


def standing(year: int, month: int, day: int, hour: int = 12) -> AbstractContextManager[None]:
    """Stand at a moment of the city's own time."""
    return clock.standing_at(timezone.make_aware(datetime(year, month, day, hour)))


# --- people and bodies -----------------------------------------------------------------------------------------------


def person(name: str = "", **more: Any) -> Person:
    """Somebody with a name and nothing else."""
    return people.register(by=FOUNDERS, name=name or f"شهروند {next(_number)}", **more)


def acting(who: Person | None = None, mandate: Mandate | None = None, once: UUID | None = None) -> ActingPerson:
    """A person as an actor; a new one if none is given."""
    return ActingPerson(person=who or person(), mandate=mandate, once=once)


def city() -> Place:
    """The one city, made when first asked for."""
    return Place.objects.filter(level="city").first() or organisations.found_city(
        by=FOUNDERS,
        code="kashan",
        name="کاشان",
        name_en="Kashan",
        latitude=33.98237,
        longitude=51.42769,
        source="test",
        gathering={"title": "نشست"},
    )


def place(name: str = "", *, level: str = "neighbourhood", within: Place | None = None, code: str = "") -> Place:
    """A part of the city; a neighbourhood straight under it, if nothing else is said."""
    n = next(_number)
    return organisations.add_place(
        by=FOUNDERS, code=code or f"p{n}", name=name or f"محلهٔ {n}", level=level, within=within or city()
    )


def unit(name: str = "", *, parent: Organisation | None = None, code: str = "", **more: Any) -> Organisation:
    """A municipal unit."""
    n = next(_number)
    return organisations.found(by=FOUNDERS, name=name or f"واحد {n}", code=code or f"unit-{n}", parent=parent, **more)


def office() -> Organisation:
    """The one participation office, made when first asked for."""
    return Organisation.objects.filter(is_participation_office=True).first() or unit(
        "دبیرخانهٔ مشارکت", code="office", is_participation_office=True
    )


def mandate(organisation: Organisation, who: Person | None = None, role: str = "") -> Mandate:
    """A mandate of a year: officer of a unit, head of another body, if no role is given."""
    return organisations.grant_mandate(
        by=FOUNDERS,
        organisation=organisation,
        person=who or person(),
        role=role or ("officer" if organisation.is_unit else "head"),
        until=clock.today() + timedelta(days=365),
    )


def under(mandate: Mandate, once: UUID | None = None) -> ActingPerson:
    """The holder of a mandate, acting under it."""
    return ActingPerson(person=mandate.person, mandate=mandate, once=once)


def officer(organisation: Organisation, who: Person | None = None) -> ActingPerson:
    """An officer of a unit, acting for it."""
    return under(mandate(organisation, who))


def office_officer(who: Person | None = None) -> ActingPerson:
    """An officer of the participation office, acting for it."""
    return officer(office(), who)


def organisation(
    name: str = "", *, kind: str = "ngo", head: Person | None = None, accredited: bool = True, code: str = ""
) -> Organisation:
    """An organisation brought by its head; accredited for a year unless told otherwise."""
    n = next(_number)
    body = organisations.apply(by=acting(head), name=name or f"سازمان {n}", kind=kind, code=code or f"body-{n}")
    if accredited:
        body = organisations.accredit(
            by=FOUNDERS,
            organisation=body,
            registration_number=f"{1000 + n}",
            authority="وزارت کشور",
            until=clock.today() + timedelta(days=365),
        )
    return body


def head_of(organisation: Organisation) -> ActingPerson:
    """The head of an organisation, acting for it."""
    return under(organisation.mandates.select_related("person", "organisation").filter(role="head").first())


# --- demands ---------------------------------------------------------------------------------------------------------


def field(name: str = "", *, parent: Field | None = None, code: str = "", **more: Any) -> Field:
    """A field that takes demands."""
    n = next(_number)
    return demands.add_field(by=FOUNDERS, code=code or f"f{n}", name=name or f"حوزهٔ {n}", parent=parent, **more)


def demand(by: ActingPerson | None = None, *, unit: Organisation | None = None, **more: Any) -> Demand:
    """A demand as it has just come in, with `unit` if given, else with the participation office."""
    office()
    asked: dict[str, Any] = {"kind": "request", "title": f"درخواست شمارهٔ {next(_number)} از شهرداری"}
    asked |= more
    asked.setdefault("field", field())
    asked.setdefault("place", place())
    if unit is not None:
        demands.set_route(by=FOUNDERS, field=asked["field"], place=city(), unit=unit)
    return demands.submit(by=by or acting(), **asked)


def admitted(by: ActingPerson | None = None, *, officer: ActingPerson | None = None, **more: Any) -> Demand:
    """A demand that an officer has admitted."""
    made = demand(by, **more)
    return demands.admit(by=officer or office_officer(), demand=made)


def photo(size: tuple[int, int] = (64, 48), colour: str = "teal", **saved: Any) -> io.BytesIO:
    """A JPEG as it comes from a form."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **saved)
    out.seek(0)
    return out
