"""The page of searching: one box, filters in the address, and nothing that is not public."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.search.jobs import gather_words
from hamgara.domain.search.queries import finding
from tests import factories as make
from tests.web.readers import citizen, reader, said
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db


def found(language: str = "fa", **asked: str) -> Any:
    """The page of a search, once the follower has read what happened."""
    catch_up()
    return reader(language=language).get("/search/", asked)


def shown(page: Any, row: Demand | Commitment) -> bool:
    return f'href="/{type(row).__name__.lower()}s/{row.code}/"' in page.content.decode()


# --- every spelling --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "خیابان امیرکبیر",
        "خيابان اميركبير",
        "خیابون امیرکبیر",
        "امیرکبیر، خیابان‌ها!",
        "آسفالت های امیرکبیر",
        "آسفالتهای خیابان",
        "اسفالت",
        "پیاده رو",
        "پیاده‌رو",
        "پیاده‌روهای",
        "کوچه 17",
        "کوچه ۱۷",
        "کوچهٔ ١٧",
        "چالهٔ آسفالت",
    ],
)
def test_a_demand_is_found_in_every_spelling(typed: str) -> None:
    demand = make.demand(title="آسفالت پیاده‌روی خیابان امیرکبیر کوچهٔ ۱۷", text="چاله‌های زیادی دارد.")
    other = make.demand(title="کمبود سطل زباله در بوستان")
    page = found(q=typed)
    assert page.status_code == 200
    assert shown(page, demand)
    assert not shown(page, other)


def test_the_words_are_marked_and_the_text_around_them_is_shown() -> None:
    make.demand(title="نور معابر", text="شب‌ها " * 60 + "چراغ‌های کوچه خاموش‌اند و <b>کسی</b> نمی‌آید. " + "شب " * 60)
    page = found(q="چراغ").content.decode()
    assert "<mark>چراغ‌های</mark>" in page
    assert "&lt;b&gt;" in page


# --- kinds and filters -----------------------------------------------------------------------------------------------


def test_every_kind_is_counted_and_one_can_be_chosen() -> None:
    demand = make.admitted(title="کتابخانهٔ محله")
    body = make.organisation("انجمن کتابخانه‌های مردمی")
    commands.explain(by=make.office_officer(), demand=demand, text="کتابخانه در برنامهٔ امسال است.")
    whole = found("en", q="کتابخانه")
    assert all(
        each in said(whole) for each in ("demands 1", "organisations 1", "commitments 0", "answers of the city 1")
    )
    assert body.code in whole.content.decode()
    only = found("en", q="کتابخانه", kind="organisation")
    assert body.code in only.content.decode()
    assert demand.title not in only.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_filters_stand_in_the_address() -> None:
    district = make.place(level="district")
    here, there = make.place(within=district), make.place()
    roads, parks = make.field(), make.field()
    one = make.demand(title="آسفالت گذر", place=here, field=roads)
    two = make.admitted(title="آسفالت گذر", place=there, field=parks)
    commands.refuse(by=make.office_officer(), demand=two, reason_code="against_law", reason="نه")
    for asked, wanted in (
        ({}, {one, two}),
        ({"place": here.code}, {one}),
        ({"place": district.code}, {one}),
        ({"field": parks.code}, {two}),
        ({"state": "refused"}, {two}),
        ({"state": "waiting", "place": there.code}, set()),
        ({"days": "30"}, {one, two}),
    ):
        page = found(q="آسفالت", **asked)
        assert {demand for demand in (one, two) if shown(page, demand)} == wanted, asked
    with make.days_later(40):
        assert not shown(found(q="آسفالت", days="30"), one)


def test_a_place_is_offered_by_its_name_and_what_is_in_it_is_found() -> None:
    place = make.place("فین بزرگ")
    demand = make.demand(title="روشنایی گذر", place=place)
    page = found(q="روشنایی فين بزرگ")
    assert f"/places/{place.code}/" in page.content.decode()
    assert shown(page, demand)


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zero", ["0", "۰", "٠"])
@pytest.mark.parametrize("between", ["", "-", " ", " - "])
def test_a_tracking_code_leads_straight_to_its_demand(zero: str, between: str) -> None:
    demand = make.demand()
    typed = f" {demand.code[:4]}{between}{demand.code[4:]} ".translate({48 + n: ord(zero) + n for n in range(10)})
    assert found(q=typed).headers["Location"] == f"/demands/{demand.code}/"


def test_a_code_that_is_nobodys_says_so() -> None:
    page = found("en", q="1234-5678")
    assert page.status_code == 200
    assert "no demand with this code" in said(page)


# --- what is not public ----------------------------------------------------------------------------------------------


def test_what_is_not_published_is_never_found() -> None:
    declined, withdrawn = make.demand(title="پرندهٔ نایاب"), make.demand(title="پرندهٔ نایاب")
    demand = make.demand(title="کوچهٔ باغ")
    commands.comment(by=make.acting(), demand=demand, text="پرندهٔ نایاب")
    make.organisation("انجمن پرندهٔ نایاب", accredited=False)
    assert shown(found(q="پرنده"), declined)
    commands.decline(by=make.office_officer(), demand=declined, reason_code="unclear", reason="نه")
    commands.withdraw(by=make.acting(withdrawn.author), demand=withdrawn)
    # Before the follower has read of it …
    page = reader().get("/search/", {"q": "پرنده"})
    assert "نایاب" not in page.content.decode()
    assert "demands 0" in said(page)
    # … and after.
    assert "نایاب" not in found(q="پرنده").content.decode()


def test_a_name_that_is_hidden_and_an_address_are_no_words() -> None:
    author = make.acting(make.person("شهرام ناشناس"))
    demand = make.demand(author, title="کوچهٔ باغ", address="پلاک هشتادوهشتم")
    assert not shown(found(q="شهرام"), demand)
    assert not shown(found(q="هشتادوهشتم"), demand)


def test_a_merged_demand_leads_to_the_one_that_stands() -> None:
    stands, merged = make.admitted(title="روشنایی گذر"), make.demand(title="تاریکی معبر")
    commands.merge(by=make.office_officer(), demand=merged, into=stands)
    page = found(q="تاریکی")
    assert shown(page, stands)
    assert not shown(page, merged)


def test_what_became_of_things_is_followed() -> None:
    body = make.organisation("خیریهٔ آفتاب")
    assert body.code in found(q="آفتاب").content.decode()
    organisations.rename(by=make.office_officer(), organisation=body, name="خیریهٔ مهتاب")
    assert body.code not in found(q="آفتاب").content.decode()
    assert body.code in found(q="مهتاب").content.decode()


# --- whatever is typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize(
    "typed",
    ["", "؟؟؟ %_", "'; DROP TABLE search_document; --", "& | ! ( :*", "\\", "<script>alert(1)</script>", "🙂", "د"],
)
def test_whatever_is_typed_is_words_and_no_more(typed: str, language: str) -> None:
    demand = make.demand(title="کوچهٔ باغ")
    page = found(language, q=typed)
    assert page.status_code == 200
    assert not shown(page, demand)
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("typed", ["آ" * 10_000, "آب " * 3000, "\x00", "آب\x07"])
def test_what_is_too_long_or_cannot_be_read_is_told_beside_the_box(typed: str) -> None:
    page = found("en", q=typed)
    assert page.status_code == 422
    assert "field-error" in page.content.decode()


@pytest.mark.parametrize("asked", [{"place": "nowhere"}, {"state": "no"}, {"field": "x"}, {"days": "-1"}])
def test_a_filter_that_is_none_is_told(asked: dict[str, str]) -> None:
    assert found(q="آب", **asked).status_code == 422


@pytest.mark.parametrize("asked", [{"kind": "person"}, {"page": "0"}, {"page": "9" * 30}, {"page": "۲"}, {"page": "x"}])
def test_a_kind_or_page_that_is_none_is_the_whole_or_the_first(asked: dict[str, str]) -> None:
    demand = make.demand(title="کوچهٔ باغ")
    assert shown(found(q="باغ", **asked), demand)


@pytest.mark.parametrize("typed", ["از که را", "لطفا"])
def test_words_that_stand_everywhere_ask_for_more(typed: str) -> None:
    make.demand(title="کوچهٔ باغ")
    assert "stand everywhere" in said(found("en", q=typed))


def test_the_page_asks_little_of_the_database() -> None:
    demand = make.admitted(title="کتابخانهٔ محله")
    make.organisation("انجمن کتابخانه‌ها")
    commands.explain(by=make.office_officer(), demand=demand, text="کتابخانه در برنامه است.")
    catch_up()
    for browser, most in ((reader(), 9), (citizen(), 12)):
        for asked in ({"q": "کتابخانه"}, {"q": "کتابخانه", "kind": "demand", "state": "waiting"}, {"q": "نیست‌که‌نیست"}):
            browser.get("/search/", asked)
            with few_queries(most):
                browser.get("/search/", asked)


# --- where nothing is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("نبود کتابخاهن در محله", "نبود کتابخانه در محله"),
        ("کتابخانة محلّه", None),
        ("زبله محله", "زباله محله"),
        ("پیادهروو", "پیاده‌روی"),
        ("موضاییک", "موزاییک"),
        ("سطلزباله", "سطل زباله"),
    ],
)
def test_a_misspelt_word_is_put_right(typed: str, meant: str | None) -> None:
    for _n in range(2):
        make.demand(title="نبود کتابخانهٔ محله و سطل زبالهٔ محله")
        make.demand(title="موزاییک پیاده‌روی لق")
    catch_up()
    gather_words()
    page = found(q=typed)
    told = "شاید منظورتان" in said(page)
    assert told == (meant is not None)
    if meant:
        assert f"<bdi>{meant}</bdi>" in page.content.decode()


def test_a_word_of_what_is_not_published_is_proposed_to_nobody() -> None:
    hidden = [make.demand(title="پرستوهای مهاجر") for _n in range(3)]
    catch_up()
    gather_words()
    assert "پرستوهای" in found(q="پرستهای").content.decode()
    for demand in hidden:
        commands.withdraw(by=make.acting(demand.author), demand=demand)
    assert "پرستوهای" not in reader().get("/search/", {"q": "پرستهای"}).content.decode()


def test_words_that_never_stand_together_are_offered_apart() -> None:
    demand, other = make.demand(title="روشنایی بوستان"), make.demand(title="کتابخانهٔ محله")
    page = found(q="روشنایی کتابخانه")
    assert not shown(page, demand)
    for left in ("روشنایی", "کتابخانه"):
        assert quote(left) in page.content.decode()
    assert "بدون" in said(page)
    assert shown(found(q="کتابخانه"), other)


def test_where_no_two_words_stand_together_each_is_offered_alone() -> None:
    for title in ("روشنایی بوستان", "کتابخانهٔ محله", "سایه‌بان ایستگاه"):
        make.demand(title=title)
    page = found("en", q="روشنایی کتابخانه سایه‌بان")
    assert all(f"Only «{word}»" in said(page) for word in ("روشنایی", "کتابخانه", "سایه‌بان"))
    for browser, most in ((reader(), 8), (citizen(), 12)):
        browser.get("/search/")
        with few_queries(most):
            browser.get("/search/", {"q": "روشنایی کتابخانه سایه‌بان"})


def test_hints_keep_to_the_filters() -> None:
    here, there = make.place(), make.place()
    make.demand(title="روشنایی بوستان", place=here)
    make.demand(title="کتابخانهٔ محله", place=there)
    page = found("en", q="روشنایی کتابخانه", place=here.code)
    assert "Without «کتابخانه»" in said(page)
    assert "Without «روشنایی»" not in said(page)


def test_a_search_that_takes_too_long_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    make.demand(title="کوچهٔ باغ")
    catch_up()
    monkeypatch.setattr(finding, "PATIENCE", 1)
    monkeypatch.setattr(finding, "_best", lambda *asked: _slow())
    page = reader().get("/search/", {"q": "باغ"})
    assert (page.status_code, "takes too long" in said(page)) == (503, True)


def _slow() -> list[Any]:
    with finding.bounded(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    return []
