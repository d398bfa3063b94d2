"""A case's whole life, told act by act as the commands act, for a made-up city (see demands.commands.lives)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hamgara.domain.demands.commands import Life
from hamgara.domain.demands.models import Hiding
from hamgara.domain.demands.policies import may_write_lives
from hamgara.domain.ledger.commands import Act, chronicle, numbered, record_all, require
from hamgara.domain.ledger.events import CLOCK, Actor, Event, House
from hamgara.domain.moderation import events
from hamgara.domain.moderation.commands.cases import about, ruled
from hamgara.domain.moderation.models import Case, Report, Ruling
from hamgara.domain.organisations.models import ActingPerson
from hamgara.integrations.copying import copy_models


@dataclass
class CaseLife:
    """One thing that was reported, and all that has been done about it; what hides it is written with its demand."""

    case: Case
    life: Life
    acts: list[Act] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the ledger, kept free for these acts
    given: list[Report] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)

    def tell(self, event: Event, by: Actor, at: datetime) -> None:
        self.acts.append(Act(event, by, at))

    def report(self, by: ActingPerson, at: datetime, reason: str, words: str) -> None:
        case = self.case
        case.state = Case.LIFE.after(Case.State(case.state), "report")
        case.since, case.reports = case.since or at, case.reports + 1
        self.given.append(Report(case=case, person=by.person, reason=reason, words=words, at=at))
        self.tell(events.Reported(**about(case), reason=reason, words=words), by, at)

    def _rule(self, verb: str, by: ActingPerson, at: datetime, words: str, reason: str = "") -> dict[str, Any]:
        ruling, told = ruled(self.case, verb, by, words, at=at, reason=reason)
        self.rulings.append(ruling)
        return told

    def _point_to(self, hiding: Hiding | None) -> None:
        setattr(self.case.thing, self.case.hidden_by_field, hiding)

    def hide(self, by: ActingPerson, at: datetime, reason: str, words: str) -> None:
        told = self._rule("hide", by, at, words, reason)
        hiding = Hiding(reason=reason, words=words, unit=by.organisation, at=at)
        self.life.hidings.append(hiding)
        self._point_to(hiding)
        self.tell(events.Hidden(**told, reason=reason), by, at)

    def leave(self, by: ActingPerson, at: datetime, words: str) -> None:
        self.tell(events.Left(**self._rule("leave", by, at, words)), by, at)

    def restore(self, by: ActingPerson, at: datetime, words: str) -> None:
        told = self._rule("restore", by, at, words)
        self._point_to(None)
        self.tell(events.Restored(**told), by, at)

    def appeal(self, by: Actor, at: datetime, words: str) -> None:
        case = self.case
        case.appeal_words, case.since = words, at
        case.state = Case.LIFE.after(Case.State(case.state), "appeal")
        self.tell(events.Appealed(**about(case), words=words), by, at)

    @property
    def last_hid(self) -> Ruling | None:
        """The decision by which the thing was hidden."""
        return next((each for each in reversed(self.rulings) if each.verb == Ruling.Verb.HIDE), None)

    def decide_appeal(self, by: ActingPerson, at: datetime, granted: bool, words: str) -> None:
        by_another = self.last_hid is None or self.last_hid.by_id != by.person.pk
        told = self._rule("grant_appeal" if granted else "dismiss_appeal", by, at, words)
        if granted:
            self._point_to(None)
            self.tell(events.AppealGranted(**told, by_another=by_another), by, at)
        else:
            self.tell(events.AppealDismissed(**told, by_another=by_another), by, at)

    def _deadline(self) -> str:
        assert self.case.decide_until is not None
        return self.case.decide_until.isoformat()

    def remind(self, at: datetime) -> None:
        self.case.reminded_at = at
        self.tell(events.DeadlineNear(**about(self.case), deadline=self._deadline()), CLOCK, at)

    def note_deadline(self, at: datetime) -> None:
        self.case.overdue_noted_at = at
        self.tell(events.DeadlinePassed(**about(self.case), deadline=self._deadline()), CLOCK, at)


@chronicle
def write_cases(*, by: House, cases: Sequence[CaseLife]) -> None:
    """Write down cases of a made-up city as they are now, with all that was done about them."""
    require(may_write_lives(by))
    copy_models(life.case for life in cases)
    copy_models(each for life in cases for each in life.given)
    copy_models(each for life in cases for each in life.rulings)
    record_all(act for life in cases for act in numbered(life.acts, life.numbers))
