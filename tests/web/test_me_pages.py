"""One's own page, name and wishes; the language of pages; sign-in links; and the outbox."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.test import Client

from hamgara import charter
from hamgara.channels import outbox
from hamgara.channels.models import Notice
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people import commands as people
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.web.readers import citizen, office, once, reader, said, unit_officer, wrong_fields

pytestmark = pytest.mark.django_db


# --- my page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/me/", "/me/profile/", "/me/demands/", "/me/following/", "/me/news/"])
def test_my_page_is_for_people_who_are_signed_in(page: str) -> None:
    assert reader().get(page).headers["Location"] == f"/accounts/login/?next={page}"
    assert citizen().get(page).status_code == 200


def test_my_page_shows_in_whose_names_i_act_and_warns_before_a_mandate_ends() -> None:
    body = make.organisation("انجمن سبز")
    mandate = make.mandate(body, role="representative")
    warning = charter.period("organisations.mandate_warning")
    page = said(reader(mandate.person).get("/me/"))
    assert "انجمن سبز" in page
    assert "Your mandate ends soon" not in page
    with make.days_later(366 - warning.days):
        assert "Your mandate ends soon" in said(reader(mandate.person).get("/me/"))
    with make.days_later(367):
        assert "In your own name only." in said(reader(mandate.person).get("/me/"))


def test_an_officer_without_an_authenticator_app_is_asked_for_one() -> None:
    officer = make.officer(make.unit()).person
    assert "Your account needs an authenticator app." in said(reader(officer).get("/me/"))
    assert "Your account needs an authenticator app." not in said(reader(officer, second_factor=True).get("/me/"))
    assert "Your account needs an authenticator app." not in said(citizen().get("/me/"))


def test_the_office_sees_what_waits_for_it() -> None:
    make.organisation(accredited=False)
    assert "1 organisation waits for accreditation" in said(office().get("/me/"))
    assert "waits for accreditation" not in said(unit_officer().get("/me/"))


def test_news_name_what_they_are_about_until_they_have_been_seen() -> None:
    body = make.organisation("انجمن سبز")
    catch_up()
    browser = reader(make.head_of(body).person)
    page = browser.get("/me/")
    assert "The organisation was accredited" in said(page)
    assert "I have seen these" in said(page)
    assert browser.get("/me/notices/seen/").status_code == 405
    answer = browser.post("/me/notices/seen/", follow=True)
    assert "I have seen these" not in said(answer)
    assert not Notice.objects.filter(read_at=None, person=make.head_of(body).person).exists()


def test_nobody_sees_anothers_news() -> None:
    make.organisation("انجمن سبز")
    catch_up()
    assert "انجمن سبز" not in said(citizen().get("/me/"))


# --- all of what my page shows a few of -------------------------------------------------------------------------------


def benches(by: ActingPerson, numbers: range) -> list[Demand]:
    """Demands that were admitted, no more on a day than the charter takes of one person."""
    here = {"field": make.field(), "place": make.place()}
    found = []
    for n in numbers:
        with make.days_later(n):
            found.append(make.admitted(by, title=f"Bench number {n:02} for the park", **here))
    return found


def test_all_my_demands_are_paged_once_my_page_cannot_show_them() -> None:
    me = make.acting()
    benches(me, range(1, 6))
    browser = reader(me.person)
    assert "All my demands" not in said(browser.get("/me/"))
    benches(me, range(6, 22))
    mine = said(browser.get("/me/"))
    assert "Bench number 21 for" in mine
    assert "All my demands" in mine
    assert "Bench number 01 for" not in mine
    assert "Bench number 02 for" in said(browser.get("/me/demands/"))
    assert "Bench number 01 for" in said(browser.get("/me/demands/?page=2"))
    assert "Bench number" not in said(citizen().get("/me/demands/"))


def test_all_that_i_follow_is_there_and_nobody_elses() -> None:
    follower = make.acting()
    for followed in benches(make.acting(), range(1, 10)):
        demands.follow(by=follower, demand=followed)
    browser = reader(follower.person)
    assert "All that I follow" in said(browser.get("/me/"))
    every = said(browser.get("/me/following/"))
    assert all(f"Bench number {n:02} for" in every for n in range(1, 10))
    assert "You follow nothing yet." in said(citizen().get("/me/following/"))


def test_all_news_are_paged_and_marked_as_seen_there_too() -> None:
    me = make.acting()
    benches(me, range(1, 22))
    catch_up()
    browser = reader(me.person)
    assert "All news" in said(browser.get("/me/"))
    assert "Bench number 01 for" not in said(browser.get("/me/news/"))
    assert "Bench number 01 for" in said(browser.get("/me/news/?page=2"))
    assert "I have seen these" in said(browser.get("/me/news/"))
    browser.post("/me/notices/seen/")
    assert "I have seen these" not in said(browser.get("/me/news/"))
    assert "Bench number" not in said(citizen().get("/me/news/"))


# --- name and wishes --------------------------------------------------------------------------------------------------


def wishes(**more: Any) -> dict[str, Any]:
    return {"name": "پروین", "language": "en", "sms_notices": "on", "once": once()} | more


def test_name_and_wishes_are_kept_and_the_pages_follow_the_language() -> None:
    who = make.person()
    browser = reader(who, language="fa")
    answer = browser.post("/me/profile/", wishes())
    assert answer.headers["Location"] == "/me/"
    assert answer.cookies["language"].value == "en"
    who.refresh_from_db()
    assert (who.name, who.language, who.sms_notices, who.mail_notices) == ("پروین", "en", True, False)
    assert '<html lang="en" dir="ltr">' in browser.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("name", "ن" * 81), ("name", "پر\u0000وین"), ("name", "\u202dپروین"), ("language", "xx")]
)
def test_a_bad_wish_is_told_beside_the_field_and_nothing_is_changed(field: str, value: str) -> None:
    who = make.person("پیشین")
    page = reader(who).post("/me/profile/", wishes(**{field: value}))
    assert page.status_code == 422
    assert wrong_fields(page) == {field}
    who.refresh_from_db()
    assert who.name == "پیشین"


def test_wishes_sent_twice_are_noted_once() -> None:
    browser, form = citizen(), wishes()
    browser.post("/me/profile/", form)
    before = Entry.objects.count()
    again = browser.post("/me/profile/", form, follow=True)
    assert "it was not done twice" in said(again)
    assert Entry.objects.count() == before


def test_the_language_is_switched_without_signing_in() -> None:
    browser = reader(language="fa")
    answer = browser.post("/language/", {"language": "en", "next": "/charter/"}, follow=True)
    assert answer.redirect_chain == [("/charter/", 302)]
    assert '<html lang="en" dir="ltr">' in answer.content.decode()
    assert (
        browser.post("/language/", {"language": "en", "next": "https://elsewhere.example/"}).headers["Location"] == "/"
    )


# --- sign-in links ----------------------------------------------------------------------------------------------------


def link_for(who: Person) -> str:
    return f"/accounts/link/{people.issue_sign_in_link(by=FOUNDERS, person=who)}/"


def signed_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_a_link_that_was_used_or_is_too_old_or_not_ours_signs_nobody_in_and_says_why() -> None:
    who = make.person(phone="+989131234567", phone_verified=True)
    used = link_for(who)
    first = reader()
    assert first.get(used).status_code == 200
    assert not signed_in(first), "looking at a link does not use it up"
    first.post(used)
    assert signed_in(first)
    old = link_for(who)
    with make.days_later(2):
        cases = {used: "has been used already", old: "has expired", "/accounts/link/foreign/": "is not one of ours"}
        for link, reason in cases.items():
            browser = reader()
            answer = browser.post(link)
            assert answer.status_code == 403
            assert reason in said(answer)
            assert not signed_in(browser)


# --- the outbox -------------------------------------------------------------------------------------------------------


def found(*, sample: bool) -> None:
    place = {"name": "کاشان", "name_en": "Kashan", "latitude": 33.98, "longitude": 51.43, "source": "test"}
    organisations.found_city(by=FOUNDERS, code="kashan", **place, gathering={"title": "نشست", "sample": sample})


def test_in_a_sample_city_everybody_reads_the_outbox() -> None:
    found(sample=True)
    outbox.send_sms("+989131234567", "همگرا: کد شما 123456 است.")
    answer = reader().get("/outbox/")
    assert "123456" in said(answer)
    assert answer["Cache-Control"] == "no-store"


def test_in_a_real_city_the_office_alone_reads_it() -> None:
    found(sample=False)
    outbox.send_sms("+989131234567", "همگرا: کد شما 123456 است.")
    assert reader().get("/outbox/").headers["Location"].startswith("/accounts/login/")
    for browser in (citizen(), unit_officer()):
        answer = browser.get("/outbox/")
        assert answer.status_code == 403
        assert "123456" not in said(answer)
    without_second_factor = reader(make.office_officer().person).get("/outbox/")
    assert without_second_factor.status_code == 302
    assert "123456" in said(office().get("/outbox/"))


def test_what_a_gateway_takes_is_not_in_the_outbox(settings: Any) -> None:
    found(sample=True)
    settings.SMS_GATEWAY = "https://sms.example/"
    outbox.send_sms("+989131234567", "123456")
    outbox.send_mail("a@example.org", "موضوع", "654321")
    page = said(reader().get("/outbox/"))
    assert "123456" not in page
    assert "654321" in page


def test_the_sample_shows_the_app_codes_of_its_made_up_people_and_of_nobody_else() -> None:
    found(sample=True)
    secret = generate_totp_secret()
    TOTP.activate(make.person("مریم نمونه", email="maryam@hamgara.example"), secret)
    TOTP.activate(make.person("پروین واقعی", email="parvin@example.org"), generate_totp_secret())
    page = said(reader().get("/outbox/"))
    assert "مریم نمونه" in page
    assert "پروین واقعی" not in page
    assert any(validate_totp_code(secret, word) for word in page.split() if len(word) == 6 and word.isdecimal())


def test_a_real_city_shows_no_app_codes_even_to_the_office() -> None:
    found(sample=False)
    TOTP.activate(make.person("مریم نمونه", email="maryam@hamgara.example"), generate_totp_secret())
    assert "مریم نمونه" not in said(office().get("/outbox/"))


def test_the_outbox_is_paged() -> None:
    found(sample=True)
    for number in range(35):
        outbox.send_sms("+989131234567", f"پیام {number}.")
    assert "پیام 34." in said(reader().get("/outbox/"))
    assert "پیام 0." in said(reader().get("/outbox/?page=2"))
