"""What time does to demands: a reminder, the way up the tree of units, and the question whether it is really done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from hamgara.channels.models import Notice
from hamgara.domain.demands import commands, jobs, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_saturday() -> Iterator[None]:
    """7 November 2026: working days are 8 to 11, 15 to 18, 21 to 25 (the 14th is a lunar holiday by estimate)."""
    with make.standing(2026, 11, 7):
        yield


def fresh(demand: Demand) -> Demand:
    return Demand.objects.select_related("unit", "escalated_to").get(pk=demand.pk)


def kinds(demand: Demand) -> list[str]:
    found = Entry.objects.filter(subjects__contains=[demand.subject]).order_by("id")
    return [kind.partition(".")[2] for kind in found.values_list("kind", flat=True)]


def pass_time() -> None:
    """The hourly job, run twice, as after a kill."""
    jobs.let_time_pass()
    jobs.let_time_pass()
    catch_up()


def closed(by: ActingPerson) -> Demand:
    demand = commands.mark_answered(by=RULES, demand=make.admitted(by), commitment="c1")
    return commands.close(by=RULES, demand=demand, outcome="kept", review="r1")


def told(person: object, kind: str) -> int:
    return Notice.objects.filter(person=person, entry__kind=kind).count()


# --- reminders and the way up ----------------------------------------------------------------------------------------


def test_a_unit_is_reminded_once_on_the_last_working_day_before() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    demand = make.demand(unit=unit)  # due on the 10th
    with make.days_later(1):
        pass_time()
        assert "deadline_near" not in kinds(demand)
    with make.days_later(2):
        pass_time()
    with make.days_later(3):
        pass_time()
    assert kinds(demand) == ["submitted", "deadline_near"]
    assert told(officer.person, "demands.deadline_near") == 1


def test_what_was_dealt_with_is_not_reminded() -> None:
    demand = make.demand()
    commands.decline(by=make.office_officer(), demand=demand, reason_code="unclear", reason="روشن نیست")
    with make.days_later(3):
        pass_time()
    assert "deadline_near" not in kinds(demand)


def test_what_stays_overdue_goes_up_unit_by_unit_to_the_top_and_no_further() -> None:
    top = make.unit()
    middle = make.unit(parent=top)
    unit = make.unit(parent=middle)
    head = make.under(make.mandate(middle, role="head"))
    other = make.under(make.mandate(middle))
    demand = make.demand(unit=unit)  # due on the 10th; five working days after it is the 18th
    with make.standing(2026, 11, 18):
        pass_time()
        assert fresh(demand).escalated_to is None
    with make.standing(2026, 11, 19):
        pass_time()
        assert fresh(demand).escalated_to == middle
        assert told(head.person, "demands.escalated") == 1
        assert told(other.person, "demands.escalated") == 0
    with make.standing(2026, 11, 29):
        pass_time()
        assert fresh(demand).escalated_to == top
    with make.standing(2026, 12, 20):
        pass_time()
    steps = [entry.data["unit"] for entry in Entry.objects.filter(kind="demands.escalated").order_by("id")]
    assert steps == [middle.code, top.code]


def test_the_next_deadline_starts_in_the_unit_again() -> None:
    demand = make.demand(unit=make.unit(parent=make.unit()))
    with make.standing(2026, 11, 20):
        pass_time()
        assert fresh(demand).escalated_to is not None
        commands.admit(by=make.office_officer(), demand=demand)
        assert fresh(demand).escalated_to is None


def test_what_is_stale_calls_nobody() -> None:
    demand = make.demand(unit=make.unit(parent=make.unit()))
    with make.standing(2027, 3, 1):
        pass_time()
    assert kinds(demand) == ["submitted", "deadline_passed"]


def test_killed_midway_the_next_run_does_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    demands = [make.demand(unit=make.unit(parent=make.unit())) for _n in range(3)]
    whole = commands.escalate

    def dies(**given: object) -> None:
        if Entry.objects.filter(kind="demands.escalated").count() == 1:
            raise KeyboardInterrupt
        whole(**given)

    with make.standing(2026, 11, 20):
        monkeypatch.setattr(commands, "escalate", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.let_time_pass()
        monkeypatch.setattr(commands, "escalate", whole)
        pass_time()
    assert [kinds(each).count("escalated") for each in demands] == [1, 1, 1]
    with pytest.raises(Refused), make.standing(2026, 11, 20):
        commands.escalate(by=CLOCK, demand=demands[0])


def test_the_page_says_before_whom_it_stands(client: Client) -> None:
    demand = make.demand(unit=make.unit(parent=make.unit("معاونت شهر")))
    with make.standing(2026, 11, 20):
        pass_time()
        assert "معاونت شهر" in client.get(f"/demands/{demand.code}/").content.decode()


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (queries.nearly_due, "demand_by_deadline"),
        (queries.newly_overdue, "demand_by_deadline"),
        (queries.to_escalate, "demand_by_deadline"),
        (queries.authors_to_ask, "demand_author_to_ask"),
    ],
)
def test_the_job_finds_its_demands_by_an_index(asked: Callable[[], QuerySet[Demand]], index: str) -> None:
    with connection.cursor() as cursor:
        # A table that is nearly empty is read through; here it is asked which index fits.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert index in asked().explain()


# --- is it really done? ----------------------------------------------------------------------------------------------


def test_the_author_is_asked_once_four_weeks_after_the_closing() -> None:
    author = make.acting()
    demand = closed(author)
    with make.days_later(27):
        pass_time()
        assert "author_asked" not in kinds(demand)
    with make.days_later(28):
        pass_time()
    with make.days_later(30):
        pass_time()
    assert kinds(demand)[-1] == "author_asked"
    assert kinds(demand).count("author_asked") == 1
    assert told(author.person, "demands.author_asked") == 1


def test_the_body_that_carries_a_demand_hears_of_its_closing_and_is_asked_as_its_author_is(client: Client) -> None:
    body = make.organisation()
    speaker, reviewer = make.mandate(body, role="representative"), make.mandate(body, role="reviewer")
    demand = closed(make.head_of(body))
    catch_up()
    assert told(speaker.person, "demands.closed") == 1
    with make.days_later(28):
        pass_time()
        assert [told(each.person, "demands.author_asked") for each in (speaker, reviewer)] == [1, 0]
        assert list(queries.asked(reviewer.person)) == []
        address = f"/demands/{demand.code}/done/"
        client.force_login(speaker.person)
        assert address in client.get("/me/").content.decode()
        assert client.post(address, {"answer": "no", "words": "باز خراب است"}).status_code == 302
        catch_up()
        assert list(queries.asked(speaker.person)) == []
    assert fresh(demand).state == "admitted"


def test_nobody_is_asked_about_what_was_refused_or_closed_long_ago() -> None:
    author = make.acting()
    old = closed(author)
    refused = make.admitted(author)
    commands.refuse(by=make.office_officer(), demand=refused, reason_code="against_law", reason="منع")
    with make.days_later(29):
        Demand.objects.filter(pk=old.pk).update(ended_at=old.ended_at.replace(year=2025))
        pass_time()
    assert not Entry.objects.filter(kind="demands.author_asked").exists()


def test_yes_is_said_once_and_stands() -> None:
    author = make.acting()
    demand = closed(author)
    with pytest.raises(Refused):
        commands.confirm_done(by=author, demand=demand)
    with make.days_later(28):
        pass_time()
        with pytest.raises(Refused):
            commands.confirm_done(by=make.acting(), demand=demand)
        commands.confirm_done(by=author, demand=demand)
        with pytest.raises(Refused):
            commands.deny_done(by=author, demand=demand, words="نه")
    assert fresh(demand).state == "closed"
    assert kinds(demand)[-1] == "author_confirmed"


def test_no_needs_a_word_and_opens_the_demand_again() -> None:
    author = make.acting()
    demand = closed(author)
    with make.days_later(28):
        pass_time()
        with pytest.raises(Invalid):
            commands.deny_done(by=author, demand=demand, words=" ")
        commands.deny_done(by=author, demand=demand, words="دوباره خراب شد")
        catch_up()
        catch_up()
        after = fresh(demand)
        assert (after.state, after.author_says, after.author_asked_at) == ("admitted", "", None)
        assert kinds(demand)[-2:] == ["author_denied", "reopened"]


def test_after_the_window_no_answer_is_taken() -> None:
    author = make.acting()
    demand = closed(author)
    with make.days_later(28):
        pass_time()
    with make.days_later(43), pytest.raises(Refused):
        commands.confirm_done(by=author, demand=demand)


@pytest.mark.parametrize(("answer", "status"), [("yes", 302), ("no", 422)])
def test_the_page_asks_the_author_and_takes_an_answer(client: Client, answer: str, status: int) -> None:
    author = make.acting()
    demand = closed(author)
    address = f"/demands/{demand.code}/done/"
    with make.days_later(28):
        pass_time()
        assert client.get(address).status_code == 302  # to the sign-in page
        client.force_login(author.person)
        assert "آیا واقعاً انجام شده است؟" in client.get(address).content.decode()
        assert address in client.get("/me/").content.decode()
        assert address in client.get(f"/demands/{demand.code}/").content.decode()
        assert client.post(address, {"answer": answer}).status_code == status
        if answer == "no":
            assert client.post(address, {"answer": "no", "words": "خراب است"}).status_code == 302
        assert client.get(address).status_code == 403


def test_the_page_tells_a_stranger_why_not(client: Client) -> None:
    demand = closed(make.acting())
    client.force_login(make.person())
    assert client.get(f"/demands/{demand.code}/done/").status_code == 403
