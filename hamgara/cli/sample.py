"""Loads the sample city: the founding gathering, places, units, organisations, people, and their first demands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import translation

from hamgara import clock
from hamgara.algorithms.persian import digits
from hamgara.cli.founding import Founding
from hamgara.cli.links import path_for
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations import queries as register
from hamgara.domain.organisations.models import ActingPerson, Capability, Mandate, Organisation, Place
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.people import commands as people
from hamgara.domain.people import queries as persons
from hamgara.domain.people.models import Person

FOLDER = Path(__file__).resolve().parent.parent.parent / "sample" / "kashan"
HISTORY = timedelta(days=60)
MANDATE = timedelta(days=700)
ACCREDITATION = timedelta(days=900)


def is_empty() -> bool:
    """No city has been founded in this database."""
    return register.city() is None


def load(say: Callable[[str], None] = print) -> None:
    """Set the sample city up through the same commands that people use, so that its ledger is like any other.

    Its history is laid down at the moments it tells of, in their order.
    """
    start = clock.now()
    with translation.override("fa"):
        with clock.standing_at(start - HISTORY):
            set_up(say)
        say("telling of demands, promises and reviews")
        tell(start)


def tell(start: datetime) -> None:
    """What happened in the sample city, once it is set up, in the time before `start`."""
    # Imported here, as it needs what stands above.
    from hamgara.cli.sample_story import Story

    Story(read("demands.yaml"), start, Loader(read("city.yaml"))).tell()


def set_up(say: Callable[[str], None] = print) -> Loader:
    """The sample city with its places, bodies, people and fields, before anybody has asked for anything."""
    loader = Loader(read("city.yaml"))
    say("founding the city")
    loader.city()
    say("entering units, organisations and people")
    loader.units()
    loader.people()
    loader.organisations()
    loader.monitors()
    loader.authenticators()
    loader.fields(read("demands.yaml"))
    catch_up()
    return loader


def read(name: str) -> dict[str, Any]:
    """A file of the sample."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


class Loader(Founding):
    """One sample city: what any city begins with, and then people who act in it."""

    def __init__(self, city: dict[str, Any]) -> None:
        super().__init__(city, mandates=MANDATE)

    def people(self) -> None:
        for code, person in self.data["people"].items():
            made = people.register(by=FOUNDERS, name=person["name"], email=address(code))
            if "unit" in person:
                self.mandate(made, self.body(person["unit"]), person["role"])

    def organisations(self) -> None:
        office = self.acting("maryam", "participation-office")
        for body in self.data["organisations"]:
            made = self.apply(body)
            organisations.accredit(
                by=office,
                organisation=made,
                registration_number=digits.to_ascii(body["number"]),
                authority=body["authority"],
                until=clock.today() + ACCREDITATION,
            )
            head = self.acting(body["head"], body["code"])
            for capability, amount in body["offers"].items():
                organisations.offer_capability(
                    by=head, organisation=made, capability=Capability.objects.get(code=capability), amount=amount
                )
            if "reviewer" in body:
                self.mandate(person(body["reviewer"]), made, Mandate.Role.REVIEWER)
        for body in self.data["applications"]:
            self.apply(body)

    def monitors(self) -> None:
        office = self.acting("maryam", "participation-office")
        for code, each in self.data["people"].items():
            if each.get("monitor"):
                oversight.register_monitor(
                    by=office,
                    person=person(code),
                    known_as=each["name"],
                    until=clock.today() + MANDATE,
                    code=f"m-{code}",
                )

    def authenticators(self) -> None:
        """Sample officers get a second factor whose code the outbox page shows in place of an authenticator app."""
        for code, each in self.data["people"].items():
            if "unit" in each:
                TOTP.activate(person(code), generate_totp_secret())

    def apply(self, body: dict[str, Any]) -> Organisation:
        made = organisations.apply(
            by=ActingPerson(person(body["head"])),
            name=body["name"],
            name_en=body["name_en"],
            kind=body["kind"],
            code=body["code"],
            about=body["about"],
            seat=Place.objects.get(code=body["seat"]),
            registration_number=digits.to_ascii(body["number"]),
            authority=body["authority"],
        )
        if "about_en" in body:
            organisations.describe(
                by=self.acting(body["head"], body["code"]), organisation=made, about_en=body["about_en"]
            )
        return made

    def acting(self, who: str, body: str) -> ActingPerson:
        return ActingPerson(person(who), register.mandates_of(person(who)).get(organisation__code=body))


def address(code: str) -> str:
    """A sample person's mail address: the domain is reserved and leads nowhere (RFC 2606)."""
    return f"{code}@hamgara.example"


def person(code: str) -> Person:
    found = persons.by_email(address(code))
    if found is None:
        raise LookupError(code)
    return found


def sign_in_links() -> list[tuple[str, str, str]]:
    """For each sample role a fresh one-time link: (who in Persian, who in English, path)."""
    data = read("city.yaml")
    links = []
    for code, each in data["people"].items():
        if "label" in each and (holder := persons.by_email(address(code))) is not None:
            links.append((f"{each['name']}، {each['label']['fa']}", each["label"]["en"], path_for(holder)))
    return links
