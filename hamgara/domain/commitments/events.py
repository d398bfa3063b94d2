"""What happens to promises. What a promise says is public; the promisers' longer words are committed and erasable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutCommitment:
    commitment: str
    demand: str
    promisers: list[str]

    def subjects(self) -> tuple[str, ...]:
        return (
            f"commitment:{self.commitment}",
            f"demand:{self.demand}",
            *(f"organisation:{code}" for code in self.promisers),
        )


@dataclass(frozen=True, kw_only=True)
class _Terms(_AboutCommitment):
    """What is promised, in full: numbers and dates are bound to the day of the promise."""

    title: str
    what: str
    indicators: list[dict[str, Any]]
    due: str
    budget_rial: int | None
    hours: int | None


@dataclass(frozen=True, kw_only=True)
class Proposed(_Terms, Event, kind="commitments.proposed", personal={"what"}):
    """A body wants to promise together with others, who are asked."""


@dataclass(frozen=True, kw_only=True)
class Joined(_AboutCommitment, Event, kind="commitments.joined"):
    """A body agreed to a joint promise; others are still asked."""

    organisation: str


@dataclass(frozen=True, kw_only=True)
class Promised(_Terms, Event, kind="commitments.promised", personal={"what"}):
    """The promise stands: its only body made it, or the last of several agreed."""


@dataclass(frozen=True, kw_only=True)
class JoiningDeclined(_AboutCommitment, Event, kind="commitments.joining_declined"):
    """A body does not agree; what was proposed together does not come about."""

    organisation: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProposalLapsed(_AboutCommitment, Event, kind="commitments.proposal_lapsed"):
    """Not everybody agreed in time."""


@dataclass(frozen=True, kw_only=True)
class PartAdded(_AboutCommitment, Event, kind="commitments.part_added"):
    part: str
    title: str
    owner: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PartDone(_AboutCommitment, Event, kind="commitments.part_done"):
    """The owner of a part says that it is done."""

    part: str
    title: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Started(_AboutCommitment, Event, kind="commitments.started"):
    """The work has begun."""


@dataclass(frozen=True, kw_only=True)
class ProgressReported(_AboutCommitment, Event, kind="commitments.progress_reported", personal={"text"}):
    """A promiser tells of its work; the evidence is named by its hash."""

    organisation: str
    text: str
    percent: int | None
    evidence: list[str]


@dataclass(frozen=True, kw_only=True)
class DueChanged(_AboutCommitment, Event, kind="commitments.due_changed"):
    old: str
    new: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportedDone(_AboutCommitment, Event, kind="commitments.reported_done", personal={"text"}):
    """The promiser claims that all is done: a claim, with its evidence, and not an end."""

    text: str
    claims: list[dict[str, Any]]
    evidence: list[str]


@dataclass(frozen=True, kw_only=True)
class Settled(_AboutCommitment, Event, kind="commitments.settled"):
    """A review has found whether the promise was kept."""

    review: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class UnderAppeal(_AboutCommitment, Event, kind="commitments.under_appeal"):
    """The outcome is looked at again by another panel."""

    review: str


@dataclass(frozen=True, kw_only=True)
class Resumed(_AboutCommitment, Event, kind="commitments.resumed"):
    """After a contest the promiser takes the work up again, with a new date."""

    old: str
    new: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Withdrawn(_AboutCommitment, Event, kind="commitments.withdrawn"):
    """The promiser takes the promise back, for a reason that everybody sees."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DueSoon(_AboutCommitment, Event, kind="commitments.due_soon"):
    """The due date is near; those concerned are warned once."""

    due: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(_AboutCommitment, Event, kind="commitments.deadline_passed"):
    """The due date has gone by without a report."""

    due: str


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="commitments.person_forgotten"):
    """Somebody is being erased: how many promises and reports go on without them."""

    erasure: str
    promises: int
    reports: int

    def subjects(self) -> tuple[str, ...]:
        return ()
