"""A demand's whole life, told act by act as the commands act: how a made-up city gets years of history in minutes.

Every method is the verb of the command of its name: it changes the same columns by the same table of states and tells
the same event, at a moment of its own. What the policies ask is left to whoever tells; a test does the same lives again
by the commands themselves, and compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import forget_answer, go, officer, start_clock, stop_clock
from hamgara.domain.demands.models import Answer, Comment, Demand, Follow, Hiding, Merge, Support
from hamgara.domain.ledger.commands import Act, chronicle, numbered, record_all, require
from hamgara.domain.ledger.events import CLOCK, RULES, Actor, Event, House
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation
from hamgara.domain.people.models import Person
from hamgara.integrations.copying import copy_models


@dataclass
class Life:
    """One demand and all that has been done about it so far; `write_lives` writes it down."""

    demand: Demand
    acts: list[Act] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of the ledger, kept free for these acts
    supports: dict[int, Support] = field(default_factory=dict)
    follows: dict[int, Follow] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidings: list[Hiding] = field(default_factory=list)  # what the floor of moderation took out of sight here

    def tell(self, event: Event, by: Actor, at: datetime) -> None:
        self.acts.append(Act(event, by, at))

    def _deadline(self) -> str:
        assert self.demand.deadline is not None
        return self.demand.deadline.isoformat()

    # --- making ------------------------------------------------------------------------------------------------------

    def submit(self, by: ActingPerson, at: datetime) -> None:
        demand = self.demand
        demand.author, demand.on_behalf = by.person, by.organisation
        demand.mandate_key = by.mandate.key if by.mandate else None
        demand.submitted_at = demand.state_since = at
        demand.title_key = key(demand.title)
        demand.search_key = f"{demand.title_key} {key(demand.text)}".strip()
        with clock.standing_at(at):
            start_clock(demand, Demand.Clock.TRIAGE)
        event = events.Submitted(
            demand=demand.code,
            author=by.person_key,
            on_behalf=by.body,
            demand_kind=demand.kind,
            title=demand.title,
            text=demand.text,
            field=demand.field.code,
            place=demand.place.code,
            point=None if demand.latitude is None else f"{demand.latitude:.6f},{demand.longitude:.6f}",
            address=demand.address or None,
            unit=demand.unit.code,
            deadline=self._deadline(),
            files=[],
        )
        self.tell(event, by, at)

    def withdraw(self, by: Actor, at: datetime) -> None:
        with clock.standing_at(at):
            go(self.demand, "withdraw", by)
        stop_clock(self.demand)
        self.tell(events.Withdrawn(demand=self.demand.code), by, at)

    # --- triage ------------------------------------------------------------------------------------------------------

    def admit(self, by: Actor, at: datetime) -> None:
        demand = self.demand
        with clock.standing_at(at):
            go(demand, "admit", by)
            start_clock(demand, Demand.Clock.ANSWER)
        self.tell(events.Admitted(demand=demand.code, unit=demand.unit.code, deadline=self._deadline()), by, at)

    def decline(self, by: ActingPerson, at: datetime, code: str, reason: str) -> None:
        with clock.standing_at(at):
            go(self.demand, "decline", by, reason_code=code, reason=reason)
        self.demand.declined_by = by.person
        stop_clock(self.demand)
        self.tell(events.Declined(demand=self.demand.code, reason_code=code, reason=reason), by, at)

    def appeal(self, by: Actor, at: datetime, words: str) -> None:
        with clock.standing_at(at):
            go(self.demand, "appeal", by)
            start_clock(self.demand, Demand.Clock.TRIAGE)
        self.demand.appealed = True
        self.tell(events.Appealed(demand=self.demand.code, words=words, deadline=self._deadline()), by, at)

    def route(self, by: Actor, at: datetime, unit: Organisation, reason: str) -> None:
        demand = self.demand
        old, demand.unit, demand.handler = demand.unit, unit, None
        if demand.escalated_to_id is not None:
            demand.escalated_to, demand.escalated_on = None, clock.day_of(at)
        self.tell(events.Routed(demand=demand.code, from_unit=old.code, unit=unit.code, reason=reason), by, at)

    def take(self, by: ActingPerson, at: datetime) -> None:
        assert by.mandate is not None
        self.demand.handler = by.mandate
        self.tell(events.Taken(demand=self.demand.code, mandate=str(by.mandate.key)), by, at)

    def hand_over(self, by: Actor, at: datetime, to: Mandate) -> None:
        self.demand.handler = to
        self.tell(events.HandedOver(demand=self.demand.code, mandate=str(to.key)), by, at)

    def merge(self, by: Actor, at: datetime, into: Life, reason: str) -> None:
        demand, target = self.demand, into.demand
        merge = Merge(
            source=demand,
            target=target,
            at=at,
            reason=reason,
            former_state=demand.state,
            former_deadline=demand.deadline,
            former_clock=demand.clock_kind,
        )
        self.merges.append(merge)
        supporters, followers = dict.fromkeys(self.supports), dict.fromkeys([*self.follows, demand.author_id])
        if demand.on_behalf_id is None:
            supporters[demand.author_id] = None
        for who in supporters:
            if who != target.author_id and who not in into.supports:
                into.supports[who] = Support(demand=target, person_id=who, through=merge, at=at)
        for who in followers:
            if who != target.author_id and who not in into.follows:
                into.follows[who] = Follow(demand=target, person_id=who, through=merge, at=at)
        with clock.standing_at(at):
            go(demand, "merge", by, reason=reason)
        stop_clock(demand)
        demand.merged_into = target
        self.tell(events.Merged(demand=demand.code, into=target.code, reason=reason), by, at)

    # --- answers and ends --------------------------------------------------------------------------------------------

    def _say(self, kind: Answer.Kind, unit: Organisation | None, text: str, at: datetime, **more: str) -> None:
        self.answers.append(Answer(demand=self.demand, kind=kind, unit=unit, text=text, at=at, **more))

    def explain(self, by: Actor, at: datetime, text: str) -> None:
        self._say(Answer.Kind.EXPLANATION, officer(by) or self.demand.unit, text, at)
        self.tell(events.Explained(demand=self.demand.code, text=text), by, at)

    def _end(self, verb: str, kind: Answer.Kind, by: Actor, at: datetime, code: str, reason: str) -> None:
        self._say(kind, officer(by) or self.demand.unit, reason, at, reason_code=code)
        with clock.standing_at(at):
            go(self.demand, verb, by, reason_code=code, reason=reason)
        stop_clock(self.demand)

    def refuse(self, by: Actor, at: datetime, code: str, reason: str) -> None:
        self._end("refuse", Answer.Kind.REFUSAL, by, at, code, reason)
        self.tell(events.Refused(demand=self.demand.code, reason_code=code, reason=reason), by, at)

    def find_not_doable(self, by: Actor, at: datetime, code: str, reason: str) -> None:
        self._end("find_not_doable", Answer.Kind.NOT_DOABLE, by, at, code, reason)
        self.tell(events.FoundNotDoable(demand=self.demand.code, reason_code=code, reason=reason), by, at)

    def mark_answered(self, at: datetime, commitment: str, promiser: Organisation, text: str) -> None:
        self._say(Answer.Kind.PROMISE, promiser, text, at, commitment=commitment)
        with clock.standing_at(at):
            go(self.demand, "answer", RULES)
        stop_clock(self.demand)
        self.demand.answered_at = at
        self.tell(events.Answered(demand=self.demand.code, commitment=commitment, promiser=promiser.code), RULES, at)

    def close(self, at: datetime, outcome: str, review: str) -> None:
        with clock.standing_at(at):
            go(self.demand, "close", RULES)
        self.demand.outcome = outcome
        stop_clock(self.demand)
        self.tell(events.Closed(demand=self.demand.code, outcome=outcome, review=review), RULES, at)

    def go_back(self, at: datetime, cause: str) -> None:
        with clock.standing_at(at):
            go(self.demand, "go_back", RULES, reason_code=cause)
            start_clock(self.demand, Demand.Clock.ANSWER)
        self.demand.answered_at = None
        self.tell(events.WentBack(demand=self.demand.code, cause=cause, deadline=self._deadline()), RULES, at)

    def reopen(self, by: Actor, at: datetime, words: str | None) -> None:
        demand, ended_as = self.demand, str(self.demand.state)
        with clock.standing_at(at):
            go(demand, "reopen", by)
            start_clock(demand, Demand.Clock.ANSWER)
        demand.outcome, demand.answered_at = Demand.Outcome.NONE, None
        demand.times_reopened += 1
        forget_answer(demand)
        reopened = events.Reopened(
            demand=demand.code, words=words, from_state=ended_as, calls=0, deadline=self._deadline()
        )
        self.tell(reopened, by, at)

    # --- others ------------------------------------------------------------------------------------------------------

    def support(self, by: ActingPerson, at: datetime) -> None:
        self.supports[by.person.pk] = Support(demand=self.demand, person=by.person, at=at)
        self._hears(by.person, at)
        self.tell(events.Supported(demand=self.demand.code), by, at)

    def follow(self, by: ActingPerson, at: datetime) -> None:
        self._hears(by.person, at)
        self.tell(events.Followed(demand=self.demand.code), by, at)

    def _hears(self, person: Person, at: datetime) -> None:
        if person.pk not in self.follows:
            self.follows[person.pk] = Follow(demand=self.demand, person=person, at=at)

    def comment(self, by: ActingPerson, at: datetime, named: UUID, text: str) -> Comment:
        official = officer(by) is not None
        said = Comment(
            key=named, demand=self.demand, author=by.person, organisation=by.organisation, official=official, text=text
        )
        said.at = at
        self.comments.append(said)
        told = events.Commented(demand=self.demand.code, comment=str(named), text=text, official=official)
        self.tell(told, by, at)
        return said

    # --- the calendar ------------------------------------------------------------------------------------------------

    def remind(self, at: datetime) -> None:
        demand = self.demand
        demand.reminded_at = at
        near = events.DeadlineNear(
            demand=demand.code,
            clock=str(demand.clock_kind),
            deadline=self._deadline(),
            unit=queries.waits_for(demand).code,
        )
        self.tell(near, CLOCK, at)

    def note_deadline(self, at: datetime) -> None:
        demand = self.demand
        demand.overdue_noted_at = at
        passed = events.DeadlinePassed(
            demand=demand.code,
            clock=str(demand.clock_kind),
            deadline=self._deadline(),
            unit=queries.waits_for(demand).code,
        )
        self.tell(passed, CLOCK, at)

    def escalate(self, at: datetime, above: Organisation) -> None:
        demand = self.demand
        below = demand.escalated_to or queries.waits_for(demand)
        demand.escalated_to, demand.escalated_on = above, clock.day_of(at)
        up = events.Escalated(demand=demand.code, from_unit=below.code, unit=above.code, deadline=self._deadline())
        self.tell(up, CLOCK, at)

    def ask_author(self, at: datetime) -> None:
        self.demand.author_asked_at = at
        self.tell(events.AuthorAsked(demand=self.demand.code), CLOCK, at)

    def confirm_done(self, by: Actor, at: datetime) -> None:
        self.demand.author_says = Demand.AuthorSays.DONE
        self.tell(events.AuthorConfirmed(demand=self.demand.code), by, at)

    def deny_done(self, by: Actor, at: datetime, words: str) -> None:
        self.demand.author_says = Demand.AuthorSays.NOT_DONE
        self.tell(events.AuthorDenied(demand=self.demand.code, words=words), by, at)

    def count(self) -> None:
        """What a list shows of the voices, as they are at the end."""
        self.demand.support_count, self.demand.follow_count = len(self.supports), len(self.follows)
        self.demand.comment_count = len(self.comments)


@chronicle
def write_lives(*, by: House, lives: Sequence[Life]) -> None:
    """Write down demands of a made-up city as they are now, with all that was done about them."""
    require(policies.may_write_lives(by))
    for life in lives:
        life.count()
    copy_models(hiding for life in lives for hiding in life.hidings)
    copy_models(life.demand for life in lives)
    copy_models(merge for life in lives for merge in life.merges)
    copy_models(each for life in lives for each in life.supports.values())
    copy_models(each for life in lives for each in life.follows.values())
    copy_models(each for life in lives for each in life.comments)
    copy_models(each for life in lives for each in life.answers)
    record_all(act for life in lives for act in numbered(life.acts, life.numbers))
