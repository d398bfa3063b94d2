"""A promise's whole life, told act by act as the commands act, for a made-up city (see demands.commands.lives)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hamgara.algorithms.persian.text import key
from hamgara.domain.commitments import events
from hamgara.domain.commitments.commands.ends import VERBS
from hamgara.domain.commitments.commands.wording import plain
from hamgara.domain.commitments.models import Commitment, DueChange, Indicator, Progress, Promiser
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.policies import may_write_lives
from hamgara.domain.ledger.commands import Act, chronicle, numbered, record_all, require
from hamgara.domain.ledger.events import CLOCK, RULES, Actor, Event, House
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.integrations.copying import copy_models


@dataclass
class PromiseLife:
    """One promise and all that has been done about it so far; `write_promises` writes it down."""

    commitment: Commitment
    promisers: list[Promiser]
    indicators: list[Indicator]
    acts: list[Act] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the ledger, kept free for these acts
    progress: list[Progress] = field(default_factory=list)
    due_changes: list[DueChange] = field(default_factory=list)

    @classmethod
    def begun(
        cls,
        *,
        by: ActingPerson,
        at: datetime,
        demand: Demand,
        number: int,
        title: str,
        what: str,
        indicators: Sequence[Mapping[str, Any]],
        due: date,
        budget_rial: int | None = None,
        hours: int | None = None,
        partners: Sequence[Organisation] = (),
    ) -> PromiseLife:
        """Promised by one body, or proposed by it to its partners."""
        assert by.organisation is not None
        commitment = Commitment(
            code=f"{demand.code}-{number}",
            demand=demand,
            title=title,
            title_key=key(title),
            search_key=f"{key(title)} {demand.title_key}".strip(),
            what=what,
            due=due,
            budget_rial=budget_rial,
            hours=hours,
            created_by=by.person,
            created_at=at,
        )
        life = cls(
            commitment,
            [Promiser(commitment=commitment, organisation=by.organisation, is_lead=True, joined_at=at)],
            [
                Indicator(
                    commitment=commitment,
                    position=position,
                    text=each["text"],
                    target=Decimal(each["target"]),
                    unit=each["unit"],
                )
                for position, each in enumerate(indicators)
            ],
        )
        life.promisers += [Promiser(commitment=commitment, organisation=body) for body in partners]
        if not partners:
            life._stands(at)
        life.tell((events.Proposed if partners else events.Promised)(**life._terms()), by, at)
        return life

    def tell(self, event: Event, by: Actor, at: datetime) -> None:
        self.acts.append(Act(event, by, at))

    def about(self) -> dict[str, Any]:
        return {
            "commitment": self.commitment.code,
            "demand": self.commitment.demand.code,
            "promisers": [each.organisation.code for each in self.promisers],
        }

    def _terms(self) -> dict[str, Any]:
        commitment = self.commitment
        return self.about() | {
            "title": commitment.title,
            "what": commitment.what,
            "indicators": [
                {"text": each.text, "target": plain(each.target), "unit": each.unit} for each in self.indicators
            ],
            "due": commitment.due.isoformat(),
            "budget_rial": commitment.budget_rial,
            "hours": commitment.hours,
        }

    def _go(self, verb: str) -> None:
        self.commitment.state = Commitment.LIFE.after(self.commitment.state, verb)

    def _stands(self, at: datetime) -> None:
        self._go("join")
        self.commitment.promised_at = at

    def join(self, by: Actor, at: datetime, organisation: Organisation) -> None:
        [asked] = [each for each in self.promisers if each.organisation is organisation]
        asked.joined_at = at
        if any(each.joined_at is None for each in self.promisers):
            self.tell(events.Joined(**self.about(), organisation=organisation.code), by, at)
            return
        self._stands(at)
        self.tell(events.Promised(**self._terms()), by, at)

    def start(self, by: Actor, at: datetime) -> None:
        self._go("start")
        self.tell(events.Started(**self.about()), by, at)

    def _report(self, by: ActingPerson, at: datetime, text: str, **more: Any) -> Progress:
        told = Progress(
            commitment=self.commitment, organisation=by.organisation, text=text, by=by.person, at=at, **more
        )
        self.progress.append(told)
        return told

    def report_progress(self, by: ActingPerson, at: datetime, text: str, percent: int | None) -> None:
        told = self._report(by, at, text, percent=percent)
        self.tell(
            events.ProgressReported(
                **self.about(), organisation=told.organisation.code, text=text, percent=percent, evidence=[]
            ),
            by,
            at,
        )

    def _another_due(self, at: datetime, due: date, reason: str) -> date:
        old = self.commitment.due
        self.due_changes.append(DueChange(commitment=self.commitment, old=old, new=due, reason=reason, at=at))
        self.commitment.due = due
        return old

    def change_due(self, by: Actor, at: datetime, due: date, reason: str) -> None:
        old = self._another_due(at, due, reason)
        changed = events.DueChanged(**self.about(), old=old.isoformat(), new=due.isoformat(), reason=reason)
        self.tell(changed, by, at)

    def report_done(self, by: ActingPerson, at: datetime, text: str, claims: Sequence[Decimal]) -> None:
        for indicator, claimed in zip(self.indicators, claims, strict=True):
            indicator.claimed = claimed
        self._report(by, at, text, claims_done=True)
        self._go("report_done")
        self.commitment.reported_at, self.commitment.claim = at, text
        self.tell(
            events.ReportedDone(
                **self.about(),
                text=text,
                claims=[
                    {
                        "indicator": each.text,
                        "target": plain(each.target),
                        "claimed": plain(claimed),
                        "unit": each.unit,
                    }
                    for each, claimed in zip(self.indicators, claims, strict=True)
                ],
                evidence=[],
            ),
            by,
            at,
        )

    def settle(self, at: datetime, outcome: str, review: str) -> None:
        commitment = self.commitment
        self._go(VERBS[Commitment.State(outcome)])
        commitment.outcome, commitment.settled_by, commitment.settled_at = str(commitment.state), review, at
        self.tell(events.Settled(**self.about(), review=review, outcome=commitment.outcome), RULES, at)

    def resume(self, by: Actor, at: datetime, due: date, reason: str) -> None:
        commitment, old = self.commitment, self._another_due(at, due, reason)
        self._go("resume")
        commitment.outcome, commitment.settled_by, commitment.settled_at = "", "", None
        resumed = events.Resumed(**self.about(), old=old.isoformat(), new=due.isoformat(), reason=reason)
        self.tell(resumed, by, at)

    def withdraw(self, by: Actor, at: datetime, reason: str) -> None:
        self._go("withdraw")
        self.commitment.ended_at, self.commitment.end_reason = at, reason
        self.tell(events.Withdrawn(**self.about(), reason=reason), by, at)

    def warn_of_due(self, at: datetime) -> None:
        self.commitment.warned_of = self.commitment.due
        self.tell(events.DueSoon(**self.about(), due=self.commitment.due.isoformat()), CLOCK, at)

    def deadline_passed(self, at: datetime) -> None:
        self.commitment.overdue_told = self.commitment.due
        self.tell(events.DeadlinePassed(**self.about(), due=self.commitment.due.isoformat()), CLOCK, at)


@chronicle
def write_promises(*, by: House, promises: Sequence[PromiseLife]) -> None:
    """Write down promises of a made-up city as they are now, with all that was done about them."""
    require(may_write_lives(by))
    copy_models(each.commitment for each in promises)
    copy_models(one for each in promises for one in each.promisers)
    copy_models(one for each in promises for one in each.indicators)
    copy_models(one for each in promises for one in each.progress)
    copy_models(one for each in promises for one in each.due_changes)
    record_all(act for each in promises for act in numbered(each.acts, each.numbers))
