"""Giving and ending mandates on the page: to whom, in which role, until when; and no body is left without a head."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamgara import charter, clock
from hamgara.domain.organisations.models import Mandate, Organisation
from tests import factories as make
from tests.web.readers import boxes, citizen, day, head, holder, office, once, reader, said, unit_officer, wrong_fields

pytestmark = pytest.mark.django_db
LONGEST = charter.period("organisations.mandate_at_most").days


def address(body: Organisation, mandate: Mandate | None = None) -> str:
    page = f"/organisations/{body.code}/mandates/"
    return page if mandate is None else f"{page}{mandate.key}/end/"


def grant(contact: str, **more: Any) -> dict[str, Any]:
    return {"contact": contact, "role": "representative", "once": once()} | day("until", 100) | more


@pytest.mark.parametrize("written", ["09131234567", "۰۹۱۳ ۱۲۳ ۴۵۶۷", "+98 913 123 4567", "٠٩١٣١٢٣٤٥٦٧"])
def test_a_mandate_is_given_by_the_persons_number_however_it_is_written(written: str) -> None:
    body, friend = make.organisation(), make.person(phone="+989131234567")
    answer = head(body).post(address(body), grant(written))
    assert answer.status_code == 302
    given = Mandate.objects.get(person=friend)
    assert (given.role, given.until) == ("representative", clock.today() + timedelta(days=100))


def test_a_mandate_is_given_by_mail_until_a_day_of_the_readers_calendar() -> None:
    body, friend = make.organisation(), make.person(email="friend@example.org")
    sent = grant("Friend@Example.org") | day("until", 50, "fa")
    assert head(body, language="fa").post(address(body), sent).status_code == 302
    assert Mandate.objects.get(person=friend).until == clock.today() + timedelta(days=50)


@pytest.mark.parametrize("contact", ["", "09139999999", "nobody@example.org", "12", "زنگ بزن", "0913\u00001234567"])
def test_somebody_unknown_gets_no_mandate_and_the_field_says_why(contact: str) -> None:
    body = make.organisation()
    page = head(body).post(address(body), grant(contact))
    assert page.status_code == 422
    assert wrong_fields(page) == {"contact"}
    assert body.mandates.count() == 1


@pytest.mark.parametrize(
    "until",
    [
        boxes("until", "۳۱", 7, "۱۴۰۶"),  # Mehr has thirty days
        boxes("until", 30, 12, 1405),  # not a leap year
        boxes("until", 0, 1, 1406),
        boxes("until", 1, 1, 6),
        boxes("until", 1, 1, 2027),  # a year of the other calendar
        boxes("until", "یک", 1, 1406),
        boxes("until", 1, "", 1406),
        boxes("until", "", "", ""),
        boxes("until", 1, 1, 1390),  # past
    ],
)
def test_a_date_that_cannot_be_is_told_beside_the_date(until: dict[str, str]) -> None:
    body, friend = make.organisation(), make.person(email="friend@example.org")
    with make.standing(2026, 11, 23):
        page = head(body, language="fa").post(address(body), grant("friend@example.org") | until)
    assert page.status_code == 422
    assert wrong_fields(page) == {"until"}
    assert not friend.mandates.exists()


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (LONGEST, 302), (LONGEST + 1, 422)])
def test_a_mandate_ends_ahead_and_within_the_charters_time(days: int, status: int) -> None:
    body = make.organisation()
    make.person(email="friend@example.org")
    page = head(body).post(address(body), grant("friend@example.org") | day("until", days))
    assert page.status_code == status
    assert wrong_fields(page) == ({"until"} if status == 422 else set())


@pytest.mark.parametrize("role", ["officer", "king", ""])
def test_a_role_that_this_body_does_not_have_is_told_beside_the_role(role: str) -> None:
    body = make.organisation()
    make.person(email="friend@example.org")
    page = head(body).post(address(body), grant("friend@example.org", role=role))
    assert page.status_code == 422
    assert wrong_fields(page) == {"role"}


def test_the_same_role_twice_is_told_beside_the_person() -> None:
    body, friend = make.organisation(), make.person(email="friend@example.org")
    make.mandate(body, friend, role="representative")
    page = head(body).post(address(body), grant("friend@example.org"))
    assert page.status_code == 422
    assert wrong_fields(page) == {"contact"}


def test_a_mandate_sent_twice_is_given_once() -> None:
    body, friend = make.organisation(), make.person(email="friend@example.org")
    browser, form = head(body), grant("friend@example.org")
    browser.post(address(body), form)
    again = browser.post(address(body), form, follow=True)
    assert friend.mandates.count() == 1
    assert "it was not done twice" in said(again)


def test_those_who_may_not_give_mandates_see_the_list_and_the_reason() -> None:
    body = make.organisation(head=make.person("پروین اعتصامی"))
    page = holder(body, "representative").get(address(body))
    assert "پروین اعتصامی" in said(page)
    assert "Only the organisation's head or the participation office gives mandates." in said(page)
    make.person(email="friend@example.org")
    assert holder(body, "reviewer").post(address(body), grant("friend@example.org")).status_code == 403


def test_a_units_mandates_are_given_by_the_office_and_its_own_head() -> None:
    unit, friend = make.unit(), make.person(email="friend@example.org")
    form = grant("friend@example.org", role="officer")
    assert unit_officer().post(address(unit), form).status_code == 403
    own = make.mandate(unit, role="head").person
    assert reader(own).post(address(unit), form).status_code == 302, "led to the second factor"
    assert not friend.mandates.exists()
    assert reader(own, second_factor=True).post(address(unit), form).status_code == 302
    assert friend.mandates.count() == 1


# --- ending -----------------------------------------------------------------------------------------------------------


def test_the_last_head_cannot_leave_and_is_told_what_to_do_first() -> None:
    body = make.organisation()
    mandate = make.head_of(body).mandate
    for browser in (head(body), office()):
        page = browser.get(address(body, mandate))
        assert page.status_code == 200
        assert "This is the last head of the organisation" in said(page)
        assert 'name="reason"' not in page.content.decode()
        answer = browser.post(address(body, mandate), {})
        assert answer.status_code == 403
        assert "This is the last head of the organisation" in said(answer)
    assert Mandate.objects.get(pk=mandate.pk).ended_at is None


def test_a_head_leaves_once_there_is_another() -> None:
    body = make.organisation()
    first = make.head_of(body)
    make.mandate(body, role="head")
    answer = reader(first.person).post(address(body, first.mandate), {"reason": "سفر"}, follow=True)
    assert answer.redirect_chain == [("/me/", 302)]
    assert Mandate.objects.get(pk=first.mandate.pk).end_reason == "سفر"


def test_everybody_lays_down_their_own_mandate_and_the_head_ends_others() -> None:
    body = make.organisation()
    own, other = make.mandate(body, role="reviewer"), make.mandate(body, role="representative")
    assert reader(own.person).post(address(body, own), {}).status_code == 302
    assert head(body).post(address(body, other), {"reason": "پایان همکاری"}).status_code == 302
    assert not body.mandates.filter(ended_at=None).exclude(role="head").exists()


def test_a_mandate_that_has_ended_is_not_ended_again() -> None:
    body = make.organisation()
    mandate = make.mandate(body, role="representative")
    browser = head(body)
    browser.post(address(body, mandate), {})
    answer = browser.post(address(body, mandate), {})
    assert answer.status_code == 409
    assert "has ended already" in said(answer)


def test_mandates_of_others_are_not_found() -> None:
    body, other = make.organisation(), make.organisation()
    mandate = make.mandate(body, role="representative")
    assert reader().get(address(body, mandate)).status_code == 302
    for browser in (citizen(), head(other), unit_officer()):
        assert browser.get(address(body, mandate)).status_code == 404
        assert browser.post(address(body, mandate), {}).status_code == 404
    assert head(other).post(address(other, mandate), {}).status_code == 404, "a mandate of another body"
    assert head(body).get(f"{address(body)}{once()}/end/").status_code == 404


@pytest.mark.parametrize("reason", ["ر" * 301, "زنگ\u0007"])
def test_a_bad_reason_is_told_beside_the_field(reason: str) -> None:
    body = make.organisation()
    mandate = make.mandate(body, role="representative")
    page = head(body).post(address(body, mandate), {"reason": reason})
    assert page.status_code == 422
    assert wrong_fields(page) == {"reason"}
    assert Mandate.objects.get(pk=mandate.pk).ended_at is None
