"""My mail address: added by the code that went there, in any digits; a way in, so its changes are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from hamgara.algorithms.persian import digits
from hamgara.channels.models import Message
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.web.readers import office, reader, said

pytestmark = pytest.mark.django_db
PHONE, ADDRESS = "+989131234567", "maryam1405@example.org"


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = "hamgara.channels.mail.OutboxBackend"
    make.city()
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def maryam() -> Person:
    return make.person("مریم", phone=PHONE, phone_verified=True)


def ask(browser: Client, typed: str = ADDRESS) -> HttpResponse:
    return browser.post("/me/mail/", {"email": typed})  # type: ignore[return-value]


def code_sent(address: str = ADDRESS) -> str:
    text = Message.objects.filter(channel="mail", address=address).latest("pk").text
    found = re.search(r"\b\d{6}\b", digits.to_ascii(text))
    assert found, text
    return found[0]


def give(browser: Client, code: str) -> HttpResponse:
    return browser.post("/me/mail/code/", {"code": code})  # type: ignore[return-value]


def kept(person: Person) -> str | None:
    return Person.objects.get(pk=person.pk).email


@pytest.mark.parametrize("typed", [ADDRESS, "Maryam۱۴۰۵@Example.org ", "maryam١٤٠٥@example.org"])
def test_an_address_counts_when_its_code_has_come_back_in_any_digits(maryam: Person, typed: str) -> None:
    browser = reader(maryam, language="fa")
    assert 'href="/me/mail/"' in browser.get("/me/").content.decode()
    assert browser.get("/me/mail/").status_code == 200
    assert ask(browser, typed).headers["Location"] == "/me/mail/code/"
    assert kept(maryam) is None
    before = Entry.objects.count()
    assert browser.get("/me/mail/code/").status_code == 200
    assert give(browser, digits.to_persian(code_sent())).headers["Location"] == "/me/"
    assert kept(maryam) == ADDRESS
    assert Entry.objects.count() == before + 1
    assert ADDRESS not in bytes(Entry.objects.latest("pk").canonical).decode()


def test_with_it_one_signs_in_by_a_code_to_the_mailbox(maryam: Person) -> None:
    browser = reader(maryam)
    ask(browser)
    give(browser, code_sent())
    other = reader()
    other.post("/accounts/login/", {"login": "Maryam۱۴۰۵@example.org"})
    other.post("/accounts/login/code/confirm/", {"code": digits.to_persian(code_sent())})
    assert other.session["_auth_user_id"] == str(maryam.pk)


def test_three_wrong_codes_or_a_late_one_and_another_has_to_be_asked_for(maryam: Person) -> None:
    browser = reader(maryam)
    ask(browser)
    code = code_sent()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [give(browser, wrong).status_code for _n in range(3)] == [422, 422, 302]
    assert give(browser, code).headers["Location"] == "/me/mail/"
    ask(browser)
    with make.days_later(1):
        assert give(browser, code_sent()).headers["Location"] == "/me/mail/"
    assert kept(maryam) is None


def test_a_code_is_good_for_its_own_browser_and_address_alone(maryam: Person) -> None:
    one, other = reader(maryam), reader(make.person())
    ask(one)
    code = code_sent()
    ask(other, "other@example.org")
    assert give(other, code).status_code == 422
    assert not Person.objects.exclude(email=None).exists()


def test_nobody_learns_here_whose_address_it_is_but_its_owner(maryam: Person) -> None:
    owner = make.person(email=ADDRESS)
    browser = reader(maryam, language="en")
    assert ask(browser).headers["Location"] == "/me/mail/code/"
    text = Message.objects.latest("pk").text
    assert "another account" in text
    assert not re.search(r"\d{6}", text)
    assert give(browser, "123456").status_code == 422
    assert (kept(owner), kept(maryam)) == (ADDRESS, None)


def test_whoever_was_first_keeps_an_address_that_two_asked_for(maryam: Person) -> None:
    browser = reader(maryam)
    ask(browser)
    code = code_sent()
    make.person(email=ADDRESS)
    answer = give(browser, code)
    assert answer.status_code == 422
    assert "belongs to somebody" in said(answer)


@pytest.mark.parametrize(
    "typed", ["", "مریم", "a@", "a@b", "a b@example.org", "x" * 300 + "@example.org", "a\x00@b.org"]
)
def test_what_is_no_address_is_said_beside_the_field(maryam: Person, typed: str) -> None:
    answer = ask(reader(maryam), typed)
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    assert not Message.objects.exists()


def test_a_change_is_told_by_the_ways_that_were_there_before(maryam: Person) -> None:
    Person.objects.filter(pk=maryam.pk).update(email="old@example.org")
    browser = reader(maryam, language="en")
    ask(browser)
    give(browser, code_sent())
    told = Message.objects.filter(text__contains="was changed").values_list("channel", "address")
    assert set(told) == {("mail", "old@example.org"), ("sms", PHONE)}


def test_an_address_can_be_let_go_of_as_long_as_a_number_signs_in(maryam: Person) -> None:
    Person.objects.filter(pk=maryam.pk).update(email=ADDRESS)
    assert "/me/mail/remove/" in reader(maryam).get("/me/mail/").content.decode()
    assert reader(maryam).post("/me/mail/remove/").headers["Location"] == "/me/"
    assert kept(maryam) is None
    alone = make.person(email=ADDRESS)
    assert "/me/mail/remove/" not in reader(alone).get("/me/mail/").content.decode()
    answer = reader(alone, language="en").post("/me/mail/remove/", follow=True)
    assert "only way to sign in" in said(answer)
    assert kept(alone) == ADDRESS


def test_asking_for_codes_without_end_is_stopped(maryam: Person) -> None:
    browser = reader(maryam)
    answers = [ask(browser, f"somebody{n}@example.org").status_code for n in range(15)]
    assert 429 in answers
    assert Message.objects.count() <= 10


def test_whoever_has_a_second_factor_shows_it_first() -> None:
    browser = office(second_factor=True)
    assert browser.get("/me/mail/").status_code == 200
    officer = make.office_officer().person
    reader(officer, second_factor=True)
    answer = ask(reader(officer))
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not Message.objects.exists()


@pytest.mark.parametrize("page", ["email/", "confirm-email/", "confirm-email/Mg:abc/"])
def test_no_other_page_writes_addresses(maryam: Person, page: str) -> None:
    browser = reader(maryam)
    assert browser.get(f"/accounts/{page}").headers["Location"] == "/me/mail/"
    assert browser.post(f"/accounts/{page}", {"email": ADDRESS, "action_add": "1"}).status_code == 405
    assert kept(maryam) is None
    assert not Message.objects.exists()
