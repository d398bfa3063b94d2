"""Who hears of what: each once, in their own language, by the ways they wish."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hamgara import charter, clock
from hamgara.channels import notices
from hamgara.channels.models import Message, Notice
from hamgara.channels.words import SAYINGS
from hamgara.domain.commitments.jobs import let_time_pass as watch_promises
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.jobs import let_time_pass as watch_demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import CLOCK, FOUNDERS, RULES
from hamgara.domain.ledger.jobs import FOLLOWERS, catch_up
from hamgara.domain.ledger.models import Bookmark
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.jobs import let_time_pass
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.oversight import commands as oversight
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining

pytestmark = pytest.mark.django_db


def somebody(**more: Any) -> Person:
    """Somebody who can be reached by SMS and mail, and wishes to be."""
    n = Person.objects.count()
    reach = {"phone": f"+98913{n:07d}", "email": f"p{n}@example.org", "phone_verified": True}
    person = make.person(**(reach | {key: more.pop(key) for key in list(more) if key in reach}))
    Person.objects.filter(pk=person.pk).update(**more)
    person.refresh_from_db()
    return person


def news(person: Person) -> list[str]:
    """The kinds of acts that a person has been told of, oldest first."""
    catch_up()
    found = Notice.objects.filter(person=person).order_by("entry_id")
    return [kind.partition(".")[2] for kind in found.values_list("entry__kind", flat=True)]


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def messages(person: Person) -> list[str]:
    """The ways by which a person has been written to."""
    catch_up()
    sent = Message.objects.filter(address__in=[person.phone or "-", person.email or "-"])
    return sorted(sent.values_list("channel", flat=True))


def test_a_follower_that_is_new_tells_nobody_of_what_is_long_past() -> None:
    author = somebody()
    make.admitted(make.acting(author))
    with make.days_later(8):
        assert news(author) == []
        recent = make.admitted(make.acting(author))
        assert news(author) == ["admitted"]
        assert Notice.objects.get(person=author).entry.subjects == [recent.subject]


# --- demands ---------------------------------------------------------------------------------------------------------


def test_author_and_followers_hear_what_becomes_of_a_demand_and_nobody_else() -> None:
    author, supporter, follower, gone, stranger = (somebody() for _n in range(5))
    demand = make.admitted(make.acting(author))
    catch_up()
    demands.support(by=make.acting(supporter), demand=demand)
    for each in (follower, gone):
        demands.follow(by=make.acting(each), demand=demand)
    demands.unfollow(by=make.acting(gone), demand=demand)
    demands.explain(by=make.office_officer(), demand=demand, text="از شنبه آغاز می‌شود")
    assert news(author) == ["admitted", "explained"]
    assert news(supporter) == news(follower) == ["explained"]
    assert news(gone) == news(stranger) == []
    assert messages(stranger) == []


def test_the_people_of_the_body_that_carries_a_demand_hear_what_becomes_of_it_each_once() -> None:
    author, head, speaker, reviewer, former, stranger = (somebody() for _n in range(6))
    body = make.organisation(head=head)
    make.mandate(body, reviewer, "reviewer")
    make.mandate(make.organisation(), stranger, "representative")
    for who in (speaker, former):
        make.mandate(body, who, "representative")
    carried = make.admitted(make.under(make.mandate(body, author, "representative")))
    make.admitted(make.acting(stranger))
    demands.follow(by=make.acting(head), demand=carried)
    organisations.end_mandate(by=make.head_of(body), mandate=former.mandates.get())
    catch_up()
    Notice.objects.all().delete()
    Message.objects.all().delete()
    demands.explain(by=make.office_officer(), demand=carried, text="از شنبه")
    assert news(author) == news(head) == news(speaker) == ["explained"]
    assert messages(head) == messages(speaker) == ["mail", "sms"]
    assert news(reviewer) == news(former) == news(stranger) == []


def test_whatever_is_sent_leads_to_a_page_that_is_there(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://city.example"]
    author, head = somebody(), somebody()
    body = make.organisation(head=head)
    review = examining.drawn(author=make.acting(author))
    promises.promised(make.admitted(unit=make.unit()), partners=[body])
    organisations.warn_of_expiry(by=CLOCK, mandate=make.head_of(body).mandate)
    examining.settled(("kept", "kept", "kept"), review)
    catch_up()
    sent = Message.objects.filter(address__in=[author.phone, head.phone])
    pages = {message.text.rsplit("\n", 1)[1] for message in sent}
    assert len(pages) >= 4
    for page in pages:
        path = page.removeprefix("https://city.example")
        browser = Client()
        browser.force_login(head if "organisations" in path or "commitments" in path else author)
        assert browser.get(path).status_code == 200, page


def test_new_work_is_told_to_the_officers_of_its_unit_on_the_page_alone() -> None:
    unit, head, officer = make.unit(), somebody(), somebody()
    make.mandate(unit, head, "head")
    make.mandate(unit, officer)
    ended = make.mandate(unit, somebody())
    organisations.end_mandate(by=make.office_officer(), mandate=ended)
    elsewhere = make.officer(make.unit()).person
    catch_up()
    Notice.objects.all().delete()
    Message.objects.all().delete()
    demand = make.demand(unit=unit)
    assert news(head) == news(officer) == ["submitted"]
    assert news(ended.person) == news(elsewhere) == []
    assert messages(officer) == []
    demands.route(by=make.under(head.mandates.get()), demand=demand, unit=make.unit(), reason="کار ما نیست")
    assert news(officer) == ["submitted"], "it is no longer theirs"


def test_an_appeal_and_its_deadlines_are_told_to_the_office_and_not_to_the_unit_that_is_appealed_against() -> None:
    above, office = make.unit(), make.office_officer().person
    led = somebody()
    make.mandate(make.office(), led, "head")
    unit = make.unit(parent=above)
    declining, head_above = make.officer(unit), somebody()
    make.mandate(above, head_above, "head")
    author = make.acting()
    demand = make.demand(author, unit=unit)
    demands.decline(by=declining, demand=demand, reason_code="unclear", reason="روشن نیست")
    catch_up()
    Notice.objects.all().delete()
    demands.appeal(by=author, demand=demand, words="روشن است")
    due = Demand.objects.get(pk=demand.pk).deadline
    assert due is not None
    for day in (due, due + timedelta(days=1), charter.day_after("clocks.escalate_after", due) + timedelta(days=1)):
        with make.days_later((day - clock.today()).days):
            watch_demands()
            catch_up()
    assert news(office) == ["appealed", "deadline_near", "deadline_passed"]
    assert news(led) == ["appealed", "deadline_near", "deadline_passed", "escalated"]
    assert news(declining.person) == news(head_above) == []


def test_a_unit_hears_that_its_deadline_passed_and_that_a_demand_is_its_own_again() -> None:
    unit = make.unit()
    officer, author = make.officer(unit), make.acting()
    demand = make.admitted(author, unit=unit)
    catch_up()
    Notice.objects.all().delete()
    with make.days_later((demand.deadline - clock.today()).days + 1):
        demands.note_deadline(by=CLOCK, demand=demand)
        answered = demands.mark_answered(by=RULES, demand=demand, commitment="c1")
        demands.go_back(by=RULES, demand=answered, cause="contested")
        demands.refuse(by=officer, demand=demand, reason_code="against_law", reason="منع")
        demands.reopen(by=author, demand=demand, words="قانون عوض شد")
        assert news(officer.person) == ["deadline_passed", "went_back", "reopened"]
        assert messages(officer.person) == []


def test_whoever_gets_a_demand_passed_on_hears_of_it() -> None:
    there = make.unit()
    officer = make.officer(there).person
    demand = make.demand(unit=make.unit())
    catch_up()
    demands.route(by=make.office_officer(), demand=demand, unit=there, reason="کار آنجاست")
    assert news(officer) == ["mandate_granted", "routed"]


def test_followers_of_both_hear_of_a_merge() -> None:
    authors = [somebody(), somebody()]
    one = make.admitted(make.acting(authors[0]))
    other = make.admitted(make.acting(authors[1]), field=one.field, place=one.place)
    both = make.acting(somebody())
    catch_up()
    for demand in (one, other):
        demands.follow(by=both, demand=demand)
    demands.merge(by=make.office_officer(), demand=one, into=other)
    assert [news(author)[-1] for author in authors] == ["merged", "merged"]
    assert news(both.person) == ["merged"]
    assert messages(both.person) == ["mail", "sms"]


def test_who_is_told_of_an_act_is_told_whatever_state_the_demand_has_come_to_since() -> None:
    author = somebody()
    demand = make.demand(make.acting(author))
    demands.decline(by=make.office_officer(), demand=demand, reason_code="unclear", reason="روشن نیست")
    demands.appeal(by=make.acting(author), demand=Demand.objects.get(pk=demand.pk), words="روشن است")
    assert news(author) == ["declined"]
    assert messages(author) == ["mail", "sms"]


# --- once ------------------------------------------------------------------------------------------------------------


def test_an_act_read_again_is_not_told_again() -> None:
    author = somebody()
    make.admitted(make.acting(author))
    assert news(author) == ["admitted"]
    before = Notice.objects.count(), Message.objects.count()
    for _n in range(2):
        Bookmark.objects.filter(follower__startswith="notices.").update(position=-1)
        catch_up()
    assert (Notice.objects.count(), Message.objects.count()) == before


def test_whoever_has_more_than_one_reason_to_hear_hears_once() -> None:
    author = somebody()
    demand = make.admitted(make.acting(author))
    assert list(demand.follows.values_list("person", flat=True)) in ([], [author.pk])
    assert news(author) == ["admitted"]
    assert messages(author) == ["mail", "sms"]


# --- ways ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "ways"),
    [
        ({}, ["mail", "sms"]),
        ({"sms_notices": False}, ["mail"]),
        ({"mail_notices": False}, ["sms"]),
        ({"sms_notices": False, "mail_notices": False}, []),
        ({"phone_verified": False}, ["mail"]),
        ({"phone": None}, ["mail"]),
        ({"email": None}, ["sms"]),
        ({"phone": None, "email": None}, []),
    ],
)
def test_messages_go_only_the_ways_that_a_person_wishes_and_has_shown_to_be_theirs(
    wishes: dict[str, Any], ways: list[str]
) -> None:
    author = somebody(**wishes)
    make.admitted(make.acting(author))
    assert news(author) == ["admitted"], "the notice on the page is for everybody"
    assert messages(author) == ways


def test_a_closed_account_hears_nothing() -> None:
    author = somebody()
    demand = make.demand(make.acting(author))
    Person.objects.filter(pk=author.pk).update(is_active=False)
    demands.admit(by=make.office_officer(), demand=demand)
    assert news(author) == []
    assert messages(author) == []


def test_each_reads_in_their_own_language(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://city.example", "https://other.example"]
    persian, english = somebody(), somebody(language="en")
    demand = make.admitted(make.acting(persian), title="چراغ کوچهٔ بهار")
    catch_up()
    demands.follow(by=make.acting(english), demand=demand)
    demands.explain(by=make.office_officer(), demand=demand, text="از شنبه")
    catch_up()
    told = Message.objects.filter(channel="sms").order_by("pk")
    to_english = told.get(address=english.phone).text
    to_persian = told.filter(address=persian.phone).last().text
    [first, code, page] = to_english.split("\n")
    assert first == "Hamgara: The city answered. چراغ کوچهٔ بهار"
    assert (code, page) == (f"Tracking code: {demand.shown_code}", f"https://city.example/demands/{demand.code}/")
    assert to_persian.endswith(page)
    assert "چراغ کوچهٔ بهار" in to_persian
    assert "Hamgara" not in to_persian
    assert to_persian != to_english


# --- organisations and mandates --------------------------------------------------------------------------------------


def test_the_heads_hear_what_becomes_of_an_organisation() -> None:
    head, former = somebody(), somebody()
    body = make.organisation(head=head, accredited=False)
    organisations.end_mandate(by=make.office_officer(), mandate=make.mandate(body, former, "head"))
    catch_up()
    Notice.objects.all().delete()
    office = make.office_officer()
    organisations.accredit(
        by=office,
        organisation=body,
        registration_number="۱۲",
        authority="وزارت کشور",
        until=clock.today() + timedelta(days=10),
    )
    with make.days_later(11):
        let_time_pass()
        organisations.withdraw_accreditation(by=FOUNDERS, organisation=body, reason="گزارش نداد")
        organisations.close(by=FOUNDERS, organisation=body, successor=None, reason="پایان کار")
    told = ["accredited", "accreditation_expired", "accreditation_withdrawn", "closed"]
    assert news(head) == told
    assert messages(head) == ["mail"] * 4 + ["sms"] * 4
    assert news(former) == []


def test_an_applicant_hears_of_a_refusal() -> None:
    head = somebody()
    body = make.organisation(head=head, accredited=False)
    organisations.refuse_accreditation(by=make.office_officer(), organisation=body, reason="پروانه ندارد")
    assert news(head) == ["accreditation_refused"]


def test_a_holder_hears_when_a_mandate_is_given_ends_soon_and_is_ended() -> None:
    holder, body = somebody(), make.organisation()
    given = make.mandate(body, holder, "representative")
    organisations.warn_of_expiry(by=CLOCK, mandate=given)
    organisations.end_mandate(by=make.head_of(body), mandate=given)
    assert news(holder) == ["mandate_granted", "mandate_expiring", "mandate_ended"]
    assert messages(holder) == ["mail"] * 3 + ["sms"] * 3


def running_out(mandate: Mandate) -> None:
    """The calendar goes past the day of the warning, and past the mandate's own last day."""
    for day in (mandate.until, mandate.until + timedelta(days=1)):
        with make.days_later((day - clock.today()).days):
            let_time_pass()
            catch_up()


