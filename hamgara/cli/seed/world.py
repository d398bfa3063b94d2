"""The made-up city that demands are told in: founded years ago, its boards elected anew again and again.

All of it is set up by the commands that people use, at the moments it tells of. Between two elections lies a term: the
ledger's numbers for all that happens in it are kept free, so that the whole ledger is in the order of time.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from hamgara import clock
from hamgara.cli import sample
from hamgara.cli.seed import words
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.ledger.commands import keep_numbers
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations import queries as register
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation, Place
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.oversight.models import Bar, Monitor
from hamgara.domain.oversight.queries.standing import JUDGING_ROLES, monitors
from hamgara.domain.people import commands as people
from hamgara.domain.people.models import Person

LONGEST_TERM = 690  # days: mandates last 730, and are given anew before anybody has to be warned
MANDATE, ACCREDITATION = timedelta(days=728), timedelta(days=900)
MONITORS = 5
OFFICE = "participation-office"
BATCH = 1000


@dataclass(frozen=True)
class Size:
    """How large the city is, and how old."""

    demands: int
    people: int
    organisations: int
    # Each draw keeps its whole pool for good, so a pool of hundreds would fill the disk with tickets.
    accredited: int = 25
    years: float = 8


@dataclass
class Term:
    """From one election to the next: who acts for whom."""

    begin: datetime
    end: datetime
    numbers: int = 0  # the first of those kept free
    officers: dict[str, ActingPerson] = field(default_factory=dict)  # unit → its head
    second: ActingPerson | None = None  # of the participation office, who decides appeals
    heads: dict[str, ActingPerson] = field(default_factory=dict)  # candidate → who acts for it
    candidates: list[dict[str, Any]] = field(default_factory=list)
    acting: dict[str, set[str]] = field(default_factory=dict)  # a person's key → the candidates that they act for


@dataclass
class World:
    """All that lives are made of."""

    now: datetime
    terms: list[Term]
    citizens: list[Person]
    fields: dict[str, Field]
    places: list[Place]
    units: dict[tuple[str, str], Organisation]  # field and place → who deals with it
    bodies: dict[str, Organisation]  # code → units and organisations
    monitors: dict[str, Monitor]

    def term(self, at: datetime) -> Term:
        return self.terms[bisect_right(self._begins, at) - 1]

    def __post_init__(self) -> None:
        self._begins = [term.begin for term in self.terms]

    def officer(self, unit: Organisation, at: datetime) -> ActingPerson:
        return self.term(at).officers[unit.code]

    def reviewer(self, candidate: str, at: datetime) -> ActingPerson | None:
        """Who answers for this candidate at that moment, if it still stands."""
        return self.term(at).heads.get(candidate)

    def stands(self, candidate: str, at: datetime) -> bool:
        return candidate in self.term(at).heads

    def seated(self, candidate: str) -> dict[str, Any]:
        kind, _colon, code = candidate.partition(":")
        return {kind: self.bodies[code] if kind == "organisation" else self.monitors[code]}

    def above(self, unit: Organisation) -> Organisation | None:
        return None if unit.parent_id is None else self._by_pk[unit.parent_id]

    def goes_up_to(self, demand: Demand) -> Organisation | None:
        """The unit before which an overdue demand is put next, as `demands.queries.unit_above` has it."""
        if demand.is_appeal and demand.escalated_to is None:
            return self.bodies[OFFICE]
        above = self.above(demand.escalated_to or demand.unit)
        return None if demand.is_appeal and above == demand.unit else above

    @property
    def _by_pk(self) -> dict[int, Organisation]:
        if not hasattr(self, "_pks"):
            self._pks = {body.pk: body for body in self.bodies.values()}
        return self._pks


def _midnight(moment: datetime) -> datetime:
    # In UTC: two moments of one zone are compared and moved by what its clocks showed, and summer time shifts those.
    return timezone.make_aware(datetime.combine(clock.day_of(moment), time.min)).astimezone(UTC)


def terms(now: datetime, years: float) -> list[Term]:
    """The city's terms: as long as each other, and a short one at last, in which the sample's own people act."""
    last = now - sample.HISTORY
    whole = timedelta(days=365.25 * years) - sample.HISTORY
    count = max(1, -(-whole.days // LONGEST_TERM))
    begins = [_midnight(last - whole + whole / count * number) for number in range(count)] + [_midnight(last)]
    return [Term(begin, end) for begin, end in zip(begins, [*begins[1:], now], strict=True)]


def key(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def founded(chance: random.Random, now: datetime, size: Size, room: int, say: Callable[[str], None]) -> World:
    """Found the city and hold its elections; `room` numbers of the ledger are kept free in each term."""
    founding = Founding(chance, size, now, say)
    for term in founding.terms:
        founding.begin(term)
        term.numbers = keep_numbers(room)
    return founding.world(now)


class Founding:
    """What sets the city up, term by term."""

    def __init__(self, chance: random.Random, size: Size, now: datetime, say: Callable[[str], None]) -> None:
        self.chance, self.size, self.say = chance, size, say
        self.terms = terms(now, size.years)
        self.loader = sample.Loader(sample.read("city.yaml"))
        self.bodies: dict[str, Organisation] = {}
        self.citizens: list[Person] = []

    def begin(self, term: Term) -> None:
        """Found the city in its first term, elect, and let the sample's own people come in the last one."""
        with clock.standing_at(term.begin):
            if term is self.terms[0]:
                self.say("founding the city")
                self.loader.city()
                self.loader.units()
                self.loader.fields(sample.read("demands.yaml"))
                self.citizens = self._taken_over()
            self._elect(term)
            if term is self.terms[-1]:
                self.loader.people()
                self.loader.organisations()
                self.loader.monitors()
                self.loader.authenticators()
            self._look_up(term)

    def world(self, now: datetime) -> World:
        fields = {each.code: each for each in Field.objects.all()}
        places = list(Place.objects.exclude(level="city").exclude(latitude=None).order_by("code"))
        units = {
            (name, place.code): self.bodies[demands.unit_for(fields[name], place).code]
            for name in words.TROUBLES
            for place in places
        }
        seats = {each.code: each for each in Monitor.objects.all()}
        return World(now, self.terms, self.citizens, fields, places, units, self.bodies, seats)

    def _taken_over(self) -> list[Person]:
        made: list[Person] = []
        for first in range(0, self.size.people, BATCH):
            if first % (10 * BATCH) == 0:
                self.say(f"people: {first} of {self.size.people}")
            past = [
                people.PastPerson(
                    key(self.chance),
                    key(self.chance),
                    words.person_name(self.chance),
                    email=f"p{number}@hamgara.example",
                )
                for number in range(first, min(first + BATCH, self.size.people))
            ]
            made += people.take_over(by=FOUNDERS, past=past, source="seed")
        return made

    def _elect(self, term: Term) -> None:
        """New heads for units and organisations; the old ones lay their mandates down."""
        # In an order of their own: whoever is drawn next depends on who came before.
        old = list(register.live_mandates().order_by("pk"))
        first = not old
        for unit in Organisation.objects.filter(kind=Organisation.Kind.MUNICIPAL_UNIT).order_by("code"):
            term.officers[unit.code] = self._head(unit)
        office = term.officers[OFFICE]
        assert office.organisation is not None
        term.second = self._head(office.organisation, Mandate.Role.OFFICER)
        if first:
            own = [self._brought(number) for number in range(self.size.accredited)]
        else:
            own = [mandate.organisation for mandate in old if not mandate.organisation.is_unit]
            for body in own:
                self._head(body)
        for body in own:
            organisations.accredit(
                by=office,
                organisation=body,
                registration_number=body.registration_number,
                authority=body.authority,
                until=clock.today() + ACCREDITATION,
            )
        latest = clock.today() + MANDATE
        for _number in range(MONITORS):
            known_as = words.person_name(self.chance)
            until = min(latest, clock.day_of(term.end) - timedelta(days=1)) if term is not self.terms[-1] else latest
            code = f"m-{key(self.chance).hex[:8]}"
            oversight.register_monitor(by=office, person=self._person(), known_as=known_as, until=until, code=code)
        for mandate in old:
            organisations.end_mandate(by=FOUNDERS, mandate=mandate, reason="پایان دوره")

    def _person(self) -> Person:
        return people.register(by=FOUNDERS, name=words.person_name(self.chance), key=key(self.chance))

    def _head(self, body: Organisation, role: str = Mandate.Role.HEAD) -> ActingPerson:
        holder = self._person()
        until = clock.today() + MANDATE
        mandate = organisations.grant_mandate(by=FOUNDERS, organisation=body, person=holder, role=role, until=until)
        mandate.organisation = self.bodies.setdefault(body.code, body)
        return ActingPerson(holder, mandate)

    def _brought(self, number: int) -> Organisation:
        kind = self.chance.choice(list(words.BODIES))
        return organisations.apply(
            by=ActingPerson(self._person()),
            name=words.body_name(self.chance, kind, number + 1),
            kind=kind,
            code=f"body-{number + 1}",
            registration_number=str(1000 + number),
            authority="استانداری",
        )

    def _look_up(self, term: Term) -> None:
        """Who may judge in this term, as the house itself would list them."""
        bodies = list(register.accredited().order_by("code"))
        mandates = register.live_mandates().filter(organisation__in=bodies).order_by("pk")
        acting: dict[str, list[Mandate]] = {}
        for mandate in mandates.select_related("person", "organisation"):
            acting.setdefault(mandate.organisation.code, []).append(mandate)
        for body in bodies:
            body = self.bodies.setdefault(body.code, body)
            holders = acting.get(body.code, [])
            for each in holders:
                term.acting.setdefault(str(each.person.key), set()).add(body.subject)
            judges = [each for each in holders if each.role in JUDGING_ROLES]
            bars = [] if judges else [{"reason": Bar.NOBODY_ACTS.value, "whom": None}]
            term.candidates.append({"id": body.subject, "kind": "organisation", "ties": bars})
            if judges:
                judges[0].organisation = body
                term.heads[body.subject] = ActingPerson(judges[0].person, judges[0])
        for monitor in monitors():
            term.acting.setdefault(str(monitor.person.key), set()).add(monitor.subject)
            term.candidates.append({"id": monitor.subject, "kind": "monitor", "ties": []})
            term.heads[monitor.subject] = ActingPerson(monitor.person)
