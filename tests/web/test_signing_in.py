"""Coming in: by a code to one's phone or mailbox, by a link that works once, and the second step of officers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from hamgara.algorithms.persian import digits
from hamgara.channels.models import Message
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people import commands as people
from hamgara.domain.people.models import Person, SignInLink
from tests import factories as make
from tests.web.readers import reader, said

pytestmark = pytest.mark.django_db

TYPED, KEPT = "۰۹۱۳ ۱۲۳ ۴۵۶۷", "+989131234567"


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> Iterator[None]:
    """Mails go where they go in life, and no test feels how often another one asked for codes."""
    settings.EMAIL_BACKEND = "hamgara.channels.mail.OutboxBackend"
    make.city()
    cache.clear()
    yield
    cache.clear()


def sent() -> Message:
    """The message that was written last."""
    last = Message.objects.order_by("-pk").first()
    assert last is not None
    return last


def code_in(message: Message) -> str:
    found = re.search(r"\b\d{6}\b", digits.to_ascii(message.text))
    assert found, message.text
    return found[0]


def another(code: str) -> str:
    """A code of the same shape that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def who(browser: Client) -> Person | None:
    """Who is signed in."""
    key = browser.session.get("_auth_user_id")
    return Person.objects.filter(pk=key).first() if key else None


def place(answer: HttpResponse) -> str:
    assert answer.status_code == 302, said(answer)
    return answer.headers["Location"]


def sign_up(browser: Client, phone: str = TYPED, **more: str) -> HttpResponse:
    return browser.post("/accounts/signup/", {"name": "مریم", "phone": phone} | more)


def ask_for_code(browser: Client, login: str, **more: str) -> HttpResponse:
    return browser.post("/accounts/login/", {"login": login} | more)


# --- signing up by phone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [TYPED, "٠٩١٣١٢٣٤٥٦٧", "09131234567", "0913-123-4567", "+98 913 123 4567", "۰۰۹۸۹۱۳۱۲۳۴۵۶۷"]
)
def test_a_number_however_typed_gets_a_code_and_the_code_signs_up(typed: str) -> None:
    browser = reader(language="fa")
    assert place(sign_up(browser, typed)) == "/accounts/phone/verify/"
    assert (sent().channel, sent().address) == ("sms", KEPT)
    page = browser.get("/accounts/phone/verify/")
    assert page.status_code == 200
    assert who(browser) is None, "nobody is in before the code"
    answer = browser.post("/accounts/phone/verify/", {"code": digits.to_persian(code_in(sent()))})
    assert place(answer) == "/me/"
    person = Person.objects.get(phone=KEPT)
    assert (person.phone_verified, person.name) == (True, "مریم")
    assert not person.has_usable_password()
    assert who(browser) == person
    assert browser.get("/me/").status_code == 200


LANDLINE, PREMIUM = "031 5555 5555", "+44 909 879 0000"


@pytest.mark.parametrize(
    "typed", ["", "۱۲۳", "سلام", "0913123456789012345", LANDLINE, PREMIUM, "<b>", "0" * 300, "\x00"]
)
def test_what_is_no_mobile_number_is_said_beside_the_field_and_makes_nobody(typed: str) -> None:
    answer = sign_up(reader(), typed)
    assert answer.status_code == 200
    assert 'id="id_phone_error"' in answer.content.decode()
    assert not Person.objects.exists()
    assert not Message.objects.exists()


def test_a_wrong_code_is_said_so_and_the_right_one_still_works() -> None:
    browser = reader()
    sign_up(browser)
    code = code_in(sent())
    answer = browser.post("/accounts/phone/verify/", {"code": another(code)})
    assert answer.status_code == 200
    assert 'id="id_code_error"' in answer.content.decode()
    assert who(browser) is None
    assert not Person.objects.get(phone=KEPT).phone_verified
    browser.post("/accounts/phone/verify/", {"code": f" {digits.to_persian(code[:3])} {code[3:]} "})
    assert who(browser) == Person.objects.get(phone=KEPT)


def test_codes_cannot_be_tried_without_end() -> None:
    browser = reader()
    sign_up(browser)
    code = code_in(sent())
    for _n in range(6):
        browser.post("/accounts/phone/verify/", {"code": another(code)})
    browser.post("/accounts/phone/verify/", {"code": code})
    assert who(browser) is None


def test_a_number_that_is_known_learns_so_by_sms_and_the_page_does_not_tell() -> None:
    known = make.person(phone=KEPT, phone_verified=True)
    browser, stranger = reader(), reader()
    answer = sign_up(browser)
    assert "registered already" in sent().text
    assert sent().address == KEPT
    assert place(answer) == place(sign_up(stranger, "0912 765 4321"))
    assert Person.objects.filter(phone=KEPT).get() == known
    assert who(browser) is None


