"""The lives of demands in a made-up city: what happens next, to whom, and when.

A few demands that tell of the same thing are told together, moment by moment, from a chance of their own, so that each
tells the same again whatever stands before it. From Kashan's own figures are the 13,000 messages a year, the 9 of 100
that were unrelated or unverified, and the 22 of 100 that were found not doable (its 137 centre, as the press reported).
What they do not know (how much is late, contested, reopened, supported) is assumed here, in one table.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hamgara import charter, clock
from hamgara.cli.seed import words
from hamgara.cli.seed.ticking import DAY, HOUR, SECOND, goes_up_on, next_tick, tick
from hamgara.cli.seed.world import OFFICE, World, key
from hamgara.domain.commitments.commands import PromiseLife
from hamgara.domain.demands.commands import Life
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import RULES
from hamgara.domain.moderation.commands import CaseLife
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.oversight.commands import ReviewLife

AT_ONCE = timedelta(milliseconds=200)  # what followers need
State = Demand.State

# Shares of 1.
CARRIED = 0.03  # brought by an organisation for others
DECLINED, APPEALED, APPEAL_WON = 0.09, 0.15, 0.5  # the first: 652 of 7,141 messages
WITHDRAWN, ROUTED, EXPLAINED = 0.03, 0.07, 0.10
NOT_DOABLE, REFUSED = 0.22, 0.04  # the first: 89 of 404 calls
NEVER_ANSWERED, SLOW_TRIAGE, SLOW_ANSWER = 0.02, 0.06, 0.12
SUPPORTED, SUPPORT_TAIL, MOST_SUPPORTERS = 0.45, 1.2, 2000
COMMENTED, FOLLOWED, TAKEN, HANDED_OVER = 0.25, 0.08, 0.4, 0.25  # the last is of those taken
AUTHOR_SAYS, AUTHOR_DENIES, REOPENED = 0.30, 0.15, 0.015
ATTEMPTS = 3  # answers after which nothing more happens


@dataclass(frozen=True)
class Plan:
    """Demands that are told together: the first at `begin`; together they are about one thing."""

    number: int
    begin: datetime
    size: int
    kind: str  # single, merged, cluster


def plans(chance: random.Random, demands: int, begin: datetime, now: datetime, clustered: float) -> list[Plan]:
    """So many demands, in the order of time. Clusters, which nobody has merged, are of the last quarter of a year."""
    made: list[tuple[datetime, int, str]] = []
    left, first = demands, begin + 2 * DAY
    span, recent = now - 2 * HOUR - first, min(now - first, 90 * DAY)
    in_clusters = int(demands * clustered)
    while left:
        if demands - left < in_clusters:
            size, kind, at = min(left, chance.randrange(2, 6)), "cluster", now - recent * chance.uniform(0.02, 1)
        else:
            merged = chance.random() < 0.015
            size, kind = (min(left, chance.randrange(2, 5)), "merged") if merged else (1, "single")
            at = first + span * chance.random()
        made.append((at, size, kind))
        left -= size
    return [Plan(number, *each) for number, each in enumerate(sorted(made))]


class Telling:
    """The demands of one plan, and time."""

    def __init__(self, world: World, plan: Plan, codes: list[str], seed: int) -> None:
        self.world, self.plan = world, plan
        self.chance = random.Random(f"{seed}:{plan.number}")  # noqa: S311 - made-up data that must come out the same
        self.desk = random.Random(f"{seed}:{plan.number}:desk")  # noqa: S311 - of its own: the rest stays as it was
        self.watch = random.Random(f"{seed}:{plan.number}:watch")  # noqa: S311 - the same
        self.told: list[One] = []
        self.waiting: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()
        self._last = plan.begin
        about, place = words.trouble(self.chance), self.chance.choice(world.places)
        spot = [
            None if each is None else each + self.chance.uniform(-0.004, 0.004)
            for each in (place.latitude, place.longitude)
        ]
        wordings = words.ways(self.chance, about, plan.size)
        at = plan.begin
        for code, (title, text) in zip(codes, wordings, strict=True):
            one = One(self, self._demand(code, title, text, about.field, place, spot))
            self.told.append(one)
            self.then(at, one.submit)
            at = min(at + self.chance.expovariate(1 / 3) * DAY, world.now - self.chance.random() * HOUR)
        self.about = about

    def _demand(self, code: str, title: str, text: str, field: str, place: Any, spot: list[float]) -> Demand:
        pointed = self.chance.random() < 0.6
        return Demand(
            code=code,
            kind=self.chance.choices(Demand.Kind.values, [40, 15, 40, 5])[0],
            title=title,
            text=text,
            field=self.world.fields[field],
            place=place,
            unit=self.world.units[field, place.code],
            latitude=round(spot[0], 6) if pointed else None,
            longitude=round(spot[1], 6) if pointed else None,
            show_name=self.chance.random() < 0.2,
        )

    def then(self, at: datetime, act: Callable[..., None], *given: Any) -> None:
        """Let this happen at that moment, with the moment as its first argument."""
        heapq.heappush(self.waiting, (at, next(self._order), act, given))

    def after(self, at: datetime, days: float, act: Callable[..., None], *given: Any) -> None:
        """Let this happen about so many days later."""
        self.then(at + self.chance.expovariate(1 / days) * DAY + 20 * 60 * SECOND, act, *given)

    def moment(self, at: datetime) -> datetime:
        """`at`, or just after what was told last: two acts never share a moment."""
        self._last = max(at, self._last + SECOND / 1000)
        return self._last

    def run(self) -> None:
        while self.waiting:
            at, _order, act, given = heapq.heappop(self.waiting)
            if at > self.world.now:
                break
            act(self.moment(at), *given)

    def lives(self) -> Iterator[Life | PromiseLife | ReviewLife | CaseLife]:
        """Everything in it that has acts of its own."""
        for one in self.told:
            yield one.life
            yield from one.answering.promises
            yield from one.answering.reviews
            yield from one.minding.cases

    def acts(self) -> list[tuple[datetime, list[int]]]:
        """When each of its acts was done, in order, and where its number is to be noted."""
        return sorted(((act.at, life.numbers) for life in self.lives() for act in life.acts), key=lambda each: each[0])

    def citizen(self) -> ActingPerson:
        return ActingPerson(self.chance.choice(self.world.citizens))

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share


class One:
    """One demand of a telling."""

    def __init__(self, telling: Telling, demand: Demand) -> None:
        from hamgara.cli.seed.minding import Minding
        from hamgara.cli.seed.promising import Answering

        self.telling, self.chance, self.world = telling, telling.chance, telling.world
        self.life = Life(demand)
        self.demand = demand
        self.answering, self.minding = Answering(self), Minding(self)
        self._clock = 0  # the running number of the clock in force

    @property
    def author(self) -> ActingPerson:
        return ActingPerson(self.demand.author)

    def officer(self, at: datetime) -> ActingPerson:
        return self.world.officer(self.demand.unit, at)

    def waits(self) -> bool:
        """Nothing is under way on it that would be lost if it were taken back, merged or sent on."""
        return self.demand.state in (State.RECEIVED, State.ADMITTED) and not self.answering.promises

    # --- it comes in -------------------------------------------------------------------------------------------------

    def submit(self, at: datetime) -> None:
        telling, chance = self.telling, self.chance
        by = telling.citizen()
        bodies = [who for who in self.world.term(at).heads.values() if who.mandate is not None]
        if telling.plan.kind == "single" and telling.maybe(CARRIED):
            by = chance.choice(bodies)
        self.life.submit(by, at)
        self.start_clock(at)
        if telling.desk.random() < TAKEN:
            telling.then(at + telling.desk.expovariate(2) * DAY + SECOND, self.take)
        slow = telling.maybe(SLOW_TRIAGE)
        telling.after(at, 12 if slow else 1.2, self.triage)
        if telling.plan.kind == "single" and telling.maybe(WITHDRAWN):
            telling.after(at, 8, self.withdraw)
        if telling.plan.kind == "merged" and self is not telling.told[0]:
            telling.after(at, 3, self.merge)
        self.minding.name(at)
        self._voices(at)

    def _voices(self, at: datetime) -> None:
        telling, chance = self.telling, self.chance
        if telling.maybe(SUPPORTED):
            most = min(MOST_SUPPORTERS, len(self.world.citizens) // 3)
            many = min(int(chance.paretovariate(SUPPORT_TAIL)), most)
            telling.after(at, 15 / many, self.support, many)
        if telling.maybe(COMMENTED):
            telling.after(at, 6, self.comment, min(12, int(chance.paretovariate(1.5))))
        if telling.maybe(FOLLOWED):
            telling.after(at, 10, self.follow)

    def support(self, at: datetime, left: int) -> None:
        by = self.telling.citizen()
        if not self.demand.is_open:
            return
        if by.person.pk != self.demand.author_id and by.person.pk not in self.life.supports:
            self.life.support(by, at)
        if left > 1:
            self.telling.then(at + self.chance.expovariate(left / 15) * DAY + SECOND, self.support, left - 1)

    def comment(self, at: datetime, left: int) -> None:
        if self.demand.state in (*Demand.UNPUBLISHED, State.MERGED):
            return
        by = self.officer(at) if self.telling.maybe(0.1) else self.telling.citizen()
        named, (text, harm) = key(self.chance), self.minding.worded(by, self.chance.choice(words.COMMENTS))
        self.minding.comment(at, self.life.comment(by, at, named, text), harm)
        if left > 1:
            self.telling.after(at, 5, self.comment, left - 1)

    def follow(self, at: datetime) -> None:
        by = self.telling.citizen()
        hears = by.person.pk == self.demand.author_id or by.person.pk in self.life.follows
        if self.demand.state not in Demand.UNPUBLISHED and not hears:
            self.life.follow(by, at)

    def withdraw(self, at: datetime) -> None:
        if self.waits():
            self.life.withdraw(self.author, at)

    def merge(self, at: datetime) -> None:
        first = self.telling.told[0]
        if self.waits() and first.demand.is_open:
            self.life.merge(self.officer(at), at, first.life, words.MERGED)

    def take(self, at: datetime) -> None:
        """The head of the unit takes it up; or the office does, and hands it over to them."""
        if self.demand.state == State.RECEIVED and not self.demand.appealed:
            passed_on = self.demand.unit.code != OFFICE and self.telling.desk.random() < HANDED_OVER
            self.life.take(self.world.term(at).officers[OFFICE] if passed_on else self.officer(at), at)
            if passed_on:
                self.telling.then(at + HOUR, self.hand_over)

    def hand_over(self, at: datetime) -> None:
        office, to = self.world.term(at).officers[OFFICE], self.officer(at).mandate
        held = self.demand.is_open and not self.demand.is_appeal and self.demand.handler == office.mandate
        if held and to is not None and to != office.mandate:
            self.life.hand_over(office, at, to)

    # --- triage ------------------------------------------------------------------------------------------------------

    def triage(self, at: datetime) -> None:
        telling, chance = self.telling, self.chance
        if self.demand.state != State.RECEIVED:
            return
        if telling.maybe(ROUTED) and not self.demand.appealed and self.demand.escalated_to_id is None:
            units = [self.world.bodies[code] for code in words.SENT_ON if code != self.demand.unit.code]
            self.life.route(self.officer(at), at, chance.choice(units), chance.choice(words.ROUTED))
            telling.after(at, 1.5, self.triage)
            return
        decided = self.officer(at)
        if self.demand.appealed:
            second = self.world.term(at).second
            assert second is not None
            decided = second
        share = 1 - APPEAL_WON if self.demand.appealed else DECLINED
        if telling.plan.kind == "single" and telling.maybe(share):
            code = chance.choice(list(words.DECLINED))
            self.life.decline(decided, at, code, words.DECLINED[code])
            if not self.demand.appealed and telling.maybe(APPEALED):
                telling.after(at, 6, self.appeal)
            return
        self.life.admit(decided, at)
        self.start_clock(at)
        self.wait_for_answer(at)

    def appeal(self, at: datetime) -> None:
        last_day = self.demand.appeal_until
        if last_day is not None and clock.day_of(at) <= last_day:
            self.life.appeal(self.author, at, self.chance.choice(words.APPEALS))
            self.start_clock(at)
            self.telling.after(at, 2, self.triage)

    def wait_for_answer(self, at: datetime, attempt: int = 1) -> None:
        if attempt > ATTEMPTS or self.telling.plan.kind == "cluster" or self.telling.maybe(NEVER_ANSWERED):
            return
        slow = self.telling.maybe(SLOW_ANSWER)
        self.telling.after(at, 35 if slow else 5, self.answer, attempt)

    def answer(self, at: datetime, attempt: int) -> None:
        telling, chance = self.telling, self.chance
        if self.demand.state != State.ADMITTED or self.answering.proposal is not None:
            return
        if telling.maybe(EXPLAINED):
            self.life.explain(self.officer(at), at, chance.choice(words.EXPLAINED))
            telling.after(at, 6, self.answer, attempt)
            return
        drawn = chance.random()
        if drawn < NOT_DOABLE:
            code = chance.choice(list(words.NOT_DOABLE))
            self.life.find_not_doable(self.officer(at), at, code, words.NOT_DOABLE[code])
        elif drawn < NOT_DOABLE + REFUSED:
            code = chance.choice(list(words.REFUSED))
            self.life.refuse(self.officer(at), at, code, words.REFUSED[code])
        else:
            self.answering.promise(at, attempt)
            return
        self.may_be_reopened(at, attempt)

    # --- it has ended, or so it seems ------------------------------------------------------------------------------

    def may_be_reopened(self, at: datetime, attempt: int) -> None:
        if self.telling.maybe(REOPENED):
            self.telling.then(at + self.chance.uniform(3, 55) * DAY, self.reopen, attempt, self.demand.ended_at)

    def reopen(self, at: datetime, attempt: int, ended: datetime) -> None:
        if self.demand.ended_at == ended and self.demand.state in Demand.ENDED:
            self._take_up(at, attempt, self.author, self.chance.choice(words.REOPENED))

    def _take_up(self, at: datetime, attempt: int, by: Any, said: str | None) -> None:
        self.life.reopen(by, at, said)
        self.start_clock(at)
        self.wait_for_answer(at, attempt + 1)

    def closed(self, at: datetime, attempt: int) -> None:
        """A review has closed it: in some weeks its author is asked."""
        days = charter.period("clocks.ask_author_after")
        self.telling.then(tick(clock.day_of(at) + days, "demands"), self.ask_author, attempt, at)
        self.may_be_reopened(at, attempt)

    def ask_author(self, at: datetime, attempt: int, ended: datetime) -> None:
        if self.demand.state != State.CLOSED or self.demand.ended_at != ended:
            return
        self.life.ask_author(at)
        if self.telling.maybe(AUTHOR_SAYS):
            self.telling.then(at + self.chance.uniform(0.2, 13) * DAY, self.author_says, attempt, ended)

    def author_says(self, at: datetime, attempt: int, ended: datetime) -> None:
        if self.demand.state != State.CLOSED or self.demand.ended_at != ended:
            return
        if not self.telling.maybe(AUTHOR_DENIES):
            self.life.confirm_done(self.author, at)
            return
        self.life.deny_done(self.author, at, self.chance.choice(words.REOPENED))
        self._take_up(self.telling.moment(at + AT_ONCE), attempt, RULES, None)

    # --- the calendar ------------------------------------------------------------------------------------------------

    def start_clock(self, at: datetime) -> None:
        """The demand waits for something from now on: what the calendar will say if nothing comes."""
        deadline = self.demand.deadline
        assert deadline is not None
        self._clock += 1
        near = tick(charter.day_before("clocks.remind_before", deadline), "demands")
        self.telling.then(max(near, next_tick(at, "demands")), self._remind, self._clock)
        self.telling.then(tick(deadline + DAY, "demands") + SECOND, self._overdue, self._clock)
        self.telling.then(tick(goes_up_on(deadline), "demands") + 2 * SECOND, self._escalate, self._clock)

    def _runs(self, number: int) -> bool:
        return self._clock == number and self.demand.deadline is not None

    def _remind(self, at: datetime, number: int) -> None:
        if self._runs(number) and self.demand.reminded_at is None:
            self.life.remind(at)

    def _overdue(self, at: datetime, number: int) -> None:
        if self._runs(number):
            self.life.note_deadline(at)

    def _escalate(self, at: datetime, number: int) -> None:
        above = self.world.goes_up_to(self.demand)
        if self._runs(number) and above is not None:
            self.life.escalate(at, above)
