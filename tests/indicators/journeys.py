"""Random ways of demands and promises through a small city, by the commands: whatever is allowed may happen."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hamgara import charter, clock
from hamgara.algorithms.lifecycle import WrongState
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.indicators import jobs
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import FOUNDERS, RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.queries import lagging
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Organisation
from tests import factories as make
from tests.commitments import promises

BEGIN = datetime(2026, 2, 1, 8, tzinfo=UTC)
STEPS = 130
REFUSAL, NOT_DOABLE, DECLINING = "demands.refusal_reasons", "demands.not_doable_reasons", "demands.decline_reasons"


class City:
    """A city in which people and officers act at random; the same number, the same acts."""

    def __init__(self, number: int, done: set[str]) -> None:
        self.chance = random.Random(number)
        district = make.place(level="district")
        self.places = [district, make.place(within=district), make.place()]
        parent = make.field()
        self.fields = [parent, make.field(parent=parent), make.field()]
        self.office = make.office_officer()
        head = make.unit()
        self.units = [head, make.unit(parent=head), make.unit(parent=head), make.unit()]
        self.bodies = [make.organisation(), make.organisation()]
        for field, unit in zip(self.fields, self.units, strict=False):
            demands.set_route(by=FOUNDERS, field=field, place=make.city(), unit=unit)
        self.now, self.done = clock.now(), done
        for _n in range(8):
            self.ask()

    def live(self, steps: int) -> None:
        """So many tries, on days that pass; at some moments the followers read what there is."""
        for _step in range(steps):
            self.now += timedelta(days=self.chance.choice((0, 0, 1, 3, 8)), minutes=1)
            with clock.standing_at(self.now):
                # What has not happened yet is tried more often.
                weights = [w * (1 if name in self.done else 3) for (name, _act), w in zip(ACTS, WEIGHTS, strict=True)]
                name, act = self.chance.choices(ACTS, weights)[0]
                with suppress(Refused, Invalid, WrongState, IndexError, ValueError):
                    act(self)
                    self.done.add(name)
                if self.chance.random() < 0.15:
                    catch_up()

    def one(self, *states: str) -> Demand:
        """Any demand in one of these states."""
        return self.chance.choice(list(Demand.objects.filter(state__in=states).order_by("pk")))

    def promise(self, *states: str) -> Commitment:
        return self.chance.choice(list(Commitment.objects.filter(state__in=states).order_by("pk")))

    def code(self, rule: str) -> str:
        return self.chance.choice(sorted(charter.choices(rule)))

    # --- what may happen ---------------------------------------------------------------------------------------------

    def ask(self) -> None:
        by = make.head_of(self.chance.choice(self.bodies)) if self.chance.random() < 0.3 else make.acting()
        field, place = self.chance.choice(self.fields), self.chance.choice(self.places)
        make.demand(by, field=field, place=place)

    def take_over(self) -> None:
        ended = self.chance.random() < 0.6
        asked = clock.now() - timedelta(days=self.chance.randrange(30, 500))
        past = demands.PastDemand(
            once=make.person().key,
            author=make.person(),
            title="پیامی از سامانهٔ پیشین",
            field=self.fields[0],
            place=self.places[1],
            unit=self.units[1],
            asked=asked,
            admitted=self.chance.random() < 0.5,
            claim=self.chance.choice(("done", "refused", "answered")) if ended else "",
            ended=asked + timedelta(days=9) if ended else None,
        )
        demands.take_over(by=FOUNDERS, past=[past], source="past")

    def admit(self) -> None:
        demands.admit(by=self.office, demand=self.one("received"))

    def decline(self) -> None:
        demands.decline(by=self.office, demand=self.one("received"), reason_code=self.code(DECLINING), reason="نه")

    def appeal(self) -> None:
        self.decline()
        demand = self.one("declined")
        demands.appeal(by=make.acting(demand.author), demand=demand, words="دوباره نگاه کنید")

    def withdraw(self) -> None:
        demand = self.one("received", "admitted")
        demands.withdraw(by=make.acting(demand.author), demand=demand)

    def route(self) -> None:
        demands.route(by=self.office, demand=self.one(*Demand.OPEN), unit=self.chance.choice(self.units), reason="آنجا")

    def merge(self) -> None:
        demands.merge(by=self.office, demand=self.one(*Demand.OPEN), into=self.one(*Demand.OPEN))

    def unmerge(self) -> None:
        demands.unmerge(by=self.office, demand=self.one("merged"), reason="یکی نیستند")

    def refuse(self) -> None:
        demands.refuse(by=self.office, demand=self.one("admitted"), reason_code=self.code(REFUSAL), reason="نه")

    def cannot(self) -> None:
        demand = self.one("admitted")
        demands.find_not_doable(by=self.office, demand=demand, reason_code=self.code(NOT_DOABLE), reason="نمی‌شود")

    def reopen(self) -> None:
        demand = self.one(*Demand.ENDED)
        demands.reopen(by=make.acting(demand.author), demand=demand, words="برگشت")

    def promise_alone(self) -> None:
        promises.promised(self.one("admitted"), due=clock.today() + timedelta(days=self.chance.randrange(2, 40)))

    def promise_together(self) -> None:
        demand, partner = self.one("admitted"), self.chance.choice(self.bodies)
        commitment = promises.promised(demand, partners=[partner])
        if self.chance.random() < 0.8:
            commitments.join(by=make.head_of(partner), commitment=commitment, organisation=partner)

    def start(self) -> None:
        promises.under_way(self.promise("promised"))

    def put_off(self) -> None:
        commitment = self.promise("promised", "under_way")
        due = clock.today() + timedelta(days=self.chance.randrange(1, 60))
        commitments.change_due(by=promises.leader(commitment), commitment=commitment, due=due, reason="باران")

    def report(self) -> None:
        promises.reported(self.promise("under_way"))

    def settle(self) -> None:
        outcome = self.chance.choice(("confirmed", "partly_kept", "contested", "contested"))
        commitments.settle(by=RULES, commitment=self.promise("reported_done"), outcome=outcome, review="r1")

    def look_again(self) -> None:
        commitment = self.promise("confirmed", "partly_kept", "contested", "contested")
        commitments.review_again(by=RULES, commitment=commitment, review="r1")

    def resume(self) -> None:
        commitment = self.promise("contested")
        due = clock.today() + timedelta(days=30)
        commitments.resume(by=promises.leader(commitment), commitment=commitment, due=due, reason="این بار")

    def take_back(self) -> None:
        commitment = self.promise("promised", "under_way", "contested")
        commitments.withdraw(by=promises.leader(commitment), commitment=commitment, reason="نشد")

    def move_unit(self) -> None:
        organisations.move(by=self.office, organisation=self.chance.choice(self.units), parent=self.units[0])

    def merge_units(self) -> None:
        gone, heir = self.chance.sample(self._standing(), 2)
        organisations.merge(by=self.office, organisation=gone, into=heir, reason="یکی شدند")
        self.units = self._standing()

    def _standing(self) -> list[Organisation]:
        codes = [unit.code for unit in self.units]
        return [unit for unit in Organisation.objects.filter(code__in=codes).order_by("code") if unit.is_live]


ACTS: list[tuple[str, Callable[[City], None]]] = [
    (name, getattr(City, name))
    for name in (
        *("ask", "take_over", "admit", "decline", "appeal", "withdraw", "route", "merge", "unmerge", "refuse"),
        *("cannot", "reopen", "promise_alone", "promise_together", "start", "put_off", "report", "settle"),
        *("look_again", "resume", "take_back", "move_unit", "merge_units"),
    )
]
WEIGHTS = [16, 2, 12, 4, 6, 1, 3, 3, 3, 3, 3, 3, 12, 3, 12, 3, 12, 12, 3, 9, 2, 1, 1]


def lived(number: int, done: set[str] | None = None) -> City:
    """A city in which so much has happened, and all followers have read it; `done` holds what has happened so far."""
    with clock.standing_at(BEGIN):
        city = City(number, set() if done is None else done)
    city.live(STEPS)
    with clock.standing_at(city.now):
        catch_up()
        # The reviews of these journeys are made up, which holds the follower that opens them.
        assert not lagging().filter(follower=jobs.FOLLOWER).exists()
    return city
