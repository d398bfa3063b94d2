"""The work on a promise: who may do what in which state, parts, progress with evidence, dates, and the claim."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hamgara import clock
from hamgara.domain.commitments import commands, events, policies
from hamgara.domain.commitments.models import Commitment, Part
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.ledger.policies import Denied
from hamgara.domain.ledger.queries import about
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make
from tests.commitments import promises

pytestmark = pytest.mark.django_db
State = Commitment.State

LEAD = {"officer of the lead", "officer of the unit above the lead"}
PROMISERS = LEAD | {"head of the partner", "representative of the partner"}
HOUSE = {"clock", "rules"}

# verb → (policy, who may, in which states)
TABLE: dict[str, tuple[Any, set[str], set[str]]] = {
    "start": (policies.may_start, PROMISERS, {"promised"}),
    "report_progress": (policies.may_report_progress, PROMISERS, {"under_way"}),
    "add_part": (policies.may_work_on, PROMISERS, {"promised", "under_way"}),
    "change_due": (policies.may_change_due, LEAD, {"promised", "under_way"}),
    "report_done": (policies.may_report_done, LEAD, {"under_way"}),
    "withdraw": (policies.may_withdraw, LEAD, {"promised", "under_way", "contested"}),
    "resume": (policies.may_resume, LEAD, {"contested"}),
    "confirm": (lambda by, c: policies.may_follow_the_rules(by, c, "confirm"), HOUSE, {"reported_done"}),
    "settle_partly": (lambda by, c: policies.may_follow_the_rules(by, c, "settle_partly"), HOUSE, {"reported_done"}),
    "contest": (lambda by, c: policies.may_follow_the_rules(by, c, "contest"), HOUSE, {"reported_done"}),
    "review_again": (
        lambda by, c: policies.may_follow_the_rules(by, c, "review_again"),
        HOUSE,
        {"confirmed", "partly_kept", "contested"},
    ),
    "speak_of_date": (policies.may_speak_of_date, HOUSE, {"promised", "under_way"}),
}


def joint_promise() -> tuple[Commitment, dict[str, Any]]:
    """A promise of a unit with a partner, and one of each who might act on it."""
    author, upper = make.acting(), make.unit()
    demand = make.admitted(author, unit=make.unit(parent=upper))
    partner = make.organisation()
    lead = make.officer(demand.unit)
    commitment = promises.promised(demand, by=lead, partners=[partner])
    commands.join(by=make.head_of(partner), commitment=commitment, organisation=partner)
    ended = organisations.end_mandate(by=make.office_officer(), mandate=make.mandate(demand.unit))
    everybody = {
        "officer of the lead": lead,
        "officer of the unit above the lead": make.officer(upper),
        "head of the partner": make.head_of(partner),
        "representative of the partner": make.under(make.mandate(partner, role="representative")),
        "reviewer of the partner": make.under(make.mandate(partner, role="reviewer")),
        "officer of another unit": make.officer(make.unit()),
        "participation office": make.office_officer(),
        "author": author,
        "citizen": make.acting(),
        "lead's officer in their own name": make.acting(lead.person),
        "officer whose mandate ended": make.under(ended),
        "clock": CLOCK,
        "rules": RULES,
    }
    return commitment, everybody


@pytest.mark.parametrize("verb", TABLE)
def test_who_may_do_what_in_which_state(verb: str) -> None:
    policy, who, when = TABLE[verb]
    commitment, everybody = joint_promise()
    for state in State.values:
        commitment = promises.in_state(state, commitment)
        decisions = {name: policy(actor, commitment) for name, actor in everybody.items()}
        allowed = {name for name, decision in decisions.items() if decision}
        assert allowed == (who if state in when else set()), f"{verb} when {state}"
        assert all(str(each.reason) for each in decisions.values() if isinstance(each, Denied))


def test_the_second_of_two_at_once_is_told_what_happened() -> None:
    commitment = promises.promised()
    by = promises.leader(commitment)
    commands.start(by=by, commitment=commitment)
    with pytest.raises(Refused) as raised:
        commands.start(by=by, commitment=commitment)
    assert str(State.UNDER_WAY.label) in raised.value.reason


def test_commands_obey_their_policies_and_leave_nothing_behind() -> None:
    commitment, everybody = joint_promise()
    stranger, ahead = everybody["citizen"], clock.today() + timedelta(days=9)
    part = commands.add_part(
        by=everybody["officer of the lead"], commitment=commitment, title="سیم‌کشی", owner=commitment.lead, due=ahead
    )
    acts: list[Any] = [
        lambda: commands.start(by=stranger, commitment=commitment),
        lambda: commands.add_part(by=stranger, commitment=commitment, title="الف", owner=commitment.lead, due=ahead),
        lambda: commands.complete_part(by=stranger, part=part),
        lambda: commands.report_progress(by=stranger, commitment=commitment, text="الف"),
        lambda: commands.change_due(by=stranger, commitment=commitment, due=ahead, reason="الف"),
        lambda: commands.report_done(by=stranger, commitment=commitment, text="الف", claims=[1]),
        lambda: commands.withdraw(by=stranger, commitment=commitment, reason="الف"),
        lambda: commands.resume(by=stranger, commitment=commitment, due=ahead, reason="الف"),
        lambda: commands.settle(by=stranger, commitment=commitment, outcome="confirmed", review="R"),
        lambda: commands.review_again(by=stranger, commitment=commitment, review="R"),
        lambda: commands.warn_of_due(by=stranger, commitment=commitment),
        lambda: commands.deadline_passed(by=stranger, commitment=commitment),
        lambda: commands.let_proposal_lapse(by=stranger, commitment=commitment),
    ]
    before = Entry.objects.count(), Commitment.objects.values().get()
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert (Entry.objects.count(), Commitment.objects.values().get()) == before


def test_a_promise_of_a_merged_unit_is_in_the_hands_of_its_successor() -> None:
    commitment = promises.promised()
    heir = make.unit()
    organisations.merge(by=make.office_officer(), organisation=commitment.lead, into=heir, reason="اصلاح ساختار")
    commitment = Commitment.objects.get(pk=commitment.pk)
    assert commands.start(by=make.officer(heir), commitment=commitment).state == State.UNDER_WAY


def test_the_same_form_twice_is_told_so_whatever_it_did() -> None:
    commitment, everybody = joint_promise()
    holder, ahead = everybody["officer of the lead"], clock.today() + timedelta(days=9)

    def once() -> ActingPerson:
        return ActingPerson(holder.person, holder.mandate, uuid.uuid4())

    def twice(act: Callable[[ActingPerson], Any]) -> Any:
        by = once()
        made = act(by)
        before = Entry.objects.count()
        with pytest.raises(Replayed):
            act(by)
        assert Entry.objects.count() == before
        return made

    twice(lambda by: commands.start(by=by, commitment=commitment))
    part = twice(
        lambda by: commands.add_part(by=by, commitment=commitment, title="سیم‌کشی", owner=commitment.lead, due=ahead)
    )
    twice(lambda by: commands.complete_part(by=by, part=part))
    twice(lambda by: commands.report_progress(by=by, commitment=commitment, text="شش چراغ"))
    twice(lambda by: commands.change_due(by=by, commitment=commitment, due=ahead, reason="زودتر"))
    twice(lambda by: commands.report_done(by=by, commitment=commitment, text="شد", claims=[12]))
    promises.in_state("contested", commitment)
    twice(lambda by: commands.resume(by=by, commitment=commitment, due=ahead, reason="از نو"))
    twice(lambda by: commands.withdraw(by=by, commitment=commitment, reason="نشد"))


# --- parts -----------------------------------------------------------------------------------------------------------


def test_a_part_belongs_to_a_promiser_or_to_a_unit_below_one() -> None:
    commitment, everybody = joint_promise()
    lead, ahead = everybody["officer of the lead"], clock.today() + timedelta(days=9)
    below = make.unit(parent=commitment.lead)
    for owner in (*commitment.bodies, below):
        commands.add_part(by=lead, commitment=commitment, title="بخشی از کار", owner=owner, due=ahead)
    for stranger in (make.unit(), make.organisation()):
        with pytest.raises(Invalid) as raised:
            commands.add_part(by=lead, commitment=commitment, title="بخشی از کار", owner=stranger, due=ahead)
        assert "owner" in raised.value.problems


def test_a_part_is_not_due_after_the_whole() -> None:
    commitment = promises.promised()
    with pytest.raises(Invalid) as raised:
        commands.add_part(
            by=promises.leader(commitment),
            commitment=commitment,
            title="بخشی از کار",
            owner=commitment.lead,
            due=commitment.due + timedelta(days=1),
        )
    assert "due" in raised.value.problems


def test_a_part_is_reported_done_once_by_its_owner_or_the_lead() -> None:
    commitment, everybody = joint_promise()
    partner = everybody["head of the partner"]
    made = [
        commands.add_part(
            by=partner, commitment=commitment, title=f"بخش {n}", owner=owner, due=clock.today() + timedelta(days=9)
        )
        for n, owner in enumerate([commitment.lead, partner.organisation, partner.organisation])
    ]
    with pytest.raises(Refused):
        commands.complete_part(by=partner, part=made[0])
    assert commands.complete_part(by=partner, part=made[1]).state == Part.State.DONE
    assert commands.complete_part(by=everybody["officer of the lead"], part=made[2]).state == Part.State.DONE
    with pytest.raises(Refused):
        commands.complete_part(by=partner, part=made[1])


# --- progress and the claim ------------------------------------------------------------------------------------------


def test_progress_is_kept_with_its_evidence_and_the_record_knows_the_hash() -> None:
    commitment = promises.under_way()
    progress = commands.report_progress(
        by=promises.leader(commitment),
        commitment=commitment,
        text="شش چراغ",
        percent=50,
        files=made_safe([make.photo()]),
    )
    [file] = progress.files.all()
    assert file.kind == "image"
    assert file.file.name.startswith("evidence/")
    entry = about(commitment.subject).last()
    assert entry is not None
    assert entry.data["evidence"] == [file.sha256]
    assert entry.data["percent"] == 50


@pytest.mark.parametrize(
    ("wrong", "field"), [({"text": " "}, "text"), ({"percent": 101}, "percent"), ({"text": "ب" * 4001}, "text")]
)
def test_what_progress_may_not_say(wrong: dict[str, Any], field: str) -> None:
    commitment = promises.under_way()
    with pytest.raises(Invalid) as raised:
        commands.report_progress(by=promises.leader(commitment), commitment=commitment, **({"text": "پیشرفت"} | wrong))
    assert field in raised.value.problems


def test_reported_done_is_a_claim_and_leaves_the_outcome_empty() -> None:
    commitment = promises.reported()
    assert commitment.state == State.REPORTED_DONE
    assert commitment.claim == "همهٔ چراغ‌ها روشن شد."
    assert commitment.outcome == ""
    assert not commitment.is_overdue
    assert commitment.last_claim is not None
    entry = about(commitment.subject).last()
    assert entry is not None
    assert entry.data["claims"] == [{"indicator": "چراغ‌های روشن", "target": "12", "claimed": "12", "unit": "چراغ"}]


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ([], "claims"),
        (
            [
                "سه",
            ],
            "claimed_0",
        ),
        ([1, 2], "claims"),
    ],
)
def test_a_claim_says_a_number_for_each_indicator(claims: list[Any], field: str) -> None:
    commitment = promises.under_way()
    with pytest.raises(Invalid) as raised:
        commands.report_done(by=promises.leader(commitment), commitment=commitment, text="شد", claims=claims)
    assert field in raised.value.problems
    assert Commitment.objects.get(pk=commitment.pk).state == State.UNDER_WAY


# --- dates and ends --------------------------------------------------------------------------------------------------


def test_a_changed_date_keeps_the_old_one_in_view() -> None:
    commitment = promises.promised()
    old, by = commitment.due, promises.leader(commitment)
    for days in (10, 20):
        commitment = commands.change_due(by=by, commitment=commitment, due=old + timedelta(days=days), reason="بارندگی")
    assert [(each.old, each.new) for each in commitment.due_changes.all()] == [
        (old, old + timedelta(days=10)),
        (old + timedelta(days=10), old + timedelta(days=20)),
    ]
    entry = about(commitment.subject).last()
    assert entry is not None
    assert entry.data["reason"] == "بارندگی"


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [(0, "بارندگی", "due"), (-70, "بارندگی", "due"), (900, "بارندگی", "due"), (5, " ", "reason")],
)
def test_which_changes_of_date_are_not_taken(days: int, reason: str, field: str) -> None:
    commitment = promises.promised()
    with pytest.raises(Invalid) as raised:
        commands.change_due(
            by=promises.leader(commitment),
            commitment=commitment,
            due=commitment.due + timedelta(days=days),
            reason=reason,
        )
    assert field in raised.value.problems


def test_overdue_is_a_fact_of_the_calendar() -> None:
    commitment = promises.under_way()
    with make.days_later(60):
        assert not commitment.is_overdue
    with make.days_later(61):
        assert commitment.is_overdue


def test_a_withdrawal_gives_its_reason_in_public() -> None:
    commitment = promises.promised()
    by = promises.leader(commitment)
    with pytest.raises(Invalid):
        commands.withdraw(by=by, commitment=commitment, reason="")
    commitment = commands.withdraw(by=by, commitment=commitment, reason="بودجه تصویب نشد")
    assert commitment.state == State.WITHDRAWN
    entry = about(commitment.subject).last()
    assert entry is not None
    assert (entry.kind, entry.data["reason"]) == (events.Withdrawn.KIND, "بودجه تصویب نشد")


def test_a_contested_promise_is_taken_up_again_with_a_new_date() -> None:
    commitment = promises.in_state("contested")
    old = commitment.due
    commitment = commands.resume(
        by=promises.leader(commitment), commitment=commitment, due=old + timedelta(days=30), reason="کابل تازه"
    )
    assert (commitment.state, commitment.outcome) == (State.UNDER_WAY, "")
    assert [each.old for each in commitment.due_changes.all()] == [old]


def test_every_state_can_be_reached_and_the_ends_are_known() -> None:
    assert not Commitment.LIFE.unreachable()
    assert Commitment.LIFE.ends == {State.WITHDRAWN, State.DROPPED}
