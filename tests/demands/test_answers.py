"""Answers, ends and reopening: nothing is closed by whoever promised it, and an end is not always the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from hamgara import charter
from hamgara.domain.demands import commands, jobs, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make

pytestmark = pytest.mark.django_db


def fresh(demand: Demand) -> Demand:
    return Demand.objects.select_related("unit", "state_by").get(pk=demand.pk)


def answered(by: ActingPerson | None = None) -> Demand:
    return commands.mark_answered(by=RULES, demand=make.admitted(by), commitment="c1")


def refused(by: ActingPerson | None = None) -> Demand:
    return commands.refuse(
        by=make.office_officer(), demand=make.admitted(by), reason_code="against_plan", reason="با طرح نمی‌خواند"
    )


def test_an_explanation_is_public_and_ends_nothing() -> None:
    demand = make.admitted()
    answer = commands.explain(by=make.office_officer(), demand=demand, text="در جلسهٔ هفتهٔ آینده بررسی می‌شود.")
    after = fresh(demand)
    assert (after.state, after.deadline) == ("admitted", demand.deadline)
    assert answer.unit == make.office()
    told = Entry.objects.get(kind="demands.explained")
    assert told.data["text"].keys() == {"commitment"}
    assert told.openings.get(field="data.text").value.startswith("در جلسه")
    with pytest.raises(Invalid):
        commands.explain(by=make.office_officer(), demand=demand, text=" ")


def test_a_commitment_answers_and_stops_the_clock() -> None:
    demand = answered()
    assert (demand.state, demand.deadline, demand.clock_kind) == ("answered", None, "")
    assert demand.answered_at is not None
    assert Entry.objects.get(kind="demands.answered").subjects == [demand.subject, "commitment:c1"]
    with pytest.raises(Refused):
        commands.mark_answered(by=RULES, demand=demand, commitment="c2")


@pytest.mark.parametrize("outcome", ["kept", "partly"])
def test_a_settled_review_closes_with_what_it_found(outcome: str) -> None:
    demand = commands.close(by=RULES, demand=answered(), outcome=outcome, review="r1")
    assert (demand.state, demand.outcome) == ("closed", outcome)
    assert demand.ended_at is not None


def test_nothing_is_closed_as_not_kept() -> None:
    demand = answered()
    with pytest.raises(Invalid):
        commands.close(by=RULES, demand=demand, outcome="none", review="r1")


@pytest.mark.parametrize("cause", ["contested", "promise_withdrawn"])
def test_a_demand_goes_back_when_its_promise_does_not_hold(cause: str) -> None:
    demand = commands.go_back(by=RULES, demand=answered(), cause=cause)
    assert (demand.state, demand.clock_kind, demand.answered_at) == ("admitted", "answer", None)
    assert demand.reason_label == str(Demand.Return(cause).label)


def test_refused_and_not_doable_are_ends_in_plain_view() -> None:
    demand = refused()
    other = commands.find_not_doable(
        by=make.office_officer(), demand=make.admitted(), reason_code="no_budget", reason="بودجه نیست"
    )
    assert set(queries.listing(queries.Wanted(states=["refused", "not_doable"]))) == {demand, other}
    assert [answer.reason_code for answer in demand.answers.all()] == ["against_plan"]
    assert other.answers.get().reason_label
    figures = queries.figures()
    assert (figures.refused, figures.not_doable, figures.verified) == (1, 1, 0)


def test_a_refusal_needs_a_reason_of_its_own_list() -> None:
    for verb, code in (("refuse", "no_budget"), ("find_not_doable", "against_law"), ("refuse", "")):
        with pytest.raises(Invalid):
            getattr(commands, verb)(by=make.office_officer(), demand=make.admitted(), reason_code=code, reason="دلیل")


# --- reopening -------------------------------------------------------------------------------------------------------


def test_its_author_reopens_an_ended_demand_at_once_saying_why() -> None:
    author = make.acting()
    demand = commands.close(by=RULES, demand=answered(author), outcome="kept", review="r1")
    with pytest.raises(Invalid):
        commands.reopen(by=author, demand=demand, words="")
    again = commands.reopen(by=author, demand=demand, words="دوباره خراب شد")
    assert (again.state, again.outcome, again.clock_kind, again.times_reopened) == ("admitted", "none", "answer", 1)
    assert again.ended_at is None


def test_the_window_for_reopening_closes() -> None:
    author = make.acting()
    demand = refused(author)
    with make.days_later(60):
        assert policies.may_reopen(author, demand)
    with make.days_later(61):
        assert not policies.may_reopen(author, demand)
        with pytest.raises(Refused):
            commands.reopen(by=author, demand=demand, words="دیر")


def few_supporters(tmp_path: Path, number: int) -> Path:
    rules = yaml.safe_load((charter.FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    rules["demands"]["rules"]["reopen_supporters"]["value"] = number
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return path


def test_enough_supporters_together_reopen_a_demand(tmp_path: Path) -> None:
    supporters = [make.acting() for _n in range(3)]
    demand = make.admitted()
    for each in supporters:
        commands.support(by=each, demand=demand)
    commands.refuse(by=make.office_officer(), demand=demand, reason_code="against_law", reason="منع")
    with charter.reading_from(few_supporters(tmp_path, 2)):
        commands.call_for_reopening(by=supporters[0], demand=demand)
        catch_up()
        assert fresh(demand).state == "refused"
        with pytest.raises(Refused):
            commands.call_for_reopening(by=supporters[0], demand=demand)
        with pytest.raises(Refused):
            commands.reopen(by=RULES, demand=demand)
        commands.call_for_reopening(by=supporters[1], demand=demand)
        catch_up()
        reopened = fresh(demand)
        assert (reopened.state, reopened.reopen_call_count) == ("admitted", 0)
        catch_up()
    assert Entry.objects.filter(kind="demands.reopened").count() == 1
    assert Entry.objects.get(kind="demands.reopened").data["calls"] == 2


def test_the_charter_asks_for_twenty_five() -> None:
    assert charter.number("demands.reopen_supporters") == 25


# --- deadlines -------------------------------------------------------------------------------------------------------


@pytest.fixture
def a_saturday() -> Iterator[None]:
    """7 November 2026, with three working days after it, and a Thursday, a Friday and a holiday behind them."""
    with make.standing(2026, 11, 7):
        yield


@pytest.mark.usefixtures("a_saturday")
def test_a_passed_deadline_is_recorded_once() -> None:
    demand = make.demand()
    with make.days_later(3):
        jobs.let_time_pass()
        assert not fresh(demand).is_overdue
    with make.days_later(4):
        assert fresh(demand).is_overdue
        jobs.let_time_pass()
        jobs.let_time_pass()
    assert [entry.data["clock"] for entry in Entry.objects.filter(kind="demands.deadline_passed")] == ["triage"]


@pytest.mark.usefixtures("a_saturday")
def test_the_next_clock_has_a_deadline_of_its_own() -> None:
    demand = make.demand()
    officer = make.office_officer()
    with make.days_later(4):
        jobs.let_time_pass()
        commands.admit(by=officer, demand=demand)
        with make.days_later(18):
            jobs.let_time_pass()
            assert queries.figures().late == 1
            commands.refuse(by=officer, demand=demand, reason_code="against_law", reason="منع")
            jobs.let_time_pass()
            assert queries.figures().late == 0
    clocks = [entry.data["clock"] for entry in Entry.objects.filter(kind="demands.deadline_passed").order_by("id")]
    assert clocks == ["triage", "answer"]


def test_a_deadline_that_has_not_passed_is_not_noted() -> None:
    with pytest.raises(Refused):
        commands.note_deadline(by=CLOCK, demand=make.demand())


def test_figures_count_claims_nowhere_and_show_both_numbers_of_a_rate() -> None:
    answered()
    commands.close(by=RULES, demand=answered(), outcome="kept", review="r1")
    commands.close(by=RULES, demand=answered(), outcome="partly", review="r2")
    refused()
    author = make.acting()
    commands.withdraw(by=author, demand=make.demand(author))
    figures = queries.figures()
    assert (figures.asked, figures.promised, figures.verified, figures.ended) == (4, 3, 2, 3)
    assert (figures.verified_rate.part, figures.verified_rate.whole) == (2, 3)
    assert figures.verified_rate.share is None, "three cases are too few for a rate"
    assert queries.Rate(5, 10).share == 0.5
    assert queries.Rate(0, 0).share is None
