"""The pages of moderation: to report without a script, to decide in the office, to read why something is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hamgara import charter
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Comment
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.moderation import commands
from hamgara.domain.moderation.models import Case, Report
from tests import factories as make
from tests.moderation import reporting
from tests.web.readers import citizen, once, reader, said, unit_officer, wrong_fields
from tests.web.sending import few_queries, fill_in, offers

pytestmark = pytest.mark.django_db
WORDS = "شمارهٔ خانهٔ فلانی ۱۲ است."


@pytest.fixture
def comment() -> Comment:
    return demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text=WORDS)


def page(comment: Comment) -> str:
    return f"/moderation/comment.{comment.key}/"


def deciding(comment: Comment) -> str:
    return f"/office/moderation/comment.{comment.key}/"


def office(**more: Any) -> Client:
    return reader(make.office_officer().person, second_factor=True, **more)


def decide(browser: Client, comment: Comment, verb: str, **more: Any) -> Any:
    return browser.post(deciding(comment), {"verb": verb, "once": once()} | more)


def test_a_comment_is_reported_from_its_own_place_without_a_script(comment: Comment) -> None:
    browser = citizen()
    assert page(comment) in browser.get(f"/demands/{comment.demand.code}/").content.decode()
    sent = fill_in(browser, page(comment), f"{page(comment)}report/", reason="personal_data", words="نشانی خانه است")
    assert sent.status_code == 302
    report = Report.objects.get()
    assert (report.reason, report.words) == ("personal_data", "نشانی خانه است")
    assert not offers(browser.get(page(comment)), "report/")


def test_whoever_has_not_signed_in_is_led_to_it_and_back(comment: Comment) -> None:
    visitor = reader()
    assert f"?next={page(comment)}" in visitor.get(page(comment)).content.decode()
    answer = visitor.post(f"{page(comment)}report/", {"reason": "spam"})
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]
    assert not Report.objects.exists()


def test_nobody_is_offered_to_report_their_own(comment: Comment) -> None:
    own = reader(comment.author)
    assert page(comment) not in own.get(f"/demands/{comment.demand.code}/").content.decode()
    assert own.post(f"{page(comment)}report/", {"reason": "spam", "once": once()}).status_code == 403


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"reason"}),
        ({"reason": "bribe"}, {"reason"}),
        ({"reason": "other"}, {"words"}),
        ({"reason": "spam", "words": "\x07"}, {"words"}),
        ({"reason": "spam", "words": "آ" * 5000}, {"words"}),
    ],
)
def test_a_report_written_wrong_comes_back_with_what_is_wrong(
    comment: Comment, form: dict[str, str], wrong: set[str]
) -> None:
    answer = citizen().post(f"{page(comment)}report/", form | {"once": once()})
    assert (answer.status_code, wrong_fields(answer)) == (422, wrong)
    assert not Case.objects.exists()


def test_a_double_click_reports_once_and_a_second_report_is_refused(comment: Comment) -> None:
    browser, form = citizen(), {"reason": "spam", "once": once()}
    assert [browser.post(f"{page(comment)}report/", form).status_code for _n in range(2)] == [302, 302]
    assert Report.objects.count() == 1
    answer = browser.post(f"{page(comment)}report/", {"reason": "spam", "once": once()})
    assert answer.status_code == 403
    assert "You have reported this already." in said(answer)


def test_what_is_not_there_or_not_published_is_not_found(comment: Comment) -> None:
    for code in ("comment.x", "comment", "bribe.1", "evidence.1", "finding.99999999999999999999", "demand-name.0"):
        assert citizen().get(f"/moderation/{code}/").status_code == 404, code
        assert citizen().post(f"/moderation/{code}/report/", {"reason": "spam"}).status_code == 404, code
        assert office().get(f"/office/moderation/{code}/").status_code == 404, code
    demands.withdraw(by=make.acting(comment.demand.author), demand=comment.demand)
    assert citizen().get(page(comment)).status_code == 404
    assert citizen().post(f"{page(comment)}report/", {"reason": "spam"}).status_code == 404
    assert reader(comment.author).get(page(comment)).status_code == 200


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_reason_stands_where_the_comment_stood(comment: Comment, language: str) -> None:
    reporting.reported(comment)
    answer = decide(office(), comment, "hide", reason="personal_data", words="نشانی کسی")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/moderation/")
    for address in (f"/demands/{comment.demand.code}/", page(comment)):
        told = said(reader(language=language).get(address))
        assert "فلانی" not in told
        assert charter.choices("moderation.reasons")["personal_data"][language] in told
        assert "نشانی کسی" in told
        assert "دبیرخانهٔ مشارکت" in told


def test_its_author_reads_it_and_appeals_and_another_officer_shows_it_again(comment: Comment) -> None:
    author, first, second = reader(comment.author), office(), office()
    decide(first, comment, "hide", reason="not_the_place")
    assert WORDS in said(author.get(page(comment)))
    assert not offers(citizen().get(page(comment)), "appeal/")
    sent = fill_in(author, page(comment), f"{page(comment)}appeal/", words="دربارهٔ همین کوچه است")
    assert sent.status_code == 302
    refused = decide(first, comment, "grant_appeal", words="درست است")
    assert refused.status_code == 403
    assert decide(second, comment, "grant_appeal", words="درست است").status_code == 302
    assert WORDS in said(reader().get(f"/demands/{comment.demand.code}/"))


def test_the_office_reads_what_was_reported_in_its_context_and_never_by_whom(comment: Comment) -> None:
    reporter = make.acting(make.person("پروانه گلابچی"))
    commands.report(by=reporter, case=reporting.case_of(comment), reason="insult", words="به همسایه‌ام بد گفته")
    browser = office()
    assert WORDS in said(browser.get("/office/moderation/"))
    told = said(browser.get(deciding(comment)))
    assert all(each in told for each in (WORDS, comment.demand.title, "به همسایه‌ام بد گفته"))
    assert "گلابچی" not in told
    assert "همسایه‌ام" not in said(reader().get(page(comment)))


def test_the_news_of_a_hiding_leads_its_author_to_the_appeal(comment: Comment) -> None:
    decide(office(), comment, "hide", reason="spam")
    catch_up()
    news = reader(comment.author).get("/me/").content.decode()
    assert f'href="{page(comment)}"' in news


def test_officers_find_what_waits_on_their_own_page() -> None:
    above = make.unit("معاونت")
    make.unit("دبیرخانهٔ مشارکت", code="office", is_participation_office=True, parent=above)
    of_office, of_above = office(), reader(make.officer(above).person, second_factor=True)
    complaint = demands.comment(by=make.acting(), demand=make.demand(), text="دبیرخانه پاسخ نمی‌دهد")
    reporting.reported(complaint)
    for browser, finds in ((of_office, False), (of_above, True)):
        assert ('href="/office/moderation/"' in browser.get("/me/").content.decode()) == finds


def test_an_officer_is_led_from_the_public_page_to_the_decision(comment: Comment) -> None:
    assert f'href="{deciding(comment)}"' in office().get(page(comment)).content.decode()
    assert f'href="{deciding(comment)}"' not in citizen().get(page(comment)).content.decode()


def test_two_officers_at_once_decide_once(comment: Comment) -> None:
    reporting.reported(comment)
    assert decide(office(), comment, "leave", words="چیزی نیست").status_code == 302
    second = decide(office(), comment, "leave", words="به نظرم توهین نیست")
    assert second.status_code == 409
    assert "somebody may have acted before you" in said(second)
    assert "به نظرم توهین نیست" in second.content.decode(), "what they wrote is not lost"
    assert "چیزی نیست" in said(second), "and they read what was decided"


def test_only_those_who_decide_enter(comment: Comment) -> None:
    reporting.reported(comment)
    for browser in (citizen(), unit_officer()):
        for address in ("/office/moderation/", deciding(comment)):
            assert browser.get(address).status_code == 403, address
        assert decide(browser, comment, "hide", reason="spam").status_code == 403
    assert reader().get("/office/moderation/").status_code == 302
    without_app = reader(make.office_officer().person)
    assert decide(without_app, comment, "hide", reason="spam").status_code == 302
    assert Case.objects.get().state == "waiting"


def test_a_decision_that_is_none_is_a_bad_request(comment: Comment) -> None:
    assert decide(office(), comment, "burn").status_code == 400
    assert decide(office(), comment, "hide").status_code == 422


def test_the_unit_above_has_what_concerns_the_office_in_its_own_queue() -> None:
    above = make.unit("معاونت")
    make.unit("دبیرخانهٔ مشارکت", code="office", is_participation_office=True, parent=above)
    complaint = demands.comment(by=make.acting(), demand=make.demand(), text="دبیرخانه پاسخ نمی‌دهد")
    reporting.reported(complaint)
    of_office, of_above = office(), reader(make.officer(above).person, second_factor=True)
    assert "پاسخ نمی‌دهد" not in said(of_office.get("/office/moderation/"))
    assert "پاسخ نمی‌دهد" in said(of_above.get("/office/moderation/"))
    assert "معاونت" in said(of_office.get(deciding(complaint)))
    assert decide(of_office, complaint, "hide", reason="insult").status_code == 403
    assert decide(of_above, complaint, "leave", words="شکایت از دبیرخانه است").status_code == 302


def test_the_pages_ask_little_of_the_database_however_much_was_reported(comment: Comment) -> None:
    for n in range(8):
        each = demands.comment(by=make.acting(), demand=comment.demand, text=f"سخن {n}")
        reporting.reported(each, times=2)
    browser = office()
    addresses = ("/office/moderation/", "/office/moderation/?show=hidden", deciding(comment), page(comment))
    for address in addresses:
        browser.get(address)
        with few_queries():
            browser.get(address)
