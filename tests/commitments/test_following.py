"""What follows from promises: for their demands through the ledger, and for their dates through the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.commitments import commands, events, jobs, queries
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import catch_up, sequence
from hamgara.domain.ledger.models import Bookmark, Entry
from hamgara.domain.ledger.queries import lagging, one_moment
from tests import factories as make
from tests.commitments import promises

pytestmark = pytest.mark.django_db
State = Commitment.State


def now(demand: Demand) -> Demand:
    assert not lagging().exists(), list(lagging())
    return Demand.objects.get(pk=demand.pk)


def settled(commitment: Commitment, outcome: str) -> Commitment:
    """As if a review had settled it."""
    Commitment.objects.filter(pk=commitment.pk).update(state=State.REPORTED_DONE)
    return commands.settle(by=RULES, commitment=commitment, outcome=outcome, review=f"{commitment.code}-R1")


def test_a_promise_answers_its_demand() -> None:
    demand = make.admitted(unit=make.unit())
    commitment = promises.promised(demand)
    catch_up()
    demand = now(demand)
    assert demand.state == Demand.State.ANSWERED
    [answer] = demand.answers.all()
    assert (answer.commitment, answer.unit) == (commitment.code, commitment.lead)


def test_a_proposal_answers_nothing_until_all_have_agreed() -> None:
    demand, partner = make.admitted(unit=make.unit()), make.organisation()
    commitment = promises.promised(demand, partners=[partner])
    catch_up()
    assert now(demand).state == Demand.State.ADMITTED
    commands.join(by=make.head_of(partner), commitment=commitment, organisation=partner)
    catch_up()
    assert now(demand).state == Demand.State.ANSWERED


def test_when_the_only_promise_is_withdrawn_the_demand_waits_again() -> None:
    demand = make.admitted(unit=make.unit())
    first = promises.promised(demand)
    second = promises.promised(demand, by=make.head_of(make.organisation()))
    catch_up()
    commands.withdraw(by=promises.leader(first), commitment=first, reason="نشد")
    catch_up()
    assert now(demand).state == Demand.State.ANSWERED, "another promise lives"
    commands.withdraw(by=promises.leader(second), commitment=second, reason="نشد")
    catch_up()
    demand = now(demand)
    assert (demand.state, demand.reason_code) == (Demand.State.ADMITTED, Demand.Return.PROMISE_WITHDRAWN)


@pytest.mark.parametrize(
    ("outcomes", "state", "verified"),
    [
        (["confirmed"], "closed", "kept"),
        (["partly_kept"], "closed", "partly"),
        (["contested"], "admitted", "none"),
        (["confirmed", "confirmed"], "closed", "kept"),
        (["confirmed", "partly_kept"], "closed", "partly"),
        (["contested", "confirmed"], "closed", "partly"),
        (["contested", "contested"], "admitted", "none"),
        (["withdrawn", "confirmed"], "closed", "partly"),
        (["confirmed", "withdrawn"], "closed", "partly"),
        (["withdrawn", "contested"], "admitted", "none"),
    ],
)
def test_how_the_outcomes_of_promises_made_together_end_a_demand(
    outcomes: list[str], state: str, verified: str
) -> None:
    demand = make.admitted(unit=make.unit())
    made = [promises.promised(demand, by=make.head_of(make.organisation())) for _outcome in outcomes]
    catch_up()
    for commitment, outcome in zip(made, outcomes, strict=True):
        assert now(demand).state == Demand.State.ANSWERED
        if outcome == "withdrawn":
            commands.withdraw(by=promises.leader(commitment), commitment=commitment, reason="نشد")
        else:
            Commitment.objects.filter(pk=commitment.pk).update(state=State.REPORTED_DONE)
            commands.settle(by=RULES, commitment=commitment, outcome=outcome, review=f"{commitment.code}-R1")
        catch_up()
    demand = now(demand)
    assert (demand.state, demand.outcome) == (state, verified)


def test_what_another_body_failed_at_long_before_does_not_spoil_what_was_done_now() -> None:
    demand = make.admitted(unit=make.unit())
    first = promises.promised(demand)
    catch_up()
    settled(first, "contested")
    catch_up()
    assert now(demand).state == Demand.State.ADMITTED
    with make.days_later(30):
        second = promises.promised(demand, by=make.head_of(make.organisation()))
        catch_up()
        settled(second, "confirmed")
        catch_up()
    assert now(demand).outcome == Demand.Outcome.KEPT


def test_a_contested_promise_that_is_taken_up_again_answers_the_demand_again() -> None:
    demand = make.admitted(unit=make.unit())
    commitment = promises.promised(demand)
    catch_up()
    settled(commitment, "contested")
    catch_up()
    commands.resume(
        by=promises.leader(commitment), commitment=commitment, due=clock.today() + timedelta(days=40), reason="از نو"
    )
    catch_up()
    assert now(demand).state == Demand.State.ANSWERED


def test_the_outcome_goes_to_the_demand_into_which_another_was_merged() -> None:
    demand = make.admitted(unit=make.unit())
    commitment = promises.promised(demand)
    other = make.admitted(unit=demand.unit)
    catch_up()
    make.demands.merge(by=make.officer(demand.unit), demand=now(demand), into=other, reason="یکی است")
    companion = promises.promised(other)
    catch_up()
    settled(companion, "confirmed")
    catch_up()
    assert now(other).state == Demand.State.ANSWERED, "the other demand's promise is still owed"
    settled(commitment, "confirmed")
    catch_up()
    assert now(other).outcome == Demand.Outcome.KEPT


def test_reading_the_whole_ledger_again_changes_nothing() -> None:
    demand = make.admitted(unit=make.unit())
    first = promises.promised(demand)
    catch_up()
    settled(first, "contested")
    catch_up()
    second = promises.promised(demand)
    catch_up()
    settled(second, "confirmed")
    catch_up()
    before = (
        Entry.objects.count(),
        Demand.objects.values().get(pk=demand.pk),
        list(Commitment.objects.order_by("pk").values()),
    )
    Bookmark.objects.update(position=-1)
    catch_up()
    after = (
        Entry.objects.count(),
        Demand.objects.values().get(pk=demand.pk),
        list(Commitment.objects.order_by("pk").values()),
    )
    assert after == before
    assert not lagging().exists()


# --- the calendar ----------------------------------------------------------------------------------------------------


def said(commitment: Commitment, event: type) -> int:
    return Entry.objects.filter(kind=event.KIND, subjects__contains=[commitment.subject]).count()


def test_a_near_date_and_a_passed_one_are_each_said_once() -> None:
    commitment = promises.under_way()
    for days, warned, passed in [(1, 0, 0), (46, 1, 0), (50, 1, 0), (60, 1, 0), (61, 1, 1), (90, 1, 1)]:
        with make.days_later(days):
            jobs.let_time_pass()
            jobs.let_time_pass()
        assert (said(commitment, events.DueSoon), said(commitment, events.DeadlinePassed)) == (warned, passed), days


def test_a_new_date_is_spoken_about_anew() -> None:
    commitment = promises.under_way()
    by = promises.leader(commitment)
    with make.days_later(70):
        jobs.let_time_pass()
        commands.change_due(
            by=by, commitment=commitment, due=clock.today() + timedelta(days=20), reason="تأخیر پیمانکار"
        )
    with make.days_later(95):
        jobs.let_time_pass()
    assert said(commitment, events.DeadlinePassed) == 2


def test_the_calendar_says_nothing_about_what_is_reported_or_ended() -> None:
    commitment = promises.reported()
    with make.days_later(400):
        jobs.let_time_pass()
    assert said(commitment, events.DeadlinePassed) == 0


def test_unanswered_proposals_lapse() -> None:
    commitment = promises.promised(partners=[make.organisation()])
    with make.days_later(20):
        jobs.let_time_pass()
        assert Commitment.objects.get(pk=commitment.pk).state == State.PROPOSED
    with make.days_later(21):
        jobs.let_time_pass()
        assert Commitment.objects.get(pk=commitment.pk).state == State.DROPPED


# --- what pages read -------------------------------------------------------------------------------------------------


def test_figures_keep_the_claim_apart_from_what_was_verified() -> None:
    demand = make.admitted(unit=make.unit())
    states = [
        "promised",
        "under_way",
        "reported_done",
        "confirmed",
        "confirmed",
        "partly_kept",
        "contested",
        "withdrawn",
    ]
    made = [promises.promised(demand) for _state in states]
    for commitment, state in zip(made, states, strict=True):
        promises.in_state(state, commitment)
    claimed = [
        c.pk for c, state in zip(made, states, strict=True) if state not in {"promised", "under_way", "withdrawn"}
    ]
    Commitment.objects.filter(pk__in=claimed).update(reported_at=clock.now())
    promises.promised(demand, partners=[make.organisation()])
    with make.days_later(61):
        counts = queries.figures()
    assert (counts.promised, counts.live, counts.overdue, counts.claimed) == (8, 3, 2, 5)
    assert (counts.awaiting_review, counts.kept, counts.partly, counts.contested, counts.withdrawn) == (1, 2, 1, 1, 1)
    assert counts.verified == 4
    assert counts.kept_rate.share is None, "too few for a rate"
    assert queries.figures(organisation=make.organisation()).promised == 0
    assert queries.figures(organisation=demand.unit).promised == 8
    assert queries.figures(place=demand.place, field=demand.field).promised == 8


def test_the_list_finds_by_words_state_body_and_lateness() -> None:
    demand = make.admitted(unit=make.unit(), title="کتابخانهٔ محله تعطیل است")
    late = promises.promised(demand, title="بازگشایی کتابخانه", due=clock.today() + timedelta(days=3))
    body = make.organisation()
    other = promises.promised(make.admitted(unit=make.unit()), by=make.head_of(body))

    def found(**wanted: object) -> list[Commitment]:
        return list(queries.listing(queries.Wanted(**wanted)))  # type: ignore[arg-type]

    assert found() == [other, late]
    assert found(words="كتابخانه") == [late], "also with Arabic letters"
    assert found(words=late.code) == found(words=demand.shown_code) == [late]
    assert found(organisation=body) == [other]
    assert found(organisation=demand.unit) == [late]
    assert found(states=["under_way"]) == []
    assert found(field=demand.field) == [late]
    assert found(place=demand.place) == [late]
    assert found(sort="due") == [late, other]
    with make.days_later(4):
        assert found(overdue=True) == [late]
        assert list(queries.overdue()) == [late]


def test_words_are_those_of_the_promise_and_of_its_demand_whole_or_begun() -> None:
    demand = make.admitted(unit=make.unit(), title="کتابخانه‌های محله تعطیل است")
    made = promises.promised(demand, title="بازگشایی سالن ۱۲")

    def found(words: str) -> list[Commitment]:
        return list(queries.listing(queries.Wanted(words=words)))

    assert found("بازگشا") == found("کتابخانه سالن") == found("کتابخانه ۱۲") == [made]
    assert found("گشایی") == found("کتابخانه پارک") == found("۲") == []


def test_words_that_nobody_may_read_any_more_find_no_promise() -> None:
    demand = make.admitted(unit=make.unit(), title="کتابخانهٔ محله تعطیل است")
    made = promises.promised(demand, title="بازگشایی سالن")
    Demand.objects.filter(pk=demand.pk).update(state=Demand.State.WITHDRAWN)
    commands.forget_person(by=RULES, person=demand.author, erasure="e")
    made.refresh_from_db()
    assert made.search_key == key("بازگشایی سالن")


def test_what_is_counted_once_is_as_young_as_the_last_act() -> None:
    demand, other = make.admitted(unit=make.unit()), make.admitted(unit=make.unit())
    owed = queries.Wanted(states=("promised",))

    def counts() -> tuple[object, ...]:
        bodies = {body.code for body in queries.who_promised().rows}
        return queries.counted(owed), queries.figures(organisation=demand.unit).live, queries.figures().live, bodies

    assert counts() == (0, 0, 0, set())
    made = promises.promised(demand)
    assert counts() == (1, 1, 1, {demand.unit.code}), "before the act has its position"
    sequence()
    assert counts() == (1, 1, 1, {demand.unit.code})
    promises.promised(other)
    sequence()
    assert counts() == (2, 1, 2, {demand.unit.code, other.unit.code})
    commands.withdraw(by=promises.leader(made), commitment=made, reason="بودجه نداریم")
    assert counts() == (1, 0, 1, {demand.unit.code, other.unit.code})
    with make.days_later(300):
        assert queries.counted(queries.Wanted(overdue=True)) == queries.figures().overdue == 1


def test_a_list_costs_the_same_however_long_it_is(django_assert_num_queries: object) -> None:
    demand = make.admitted(unit=make.unit())
    for _n in range(3):
        promises.promised(demand)
    sequence()
    list(queries.listing(queries.Wanted()))  # the registers are read, and kept from now on
    with django_assert_num_queries(3), one_moment():  # type: ignore[operator]
        for commitment in queries.listing(queries.Wanted()):
            assert commitment.lead.label
            assert commitment.demand.field.label


def test_a_page_of_one_promise_costs_the_same_however_much_was_said(django_assert_num_queries: object) -> None:
    commitment = promises.under_way()
    by = promises.leader(commitment)
    for n in range(3):
        commands.report_progress(by=by, commitment=commitment, text=f"گام {n}")
        commands.add_part(by=by, commitment=commitment, title=f"بخش {n}", owner=commitment.lead, due=commitment.due)
    sequence()
    queries.by_code(commitment.code)
    with django_assert_num_queries(8), one_moment():  # type: ignore[operator]
        found = queries.by_code(commitment.code)
        assert found is not None
        assert [part.owner.label for part in found.parts.all()]
        assert [(each.organisation.label, list(each.files.all())) for each in found.progress.all()]
        assert found.lead.label
        assert list(found.indicators.all())
        assert not list(found.due_changes.all())
