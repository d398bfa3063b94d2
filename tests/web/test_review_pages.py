"""The pages of reviews, of reviewers and of the office's part in them: who sees and does what, and when."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara import clock
from hamgara.algorithms import sortition
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand, Field, Route
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.domain.oversight import queries
from hamgara.domain.oversight.models import Monitor, Review, Seat, Verdict, VerdictFile
from tests import factories as make
from tests.oversight import examining as examine
from tests.web.readers import boxes, citizen, day, head, office, once, reader, said, unit_officer
from tests.web.sending import few_queries, fill_in, form_on, offers, served

pytestmark = pytest.mark.django_db
State = Review.State
ANSWERS = {"paper": "yes", "on_site": "yes", "effect": "yes", "overall": "kept"}


def page(review: Review) -> str:
    return f"/reviews/{review.code}/"


def seat_page(seat: Seat) -> str:
    return f"/reviewer/{seat.key}/"


def browser_of(actor: ActingPerson, **more: Any) -> Client:
    works_there = actor.organisation is not None and actor.organisation.is_unit
    return reader(actor.person, **({"second_factor": works_there} | more))


def state_of(review: Review) -> str:
    return Review.objects.get(pk=review.pk).state


# --- reading ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_reviews_in_every_state_in_both_languages() -> None:
    reviews = [examine.opened(), examine.drawn(), examine.settled()]
    for language in ("fa", "en"):
        for browser in (reader(language=language), citizen(language=language), unit_officer(language=language)):
            for review in reviews:
                assert browser.get(page(review)).status_code == 200
            for query in ("", "?tab=settled", "?outcome=confirmed", "?outcome=wrong", "?page=x", "?q=%00", "?tab=no"):
                assert browser.get(f"/reviews/{query}").status_code == 200, query
    assert reader().get("/reviews/12345678-1-R1/").status_code == 404


def test_no_page_asks_much_of_the_database() -> None:
    review = examine.settled(review=examine.drawn(bodies=20))
    for _n in range(3):
        examine.opened(bodies=0)
    for address in ("/reviews/", page(review)):
        with few_queries():
            shown = reader().get(address)
        assert len(shown.content) < 100_000


def test_before_the_draw_the_pool_and_the_houses_commitment_are_shown_and_nothing_else() -> None:
    review = examine.opened()
    shown = reader().get(page(review)).content.decode()
    assert review.nonce_commitment in shown
    assert review.pool_hash in shown
    assert reader().get(f"{page(review)}certificate.json").status_code == 404


def test_the_certificate_is_a_file_that_rechecks_by_itself() -> None:
    review = examine.drawn()
    answer = reader().get(f"{page(review)}certificate.json")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert sortition.recheck(json.loads(answer.content)) == []
    shown = reader().get(page(review)).content.decode()
    for value in (review.words, review.certificate["nonce"], review.certificate["seed"]):
        assert value in shown
    for ticket, _candidate in review.certificate["tickets"]:
        assert ticket in shown


def test_who_is_tied_stands_there_with_the_reason() -> None:
    author = make.person()
    body = make.organisation("سازمان مطرح‌کننده", head=author)
    review = examine.opened(author=make.acting(author))
    words = said(reader().get(page(review)))
    assert body.label in words
    assert "somebody who acts for it has a part in the demand" in words


def test_verdicts_are_seen_when_all_have_answered_and_not_before() -> None:
    review = examine.drawn()
    first, *others = examine.called(review)
    photo = SimpleUploadedFile("a.jpg", make.photo().read(), "image/jpeg")
    sent = ANSWERS | {"on_site": "partly", "on_site_findings": "دو چراغ خاموش بود", "files": photo, "once": once()}
    reviewer = browser_of(examine.reviewer(first))
    assert reviewer.post(seat_page(first), sent).status_code == 302
    number = VerdictFile.objects.get().pk
    assert "دو چراغ خاموش بود" not in reader().get(page(review)).content.decode()
    assert reader().get(f"{page(review)}files/{number}/").status_code == 404
    assert served(reviewer, f"{page(review)}files/{number}/")[0] == 200
    for seat in others:
        examine.answer(seat)
    examine.follow()
    assert "دو چراغ خاموش بود" in reader().get(page(review)).content.decode()
    assert served(reader(), f"{page(review)}files/{number}/")[:2] == (200, "nosniff")
    assert reader().get(f"/reviews/{examine.opened().code}/files/{number}/").status_code == 404


# --- words for the draw ----------------------------------------------------------------------------------------------


def test_the_author_is_told_what_words_mean_and_draws_the_panel_with_them() -> None:
    review = examine.opened()
    author = reader(review.commitment.demand.author)
    warned = said(author.get(page(review)))
    assert "Your words become public for good" in warned
    assert "Write them down for yourself before you send them" in warned
    answer = fill_in(author, page(review), f"{page(review)}words/", words="باران، نارنج، هفده")
    assert answer.status_code == 302
    assert state_of(review) == State.DRAWN
    shown = said(reader().get(page(review)))
    assert "باران، نارنج، هفده" in shown
    assert review.commitment.demand.author.name not in shown


def test_others_are_not_offered_the_words_and_cannot_give_them() -> None:
    review = examine.opened()
    promiser = make.officer(review.commitment.lead)
    people = {"nobody": (reader(), 302), "citizen": (citizen(), 403), "promiser": (browser_of(promiser), 403)}
    people["head of an organisation"] = (head(make.organisation()), 403)
    for name, (browser, status) in people.items():
        assert not offers(browser.get(page(review)), f"{page(review)}words/"), name
        sent = {"words": "هر چه", "once": once()}
        assert browser.post(f"{page(review)}words/", sent).status_code == status, name
    assert state_of(review) == State.OPENED


@pytest.mark.parametrize("words", ["", "   ", "ن" * 201, "الف\x00ب", "الف\u202eب"])
def test_words_that_cannot_be_typed_again_are_refused(words: str) -> None:
    review = examine.opened()
    author = reader(review.commitment.demand.author)
    answer = fill_in(author, page(review), f"{page(review)}words/", words=words)
    assert answer.status_code == 422
    assert "id_words_error" in answer.content.decode()
    assert state_of(review) == State.OPENED


def test_words_that_come_twice_draw_once() -> None:
    review = examine.opened()
    author = reader(review.commitment.demand.author)
    sent = form_on(author.get(page(review)), f"{page(review)}words/") | {"words": "هفده"}
    answers = [author.post(f"{page(review)}words/", sent) for _n in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert "not done twice" in said(author.get(page(review)))
    late = author.post(f"{page(review)}words/", sent | {"once": once()})
    assert late.status_code == 409
    assert "somebody may have acted before you" in said(late)


# --- the reviewer ----------------------------------------------------------------------------------------------------


def test_a_seat_is_there_for_its_reviewer_alone() -> None:
    seat, other, *_rest = examine.called(examine.drawn())
    own = browser_of(examine.reviewer(seat))
    assert own.get(seat_page(seat)).status_code == 200
    assert "Give my verdict" in said(own.get(seat_page(seat)))
    strangers = [citizen(), unit_officer(), office(), browser_of(examine.reviewer(other))]
    for browser in strangers:
        assert browser.get(seat_page(seat)).status_code == 404
        assert browser.post(seat_page(seat), ANSWERS).status_code == 404
        assert browser.post(f"{seat_page(seat)}recuse/", {"reason": "x"}).status_code == 404
    assert reader().get(seat_page(seat)).status_code == 302
    assert not Verdict.objects.exists()


def test_the_list_shows_what_waits_and_what_is_done_and_the_menu_counts_it() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    own = browser_of(examine.reviewer(seat))
    assert "My reviews" in said(own.get("/"))
    assert review.commitment.title in said(own.get("/reviewer/"))
    assert '<span class="count">1</span>' in own.get("/").content.decode()
    examine.answer(seat)
    assert '<span class="count">1</span>' not in own.get("/").content.decode()
    assert seat_page(seat) in own.get("/reviewer/").content.decode()
    assert "My reviews" not in said(citizen().get("/"))


@pytest.mark.parametrize(
    ("filled", "fields"),
    [
        ({"paper": ""}, {"paper"}),
        ({"overall": "wonderful"}, {"overall"}),
        ({"effect": "partly"}, {"effect_findings"}),
        ({"on_site": "no", "on_site_findings": "نبود"}, {"overall"}),
        ({"paper_findings": "ن" * 4001}, {"paper_findings"}),
        ({"paper_findings": "الف\x07"}, {"paper_findings"}),
        ({"files": "disguised"}, {"files"}),
    ],
)
def test_a_verdict_that_is_wrong_is_told_so_and_not_kept(filled: dict[str, Any], fields: set[str]) -> None:
    seat = examine.called(examine.drawn())[0]
    if "files" in filled:
        filled = {"files": SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")}
    answer = browser_of(examine.reviewer(seat)).post(seat_page(seat), ANSWERS | {"once": once()} | filled)
    assert answer.status_code == 422
    assert {each for each in fields if f"id_{each}_error" in answer.content.decode()} == fields
    assert not Verdict.objects.exists()


def test_a_panel_answers_without_javascript_and_the_claim_becomes_a_result() -> None:
    review = examine.drawn()
    for seat in examine.called(review):
        browser = browser_of(examine.reviewer(seat), language="fa")
        assert fill_in(browser, seat_page(seat), "", **ANSWERS).status_code == 302
        assert "رأی" in said(browser.get(seat_page(seat)))
    examine.follow()
    assert state_of(review) == State.SETTLED
    assert Demand.objects.get(pk=review.commitment.demand_id).state == Demand.State.CLOSED


def test_the_second_answer_for_a_seat_is_told_what_happened_and_a_replay_does_nothing() -> None:
    seat = examine.called(examine.drawn())[0]
    assert seat.organisation is not None
    first = browser_of(examine.reviewer(seat))
    second = browser_of(make.under(make.mandate(seat.organisation, role="reviewer")))
    sent = ANSWERS | {"once": once()}
    assert [first.post(seat_page(seat), sent).status_code for _n in range(2)] == [302, 302]
    late = second.post(seat_page(seat), ANSWERS | {"once": once()})
    assert late.status_code == 409
    assert "somebody may have acted before you" in said(late)
    assert Verdict.objects.count() == 1


def test_stepping_back_needs_a_reason_and_calls_the_next() -> None:
    review = examine.drawn()
    seat = examine.called(review)[0]
    browser = browser_of(examine.reviewer(seat))
    assert fill_in(browser, seat_page(seat), f"{seat_page(seat)}recuse/").status_code == 422
    answer = fill_in(browser, seat_page(seat), f"{seat_page(seat)}recuse/", reason="خویشاوند مجری‌ام")
    assert answer.status_code == 302
    shown = said(reader().get(page(review)))
    assert "خویشاوند مجری‌ام" in shown
    assert "replaced by" in shown


def test_a_reviewer_whose_mandate_ended_finds_no_seat() -> None:
    seat = examine.called(examine.drawn())[0]
    by = examine.reviewer(seat)
    Mandate.objects.filter(pk=by.mandate.pk).update(until=clock.today() - timedelta(days=1))  # type: ignore[union-attr]
    assert browser_of(by).get(seat_page(seat)).status_code == 404


# --- appeal ----------------------------------------------------------------------------------------------------------


def test_those_concerned_may_appeal_once_and_others_may_not() -> None:
    review = examine.settled(("broken", "broken", "broken"))
    author = reader(review.commitment.demand.author)
    for browser in (reader(), citizen(), unit_officer()):
        assert not offers(browser.get(page(review)), f"{page(review)}appeal/")
    assert citizen().post(f"{page(review)}appeal/", {"reason": "x", "once": once()}).status_code == 403
    assert fill_in(author, page(review), f"{page(review)}appeal/").status_code == 422
    answer = fill_in(author, page(review), f"{page(review)}appeal/", reason="چراغ‌ها روشن است")
    assert answer.status_code == 302
    examine.follow()
    assert state_of(review) == State.APPEALED
    assert author.post(f"{page(review)}appeal/", {"reason": "باز هم", "once": once()}).status_code == 409
    contested = said(reader().get(page(review)))
    assert "another panel looks again" in contested
    assert "چراغ‌ها روشن است" in contested
    assert "wrote the demand" in contested
    assert review.commitment.demand.author.name not in contested
    again = review.appeals.get()
    assert "چراغ‌ها روشن است" in said(reader().get(page(again))), "those who look again see what was overlooked"


# --- the office ------------------------------------------------------------------------------------------------------


def test_the_office_alone_keeps_monitors_and_fields() -> None:
    monitor, field = examine.monitor(), make.field()
    pages = ["monitors/", f"monitors/{monitor.code}/end/", "fields/", "fields/new/", f"fields/{field.code}/"]
    who = {
        "nobody": (reader(), 302),
        "citizen": (citizen(), 403),
        "head of an organisation": (head(make.organisation()), 403),
        "officer of another unit": (unit_officer(), 403),
        "office without second factor": (reader(make.office_officer().person), 302),
        "office": (office(), 200),
    }
    for name, (browser, status) in who.items():
        for address in pages:
            assert browser.get(f"/office/{address}").status_code == status, (name, address)


def test_a_monitor_is_registered_and_ended_and_what_stops_it_is_said() -> None:
    browser, person = office(), make.person(email="nasrin@example.org")
    good = {"contact": person.email, "known_as": "نسرین"} | day("until", 100)
    for wrong in (
        {"contact": "nobody@example.org"},
        {"known_as": ""},
        {"known_as": "ن" * 81},
        day("until", -1),
        boxes("until", 31, 2, 2027),
    ):
        answer = browser.post("/office/monitors/", good | wrong | {"once": once()})
        assert answer.status_code == 422, wrong
    officer = make.officer(make.unit()).person
    officer.email = "officer@example.org"
    officer.save()
    assert browser.post("/office/monitors/", good | {"contact": officer.email}).status_code == 422
    assert not Monitor.objects.exists()
    sent = good | {"once": once()}
    assert [browser.post("/office/monitors/", sent).status_code for _n in range(2)] == [302, 302]
    monitor = Monitor.objects.get()
    assert browser.post(f"/office/monitors/{monitor.code}/end/", {"reason": ""}).status_code == 422
    assert browser.post(f"/office/monitors/{monitor.code}/end/", {"reason": "به خواست خودش"}).status_code == 302
    assert not Monitor.objects.get().is_live
    assert browser.get("/office/monitors/m-none/end/").status_code == 404


def test_a_review_that_waits_is_opened_when_there_are_reviewers_enough() -> None:
    review = examine.opened(bodies=1)
    assert review.state == State.WAITING
    browser = office()
    address = f"/office/monitors/reviews/{review.code}/open/"
    assert fill_in(browser, "/office/monitors/", address).status_code == 302
    assert "are needed" in said(browser.get("/office/monitors/"))
    for _n in range(5):
        make.organisation()
    assert citizen().post(address).status_code == 403
    assert fill_in(browser, "/office/monitors/", address)["Location"] == page(review)
    assert state_of(review) == State.OPENED


def test_fields_are_added_changed_and_routed() -> None:
    browser, unit, place = office(), make.unit(), make.place()
    new = {"name": "میدان‌ها", "name_en": "Squares", "rank": "۲۰", "once": once()}
    assert browser.post("/office/fields/new/", new | {"name": ""}).status_code == 422
    assert browser.post("/office/fields/new/", new)["Location"] == "/office/fields/squares/"
    assert browser.post("/office/fields/new/", new | {"once": once()}).status_code == 422
    field = Field.objects.get(code="squares")
    address = "/office/fields/squares/"
    route = {"what": "route", "place": place.code, "unit": unit.code, "once": once()}
    assert browser.post(address, route | {"unit": "nobody"}).status_code == 422
    assert browser.post(address, route).status_code == 302
    assert Route.objects.get(field=field).unit == unit
    assert browser.post(address, {"name": "میدان و گذر", "name_en": "Squares", "rank": "10"}).status_code == 302
    assert Field.objects.get(pk=field.pk).name == "میدان و گذر"
    assert browser.post(f"{address}routes/{place.code}/end/").status_code == 302
    assert not Route.objects.filter(field=field).exists()
    assert browser.post(f"{address}routes/nowhere/end/").status_code == 404


def test_an_organisations_record_keeps_its_word_and_the_reviewers_apart() -> None:
    review = examine.settled(("kept", "broken", "partly"))
    words = said(reader().get(f"/organisations/{review.commitment.lead.code}/"))
    assert "reported done, by its own account 1" in words
    assert "kept, as reviewers found 0 partly kept, as reviewers found 1" in words
    judge = review.seats.first().organisation
    assert "1 called by lot" in said(reader().get(f"/organisations/{judge.code}/"))


def test_supporters_are_counted_until_they_are_enough() -> None:
    review = examine.settled(("broken", "broken", "broken"))
    demand = Demand.objects.get(pk=review.commitment.demand_id)
    supporter = make.acting()
    demands.support(by=supporter, demand=demand)
    answer = fill_in(reader(supporter.person), page(review), f"{page(review)}appeal/", reason="هنوز تاریک است")
    assert answer.status_code == 302
    assert state_of(review) == State.SETTLED
    assert "1 of 10" in said(reader().get(page(review)))
    again = reader(supporter.person).post(f"{page(review)}appeal/", {"reason": "باز هم", "once": once()})
    assert again.status_code == 403
    assert "counted already" in said(again)


def test_the_pages_of_a_reviewer_ask_little() -> None:
    review = examine.drawn(bodies=12)
    seat = examine.called(review)[0]
    own = browser_of(examine.reviewer(seat))
    for address, most in (("/reviewer/", 9), (seat_page(seat), 20)):
        own.get(address)  # what is read once for all
        with CaptureQueriesContext(connection) as told:
            assert review.commitment.title in said(own.get(address))
        asked = [each["sql"] for each in told if "SELECT" in each["sql"]]
        assert len(asked) <= most, asked


def test_the_figures_of_reviews_are_as_young_as_the_last_verdict() -> None:
    review = examine.drawn()
    before = queries.figures()
    assert (before.settled, queries.counted(states=("settled",))) == (0, 0)
    examine.settled(review=review)
    after = queries.figures()
    assert (after.settled, after.answered - before.answered) == (1, 3)
    assert queries.counted(states=("settled",)) == 1
