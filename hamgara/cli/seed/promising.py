"""What is promised on a demand of a made-up city, what becomes of it, and what reviewers find."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hamgara import charter, clock
from hamgara.cli.seed import words
from hamgara.cli.seed.telling import AT_ONCE
from hamgara.cli.seed.ticking import DAY, SECOND, next_tick, tick
from hamgara.cli.seed.world import key
from hamgara.domain.commitments.commands import PromiseLife
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.oversight.commands import ReviewLife
from hamgara.domain.oversight.models import Bar, Review, Seat

if TYPE_CHECKING:
    from hamgara.cli.seed.telling import One

State = Commitment.State

# Shares of 1, assumed: Kashan's figures know of no promise and of no review.
BY_BODIES, TOGETHER = 0.07, 0.03
GIVEN_UP, DATE_CHANGED, NEVER_REPORTED, LATE = 0.03, 0.08, 0.04, 0.21
RESUMED = 0.55
AUTHOR_GIVES_WORDS, NOBODY_GIVES_WORDS = 0.75, 0.01
VERDICTS, STEPS_BACK = 0.93, 0.02
FOUND = {"kept": 78, "partly": 14, "broken": 8}
ALIKE = 0.85  # of the verdicts say what is so
ANSWERS = {
    "kept": {"paper": "yes", "on_site": "yes", "effect": "yes"},
    "partly": {"paper": "yes", "on_site": "partly", "effect": "partly"},
    "broken": {"paper": "no", "on_site": "no", "effect": "cannot_tell"},
}


class Answering:
    """The promises on one demand: one after the other, as the last one failed."""

    def __init__(self, one: One) -> None:
        self.one, self.telling, self.chance, self.world = one, one.telling, one.telling.chance, one.telling.world
        self.promises: list[PromiseLife] = []
        self.reviews: list[ReviewLife] = []
        self.proposal: PromiseLife | None = None

    def promise(self, at: datetime, attempt: int) -> None:
        """The unit promises, or an organisation does, or both together."""
        one, chance = self.one, self.chance
        by, drawn = one.officer(at), chance.random()
        bodies = [
            who
            for name, who in self.world.term(at).heads.items()
            if who.organisation is not None and who.organisation.pk != one.demand.on_behalf_id
        ]
        partner = chance.choice(bodies)
        if drawn < BY_BODIES:
            by = partner
        together = BY_BODIES <= drawn < BY_BODIES + TOGETHER
        text, unit = chance.choice(words.INDICATORS)
        promise = PromiseLife.begun(
            by=by,
            at=at,
            demand=one.demand,
            number=len(self.promises) + 1,
            title=chance.choice(words.WORKS).format(title=one.demand.title[:120]),
            what=chance.choice(words.WHAT),
            indicators=[{"text": text, "target": str(chance.randrange(1, 60)), "unit": unit}],
            due=clock.day_of(at) + (25 if together else 5) * DAY + int(chance.expovariate(1 / 25)) % 180 * DAY,
            budget_rial=chance.randrange(1, 400) * 10_000_000 if chance.random() < 0.4 else None,
            hours=chance.randrange(2, 200) if chance.random() < 0.3 else None,
            partners=[partner.organisation] if together and partner.organisation is not None else [],
        )
        self.promises.append(promise)
        if together:
            assert partner.organisation is not None
            self.proposal = promise
            self.telling.then(at + chance.uniform(0.5, 9) * DAY, self._join, promise, partner.organisation, attempt)
        else:
            self._stands(at, promise, attempt)

    def _join(self, at: datetime, promise: PromiseLife, partner: Organisation, attempt: int) -> None:
        self.proposal = None
        by = self.world.reviewer(partner.subject, at)
        assert by is not None
        promise.join(by, at, partner)
        self._stands(at, promise, attempt)

    def _stands(self, at: datetime, promise: PromiseLife, attempt: int) -> None:
        commitment = promise.commitment
        self._answers(at, promise)
        self._date(at, promise)
        self.telling.after(at, 2, self._start, promise)
        span = (commitment.due - clock.day_of(at)).days
        drawn = self.chance.random()
        if drawn < GIVEN_UP:
            self.telling.after(at, span / 2 + 1, self._give_up, promise, attempt)
            return
        if drawn < GIVEN_UP + NEVER_REPORTED:
            return
        if self.telling.maybe(DATE_CHANGED):
            self.telling.then(at + span * self.chance.uniform(0.5, 0.95) * DAY, self._change_date, promise)
        self._will_report(at, promise, span, attempt)

    def _answers(self, at: datetime, promise: PromiseLife) -> None:
        lead = promise.promisers[0].organisation
        commitment = promise.commitment
        self.one.life.mark_answered(self.telling.moment(at + AT_ONCE), commitment.code, lead, commitment.title)

    def _will_report(self, at: datetime, promise: PromiseLife, span: int, attempt: int) -> None:
        for share in sorted(self.chance.random() for _report in range(self.chance.randrange(3))):
            self.telling.then(at + 4 * DAY + span * share * DAY, self._progress, promise, round(share * 100))
        if self.telling.maybe(LATE):
            self.telling.after(at + (span + 1) * DAY, 12, self._report, promise, attempt)
        else:
            self.telling.then(
                at + 5 * DAY + span * self.chance.uniform(0.3, 0.95) * DAY, self._report, promise, attempt
            )

    # --- work --------------------------------------------------------------------------------------------------------

    def _lead(self, promise: PromiseLife, at: datetime) -> ActingPerson | None:
        """Who acts for the body that leads the promise; None where nobody does any more."""
        lead = promise.promisers[0].organisation
        return self.world.officer(lead, at) if lead.is_unit else self.world.reviewer(lead.subject, at)

    def _start(self, at: datetime, promise: PromiseLife) -> None:
        by = self._lead(promise, at)
        if by is not None and promise.commitment.state == State.PROMISED:
            promise.start(by, at)

    def _progress(self, at: datetime, promise: PromiseLife, percent: int) -> None:
        by = self._lead(promise, at)
        if by is not None and promise.commitment.state == State.UNDER_WAY:
            promise.report_progress(by, at, self.chance.choice(words.PROGRESS), percent)

    def _change_date(self, at: datetime, promise: PromiseLife) -> None:
        by, commitment = self._lead(promise, at), promise.commitment
        if by is not None and commitment.state in (State.PROMISED, State.UNDER_WAY):
            due = max(commitment.due, clock.day_of(at)) + self.chance.randrange(3, 40) * DAY
            promise.change_due(by, at, due, self.chance.choice(words.LATER))
            self._date(at, promise)

    def _give_up(self, at: datetime, promise: PromiseLife, attempt: int) -> None:
        by = self._lead(promise, at)
        if by is None or promise.commitment.state not in (State.PROMISED, State.UNDER_WAY):
            return
        promise.withdraw(by, at, self.chance.choice(words.GIVEN_UP))
        self._goes_back(at, Demand.Return.PROMISE_WITHDRAWN, attempt)

    def _goes_back(self, at: datetime, cause: str, attempt: int, *, waits: bool = True) -> None:
        moment = self.telling.moment(at + AT_ONCE)
        self.one.life.go_back(moment, cause)
        self.one.start_clock(moment)
        if waits:
            self.one.wait_for_answer(moment, attempt + 1)

    def _report(self, at: datetime, promise: PromiseLife, attempt: int) -> None:
        by = self._lead(promise, at)
        if by is not None and promise.commitment.state == State.PROMISED:
            self.telling.after(at, 1, self._start, promise)
            self.telling.after(at, 4, self._report, promise, attempt)
        if by is None or promise.commitment.state != State.UNDER_WAY:
            return
        claims = [each.target for each in promise.indicators]
        if self.telling.maybe(0.1):
            claims = [Decimal(max(1, int(claims[0] * Decimal("0.9"))))]
        promise.report_done(by, at, self.chance.choice(words.DONE), claims)
        so = self.chance.choices(list(FOUND), list(FOUND.values()))[0]
        Examining(self, promise, attempt, so).open(self.telling.moment(at + AT_ONCE))

    def settled(self, at: datetime, promise: PromiseLife, review: Review, attempt: int) -> None:
        """The outcome takes effect on the promise, and then on the demand."""
        promise.settle(self.telling.moment(at + AT_ONCE), review.outcome, review.code)
        if promise.commitment.state == State.CONTESTED:
            resumes = self.telling.maybe(RESUMED) and attempt < 3
            self._goes_back(at, Demand.Return.CONTESTED, attempt, waits=not resumes)
            if resumes:
                self.telling.after(at, 3, self._resume, promise, attempt + 1)
            return
        kept = promise.commitment.state == State.CONFIRMED
        moment = self.telling.moment(at + AT_ONCE)
        self.one.life.close(moment, Demand.Outcome.KEPT if kept else Demand.Outcome.PARTLY, review.code)
        self.one.closed(moment, attempt)

    def _resume(self, at: datetime, promise: PromiseLife, attempt: int) -> None:
        by = self._lead(promise, at)
        if by is None or self.one.demand.state != Demand.State.ADMITTED:
            return
        span = self.chance.randrange(8, 40)
        promise.resume(by, at, clock.day_of(at) + span * DAY, self.chance.choice(words.ANEW))
        self._answers(at, promise)
        self._date(at, promise)
        self._will_report(at, promise, span, attempt)

    # --- the calendar ------------------------------------------------------------------------------------------------

    def _date(self, at: datetime, promise: PromiseLife) -> None:
        due = promise.commitment.due
        near = tick(due - charter.period("commitments.due_warning"), "commitments")
        self.telling.then(max(near, next_tick(at, "commitments")), self._warn, promise, due)
        self.telling.then(tick(due + DAY, "commitments") + SECOND, self._overdue, promise, due)

    def _owed(self, promise: PromiseLife, due: date) -> bool:
        commitment = promise.commitment
        return commitment.due == due and commitment.state in (State.PROMISED, State.UNDER_WAY)

    def _warn(self, at: datetime, promise: PromiseLife, due: date) -> None:
        if self._owed(promise, due) and promise.commitment.warned_of != due and clock.day_of(at) <= due:
            promise.warn_of_due(at)

    def _overdue(self, at: datetime, promise: PromiseLife, due: date) -> None:
        if self._owed(promise, due) and promise.commitment.overdue_told != due:
            promise.deadline_passed(at)


class Examining:
    """One review of one claim; `so` is how it is in truth, which reviewers mostly see."""

    def __init__(self, answering: Answering, promise: PromiseLife, attempt: int, so: str) -> None:
        self.answering, self.promise, self.attempt, self.so = answering, promise, attempt, so
        self.telling, self.chance, self.world = answering.telling, answering.chance, answering.world
        self.earlier = [each for each in answering.reviews if each.promise is promise]
        number = len(self.earlier) + 1
        review = Review(
            code=f"{promise.commitment.code}-R{number}",
            commitment=promise.commitment,
            report=[each for each in promise.progress if each.claims_done][-1],
            round=number,
            seats_wanted=charter.number("oversight.panel_seats"),
        )
        self.life = ReviewLife(review, promise, self.world.stands, lambda: key(self.chance), self.world.seated)
        answering.reviews.append(self.life)

    def _candidates(self, at: datetime) -> list[dict[str, Any]]:
        """Who could judge and what bars them, as the house would list it: nobody here has a tie but by what follows."""
        demand, term = self.answering.one.demand, self.world.term(at)
        promisers = {each.organisation.subject for each in self.promise.promisers}
        carrier = None if demand.on_behalf is None else demand.on_behalf.subject
        author = str(demand.author.key)
        absent = {
            seat.candidate
            for life in self.earlier
            if life.review.state == Review.State.LAPSED
            for seat in life.seats
            if seat.state == Seat.State.ABSENT
        }
        authors = term.acting.get(author, set())
        tied = {*promisers, carrier, *absent, *authors}
        listed = []
        for each in term.candidates:
            if (name := each["id"]) not in tied:  # as nearly all are
                listed.append(each)
                continue
            ties = []
            if name in promisers:
                ties.append({"reason": Bar.IS_PROMISER.value, "whom": name})
            if name == carrier:
                ties.append({"reason": Bar.CARRIED_THE_DEMAND.value, "whom": name})
            if name in authors:
                ties.append({"reason": Bar.PERSONAL.value, "whom": None})
            ties += each["ties"]
            if name in absent:
                ties.append({"reason": Bar.WAS_ABSENT.value, "whom": None})
            listed.append({**each, "ties": ties})
        return listed

    def open(self, at: datetime) -> None:
        self.life.open(at, self._candidates(at), self.chance.randbytes(32))
        if self.life.review.state != Review.State.OPENED:
            return  # it waits for candidates
        alone = charter.period("oversight.words_of_author_alone")
        self.telling.then(next_tick(at + alone, "oversight"), self._call_for_words)
        drawn = self.chance.random()
        if drawn < AUTHOR_GIVES_WORDS:
            self.telling.then(at + self.chance.uniform(0.1, 6.5) * DAY, self._words, "author")
        elif drawn < 1 - NOBODY_GIVES_WORDS:
            self.telling.after(at + alone, 3, self._words, "candidate")

    def _call_for_words(self, at: datetime) -> None:
        if self.life.review.state == Review.State.OPENED:
            self.life.call_for_words(at)

    def _words(self, at: datetime, given_as: str) -> None:
        by: ActingPerson | None = ActingPerson(self.answering.one.demand.author)
        if given_as == "candidate":
            pool = [name for name in self.life.review.pool if name.startswith("organisation:")]
            by = self.world.reviewer(self.chance.choice(pool), at)
        if by is None:
            return
        self.life.give_words(by, at, self.chance.choice(words.DRAW_WORDS), given_as)
        for seat in self.life.seats:
            self._called(at, seat)

    def _called(self, at: datetime, seat: Seat) -> None:
        drawn = self.chance.random()
        if drawn < VERDICTS:
            self.telling.then(at + self.chance.betavariate(1.5, 2) * 13.5 * DAY, self._verdict, seat)
        elif drawn < VERDICTS + STEPS_BACK:
            self.telling.after(at, 2, self._step_back, seat)
        soon = seat.due - charter.period("oversight.reminder_before")
        self.telling.then(tick(soon, "oversight"), self._remind, seat)
        self.telling.then(tick(seat.due + DAY, "oversight") + SECOND, self._absent, seat)

    def _waits(self, seat: Seat) -> bool:
        return seat.state == Seat.State.CALLED and self.life.review.state == Review.State.DRAWN

    def _verdict(self, at: datetime, seat: Seat) -> None:
        by = self.world.reviewer(seat.candidate, at)
        if not self._waits(seat) or by is None:
            return
        said = self.so if self.telling.maybe(ALIKE) else self.chance.choice(list(FOUND))
        self.life.give_verdict(by, at, seat, ANSWERS[said], said, self.chance.choice(words.FINDINGS))
        self._conclude(at)

    def _step_back(self, at: datetime, seat: Seat) -> None:
        by = self.world.reviewer(seat.candidate, at)
        if self._waits(seat) and by is not None:
            self.life.recuse(by, at, seat, self.chance.choice(words.STEPPED_BACK))
            self._replaced(at, seat)

    def _remind(self, at: datetime, seat: Seat) -> None:
        if self._waits(seat):
            self.life.remind_reviewer(at, seat)

    def _absent(self, at: datetime, seat: Seat) -> None:
        if self._waits(seat):
            self.life.replace_absent(at, seat)
            self._replaced(at, seat)

    def _replaced(self, at: datetime, seat: Seat) -> None:
        if seat.replaced_by is not None:
            self._called(at, seat.replaced_by)
        self._conclude(at)

    def _conclude(self, at: datetime) -> None:
        """When all who were called have answered or are gone."""
        if not self.life.awaits_nobody:
            return
        moment = self.telling.moment(at + AT_ONCE)
        if len(self.life.verdicts) >= charter.number("oversight.quorum"):
            self.life.settle(moment)
            self.answering.settled(moment, self.promise, self.life.review, self.attempt)
        else:
            self.life.lapse(moment)
            again = Examining(self.answering, self.promise, self.attempt, self.so)
            again.open(self.telling.moment(moment + AT_ONCE))
