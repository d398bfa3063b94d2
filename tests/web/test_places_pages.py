"""Places, the charter and the founding gathering, as everybody reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamgara import charter
from hamgara.algorithms.persian import digits
from hamgara.cli import sample
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands
from tests import factories as make
from tests.commitments import promises
from tests.web.readers import reader, said
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db


def test_each_place_stands_under_the_one_that_holds_it() -> None:
    district = make.place("منطقهٔ یک", level="district")
    make.place("محلهٔ بالا", within=district)
    page = reader().get("/places/").content.decode()
    assert page.index("منطقهٔ یک") < page.index("محلهٔ بالا")


def test_a_place_shows_its_parts_its_organisations_and_the_way_to_its_demands() -> None:
    district = make.place("منطقهٔ یک", level="district")
    quarter = make.place("محلهٔ بالا", within=district)
    body = make.organisation("انجمن بالا")
    commands.describe(by=make.head_of(body), organisation=body, seat=quarter)
    unit = make.unit("شهرداری منطقهٔ یک", seat=district)
    page = reader().get(f"/places/{district.code}/")
    for name in ("محلهٔ بالا", "انجمن بالا", unit.name):
        assert name in said(page)
    assert f'href="/demands/?place={district.code}"' in page.content.decode()


def test_a_place_shows_what_was_asked_and_promised_in_it_and_in_its_parts_and_what_came_of_it() -> None:
    district = make.place("منطقهٔ یک", level="district")
    quarter, elsewhere = make.place("محلهٔ بالا", within=district), make.place("محلهٔ دور")
    asked, answered, other = make.demand(place=district), make.admitted(place=quarter), make.demand(place=elsewhere)
    promise = promises.promised(answered)
    catch_up()
    page = reader().get(f"/places/{district.code}/")
    for words in (asked.title, answered.title, promise.title, "Of 2 demands, independent reviewers found 0 done."):
        assert words in said(page)
    assert other.title not in said(page)
    for way in (
        f"/figures/places/{district.code}/",
        f"/demands/?place={district.code}",
        f"/commitments/?place={district.code}",
        f"/demands/?place={district.code}&amp;tab=promised",
    ):
        assert f'href="{way}"' in page.content.decode()


def test_the_figures_of_a_place_say_what_is_late_and_lead_to_it() -> None:
    place = make.place()
    make.demand(place=place)
    with make.days_later(60):
        make.demand(place=place)
        catch_up()
        page = reader().get(f"/places/{place.code}/")
        assert "1 demand waits past its deadline" in said(page)
        way = f"/demands/?place={place.code}&tab=waiting&overdue=on"
        assert way.replace("&", "&amp;") in page.content.decode()
        assert "1 demand" in said(reader().get(way))


def test_where_nobody_has_asked_the_page_of_a_place_offers_to_be_the_first() -> None:
    place = make.place()
    page = reader().get(f"/places/{place.code}/")
    assert "Nobody has asked for anything here yet" in said(page)
    assert f'href="/demands/new/?place={place.code}"' in page.content.decode()


def test_a_place_with_much_in_it_takes_few_queries() -> None:
    district = make.place(level="district")
    for _number in range(3):
        quarter = make.place(within=district)
        make.demand(place=quarter)
        promises.promised(make.admitted(place=quarter))
    catch_up()
    with few_queries():
        assert reader().get(f"/places/{district.code}/").status_code == 200


def test_a_place_that_is_not_there_is_not_found() -> None:
    make.city()
    assert reader().get("/places/mars/").status_code == 404


def test_before_a_city_is_founded_the_pages_say_so() -> None:
    assert "No place has been entered yet" in said(reader().get("/places/"))
    assert reader().get("/gathering/").status_code == 404
    assert reader().get("/charter/").status_code == 200


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_charter_shows_every_rule_with_its_value_its_reason_and_an_address(language: str) -> None:
    page = reader(language=language).get("/charter/")
    words = said(page)
    for chapter in charter.chapters():
        assert f'id="{chapter.name}"' in page.content.decode()
        for rule in chapter.rules:
            assert f'id="{rule.name}"' in page.content.decode(), rule.name
            assert " ".join(rule.reason[language].split()) in words, rule.name
            if isinstance(rule.value, int) and not isinstance(rule.value, bool):
                assert digits.number(rule.value, "fa" if language == "fa" else "en") in words, rule.name


def test_changing_a_rule_changes_the_page(tmp_path: Path) -> None:
    changed = tmp_path / "rules.yaml"
    rules = (charter.FOLDER / "rules.yaml").read_text(encoding="utf-8")
    changed.write_text(rules.replace("value: 1095", "value: 4321"), encoding="utf-8")
    with charter.reading_from(changed):
        assert "4,321 days" in said(reader().get("/charter/"))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_founding_gathering_is_told_in_the_readers_language(language: str) -> None:
    record = {
        "title": {"fa": "گردهمایی بزرگ", "en": "The great gathering"},
        "venue": {"fa": "خانهٔ تاریخی"},
        "present": [{"fa": "خیریه‌ها", "en": "charities"}],
        "statements": [
            {"speaker": {"fa": "شهردار", "en": "the mayor"}, "points": [{"fa": "با هم", "en": "together"}]},
        ],
    }
    place = {"name": "کاشان", "name_en": "Kashan", "latitude": 33.98, "longitude": 51.43, "source": "test"}
    commands.found_city(by=FOUNDERS, code="kashan", **place, gathering=record)
    page = said(reader(language=language).get("/gathering/"))
    told = {
        "fa": ("گردهمایی بزرگ", "خیریه‌ها", "شهردار", "با هم"),
        "en": ("The great", "charities", "mayor", "together"),
    }
    for words in (*told[language], "خانهٔ تاریخی"):
        assert words in page


def test_what_was_asked_at_the_gathering_leads_to_the_demand_that_carries_it_whatever_was_asked_before() -> None:
    asked = [{"fa": "تشکیل شورای هماهنگی سمن‌ها", "en": "A council of the NGOs"}, "خانهٔ تازهٔ هنر"]
    place = {"name": "کاشان", "name_en": "Kashan", "latitude": 33.98, "longitude": 51.43, "source": "test"}
    commands.found_city(by=FOUNDERS, code="kashan", **place, gathering={"title": "گردهمایی", "asked": asked})
    body = make.head_of(make.organisation())
    older = make.demand(body)
    somebodys_own = make.demand(title="تشکیل شورای هماهنگی سمن‌ها")
    carried = make.demand(body, title="تشكيل شوراي هماهنگي سمن ها")
    again = make.demand(body, title="تشکیل شورای هماهنگی سمن‌ها")
    answer = reader().get("/gathering/")
    assert f'href="/demands/{carried.code}/"' in answer.content.decode()
    for other in (older, somebodys_own, again):
        assert other.code not in answer.content.decode()
    assert "خانهٔ تازهٔ هنر No organisation has carried it to the city yet." in said(answer)


# --- the record of the founding gathering in the sample ---------------------------------------------------------------


@pytest.fixture(scope="module")
def kashan() -> dict[str, Any]:
    return sample.read("city.yaml")["gathering"]  # type: ignore[no-any-return]


def points_of(kashan: dict[str, Any], speaker: str) -> list[str]:
    return [
        point["fa"] for each in kashan["statements"] if speaker in each["speaker"]["fa"] for point in each["points"]
    ]


def test_the_record_names_the_people_as_the_citys_best_administrators_and_the_citys_history_of_that(
    kashan: dict[str, Any],
) -> None:
    mayor = points_of(kashan, "شهردار کاشان")
    assert any("بهترین اداره‌کنندگان شهر" in point for point in mayor)
    assert any("پیشینه" in point and "به دست مردم" in point for point in mayor)


def test_a_hope_stands_in_the_record_as_a_hope_and_not_as_a_promise(kashan: dict[str, Any]) -> None:
    [council] = [point for point in points_of(kashan, "شهردار کاشان") if "شورای هماهنگی" in point]
    assert council.startswith("امید است")
    english = [point["en"] for point in kashan["statements"][0]["points"] if "council" in point["en"]]
    assert [point.startswith("He hopes") for point in english] == [True]
    told = " ".join(demand["text"] for demand in sample.read("demands.yaml")["demands"])
    assert "تشکیل خواهد شد" not in told


def test_what_the_sample_says_was_asked_there_is_carried_by_organisations(kashan: dict[str, Any]) -> None:
    carried = {demand["title"] for demand in sample.read("demands.yaml")["demands"] if "behalf" in demand}
    assert kashan["asked"]
    assert {each["fa"] for each in kashan["asked"]} <= carried
