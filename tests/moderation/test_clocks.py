"""Reports and appeals that wait: a reminder, a word in the record once the charter's time is over, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from hamgara.channels.models import Notice
from hamgara.domain.demands import commands as demands
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, jobs, queries
from hamgara.domain.moderation.models import Case
from tests import factories as make
from tests.moderation import reporting
from tests.web.readers import reader, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_saturday() -> Iterator[None]:
    """7 November 2026: what is reported today is to be decided within two working days, by the 9th."""
    with make.standing(2026, 11, 7):
        yield


def pass_time() -> None:
    """The hourly job, run twice, as after a kill."""
    jobs.let_time_pass()
    jobs.let_time_pass()
    catch_up()


def told_by_the_clock() -> list[str]:
    found = Entry.objects.filter(kind__startswith="moderation.deadline").order_by("id")
    return [kind.partition(".")[2] for kind in found.values_list("kind", flat=True)]


def waiting() -> Case:
    return reporting.reported(demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text="سخنی تند"))


def test_the_office_is_reminded_once_the_day_before_and_told_once_that_it_is_late() -> None:
    officer = make.office_officer().person
    case = waiting()
    assert case.decide_until == date(2026, 11, 9)
    pass_time()
    assert told_by_the_clock() == []
    for day in (8, 9):
        with make.standing(2026, 11, day):
            pass_time()
            assert told_by_the_clock() == ["deadline_near"]
    for day in (10, 20):
        with make.standing(2026, 11, day):
            pass_time()
            assert told_by_the_clock() == ["deadline_near", "deadline_passed"]
            assert reporting.now(case).is_overdue
    heard = Notice.objects.filter(person=officer, entry__kind__startswith="moderation.deadline")
    assert heard.count() == 2


def test_what_was_decided_in_time_is_not_called_late_and_an_appeal_has_its_own_time() -> None:
    author, office = make.acting(), make.office_officer()
    comment = demands.comment(by=author, demand=make.demand(unit=make.unit()), text="سخنی تند")
    case = reporting.reported(comment)
    commands.hide(by=office, case=case, reason="insult")
    with make.standing(2026, 11, 15):
        pass_time()
        assert told_by_the_clock() == []
        commands.appeal(by=author, case=reporting.now(case), words="توهین نیست")
    with make.standing(2026, 11, 18):
        pass_time()
    assert told_by_the_clock() == ["deadline_passed"]


def test_what_concerns_the_office_itself_is_told_to_the_unit_above_it() -> None:
    above = make.unit()
    make.unit(code="office", is_participation_office=True, parent=above)
    officer, other = make.officer(above).person, make.office_officer().person
    reporting.reported(demands.comment(by=make.acting(), demand=make.demand(), text="دبیرخانه پاسخ نمی‌دهد"))
    with make.standing(2026, 11, 12):
        pass_time()
    heard = Notice.objects.filter(entry__kind="moderation.deadline_passed")
    assert {notice.person for notice in heard} == {officer}
    assert other != officer


def test_the_figures_say_how_many_wait_beyond_the_time_and_no_public_page_that_one_was_reported() -> None:
    late = waiting()
    with make.standing(2026, 11, 12):
        waiting()
        pass_time()
        found = queries.figures()
        assert (found.awaiting, found.overdue) == (2, 1)
        assert queries.overdue() == [late]
        assert "1 of them beyond the charter" in said(reader().get("/moderation/"))
        assert "was not decided" not in said(reader().get(f"/moderation/{late.code}/"))
        assert "was not decided" not in said(reader().get(f"/demands/{late.demand.code}/"))
