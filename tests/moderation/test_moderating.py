"""Reporting, hiding, restoring, appealing: what changes, what is recorded, what is refused as it stands."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from hamgara import charter, clock
from hamgara.channels.models import Notice
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands import queries as shown
from hamgara.domain.demands.models import Comment
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, queries
from hamgara.domain.moderation.models import Case, Report
from tests import factories as make
from tests.moderation import reporting

pytestmark = pytest.mark.django_db
State = Case.State
WORDS = "شمارهٔ خانهٔ فلانی ۱۲ است."


@pytest.fixture
def comment() -> Comment:
    return demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text=WORDS)


def test_reports_are_counted_and_a_decision_ends_the_counting(comment: Comment) -> None:
    case = reporting.reported(comment, times=3)
    assert (case.state, case.reports) == (State.WAITING, 3)
    case = commands.leave(by=make.office_officer(), case=case, words="نشانی یک مغازه است.")
    assert (case.state, case.reports, case.since) == (State.LEFT, 0, None)
    case = reporting.reported(comment)
    assert (case.state, case.reports, len(queries.awaiting(case))) == (State.WAITING, 1, 1)


def test_hiding_takes_the_words_away_and_puts_the_reason_there(comment: Comment) -> None:
    case = reporting.reported(comment)
    officer = make.office_officer()
    commands.hide(by=officer, case=case, reason="personal_data", words="نشانی خانهٔ کسی")
    [seen] = shown.detail(comment.demand, None, words=True, private=False, concerned=False).comments
    assert seen.text == ""
    assert seen.hiding is not None
    assert (seen.hiding.reason, seen.hiding.words, seen.hiding.unit) == (
        "personal_data",
        "نشانی خانهٔ کسی",
        officer.organisation,
    )
    commands.restore(by=officer, case=reporting.now(case), words="نشانی مغازه بود.")
    [seen] = shown.detail(comment.demand, None, words=True, private=False, concerned=False).comments
    assert (seen.text, seen.hiding) == (WORDS, None)


def test_what_is_hidden_and_why_stands_in_the_ledger_and_its_words_do_not(comment: Comment) -> None:
    case = reporting.reported(comment)
    commands.hide(by=make.office_officer(), case=case, reason="personal_data")
    entry = Entry.objects.get(kind="moderation.hidden")
    assert entry.data["reason"] == "personal_data"
    assert (entry.data["reports"], entry.data["case"], entry.data["thing"]) == (1, case.code, "comment")
    assert entry.data["waited"] >= 0
    assert f"demand:{comment.demand.code}" in entry.subjects
    for each in Entry.objects.filter(kind__startswith="moderation."):
        assert "فلانی" not in bytes(each.canonical).decode()


def test_a_report_stands_on_no_page_but_the_cases_own(comment: Comment) -> None:
    reporting.reported(comment)
    assert Entry.objects.get(kind="moderation.reported").subjects == [f"case:comment.{comment.key}"]


def test_the_whole_way_of_an_appeal(comment: Comment) -> None:
    author = make.acting(comment.author)
    hider, other = make.office_officer(), make.office_officer()
    case = commands.hide(by=hider, case=reporting.case_of(comment), reason="not_the_place")
    case = commands.appeal(by=author, case=case, words="دربارهٔ همین کوچه است.")
    with pytest.raises(Refused):
        commands.restore(by=hider, case=case, words="اشتباه بود")
    case = commands.dismiss_appeal(by=other, case=case, words="دربارهٔ خانهٔ کسی است.")
    assert case.state == State.FINAL
    with pytest.raises(Refused):
        commands.appeal(by=author, case=case, words="باز هم")
    assert Entry.objects.get(kind="moderation.appeal_dismissed").data["by_another"] is True
    # New facts may still move the office itself; and a second hiding may be appealed against again.
    case = commands.restore(by=hider, case=case, words="صاحب خانه رضایت داد.")
    case = commands.hide(by=other, case=case, reason="personal_data")
    case = commands.appeal(by=author, case=case, words="رضایت داده است.")
    case = commands.grant_appeal(by=hider, case=case, words="رضایت او رسید.")
    assert case.state == State.RESTORED
    assert Comment.objects.get().hiding is None


def test_an_appeal_comes_within_the_time_of_the_charter(comment: Comment) -> None:
    case = commands.hide(by=make.office_officer(), case=reporting.case_of(comment), reason="spam")
    author, days = make.acting(comment.author), charter.number("moderation.appeal_within")
    with make.days_later(days + 1), pytest.raises(Refused):
        commands.appeal(by=author, case=case, words="تبلیغ نیست")
    with make.days_later(days):
        assert commands.appeal(by=author, case=case, words="تبلیغ نیست").state == State.APPEALED


def test_one_person_reports_a_thing_once_even_after_a_decision(comment: Comment) -> None:
    by = make.acting()
    case = commands.report(by=by, case=reporting.case_of(comment), reason="insult")
    for _n in range(2):
        with pytest.raises(Refused):
            commands.report(by=by, case=reporting.now(case), reason="spam")
        if case.state == State.WAITING:
            case = commands.leave(by=make.office_officer(), case=case, words="توهین نیست")
    assert Report.objects.count() == 1


def test_nobody_floods_the_office_with_reports() -> None:
    demand, by = make.demand(unit=make.unit()), make.acting()
    most = charter.number("moderation.reports_a_day")
    said = [demands.comment(by=make.acting(), demand=demand, text=f"سخن {n}") for n in range(most + 1)]
    for each in said[:most]:
        commands.report(by=by, case=reporting.case_of(each), reason="spam")
    with pytest.raises(Refused):
        commands.report(by=by, case=reporting.case_of(said[most]), reason="spam")
    with make.days_later(1):
        commands.report(by=by, case=reporting.case_of(said[most]), reason="spam")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"reason": "because"}, {"reason"}),
        ({"reason": ""}, {"reason"}),
        ({"reason": "other"}, {"words"}),
        ({"reason": "other", "words": "\u200c \n"}, {"words"}),
        ({"reason": "spam", "words": "آ" * 601}, {"words"}),
        ({"reason": "x", "words": "آ" * 601}, {"reason", "words"}),
    ],
)
@pytest.mark.parametrize("verb", ["report", "hide"])
def test_what_is_written_wrong_is_said_and_nothing_is_kept(
    comment: Comment, verb: str, given: dict[str, Any], wrong: set[str]
) -> None:
    by = make.acting() if verb == "report" else make.office_officer()
    before = Entry.objects.count()
    with pytest.raises(Invalid) as invalid:
        getattr(commands, verb)(by=by, case=reporting.case_of(comment), **given)
    assert invalid.value.problems.keys() == wrong
    assert not Case.objects.exists()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("verb", ["leave", "restore", "appeal", "grant_appeal", "dismiss_appeal"])
@pytest.mark.parametrize("words", ["", "  \n ", "آ" * 601])
def test_every_decision_and_appeal_gives_its_reason(comment: Comment, verb: str, words: str) -> None:
    author, first, second = make.acting(comment.author), make.office_officer(), make.office_officer()
    case = reporting.reported(comment)
    if verb != "leave":
        case = commands.hide(by=first, case=case, reason="spam")
    if verb.endswith("_appeal"):
        case = commands.appeal(by=author, case=case, words="نیست")
    with pytest.raises(Invalid) as invalid:
        getattr(commands, verb)(by=author if verb == "appeal" else second, case=case, words=words)
    assert invalid.value.problems.keys() == {"words"}


def test_the_same_form_twice_is_one_act(comment: Comment) -> None:
    by = make.under(make.mandate(make.office()), once=uuid.uuid4())
    case = commands.hide(by=by, case=reporting.case_of(comment), reason="spam")
    with pytest.raises(Replayed):
        commands.hide(by=by, case=case, reason="spam")
    assert Entry.objects.filter(kind="moderation.hidden").count() == 1


def test_a_thing_has_one_case_however_its_code_is_written(comment: Comment) -> None:
    assert queries.case_of(f"comment.{str(comment.key).upper()}") is None
    for code in ("comment", "comment.", "comment.x", "bribe.1", "demand-file.١", "demand-file.999999999999999999999"):
        assert queries.case_of(code) is None, code


def test_the_queue_has_appeals_first_then_the_most_reported_then_the_oldest() -> None:
    demand, office = make.demand(unit=make.unit()), make.office()
    said = [demands.comment(by=make.acting(), demand=demand, text=f"سخن {n}") for n in range(4)]
    cases = {}
    for comment, times, hour in ((said[0], 1, 0), (said[1], 3, 1), (said[2], 1, 2), (said[3], 2, 3)):
        with make.days_later(hour / 24):
            cases[comment.pk] = reporting.reported(comment, times=times)
    with make.days_later(1):
        hidden = commands.hide(by=make.office_officer(), case=cases[said[2].pk], reason="spam")
        commands.appeal(by=make.acting(said[2].author), case=hidden, words="نیست")
    assert [each.comment for each in queries.queue(office)] == [said[2], said[1], said[3], said[0]]
    assert not queries.queue(demand.unit).exists()


def test_the_author_hears_of_it_and_so_does_whoever_reported(comment: Comment) -> None:
    reporter = make.acting()
    case = commands.report(by=reporter, case=reporting.case_of(comment), reason="spam")
    commands.hide(by=make.office_officer(), case=case, reason="spam")
    catch_up()
    told = Notice.objects.filter(entry__kind="moderation.hidden").values_list("person", flat=True)
    assert set(told) == {comment.author_id, reporter.person.pk}
    assert not Notice.objects.filter(entry__kind="moderation.reported").exists()


def test_an_appeal_is_told_to_those_who_may_decide_it(comment: Comment) -> None:
    first, second = make.office_officer(), make.office_officer()
    case = commands.hide(by=first, case=reporting.case_of(comment), reason="spam")
    commands.appeal(by=make.acting(comment.author), case=case, words="نیست")
    catch_up()
    told = Notice.objects.filter(entry__kind="moderation.appealed").values_list("person", flat=True)
    assert set(told) == {first.person.pk, second.person.pk}


def test_a_decision_is_due_after_so_many_working_days(comment: Comment) -> None:
    with make.standing(2026, 11, 21):  # a Saturday, the first working day of the week
        case = reporting.reported(comment)
        assert case.decide_until == clock.today() + timedelta(days=2)