def test_a_name_too_long_or_of_control_characters_is_no_way_in() -> None:
    assert 'id="id_name_error"' in sign_up(reader(), name="م" * 81).content.decode()
    assert not Person.objects.exists()


# --- signing in by a code --------------------------------------------------------------------------------------------


def test_a_code_by_sms_signs_in() -> None:
    person = make.person(phone=KEPT, phone_verified=True)
    browser = reader(language="fa")
    assert place(ask_for_code(browser, TYPED)) == "/accounts/login/code/confirm/"
    assert sent().address == KEPT
    answer = browser.post("/accounts/login/code/confirm/", {"code": digits.to_persian(code_in(sent()))})
    assert place(answer) == "/me/"
    assert who(browser) == person


def test_a_newcomer_who_asks_for_a_code_is_shown_the_way_to_sign_up_and_gets_there() -> None:
    browser = reader()
    ask_for_code(browser, TYPED, next="/demands/new/")
    assert "Sign up first" in sent().text
    page = browser.get("/accounts/login/code/confirm/?next=/demands/new/")
    assert "sign up first" in said(page)
    assert "0913 123 4567" in said(page), "as people here write it"
    way = place(browser.post("/accounts/logout/", {"next": "/accounts/signup/?next=%2Fdemands%2Fnew%2F"}))
    assert browser.get(way).status_code == 200, "the code that never comes holds nobody back"


def test_a_code_that_was_lost_can_be_sent_once_more() -> None:
    person = make.person(phone=KEPT, phone_verified=True)
    browser = reader()
    ask_for_code(browser, TYPED)
    browser.post("/accounts/login/code/confirm/", {"action": "resend"})
    assert Message.objects.count() == 2
    browser.post("/accounts/login/code/confirm/", {"code": code_in(sent())})
    assert who(browser) == person


@pytest.mark.parametrize("typed", ["maryam@example.org", " Maryam@Example.ORG "])
def test_a_code_by_mail_signs_in(typed: str) -> None:
    person = make.person(email="maryam@example.org")
    browser = reader(language="fa")
    assert place(ask_for_code(browser, typed)) == "/accounts/login/code/confirm/"
    assert (sent().channel, sent().address) == ("mail", "maryam@example.org")
    browser.post("/accounts/login/code/confirm/", {"code": digits.to_persian(code_in(sent()))})
    assert who(browser) == person


def test_the_mail_with_the_code_is_in_the_readers_language() -> None:
    make.person(email="maryam@example.org")
    ask_for_code(reader(language="fa"), "maryam@example.org")
    assert re.search("[آ-ی]{3}", sent().subject)
    assert re.search("[آ-ی]{3}", sent().text)
    ask_for_code(reader(language="en"), "maryam@example.org")
    assert not re.search("[آ-ی]", sent().subject + sent().text)


def test_after_signing_in_one_is_where_one_wanted_to_go_but_not_on_another_site() -> None:
    make.person(phone=KEPT, phone_verified=True)
    for wished, led in (
        ("/demands/new/", "/demands/new/"),
        ("https://evil.example/", "/me/"),
        ("//evil.example", "/me/"),
    ):
        browser = reader()
        ask_for_code(browser, TYPED, next=wished)
        answer = browser.post("/accounts/login/code/confirm/", {"code": code_in(sent()), "next": wished})
        assert place(answer) == led
        cache.clear()


def test_a_code_works_once_and_in_its_own_browser() -> None:
    make.person(phone=KEPT, phone_verified=True)
    browser, other = reader(), reader()
    ask_for_code(browser, TYPED)
    code = code_in(sent())
    other.post("/accounts/login/code/confirm/", {"code": code})
    assert who(other) is None
    browser.post("/accounts/login/code/confirm/", {"code": code})
    browser.post("/accounts/logout/")
    assert who(browser) is None
    browser.post("/accounts/login/code/confirm/", {"code": code})
    assert who(browser) is None


def test_three_wrong_codes_and_another_has_to_be_asked_for() -> None:
    make.person(phone=KEPT, phone_verified=True)
    browser = reader()
    ask_for_code(browser, TYPED)
    code = code_in(sent())
    for _n in range(3):
        browser.post("/accounts/login/code/confirm/", {"code": another(code)})
    browser.post("/accounts/login/code/confirm/", {"code": code})
    assert who(browser) is None


