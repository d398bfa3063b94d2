"""What happens in oversight. The draw is public in full; findings and reasons in people's own words are erasable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class MonitorRegistered(Event, kind="oversight.monitor_registered", personal={"person", "known_as"}, about="person"):
    """The participation office registered somebody as a monitor."""

    monitor: str
    person: str
    known_as: str
    until: str

    def subjects(self) -> tuple[str, ...]:
        return (f"monitor:{self.monitor}",)


@dataclass(frozen=True, kw_only=True)
class MonitorEnded(Event, kind="oversight.monitor_ended", personal={"person", "reason"}, about="person"):
    monitor: str
    person: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"monitor:{self.monitor}",)


@dataclass(frozen=True, kw_only=True)
class _AboutReview:
    review: str
    commitment: str
    demand: str
    promisers: list[str]

    def subjects(self) -> tuple[str, ...]:
        return (
            f"review:{self.review}",
            f"commitment:{self.commitment}",
            f"demand:{self.demand}",
            *(f"organisation:{code}" for code in self.promisers),
        )


@dataclass(frozen=True, kw_only=True)
class Opened(_AboutReview, Event, kind="oversight.opened"):
    """The pool is frozen and the house has bound itself: from here it can choose nothing any more."""

    pool_hash: str
    pool_size: int
    tied: int
    seats: int
    nonce_commitment: str
    appeal_of: str | None


@dataclass(frozen=True, kw_only=True)
class PoolTooSmall(_AboutReview, Event, kind="oversight.pool_too_small"):
    """Too few candidates are without a tie; the review waits until there are more."""

    pool_size: int
    tied: int
    needed: int
    appeal_of: str | None


@dataclass(frozen=True, kw_only=True)
class WordsAwaited(_AboutReview, Event, kind="oversight.words_awaited"):
    """The author has not given words for the draw; others of the people's side may now."""


@dataclass(frozen=True, kw_only=True)
class Drawn(_AboutReview, Event, kind="oversight.drawn"):
    """Words were given, the nonce was opened, and the panel follows: all that a recheck needs, but the pool itself."""

    words: str
    given_as: str  # author, carrier, supporter, candidate or citizen
    nonce: str
    seed: str
    pool_hash: str
    panel: list[str]
    due: str

    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), *self.panel)


@dataclass(frozen=True, kw_only=True)
class Reminded(_AboutReview, Event, kind="oversight.reminded"):
    """A reviewer's time is nearly over."""

    seat: str
    reviewer: str
    due: str


@dataclass(frozen=True, kw_only=True)
class _SeatLost(_AboutReview):
    seat: str
    reviewer: str
    called: str | None

    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), self.reviewer, *(() if self.called is None else (self.called,)))


@dataclass(frozen=True, kw_only=True)
class Recused(_SeatLost, Event, kind="oversight.recused", personal={"reason"}):
    """A reviewer declared a tie and stepped back; the next in the order of the lot is called."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class AbsentReplaced(_SeatLost, Event, kind="oversight.absent_replaced"):
    """A reviewer did not answer in time; the next in the order of the lot is called."""


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(_AboutReview, Event, kind="oversight.verdict_given", personal={"answers", "findings"}):
    """A reviewer answered. What it says is committed now and shown at the settlement, so that nobody copies."""

    seat: str
    reviewer: str
    answers: dict[str, str]
    findings: dict[str, str]
    evidence: list[str]

    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), self.reviewer)


@dataclass(frozen=True, kw_only=True)
class Settled(_AboutReview, Event, kind="oversight.settled"):
    """The charter's rule turned the verdicts into an outcome."""

    outcome: str
    verdicts: list[dict[str, str]]
    working: dict[str, Any]
    appeal_of: str | None


@dataclass(frozen=True, kw_only=True)
class Lapsed(_AboutReview, Event, kind="oversight.lapsed"):
    """Everybody in the order of the lot was called and too few answered; a new panel will be drawn."""

    given: int
    quorum: int


@dataclass(frozen=True, kw_only=True)
class AppealAsked(_AboutReview, Event, kind="oversight.appeal_asked", personal={"reason"}):
    """A supporter appeals; it takes effect when enough do."""

    reason: str
    voices: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class Appealed(_AboutReview, Event, kind="oversight.appealed", personal={"reason"}):
    """An appeal stands: another panel looks again, once."""

    reason: str
    ground: str  # author, carrier, promiser or supporters


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="oversight.person_forgotten"):
    """Somebody is being erased: how many registrations went, and verdicts go on without them."""

    erasure: str
    registrations: int
    verdicts: int

    def subjects(self) -> tuple[str, ...]:
        return ()
