"""A review's whole life, told act by act as the commands act, for a made-up city (see demands.commands.lives).

The draw is a real one: its nonce was committed to before the words, and `hamgara draw --recheck` finds it right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hamgara import charter, clock
from hamgara.algorithms import sortition
from hamgara.domain.commitments.commands.lives import PromiseLife
from hamgara.domain.demands.policies import may_write_lives
from hamgara.domain.ledger.commands import Act, chronicle, numbered, record_all, require
from hamgara.domain.ledger.events import CLOCK, RULES, Actor, Event, House
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.oversight import events
from hamgara.domain.oversight.commands.panel import STEPS, outcome_of
from hamgara.domain.oversight.models import Nonce, Review, Seat, Verdict
from hamgara.integrations.copying import copy_models


@dataclass
class ReviewLife:
    """One examination and all that has been done in it so far; `write_reviews` writes it down.

    `stands` says who of the pool can still be called at a moment; `key` gives seats their keys; `seated` knows the
    organisation or the monitor behind a candidate's name.
    """

    review: Review
    promise: PromiseLife
    stands: Callable[[str, datetime], bool]
    key: Callable[[], UUID]
    seated: Callable[[str], dict[str, Any]]
    acts: list[Act] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the ledger, kept free for these acts
    seats: list[Seat] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    nonce: Nonce | None = None

    def tell(self, event: Event, by: Actor, at: datetime) -> None:
        self.acts.append(Act(event, by, at))

    def about(self) -> dict[str, Any]:
        said = self.promise.about()
        return {"review": self.review.code, **said}

    def open(self, at: datetime, candidates: list[dict[str, Any]], nonce: bytes) -> None:
        """Freeze the pool and bind the house; with too few candidates it waits."""
        review = self.review
        review.candidates, review.begun_at = candidates, at
        pool, needed = review.pool, max(charter.number("oversight.pool_at_least"), review.seats_wanted)
        tied = len(candidates) - len(pool)
        if len(pool) < needed:
            small = events.PoolTooSmall(
                **self.about(), pool_size=len(pool), tied=tied, needed=needed, appeal_of=self._appeal_of()
            )
            self.tell(small, RULES, at)
            return
        review.state = Review.LIFE.after(review.state, "open_waiting")
        review.opened_at, review.pool_hash = at, sortition.pool_hash(pool)
        review.nonce_commitment = sortition.commit_nonce(review.code, nonce, pool)
        self.nonce = Nonce(review=review, value=nonce)
        self.tell(
            events.Opened(
                **self.about(),
                pool_hash=review.pool_hash,
                pool_size=len(pool),
                tied=tied,
                seats=review.seats_wanted,
                nonce_commitment=review.nonce_commitment,
                appeal_of=self._appeal_of(),
            ),
            RULES,
            at,
        )

    def _appeal_of(self) -> str | None:
        return None if self.review.appeal_of is None else self.review.appeal_of.code

    def call_for_words(self, at: datetime) -> None:
        self.review.words_called_at = at
        self.tell(events.WordsAwaited(**self.about()), CLOCK, at)

    def give_words(self, by: ActingPerson, at: datetime, words: str, given_as: str) -> None:
        review, pool = self.review, self.review.pool
        assert self.nonce is not None
        nonce = bytes(self.nonce.value)
        drawn = sortition.draw(sortition.seed(review.code, nonce, words, pool), pool, review.seats_wanted)
        review.state = Review.LIFE.after(review.state, "give_words")
        review.words, review.words_by, review.drawn_at, review.words_as = words, by.person, at, given_as
        review.certificate = drawn.to_json(
            review_id=review.code, commitment=review.nonce_commitment, nonce=nonce, words=words
        ) | {"given_as": given_as, "candidates": review.candidates}
        seats = [self._call(candidate, position, at) for position, candidate in enumerate(drawn.panel)]
        self.tell(
            events.Drawn(
                **self.about(),
                words=words,
                given_as=given_as,
                nonce=nonce.hex(),
                seed=drawn.seed,
                pool_hash=review.pool_hash,
                panel=list(drawn.panel),
                due=seats[0].due.isoformat(),
            ),
            by,
            at,
        )

    def _call(self, candidate: str, position: int, at: datetime) -> Seat:
        due = clock.day_of(at) + charter.period("oversight.verdict_within")
        seat = Seat(
            key=self.key(),
            review=self.review,
            candidate=candidate,
            position=position,
            called_at=at,
            due=due,
            **self.seated(candidate),
        )
        self.seats.append(seat)
        return seat

    def _next(self, at: datetime) -> Seat | None:
        used = {seat.candidate for seat in self.seats}
        for position, candidate in enumerate(self.review.order):
            if candidate not in used and position >= self.review.seats_wanted and self.stands(candidate, at):
                return self._call(candidate, position, at)
        return None

    def _replace(self, seat: Seat, verb: str, at: datetime) -> dict[str, Any]:
        seat.state = Seat.LIFE.after(seat.state, verb)
        seat.replaced_by = self._next(at)
        called = None if seat.replaced_by is None else seat.replaced_by.candidate
        return self.about() | {"seat": str(seat.key), "reviewer": seat.candidate, "called": called}

    def recuse(self, by: Actor, at: datetime, seat: Seat, reason: str) -> None:
        seat.reason = reason
        self.tell(events.Recused(**self._replace(seat, "recuse", at), reason=reason), by, at)

    def replace_absent(self, at: datetime, seat: Seat) -> None:
        self.tell(events.AbsentReplaced(**self._replace(seat, "replace_absent", at)), CLOCK, at)

    def remind_reviewer(self, at: datetime, seat: Seat) -> None:
        seat.reminded_at = at
        told = events.Reminded(**self.about(), seat=str(seat.key), reviewer=seat.candidate, due=seat.due.isoformat())
        self.tell(told, CLOCK, at)

    def give_verdict(
        self, by: ActingPerson, at: datetime, seat: Seat, answers: Mapping[str, str], overall: str, text: str
    ) -> None:
        """The findings are the same words at each step that is not a plain «yes»."""
        seat.state = Seat.LIFE.after(seat.state, "give_verdict")
        findings = {step: "" if answers[step] == "yes" else text for step in STEPS}
        self.verdicts.append(
            Verdict(
                seat=seat,
                overall=overall,
                by=by.person,
                at=at,
                **answers,
                **{f"{step}_findings": said for step, said in findings.items()},
            )
        )
        self.tell(
            events.VerdictGiven(
                **self.about(),
                seat=str(seat.key),
                reviewer=seat.candidate,
                answers=dict(answers) | {"overall": overall},
                findings=findings,
                evidence=[],
            ),
            by,
            at,
        )

    @property
    def awaits_nobody(self) -> bool:
        return all(seat.state != Seat.State.CALLED for seat in self.seats)

    def settle(self, at: datetime) -> str:
        """What the charter's rule makes of the verdicts."""
        review = self.review
        verdicts = sorted(self.verdicts, key=lambda each: each.seat.position)
        review.outcome, review.working = outcome_of([each.for_settlement() for each in verdicts])
        review.state = Review.LIFE.after(review.state, "settle")
        review.settled_at = at
        said = [
            {"reviewer": each.seat.candidate, **{name: getattr(each, name) for name in (*STEPS, "overall")}}
            for each in verdicts
        ]
        settled = events.Settled(
            **self.about(),
            outcome=review.outcome,
            verdicts=said,
            working=review.working,
            appeal_of=self._appeal_of(),
        )
        self.tell(settled, RULES, at)
        return review.outcome

    def lapse(self, at: datetime) -> None:
        self.review.state = Review.LIFE.after(self.review.state, "lapse")
        quorum = charter.number("oversight.quorum")
        self.tell(events.Lapsed(**self.about(), given=len(self.verdicts), quorum=quorum), RULES, at)


@chronicle
def write_reviews(*, by: House, reviews: Sequence[ReviewLife]) -> None:
    """Write down reviews of a made-up city as they are now, with all that was done in them."""
    require(may_write_lives(by))
    copy_models(life.review for life in reviews)
    copy_models(life.nonce for life in reviews if life.nonce is not None)
    copy_models(seat for life in reviews for seat in life.seats)
    copy_models(verdict for life in reviews for verdict in life.verdicts)
    record_all(act for life in reviews for act in numbered(life.acts, life.numbers))
