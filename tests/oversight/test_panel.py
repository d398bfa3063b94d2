"""The panel: who may judge, step back or is replaced; what a verdict says; and that nobody sees it too early."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from hamgara import clock
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.models import Entry
from hamgara.domain.ledger.queries import about
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.oversight import commands, events, jobs, policies, queries
from hamgara.domain.oversight.models import Review, Seat, Verdict
from tests import factories as make
from tests.oversight import examining as examine

pytestmark = pytest.mark.django_db
State = Seat.State

JUDGES = {"head", "representative", "reviewer"}


def everybody(seat: Seat) -> dict[str, Any]:
    """One of each who might want to act for a seat of an organisation."""
    body, review = seat.organisation, seat.review
    assert body is not None
    ended = organisations.end_mandate(
        by=make.head_of(body), mandate=make.mandate(body, role="representative"), reason="پایان کار"
    )
    supporter = make.acting()
    demands.support(by=supporter, demand=review.commitment.demand)
    colleague = make.mandate(body, role="reviewer")
    other = next(each for each in examine.called(review) if each.pk != seat.pk)
    return {
        "head": make.head_of(body),
        "representative": make.under(make.mandate(body, role="representative")),
        "reviewer": make.under(make.mandate(body, role="reviewer")),
        "holder whose mandate ended": make.under(ended),
        "reviewer in their own name": make.acting(colleague.person),
        "reviewer who supported the demand": make.under(make.mandate(body, who=supporter.person, role="reviewer")),
        "reviewer of another seat": examine.reviewer(other),
        "head of the promiser": make.officer(review.commitment.lead),
        "author": examine.author_of(review),
        "participation office": make.office_officer(),
        "citizen": make.acting(),
        "rules": RULES,
        "clock": CLOCK,
    }


def test_who_may_act_for_a_seat_in_which_state() -> None:
    seat = examine.called(examine.drawn())[0]
    people = everybody(seat)
    table = {
        policies.may_give_verdict: JUDGES,
        policies.may_recuse: JUDGES | {"reviewer who supported the demand"},
        policies.may_replace_absent: {"rules", "clock"},
    }
    for policy, who in table.items():
        for review_state in Review.State.values:
            for state in State.values:
                seat.state, seat.review.state = state, review_state
                allowed = {name for name, by in people.items() if policy(by, seat)}
                expected = who if (state, review_state) == ("called", "drawn") else set()
                assert allowed == expected, (policy.__name__, state, review_state)


def test_a_monitor_judges_in_person_and_under_no_mandate() -> None:
    for _n in range(3):
        examine.monitor()
    seat = next(each for each in examine.called(examine.drawn(bodies=1)) if each.monitor is not None)
    assert seat.monitor is not None
    person = seat.monitor.person
    as_body = make.under(make.mandate(make.organisation(), who=person, role="reviewer"))
    assert policies.may_give_verdict(make.acting(person), seat)
    for stranger in (as_body, make.acting(), make.office_officer(), RULES):
        assert not policies.may_give_verdict(stranger, seat)


def test_one_person_does_not_judge_for_two_seats() -> None:
    review = examine.drawn()
    first, second = examine.called(review)[:2]
    assert second.organisation is not None
    head = examine.reviewer(first)
    twice = make.under(make.mandate(second.organisation, who=head.person, role="reviewer"))
    examine.answer(first, by=head)
    with pytest.raises(Refused):
        examine.answer(second, by=twice)


def test_a_verdict_is_kept_with_its_findings_and_photos() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    examine.answer(seat, "partly", files=made_safe([make.photo()]))
    verdict = Verdict.objects.get(seat=seat)
    assert (verdict.on_site, verdict.overall, verdict.on_site_findings) == ("partly", "partly", "آنچه دیدیم")
    [photo] = verdict.files.all()
    assert photo.file.name.startswith("findings/")
    seat.refresh_from_db()
    assert seat.state == State.ANSWERED


def test_a_verdict_is_not_shown_and_not_told_by_the_record_until_all_have_spoken() -> None:
    review = examine.drawn()
    seats = examine.called(review)
    examine.answer(seats[0], "broken")
    entry = about(review.subject).get(kind=events.VerdictGiven.KIND)
    assert entry.data["answers"].keys() == entry.data["findings"].keys() == {"commitment"}
    assert "broken" not in bytes(entry.canonical).decode()
    assert queries.detail(examine.now(review)).verdicts == []
    for seat in seats[1:]:
        examine.answer(seat)
    examine.follow()
    shown = queries.detail(examine.now(review))
    assert [each.overall for each in shown.verdicts] == ["broken", "kept", "kept"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"paper": "perhaps"}, "paper"),
        ({"on_site": ""}, "on_site"),
        ({"effect": "NO"}, "effect"),
        ({"overall": ""}, "overall"),
        ({"on_site": "no"}, "overall"),
        ({"overall": "broken"}, "overall"),
        ({"effect": "cannot_tell", "effect_findings": " "}, "effect_findings"),
        ({"paper_findings": "ب" * 4001}, "paper_findings"),
    ],
)
def test_what_a_verdict_may_not_say(wrong: dict[str, str], field: str) -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    before = Entry.objects.count()
    with pytest.raises(Invalid) as raised:
        commands.give_verdict(
            by=examine.reviewer(seat), seat=seat, **(examine.ANSWERS["kept"] | {"overall": "kept"} | wrong)
        )
    assert field in raised.value.problems
    assert (Entry.objects.count(), Verdict.objects.count()) == (before, 0)


def test_the_same_form_twice_is_one_verdict() -> None:
    seat = examine.called(examine.drawn())[0]
    by = examine.reviewer(seat)
    once = ActingPerson(by.person, by.mandate, uuid.uuid4())
    examine.answer(seat, by=once)
    with pytest.raises(Replayed):
        examine.answer(seat, by=once)


# --- replaced --------------------------------------------------------------------------------------------------------


def test_who_steps_back_is_followed_by_the_next_in_the_order_of_the_lot() -> None:
    review = examine.drawn()
    seat = examine.called(review)[1]
    seat = commands.recuse(by=examine.reviewer(seat), seat=seat, reason="پیمانکار خویشاوند ماست")
    assert seat.replaced_by is not None
    assert seat.replaced_by.candidate == review.order[3]
    entry = about(review.subject).get(kind=events.Recused.KIND)
    assert entry.data["called"] == review.order[3]
    assert entry.data["reason"].keys() == {"commitment"}
    assert seat.replaced_by.due == clock.today() + (seat.due - clock.today())


def test_a_tie_is_named_when_stepping_back() -> None:
    seat = examine.called(examine.drawn())[0]
    with pytest.raises(Invalid):
        commands.recuse(by=examine.reviewer(seat), seat=seat, reason=" ")


def test_the_next_is_passed_over_if_it_no_longer_stands() -> None:
    review = examine.drawn()
    Organisation.objects.filter(code=review.order[3].partition(":")[2]).update(state=Organisation.State.WITHDRAWN)
    seat = examine.called(review)[0]
    seat = commands.recuse(by=examine.reviewer(seat), seat=seat, reason="وابستگی")
    assert seat.replaced_by is not None
    assert seat.replaced_by.candidate == review.order[4]


def test_who_does_not_answer_in_time_is_reminded_once_and_then_replaced_by_lot() -> None:
    review = examine.drawn()
    first, *others = examine.called(review)
    for seat in others:
        examine.answer(seat)
    with make.days_later(9):
        jobs.let_time_pass()
    assert not about(review.subject).filter(kind=events.Reminded.KIND).exists()
    with make.days_later(11):
        jobs.let_time_pass()
        jobs.let_time_pass()
    assert about(review.subject).filter(kind=events.Reminded.KIND).count() == 1
    with make.days_later(14):
        jobs.let_time_pass()
        assert Seat.objects.get(pk=first.pk).state == State.CALLED
    with make.days_later(15):
        jobs.let_time_pass()
        examine.follow()
        first.refresh_from_db()
        assert first.state == State.ABSENT
        assert first.replaced_by is not None
        assert first.replaced_by.candidate == review.order[3]
        assert examine.now(review).state == Review.State.DRAWN
        with pytest.raises(Refused):
            examine.answer(first)
        examine.answer(Seat.objects.get(pk=first.replaced_by.pk), "broken")
        examine.follow()
    assert examine.now(review).outcome == "confirmed"


def test_nobody_is_called_absent_before_the_time_is_over() -> None:
    seat = examine.called(examine.drawn())[0]
    with pytest.raises(Invalid):
        commands.replace_absent(by=CLOCK, seat=seat)


def all_step_back(review: Review, but: int) -> None:
    """Everybody in the order of the lot steps back, but for so many, who answer."""
    answered = 0
    while seats := examine.called(review):
        for seat in seats:
            if answered < but:
                examine.answer(seat)
                answered += 1
            else:
                commands.recuse(by=examine.reviewer(seat), seat=seat, reason="وابستگی")
    examine.follow()


def test_when_the_order_is_exhausted_a_quorum_settles() -> None:
    review = examine.drawn(bodies=4)
    all_step_back(review, but=2)
    review = examine.now(review)
    assert (review.state, review.outcome) == (Review.State.SETTLED, "confirmed")
    assert review.working is not None
    assert (review.working["given"], review.working["needed"]) == (2, 2)


def test_without_a_quorum_a_new_panel_is_drawn_without_those_who_stayed_away() -> None:
    review = examine.drawn(bodies=4)
    later = 0.0
    while examine.called(review):
        later += 15
        with make.days_later(later):
            jobs.let_time_pass()
            examine.follow()
    assert examine.now(review).state == Review.State.LAPSED
    second = Review.objects.get(commitment=review.commitment, round=2)
    assert second.state == Review.State.WAITING
    reasons = {tie["reason"] for each in second.candidates for tie in each["ties"]}
    assert reasons == {"was_absent"}


def test_no_person_settles_or_lapses_a_review() -> None:
    review = examine.drawn()
    for verb in (commands.settle, commands.lapse):
        with pytest.raises(Refused):
            verb(by=make.office_officer(), review=review)
        with pytest.raises(Invalid):
            verb(by=RULES, review=review)


# --- my work ---------------------------------------------------------------------------------------------------------


def test_a_reviewer_finds_the_seats_that_wait_for_them() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    by = examine.reviewer(seat)
    assert list(queries.seats_to_do(by.person)) == [seat]
    found = queries.seat_by_key(seat.key)
    assert found == seat
    examine.answer(seat, by=by)
    assert list(queries.seats_to_do(by.person)) == []
    assert list(queries.seats_done(by.person, 5)) == [seat]
    assert not queries.seats_to_do(make.person()).exists()


def test_figures_of_oversight_count_how_reviewers_answered() -> None:
    review = examine.drawn()
    first, *others = examine.called(review)
    commands.recuse(by=examine.reviewer(first), seat=first, reason="وابستگی")
    for seat in (*others, *examine.called(review)[2:]):
        examine.answer(seat)
    examine.follow()
    counts = queries.figures()
    assert (counts.settled, counts.confirmed, counts.called, counts.answered, counts.recused) == (1, 1, 4, 3, 1)
    assert first.organisation is not None
    assert queries.figures(first.organisation).recused == 1


def test_who_lost_the_accreditation_judges_no_more() -> None:
    seat = examine.called(examine.drawn())[0]
    assert seat.organisation is not None
    organisations.withdraw_accreditation(by=make.office_officer(), organisation=seat.organisation, reason="انحلال")
    by = examine.reviewer(seat)
    assert not policies.may_give_verdict(by, seat)
    assert policies.may_recuse(by, seat)


def test_the_same_recusal_twice_replaces_once() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    holder = examine.reviewer(seat)
    once = ActingPerson(holder.person, holder.mandate, uuid.uuid4())
    commands.recuse(by=once, seat=seat, reason="وابستگی")
    with pytest.raises(Replayed):
        commands.recuse(by=once, seat=seat, reason="وابستگی")
    assert review.seats.count() == 4


def test_the_page_of_a_review_stays_within_its_queries(django_assert_max_num_queries: Any) -> None:
    examine.monitor()
    review = examine.settled(review=examine.drawn(bodies=9))
    with django_assert_max_num_queries(10):  # one of them: what was recorded since the names were read
        found = queries.by_code(review.code)
        assert found is not None
        shown = queries.detail(found)
        assert [seat.label for seat in shown.seats]
        assert [each.name for each in (*shown.pool, *shown.tied)]
        assert [(each.seat.label, list(each.files.all())) for each in shown.verdicts]
        assert shown.appeal is None
        assert shown.appeal_voices == 0
        assert shown.appeal_until is not None
        assert found.commitment.lead.label


# --- at the same moment ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_verdicts_at_the_same_moment_all_count_and_settle_once() -> None:
    review = examine.drawn()
    barrier, troubles = threading.Barrier(3), []

    def judge(seat: Seat, by: ActingPerson) -> None:
        try:
            barrier.wait(timeout=20)
            examine.answer(seat, by=by)
        except Exception as error:
            troubles.append(error)
        finally:
            connection.close()

    work = [threading.Thread(target=judge, args=(seat, examine.reviewer(seat))) for seat in examine.called(review)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert troubles == []
    examine.follow()
    assert examine.now(review).outcome == "confirmed"
    assert about(review.subject).filter(kind=events.Settled.KIND).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_the_same_moment_give_one_verdict_and_the_second_is_told() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    assert seat.organisation is not None
    pair = [make.head_of(seat.organisation), make.under(make.mandate(seat.organisation, role="reviewer"))]
    barrier, ends = threading.Barrier(2), []

    def judge(by: ActingPerson) -> None:
        try:
            barrier.wait(timeout=20)
            examine.answer(seat, by=by)
            ends.append("done")
        except Refused as refusal:
            ends.append(str(refusal.reason))
        finally:
            connection.close()

    work = [threading.Thread(target=judge, args=(by,)) for by in pair]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert Verdict.objects.filter(seat=seat).count() == 1
    ends.remove("done")
    assert str(State.ANSWERED.label) in ends[0]
