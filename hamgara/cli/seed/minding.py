"""What is reported in a made-up city, what the participation office makes of it, and who appeals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from hamgara import charter, clock
from hamgara.cli.seed import words
from hamgara.cli.seed.ticking import DAY, SECOND, next_tick, tick
from hamgara.cli.seed.world import OFFICE
from hamgara.domain.demands.models import Comment, Demand
from hamgara.domain.moderation.commands import CaseLife
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations.models import ActingPerson

if TYPE_CHECKING:
    from hamgara.cli.seed.telling import One

State = Case.State

# Shares of 1, assumed: no city's figures tell of it.
HARMFUL, DISLIKED, NAMES_REPORTED = 0.05, 0.02, 0.03  # of comments that are against the charter or not, and shown names
HIDDEN = {True: 0.92, False: 0.08}  # of what is against the charter, and of what somebody only disliked
SLOW_DECISION, APPEALED, GRANTED, RESTORED = 0.15, 0.25, 0.35, 0.04
REPORTERS_TAIL, MOST_REPORTERS = 1.8, 5
NAME_REASONS = {"personal_data": 6, "not_the_place": 2, "other": 2}


class Minding:
    """The cases of one demand: what stands under it, and the name beside it."""

    def __init__(self, one: One) -> None:
        self.one, self.telling, self.chance, self.world = one, one.telling, one.telling.watch, one.telling.world
        self.cases: list[CaseLife] = []

    def worded(self, by: ActingPerson, plain: str) -> tuple[str, str | None]:
        """What somebody writes, and what of it is against the charter; officers keep to it."""
        if by.organisation is not None or self.chance.random() >= HARMFUL:
            return plain, None
        reason = self.chance.choice(list(words.HARMFUL))
        return words.HARMFUL[reason], reason

    def comment(self, at: datetime, said: Comment, harm: str | None) -> None:
        if harm is not None or self.chance.random() < DISLIKED:
            case = Case(code=f"comment.{said.key}", kind=Case.Kind.COMMENT, demand=self.one.demand, comment=said)
            self._stands_out(at, case, harm)

    def name(self, at: datetime) -> None:
        demand = self.one.demand
        if demand.show_name and self.chance.random() < NAMES_REPORTED:
            [harm] = self.chance.choices(list(NAME_REASONS), list(NAME_REASONS.values()))
            case = Case(code=f"demand-name.{demand.code}", kind=Case.Kind.DEMAND_NAME, demand=demand)
            self._stands_out(at, case, harm if self.chance.random() < 0.5 else None)

    def _stands_out(self, at: datetime, case: Case, harm: str | None) -> None:
        life = CaseLife(case, self.one.life)
        for _reporter in range(min(MOST_REPORTERS, int(self.chance.paretovariate(REPORTERS_TAIL)))):
            self._after(at, 2, self._report, life, harm)

    def _after(self, at: datetime, days: float, act: Callable[..., None], *given: object) -> None:
        """About so many days later, by a chance of its own."""
        self.telling.then(at + self.chance.expovariate(1 / days) * DAY + 60 * SECOND, act, *given)

    # --- reports -----------------------------------------------------------------------------------------------------

    def _report(self, at: datetime, life: CaseLife, harm: str | None) -> None:
        case, who = life.case, self.chance.choice(self.world.citizens)
        already = any(each.person == who for each in life.given)
        public = case.demand.state not in Demand.UNPUBLISHED
        if already or not public or case.author == who or case.state not in (State.QUIET, State.WAITING):
            return
        first = case.state == State.QUIET
        reason = harm or self.chance.choice(list(words.DISLIKED))
        aloud = reason == "other"  # which needs words
        said = "" if not aloud else words.DISLIKED[reason] if harm is None else words.HIDDEN[reason]
        life.report(ActingPerson(who), at, reason, said)
        if first:
            self.cases.append(life)
            self._awaits(at, life)
            self._after(at, self._pace(), self._decide, life, harm)

    def _pace(self) -> float:
        return 20 if self.chance.random() < SLOW_DECISION else 0.8

    # --- decisions ---------------------------------------------------------------------------------------------------

    def _decider(self, at: datetime, life: CaseLife) -> ActingPerson:
        """The office, by another of its two when it had hidden the thing; the unit above about what is the office's."""
        office, term = self.world.bodies[OFFICE], self.world.term(at)
        above = self.world.above(office)
        if life.case.concerns_office and above is not None and charter.rule("moderation.above_decides").value:
            return self.world.officer(above, at)
        head, second, hid = term.officers[OFFICE], term.second, life.last_hid
        assert second is not None
        return second if hid is not None and hid.by == head.person else head

    def _decide(self, at: datetime, life: CaseLife, harm: str | None) -> None:
        by = self._decider(at, life)
        if self.chance.random() >= HIDDEN[harm is not None]:
            life.leave(by, at, self.chance.choice(words.LEFT))
            return
        reason = harm or "not_the_place"
        life.hide(by, at, reason, words.HIDDEN[reason])
        drawn = self.chance.random()
        if drawn < APPEALED:
            self._after(at, 5, self._appeal, life, harm)
        elif drawn < APPEALED + RESTORED:
            self._after(at, 20, self._restore, life)

    def _restore(self, at: datetime, life: CaseLife) -> None:
        life.restore(self._decider(at, life), at, self.chance.choice(words.RESTORED))

    def _appeal(self, at: datetime, life: CaseLife, harm: str | None) -> None:
        until = life.case.appeal_until
        if until is None or clock.day_of(at) > until:
            return
        assert life.case.author is not None
        life.appeal(ActingPerson(life.case.author), at, self.chance.choice(words.HIDING_APPEALS))
        self._awaits(at, life)
        self._after(at, self._pace(), self._decide_appeal, life, harm)

    def _decide_appeal(self, at: datetime, life: CaseLife, harm: str | None) -> None:
        granted = self.chance.random() < (GRANTED if harm is not None else 1 - GRANTED)
        said = self.chance.choice(words.RESTORED if granted else words.STAYS_HIDDEN)
        life.decide_appeal(self._decider(at, life), at, granted, said)

    # --- the calendar ------------------------------------------------------------------------------------------------

    def _awaits(self, at: datetime, life: CaseLife) -> None:
        """It waits for a decision from now on: what the calendar will say if none comes."""
        due, since = life.case.decide_until, life.case.since
        assert due is not None
        near = tick(charter.day_before("clocks.remind_before", due), "moderation")
        self.telling.then(max(near, next_tick(at, "moderation")), self._remind, life, since)
        self.telling.then(tick(due + DAY, "moderation") + SECOND, self._overdue, life, since)

    def _remind(self, at: datetime, life: CaseLife, since: datetime) -> None:
        if life.case.since == since and life.case.reminded_at is None:
            life.remind(at)

    def _overdue(self, at: datetime, life: CaseLife, since: datetime) -> None:
        if life.case.since == since:
            life.note_deadline(at)