@pytest.mark.parametrize("login", [TYPED, "nobody@example.org"])
def test_the_page_does_not_tell_who_is_known_here(login: str) -> None:
    assert place(ask_for_code(reader(), login)) == "/accounts/login/code/confirm/"
    assert not re.search(r"\d{6}", sent().text.replace(KEPT, ""))


@pytest.mark.parametrize("login", ["", "سلام", "12", "a@", "@", "x" * 300, "a@b\x00.org"])
def test_what_is_neither_number_nor_address_is_said_beside_the_field(login: str) -> None:
    answer = ask_for_code(reader(), login)
    assert answer.status_code == 200
    assert 'id="id_login_error"' in answer.content.decode()
    assert not Message.objects.exists()


def test_a_closed_account_does_not_come_in() -> None:
    person = make.person(phone=KEPT, phone_verified=True)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    browser = reader()
    ask_for_code(browser, TYPED)
    answer = browser.post("/accounts/login/code/confirm/", {"code": code_in(sent())})
    assert place(answer) == "/accounts/inactive/"
    assert who(browser) is None


def test_asking_for_codes_without_end_is_stopped() -> None:
    make.person(phone=KEPT, phone_verified=True)
    answers = {ask_for_code(reader(), TYPED).status_code for _n in range(40)}
    assert 429 in answers
    assert Message.objects.count() < 40


def test_another_number_counts_only_when_its_code_has_come_back() -> None:
    person = make.person(phone=KEPT, phone_verified=True)
    browser = reader(person)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time(), "phone": KEPT}]
    session.save()
    answer = browser.post("/accounts/phone/change/", {"phone": "۰۹۱۲ ۷۶۵ ۴۳۲۱", "action_add": "1"})
    assert place(answer) == "/accounts/phone/verify/"
    person.refresh_from_db()
    assert person.phone == KEPT
    assert sent().address == "+989127654321"
    browser.post("/accounts/phone/verify/", {"code": digits.to_persian(code_in(sent()))})
    person.refresh_from_db()
    assert (person.phone, person.phone_verified) == ("+989127654321", True)


# --- by a link that works once ---------------------------------------------------------------------------------------


def link_for(person: Person) -> str:
    return f"/accounts/link/{people.issue_sign_in_link(by=FOUNDERS, person=person)}/"


def test_a_link_signs_in_whom_no_sms_has_reached_yet() -> None:
    person = make.person(phone=KEPT, phone_verified=False)
    browser = reader()
    assert place(browser.post(link_for(person))) == "/me/"
    assert who(browser) == person
    assert not Message.objects.exists()
    person.refresh_from_db()
    assert not person.phone_verified, "the link says who it is, not whose number it is"


def test_looking_at_a_link_does_not_use_it_up_and_pressing_signs_in_once() -> None:
    person = make.person()
    link, browser = link_for(person), reader()
    for _n in range(3):  # mail programs look at links
        page = reader().get(link)
        assert page.status_code == 200
    assert not SignInLink.objects.exclude(used_at=None).exists()
    assert place(browser.post(link)) == "/me/"
    assert who(browser) == person
    late = reader()
    refused = late.post(link)
    assert refused.status_code == 403
    assert "This sign-in link has been used already." in said(refused)
    assert who(late) is None
    assert Entry.objects.filter(kind="people.sign_in_link_used").count() == 1


@pytest.mark.parametrize("token", ["x", "a" * 200, "..%2F..", "\u0645\u0631\u06cc\u0645", "%00", "' OR 1=1 --"])
def test_a_foreign_link_says_so(token: str) -> None:
    link_for(make.person())
    browser = reader()
    refused = browser.post(f"/accounts/link/{token}/")
    assert refused.status_code in {403, 404}
    if refused.status_code == 403:
        assert "This sign-in link is not one of ours." in said(refused)
    assert who(browser) is None


def test_an_expired_link_says_so_in_the_readers_language() -> None:
    link = link_for(make.person())
    with make.days_later(2):
        refused = reader(language="fa").post(link)
    assert refused.status_code == 403
    assert "مدت این پیوند ورود گذشته است" in said(refused)


def test_the_link_of_a_closed_account_does_not_sign_in() -> None:
    person = make.person()
    link = link_for(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    browser = reader()
    assert browser.post(link).status_code == 403
    assert who(browser) is None


def test_a_link_used_in_somebody_elses_browser_signs_in_whom_it_is_for() -> None:
    first, second = make.person(), make.person()
    browser = reader(first)
    browser.post(link_for(second))
    assert who(browser) == second


def test_a_link_leaks_to_no_other_site() -> None:
    page = reader().get(link_for(make.person()))
    assert page.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}


