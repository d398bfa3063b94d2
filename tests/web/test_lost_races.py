"""Whoever comes second is told what happened, by whom and when, and keeps what they had written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from hamgara.domain.commitments import commands as commitments
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import AnswerTemplate
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining as examine
from tests.web.readers import day, once, reader, said

pytestmark = pytest.mark.django_db

WORDS = "سخنی دراز که دوباره نوشتنش رنج است."


def support() -> tuple[HttpResponse, str, str]:
    demand = make.admitted(unit=make.unit("ادارهٔ روشنایی"))
    officer, citizen = make.officer(demand.unit), make.person()
    demands.refuse(by=officer, demand=demand, reason_code="against_law", reason="منع قانونی")
    return reader(citizen).post(f"/demands/{demand.code}/support/", {"once": once()}), "ادارهٔ روشنایی", ""


def comment() -> tuple[HttpResponse, str, str]:
    unit = make.unit("ادارهٔ روشنایی")
    first, second = make.demand(unit=unit), make.demand(unit=unit)
    demands.merge(by=make.officer(unit), demand=first, into=second, reason="یکی است")
    sent = {"text": WORDS, "once": once()}
    return reader(make.person()).post(f"/demands/{first.code}/comment/", sent), "ادارهٔ روشنایی", WORDS


def reopen() -> tuple[HttpResponse, str, str]:
    unit, author = make.unit("ادارهٔ روشنایی"), make.acting()
    demand = make.admitted(author, unit=unit)
    sent = {"words": WORDS, "once": once()}
    return reader(author.person).post(f"/demands/{demand.code}/reopen/", sent), "دبیرخانهٔ مشارکت", WORDS


def start() -> tuple[HttpResponse, str, str]:
    commitment = promises.promised(make.admitted(unit=make.unit("ادارهٔ روشنایی")))
    second = promises.leader(commitment)
    promises.under_way(commitment)
    sent = {"once": once(), "acting": str(second.mandate.key)}
    browser = reader(second.person, second_factor=True)
    return browser.post(f"/commitments/{commitment.code}/do/start/", sent), "ادارهٔ روشنایی", ""


def progress() -> tuple[HttpResponse, str, str]:
    commitment = promises.under_way(promises.promised(make.admitted(unit=make.unit("ادارهٔ روشنایی"))))
    second = promises.leader(commitment)
    commitments.withdraw(by=promises.leader(commitment), commitment=commitment, reason="بودجه نیست")
    sent = {"once": once(), "acting": str(second.mandate.key), "text": WORDS}
    browser = reader(second.person, second_factor=True)
    return browser.post(f"/commitments/{commitment.code}/do/progress/", sent), "ادارهٔ روشنایی", WORDS


def words_of_a_draw() -> tuple[HttpResponse, str, str]:
    review = examine.drawn()
    sent = {"words": WORDS, "once": once()}
    return reader(examine.author_of(review).person).post(f"/reviews/{review.code}/words/", sent), "", WORDS


def verdict() -> tuple[HttpResponse, str, str]:
    review = examine.drawn()
    seat = examine.called(review)[0]
    second = examine.reviewer(seat)
    examine.answer(seat)
    sent = {"once": once(), "acting": str(second.mandate.key), "overall": "kept", "paper_findings": WORDS}
    sent |= {"paper": "yes", "on_site": "yes", "effect": "yes"}
    return reader(second.person).post(f"/reviewer/{seat.key}/", sent), seat.organisation.label, WORDS


def answer_kept_ready() -> tuple[HttpResponse, str, str]:
    unit = make.unit("ادارهٔ روشنایی")
    first, second = (make.under(make.mandate(unit, role="head")) for _each in range(2))
    kept = demands.add_template(by=first, unit=unit, title="نوبت", text="در نوبت است.")
    browser, address = reader(second.person, second_factor=True), f"/inbox/templates/{kept.key}/"
    seen = kept.wording
    demands.change_template(by=first, template=kept, seen=seen, title="نوبت", text="هفتهٔ آینده نوبت است.")
    sent = {"title": "نوبت", "text": WORDS, "seen": seen, "once": once()}
    return browser.post(address, sent), "هفتهٔ آینده نوبت است.", WORDS


def accreditation() -> tuple[HttpResponse, str, str]:
    body = make.organisation(accredited=False)
    organisations.refuse_accreditation(by=make.office_officer(), organisation=body, reason="مدارک ناقص است")
    sent = {"decision": "refuse", "reason": WORDS, "once": once()}
    browser = reader(make.office_officer().person, second_factor=True)
    return browser.post(f"/office/organisations/{body.code}/", sent), "دبیرخانهٔ مشارکت", WORDS


def end_of_a_mandate() -> tuple[HttpResponse, str, str]:
    body = make.organisation("انجمن همسایه‌ها")
    head, mandate = make.head_of(body), make.mandate(body, role="representative")
    organisations.end_mandate(by=head, mandate=mandate)
    address = f"/organisations/{body.code}/mandates/{mandate.key}/end/"
    return reader(head.person).post(address, {"reason": WORDS, "once": once()}), "انجمن همسایه‌ها", WORDS


def mandate_in_a_closed_body() -> tuple[HttpResponse, str, str]:
    unit = make.unit("ادارهٔ کهنه")
    office = make.office_officer()
    organisations.close(by=office, organisation=unit, successor=make.office(), reason="ادغام شد")
    address = f"/organisations/{unit.code}/mandates/"
    sent = {"contact": str(make.person(email="a@example.org").email), "role": "officer", "once": once()} | day(
        "until", 90
    )
    return reader(office.person, second_factor=True).post(address, sent), "دبیرخانهٔ مشارکت", ""


RACES: list[Callable[[], tuple[HttpResponse, str, str]]] = [
    *(support, comment, reopen, start, progress, words_of_a_draw, verdict),
    *(answer_kept_ready, accreditation, end_of_a_mandate, mandate_in_a_closed_body),
]


@pytest.mark.parametrize("race", RACES, ids=[each.__name__ for each in RACES])
def test_the_second_is_told_who_was_first_and_keeps_the_words(race: Any) -> None:
    answer, who, words = race()
    count = Entry.objects.count()
    page = said(answer)
    assert answer.status_code == 409, page
    assert who in page
    assert words in page
    assert Entry.objects.count() == count


def test_who_has_seen_the_other_wording_may_write_over_it() -> None:
    answer, _other, words = answer_kept_ready()
    [kept] = AnswerTemplate.objects.all()
    seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert seen is not None
    again = {"title": "نوبت", "text": words, "seen": seen[1], "once": once()}
    head = reader(make.mandate(kept.unit, role="head").person, second_factor=True)
    unseen = head.post(f"/inbox/templates/{kept.key}/", again | {"seen": "", "once": once()})
    assert unseen.status_code == 409
    assert head.post(f"/inbox/templates/{kept.key}/", again).status_code == 302
    kept.refresh_from_db()
    assert kept.text == words


def test_what_was_never_allowed_is_no_race() -> None:
    commitment = promises.promised()
    sent = {"once": once()}
    assert reader(make.person()).post(f"/commitments/{commitment.code}/do/start/", sent).status_code == 403