def test_the_heads_hear_that_a_mandate_of_their_body_runs_out_before_and_when_it_does() -> None:
    head, holder, officer = somebody(), somebody(), make.office_officer().person
    body = make.organisation(head=head)
    given = organisations.grant_mandate(
        by=make.head_of(body), organisation=body, person=holder, role="representative", until=in_days(60)
    )
    catch_up()
    running_out(given)
    assert news(head)[-2:] == news(holder)[-2:] == ["mandate_expiring", "mandate_expired"]
    assert messages(head) == ["mail"] * 3 + ["sms"] * 3, "accredited, expiring, expired"
    assert "mandate_expired" not in news(officer), "the body has a head, who gives its mandates"


def test_the_office_hears_that_a_body_is_about_to_lose_its_last_head_and_that_it_did() -> None:
    officer, body = somebody(), make.organisation()
    make.office_officer(officer)
    last = make.head_of(body).mandate
    Mandate.objects.filter(pk=last.pk).update(until=in_days(60))
    last.refresh_from_db()
    catch_up()
    running_out(last)
    assert news(officer)[-2:] == ["mandate_expiring", "mandate_expired"]
    assert news(last.person)[-2:] == ["mandate_expiring", "mandate_expired"]


def test_two_heads_whose_dates_pass_on_one_day_do_not_count_on_one_another() -> None:
    officer, body = somebody(), make.organisation()
    make.office_officer(officer)
    make.mandate(body, role="head")
    Mandate.objects.filter(organisation=body).update(until=in_days(60))
    catch_up()
    running_out(body.mandates.first())
    assert news(officer).count("mandate_expiring") == news(officer).count("mandate_expired") == 2