# --- the second step of officers -------------------------------------------------------------------------------------


def app_shows(secret: str, periods_away: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods_away)))


def test_who_works_for_the_municipality_is_led_to_the_second_step_before_any_of_its_pages() -> None:
    officer = make.office_officer().person
    browser = reader(officer)
    for page in ("/office/", "/office/applications/", "/office/units/", "/inbox/"):
        assert place(browser.get(page)) == "/accounts/2fa/totp/activate/", page
        assert browser.post(page).status_code in {302, 405}


def test_an_officer_with_an_app_enters_its_code_in_any_digits_and_is_in() -> None:
    officer = make.office_officer().person
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    browser = reader(language="fa")
    assert place(browser.post(link_for(officer))) == "/accounts/2fa/authenticate/"
    assert who(browser) is None, "the link alone is not enough"
    assert browser.get("/office/").status_code == 302
    wrong = browser.post("/accounts/2fa/authenticate/", {"code": another(app_shows(secret))})
    assert wrong.status_code == 200
    assert who(browser) is None
    code = digits.to_persian(app_shows(secret))
    assert place(browser.post("/accounts/2fa/authenticate/", {"code": code})) == "/me/"
    assert who(browser) == officer
    assert browser.get("/office/").status_code == 200


def test_the_code_of_an_app_works_once() -> None:
    officer = make.office_officer().person
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    code = app_shows(secret)
    first, second = reader(), reader()
    for browser in (first, second):
        browser.post(link_for(officer))
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert who(first) == officer
    assert who(second) is None


def test_an_officer_switches_an_app_on_with_its_first_code() -> None:
    officer = make.officer(make.unit()).person
    browser = reader(officer)
    browser.post("/accounts/logout/")
    browser.post(link_for(officer))
    page = browser.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, place(page)
    secret = browser.session["mfa.totp.secret"]
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": digits.to_persian(app_shows(secret))})
    assert answer.status_code == 302
    assert officer.authenticator_set.filter(type="totp").exists()


def test_citizens_need_no_second_step() -> None:
    person = make.person()
    browser = reader()
    assert place(browser.post(link_for(person))) == "/me/"
    assert browser.get("/demands/new/").status_code == 200


def test_who_once_worked_there_and_no_longer_does_sees_why() -> None:
    given = make.mandate(make.office())
    with make.days_later(400):
        refused = reader(given.person, second_factor=True).get("/office/")
        assert refused.status_code == 403
        assert "your mandate may have ended" in said(refused)


# --- every page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("browsers", ["", "en-US,en;q=0.9", "de", "fa-IR"])
def test_pages_are_persian_unless_the_reader_chose_otherwise(browsers: str) -> None:
    browser = Client(headers={"accept-language": browsers} if browsers else {})
    page = browser.get("/accounts/login/")
    assert re.search(r'<html[^>]* lang="fa"[^>]* dir="rtl"|<html[^>]* dir="rtl"[^>]* lang="fa"', page.content.decode())
    assert page.headers["Content-Language"] == "fa"
    browser.post("/language/", {"language": "en", "next": "/accounts/login/"})
    page = browser.get("/accounts/login/")
    assert page.headers["Content-Language"] == "en"
    assert "Sign in" in said(page)


def test_a_language_that_is_not_offered_is_not_taken() -> None:
    browser = Client()
    browser.cookies["language"] = "xx"
    assert browser.get("/accounts/login/").headers["Content-Language"] == "fa"


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/", "/no-such-page/", "/accounts/link/x/"])
def test_every_page_lets_nothing_run_or_load_but_our_own(path: str) -> None:
    policy = reader().get(path).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/link/x/", "/me/profile/"])
def test_a_form_from_elsewhere_or_from_long_ago_is_a_page_that_says_what_to_do(path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make.person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post(path, {"login": TYPED, "phone": TYPED})
    assert answer.status_code == 403
    assert "این فرم کهنه شده است" in said(answer)
    assert not Message.objects.exists()


def test_the_cookie_of_a_session_is_not_for_scripts() -> None:
    browser = reader()
    browser.post(link_for(make.person()))
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_attempts_are_counted_by_all_web_processes_together_without_naming_anybody() -> None:
    make.person(phone=KEPT, phone_verified=True)
    ask_for_code(reader(), TYPED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM people_shared_cache")
        kept = cursor.fetchall()
    assert kept
    assert not any(said in key + value for key, value in kept for said in ("9131234567", "127.0.0.1", "allauth"))
