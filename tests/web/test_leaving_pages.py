"""The page on which somebody asks to be erased, and thinks better of it."""

from __future__ import annotations

import pytest

from hamgara.domain.ledger.events import CLOCK
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.people import commands, queries
from tests import factories as make
from tests.people.test_erasing import erased
from tests.web.readers import reader

pytestmark = pytest.mark.django_db


def test_it_takes_the_word_and_says_the_day() -> None:
    person = make.person("مریم", phone="+989131234567", phone_verified=True)
    browser = reader(person, language="fa")
    page = browser.get("/me/erase/")
    assert page.status_code == 200
    assert "برای همیشه پاک می‌شود" in page.content.decode()
    for wrong in ("", "آری", "نه"):
        assert browser.post("/me/erase/", {"word": wrong}).status_code == 422
    assert queries.wish_to_be_erased(person) is None
    answer = browser.post("/me/erase/", {"word": " پاک\u200cكن "})
    assert answer.status_code == 302
    assert queries.wish_to_be_erased(person) is not None
    catch_up()
    assert person.notices.count() == 1
    assert "پشیمان شدم" in browser.get("/me/erase/").content.decode()
    assert "/me/erase/" in browser.get("/me/").content.decode().partition("کارهای من")[0], "said first of all"
    # Asked twice: told so, and not done twice.
    assert browser.post("/me/erase/", {"word": "پاک کن"}).status_code == 403
    assert browser.post("/me/erase/stop/").status_code == 302
    assert queries.wish_to_be_erased(person) is None
    assert browser.post("/me/erase/stop/").status_code == 403


def test_the_last_head_reads_what_to_do_first() -> None:
    body = make.organisation("انجمن سبز")
    browser = reader(make.head_of(body).person, language="fa")
    page = browser.get("/me/erase/").content.decode()
    assert "انجمن سبز" in page
    assert 'name="word"' not in page
    assert browser.post("/me/erase/", {"word": "پاک کن"}).status_code == 403


def test_whoever_has_a_second_factor_shows_it_first() -> None:
    person = make.person()
    reader(person, second_factor=True)  # switches it on
    answer = reader(person).post("/me/erase/", {"word": "erase"})
    assert answer.status_code == 302
    assert "/2fa/" in answer["Location"]
    assert queries.wish_to_be_erased(person) is None
    assert reader(person, second_factor=True).post("/me/erase/", {"word": "erase"})["Location"] == "/me/erase/"


def test_nobody_is_asked_without_signing_in() -> None:
    for path in ("/me/erase/", "/me/erase/stop/"):
        assert "/accounts/login/" in reader().post(path)["Location"]


def test_an_old_session_of_somebody_erased_is_signed_out_at_once() -> None:
    person = make.person()
    browser, other = reader(person), reader(make.person())
    assert browser.get("/me/").status_code == 200
    erased(person)
    for path in ("/me/", "/me/erase/", "/me/profile/"):
        assert "/accounts/login/" in browser.get(path)["Location"]
    assert "/accounts/login/" in browser.post("/demands/new/", {"title": "درخواست"})["Location"]
    assert other.get("/me/").status_code == 200


def test_signed_out_the_moment_the_waiting_is_over_and_not_only_at_the_end() -> None:
    person = make.person()
    browser = reader(person)
    erasure = commands.ask_erasure(by=make.acting(person), person=person)
    with make.days_later(8):
        commands.begin_erasure(by=CLOCK, erasure=erasure)
    assert "/accounts/login/" in browser.get("/me/")["Location"]