# --- promises and reviews --------------------------------------------------------------------------------------------


def test_those_who_are_asked_to_promise_together_hear_of_it() -> None:
    head = somebody()
    partner, demand = make.organisation(head=head), make.admitted(unit=make.unit())
    catch_up()
    promises.promised(demand, partners=[partner])
    assert news(head)[-1] == "proposed"


def test_reviewers_hear_that_the_lot_fell_on_them_and_the_author_that_a_review_began() -> None:
    review = examining.drawn(author=make.acting(author := somebody()))
    catch_up()
    panel = {examining.reviewer(seat).person for seat in examining.called(review)}
    drawn = Notice.objects.filter(entry__kind="oversight.drawn")
    assert {notice.person for notice in drawn} == panel | {author}
    assert "drawn" in news(author)


def test_whoever_is_called_in_place_of_another_hears_of_it_and_not_who_stepped_back() -> None:
    review = examining.drawn()
    catch_up()
    before = set(examining.called(review))
    seat = next(iter(before))
    steps_back = examining.reviewer(seat)
    oversight.recuse(by=steps_back, seat=seat, reason="خویشاوند من است")
    catch_up()
    (called,) = set(examining.called(review)) - before
    told = {notice.person for notice in Notice.objects.filter(entry__kind="oversight.recused")}
    assert told == {examining.reviewer(called).person}


