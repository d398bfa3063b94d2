"""What sets a city up, a sample or a real one: its places, kinds of help, units, fields, and who acts for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hamgara import clock
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Field
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.people.models import Person


class Founding:
    """One city, by the codes of its file; each step by the same commands that people use."""

    def __init__(self, city: dict[str, Any], *, mandates: timedelta) -> None:
        self.data = city
        self.mandates = mandates  # how long those of the beginning last

    def city(self) -> None:
        organisations.found_city(by=FOUNDERS, **{"source": ""} | self.data["city"], gathering=self.data["gathering"])
        for place in self.data.get("places", ()):
            within = Place.objects.get(code=place["within"])
            organisations.add_place(by=FOUNDERS, **place | {"within": within})
        for capability in self.data.get("capabilities", ()):
            organisations.add_capability(by=FOUNDERS, **capability)

    def units(self) -> None:
        for unit in self.data["units"]:
            organisations.found(
                by=FOUNDERS,
                code=unit["code"],
                name=unit["name"],
                name_en=unit.get("name_en", ""),
                parent=self.body(unit["parent"]) if unit.get("parent") else None,
                seat=Place.objects.get(code=unit.get("seat", self.data["city"]["code"])),
                is_participation_office=unit.get("office", False),
            )

    def fields(self, work: dict[str, Any]) -> None:
        for field in work["fields"]:
            parent = field.get("parent")
            demands.add_field(by=FOUNDERS, **field | {"parent": Field.objects.get(code=parent) if parent else None})
        for field, place, unit in work.get("routes", ()):
            demands.set_route(
                by=FOUNDERS,
                field=Field.objects.get(code=field),
                place=Place.objects.get(code=place),
                unit=self.body(unit),
            )

    def mandate(self, holder: Person, body: Organisation, role: str) -> None:
        organisations.grant_mandate(
            by=FOUNDERS, organisation=body, person=holder, role=role, until=clock.today() + self.mandates
        )

    @staticmethod
    def body(code: str) -> Organisation:
        return Organisation.objects.get(code=code)
