"""Officers ask the author back: who reads it, what it does to the clock, and that nobody wins time by asking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hamgara import charter, clock
from hamgara.channels.models import Notice
from hamgara.domain.demands import commands, queries
from hamgara.domain.demands.models import Demand, Question
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make

pytestmark = pytest.mark.django_db

AT_MOST = charter.period("demands.question_pauses")


@pytest.fixture
def officer() -> ActingPerson:
    return make.officer(make.unit())


def asked_of(officer: ActingPerson, author: ActingPerson | None = None) -> tuple[Demand, ActingPerson]:
    """A demand whose author has been asked; and its author."""
    author = author or make.acting()
    assert officer.organisation is not None
    demand = make.demand(author, unit=officer.organisation)
    return commands.ask_back(by=officer, demand=demand, text="کدام کوچه؟"), author


def test_the_clock_stands_still_until_the_answer(officer: ActingPerson) -> None:
    author = make.acting()
    assert officer.organisation is not None
    before = make.demand(author, unit=officer.organisation)
    assert before.deadline is not None
    demand = commands.ask_back(by=officer, demand=before, text="کدام کوچه؟")
    assert demand.deadline == before.deadline + AT_MOST
    with make.days_later(2):
        demand = commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم")
    assert demand.deadline == before.deadline + timedelta(days=2)


def test_an_answer_that_comes_late_gives_no_more_than_the_charter_does(officer: ActingPerson) -> None:
    demand, author = asked_of(officer)
    until = demand.deadline
    with make.days_later(AT_MOST.days + 3):
        assert commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم").deadline == until


def test_the_second_question_of_a_deadline_wins_no_time_and_a_new_deadline_may_stand_still_again(
    officer: ActingPerson,
) -> None:
    demand, author = asked_of(officer)
    demand = commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم")
    until = demand.deadline
    demand = commands.ask_back(by=officer, demand=demand, text="کدام پلاک؟")
    assert demand.deadline == until
    with make.days_later(1):
        demand = commands.tell_more(by=author, demand=demand, text="پلاک نه")
        assert demand.deadline == until
        demand = commands.admit(by=officer, demand=demand)
        until = demand.deadline
        assert until is not None
        assert commands.ask_back(by=officer, demand=demand, text="از کی؟").deadline == until + AT_MOST


def test_a_deadline_that_has_passed_is_not_healed_by_asking(officer: ActingPerson) -> None:
    assert officer.organisation is not None
    demand = make.demand(unit=officer.organisation)
    assert demand.deadline is not None
    with make.days_later((demand.deadline - clock.today()).days + 1):
        assert commands.ask_back(by=officer, demand=demand, text="کدام کوچه؟").deadline == demand.deadline


def test_a_clock_that_has_changed_meanwhile_is_left_alone_by_the_answer(officer: ActingPerson) -> None:
    demand, author = asked_of(officer)
    admitted = commands.admit(by=officer, demand=demand)
    with make.days_later(2):
        assert commands.tell_more(by=author, demand=admitted, text="کوچهٔ سوم").deadline == admitted.deadline


def test_one_question_at_a_time_and_none_without_words(officer: ActingPerson) -> None:
    demand, author = asked_of(officer)
    with pytest.raises(Refused):
        commands.ask_back(by=officer, demand=demand, text="کدام پلاک؟")
    for words in (" \n ", "ا" * (charter.number("demands.comment_length") + 1)):
        with pytest.raises(Invalid):
            commands.tell_more(by=author, demand=demand, text=words)
    commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم")
    with pytest.raises(Refused):
        commands.tell_more(by=author, demand=demand, text="باز هم")
    assert Question.objects.count() == 1


def test_the_words_stand_in_no_entry_and_are_shown_to_the_two_alone(officer: ActingPerson) -> None:
    demand, author = asked_of(officer)
    demand = commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم، پلاک نه")
    for entry in Entry.objects.all():
        written = bytes(entry.canonical).decode()
        assert "کدام کوچه" not in written
        assert "پلاک نه" not in written
    assert [
        each.reply for each in queries.detail(demand, None, words=True, private=True, concerned=True).questions
    ] == ["کوچهٔ سوم، پلاک نه"]
    assert queries.detail(demand, None, words=True, private=False, concerned=False).questions == []


def test_the_author_hears_of_the_question_and_whoever_deals_with_it_of_the_answer(officer: ActingPerson) -> None:
    assert officer.organisation is not None
    colleague = make.officer(officer.organisation)
    demand, author = asked_of(officer)
    assert demand in queries.to_do(author.person)
    commands.take(by=officer, demand=demand)
    demand = commands.tell_more(by=author, demand=demand, text="کوچهٔ سوم")
    assert demand not in queries.to_do(author.person)
    catch_up()
    heard = set(
        Notice.objects.filter(entry__kind__in=("demands.asked_back", "demands.told_more")).values_list(
            "person", "entry__kind"
        )
    )
    assert heard == {(author.person.pk, "demands.asked_back"), (officer.person.pk, "demands.told_more")}
    assert colleague.person.pk not in {person for person, _kind in heard}