def test_promisers_hear_what_reviewers_found() -> None:
    review = examining.drawn()
    officer = promises.leader(review.commitment).person
    examining.settled(("kept", "kept", "kept"), review)
    assert "settled" in news(officer)


def test_promisers_hear_that_their_date_has_passed() -> None:
    commitment = promises.under_way()
    officer = promises.leader(commitment).person
    with clock.standing_at(clock.now() + timedelta(days=(commitment.due - clock.today()).days + 1)):
        watch_promises()
        assert "deadline_passed" in news(officer)


def test_the_office_hears_that_a_review_lacks_reviewers() -> None:
    officer = make.office_officer().person
    examining.claimed()
    assert "pool_too_small" in news(officer)


# --- words and the page ----------------------------------------------------------------------------------------------


def test_whatever_is_told_has_words() -> None:
    told = {kind for name, each in FOLLOWERS.items() if name.startswith("notices.") for kind in each.kinds}
    assert told
    assert told <= SAYINGS.keys()


def test_the_page_shows_the_newest_first_until_they_are_read() -> None:
    author = somebody()
    demand = make.admitted(make.acting(author))
    demands.explain(by=make.office_officer(), demand=demand, text="از شنبه")
    catch_up()
    assert [notice.entry.kind for notice in notices.of(author)] == ["demands.explained", "demands.admitted"]
    assert len(notices.of(author)[:1]) == 1
    assert notices.unread(author).count() == 2
    notices.mark_read(author)
    assert not notices.unread(author).exists()
    assert len(notices.of(author)) == 2
