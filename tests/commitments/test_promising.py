"""How a promise comes about: who may promise on which demand, alone and together, and what a promise must say."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from hamgara import clock
from hamgara.domain.commitments import commands, events, policies
from hamgara.domain.commitments.models import Commitment, Indicator
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.ledger.queries import about
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make
from tests.commitments import promises

pytestmark = pytest.mark.django_db
State = Commitment.State


def actors(demand: Demand, author: ActingPerson) -> dict[str, Any]:
    """One of each who might want to promise."""
    body = make.organisation()
    weak = make.organisation(accredited=False)
    ended = make.mandate(demand.unit)
    ended = organisations.end_mandate(by=make.office_officer(), mandate=ended)
    return {
        "author": author,
        "citizen": make.acting(),
        "rules": RULES,
        "officer of the unit": make.officer(demand.unit),
        "officer of the unit above": make.officer(demand.unit.parent),
        "officer of another unit": make.officer(make.unit()),
        "participation office": make.office_officer(),
        "head of an organisation": make.head_of(body),
        "its representative": make.under(make.mandate(body, role="representative")),
        "its reviewer": make.under(make.mandate(body, role="reviewer")),
        "head without accreditation": make.head_of(weak),
        "officer whose mandate ended": make.under(ended),
    }


MAY_PROMISE = {
    "officer of the unit",
    "officer of the unit above",
    "participation office",
    "head of an organisation",
    "its representative",
}


def test_who_may_promise_in_which_state_of_the_demand() -> None:
    author = make.acting()
    demand = make.demand(author, unit=make.unit(parent=make.unit()))
    everybody = actors(demand, author)
    for state in Demand.State.values:
        if state == Demand.State.MERGED:
            continue  # a merged demand has another shape; it is refused below
        demand.state = state
        allowed = {name for name, actor in everybody.items() if policies.may_promise(actor, demand)}
        expected = MAY_PROMISE if state in {"admitted", "answered"} else set()
        assert allowed == expected, state


def test_nothing_is_promised_on_a_demand_that_was_merged() -> None:
    demand = make.admitted(unit=make.unit())
    other = make.admitted(unit=demand.unit)
    officer = make.officer(demand.unit)
    make.demands.merge(by=officer, demand=demand, into=other, reason="یکی است")
    with pytest.raises(Refused):
        commands.promise(by=officer, demand=demand, **promises.terms())


def test_a_promise_of_one_body_stands_at_once_and_says_all_in_the_record() -> None:
    demand = make.admitted(unit=make.unit())
    commitment = promises.promised(demand, budget_rial=2_000_000_000, hours=120)
    assert commitment.code == f"{demand.code}-1"
    assert commitment.state == State.PROMISED
    assert commitment.bodies == [demand.unit]
    [entry] = about(commitment.subject)
    assert entry.kind == events.Promised.KIND
    assert set(entry.subjects) == {commitment.subject, demand.subject, demand.unit.subject}
    assert entry.data["indicators"] == [{"text": "چراغ‌های روشن", "target": "12", "unit": "چراغ"}]
    assert entry.data["budget_rial"] == 2_000_000_000
    assert entry.data["what"].keys() == {"commitment"}, "longer words are committed, not told"


def test_a_demand_may_have_several_promises_each_with_its_code() -> None:
    demand = make.admitted(unit=make.unit())
    first = promises.promised(demand)
    second = promises.promised(demand, by=make.head_of(make.organisation()))
    assert [first.code, second.code] == [f"{demand.code}-1", f"{demand.code}-2"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "ب" * 161}, "title"),
        ({"what": ""}, "what"),
        ({"what": "ب" * 4001}, "what"),
        ({"due": timedelta(days=-1)}, "due"),
        ({"due": timedelta(days=731)}, "due"),
        ({"budget_rial": -1}, "budget_rial"),
        ({"budget_rial": 2**53}, "budget_rial"),
        ({"hours": 10**7}, "hours"),
        ({"indicators": []}, "indicators"),
        ({"indicators": [*promises.INDICATORS] * 4}, "indicators"),
        ({"indicators": [{"text": "", "target": "1"}]}, "indicators_0_text"),
        ({"indicators": [{"text": "متر", "target": "زیاد"}]}, "indicators_0_target"),
        ({"indicators": [{"text": "متر", "target": "-3"}]}, "indicators_0_target"),
        ({"indicators": [{"text": "متر", "target": "NaN"}]}, "indicators_0_target"),
        ({"indicators": [{"text": "متر", "target": "1", "unit": "ب" * 41}]}, "indicators_0_unit"),
    ],
)
def test_what_a_promise_may_not_say(wrong: dict[str, Any], field: str) -> None:
    demand = make.admitted(unit=make.unit())
    by = make.officer(demand.unit)
    if isinstance(wrong.get("due"), timedelta):
        wrong = {"due": clock.today() + wrong["due"]}
    before = Entry.objects.count()
    with pytest.raises(Invalid) as raised:
        commands.promise(by=by, demand=demand, **promises.terms(**wrong))
    assert field in raised.value.problems
    assert not Commitment.objects.exists()
    assert Entry.objects.count() == before


def test_numbers_are_taken_in_any_digits() -> None:
    commitment = promises.promised(indicators=[{"text": "مسیر پیاده", "target": "۱٬۲۵۰٫۵", "unit": "متر"}])
    assert str(Indicator.objects.get(commitment=commitment).target) == "1250.50"


def test_a_title_is_one_line() -> None:
    commitment = promises.promised(title=" روشن کردن\n  كوچه ", what="یک\nدو")
    assert (commitment.title, commitment.what) == ("روشن کردن کوچه", "یک\nدو")


def test_everything_wrong_is_told_at_once() -> None:
    demand = make.admitted(unit=make.unit())
    with pytest.raises(Invalid) as raised:
        commands.promise(
            by=make.officer(demand.unit),
            demand=demand,
            title="",
            what="",
            indicators=[],
            due=clock.today() - timedelta(1),
        )
    assert raised.value.problems.keys() == {"title", "what", "indicators", "due"}


def test_the_same_form_twice_is_one_promise() -> None:
    demand = make.admitted(unit=make.unit())
    by = ActingPerson(*(lambda o: (o.person, o.mandate))(make.officer(demand.unit)), once=uuid.uuid4())
    commands.promise(by=by, demand=demand, **promises.terms())
    with pytest.raises(Replayed) as raised:
        commands.promise(by=by, demand=demand, **promises.terms())
    assert raised.value.entry.kind == events.Promised.KIND
    assert Commitment.objects.count() == 1


# --- together --------------------------------------------------------------------------------------------------------


def proposed() -> tuple[Commitment, ActingPerson, ActingPerson]:
    """A proposal of a unit to two organisations, and a head of each."""
    first, second = make.head_of(make.organisation()), make.head_of(make.organisation())
    commitment = promises.promised(partners=[first.organisation, second.organisation])
    return commitment, first, second


def test_a_joint_promise_stands_when_the_last_body_has_agreed() -> None:
    commitment, first, second = proposed()
    assert commitment.state == State.PROPOSED
    commitment = commands.join(by=first, commitment=commitment, organisation=first.organisation)
    assert commitment.state == State.PROPOSED
    commitment = commands.join(by=second, commitment=commitment, organisation=second.organisation)
    assert commitment.state == State.PROMISED
    assert commitment.promised_at is not None
    kinds = [entry.kind for entry in about(commitment.subject)]
    assert kinds == [events.Proposed.KIND, events.Joined.KIND, events.Promised.KIND]


def test_what_is_not_agreed_by_all_does_not_stand_by_some() -> None:
    commitment, first, second = proposed()
    commands.join(by=first, commitment=commitment, organisation=first.organisation)
    commitment = commands.decline_to_join(
        by=second, commitment=commitment, organisation=second.organisation, reason="نیرو نداریم"
    )
    assert commitment.state == State.DROPPED
    assert commitment.end_reason == "نیرو نداریم"
    with pytest.raises(Refused):
        commands.join(by=second, commitment=commitment, organisation=second.organisation)


def test_the_lead_may_take_its_own_proposal_back() -> None:
    commitment, _first, _second = proposed()
    lead = promises.leader(commitment)
    commitment = commands.decline_to_join(
        by=lead, commitment=commitment, organisation=commitment.lead, reason="طرح عوض شد"
    )
    assert commitment.state == State.DROPPED


def test_nobody_agrees_for_another_body() -> None:
    commitment, first, second = proposed()
    reviewer = make.under(make.mandate(second.organisation, role="reviewer"))
    for stranger in (first, reviewer, make.acting(), promises.leader(commitment)):
        with pytest.raises(Refused):
            commands.join(by=stranger, commitment=commitment, organisation=second.organisation)
    with pytest.raises(Invalid):
        commands.join(by=make.head_of(make.organisation()), commitment=commitment, organisation=make.organisation())


def test_a_body_agrees_once() -> None:
    commitment, first, _second = proposed()
    commands.join(by=first, commitment=commitment, organisation=first.organisation)
    with pytest.raises(Refused):
        commands.join(by=first, commitment=commitment, organisation=first.organisation)


def test_a_partner_whose_accreditation_does_not_stand_cannot_be_asked() -> None:
    with pytest.raises(Invalid) as raised:
        promises.promised(partners=[make.organisation(accredited=False)])
    assert "partners" in raised.value.problems


def test_a_promise_is_not_made_with_half_the_city() -> None:
    with pytest.raises(Invalid) as raised:
        promises.promised(partners=[make.organisation() for _n in range(10)])
    assert "partners" in raised.value.problems


def test_a_proposal_comes_to_nothing_if_the_demand_was_answered_otherwise() -> None:
    commitment, first, second = proposed()
    commands.join(by=first, commitment=commitment, organisation=first.organisation)
    Demand.objects.filter(pk=commitment.demand_id).update(state=Demand.State.REFUSED)
    with pytest.raises(Invalid):
        commands.join(by=second, commitment=commitment, organisation=second.organisation)


def test_a_proposal_lapses_when_the_time_to_agree_is_over() -> None:
    commitment, _first, _second = proposed()
    with pytest.raises(Invalid):
        commands.let_proposal_lapse(by=RULES, commitment=commitment)
    with make.days_later(22):
        assert commands.let_proposal_lapse(by=RULES, commitment=commitment).state == State.DROPPED
