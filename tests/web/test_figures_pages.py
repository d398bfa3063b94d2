"""The pages of scorecards: numbers with their wholes, claims apart from findings, pictures with their tables."""

from __future__ import annotations

import json
import re

import pytest

from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Place
from hamgara.web.figures import maps
from tests import factories as make
from tests.web.readers import reader, said
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db


def closed(outcome: str = "kept") -> Demand:
    demand = commands.mark_answered(by=RULES, demand=make.admitted(), commitment="c1")
    return commands.close(by=RULES, demand=demand, outcome=outcome, review="r1")


def test_an_empty_city_says_so() -> None:
    make.city()
    assert "Nothing has been asked here yet." in said(reader().get("/figures/"))


def test_the_card_shows_a_part_with_its_whole_and_no_rate_below_ten() -> None:
    for _n in range(3):
        closed()
    make.demand()
    catch_up()
    with few_queries():
        page = reader().get("/figures/")
    assert "Of 4 demands, independent reviewers found 3 done." in said(page)
    assert "too early to say verified as done" in said(page)
    for _n in range(6):
        make.demand()
    catch_up()
    assert "30% verified as done" in said(reader().get("/figures/"))


def test_refused_and_not_doable_are_ends_with_a_rate_of_their_own_on_page_file_and_list() -> None:
    officer = make.office_officer()
    for _n in range(3):
        commands.refuse(by=officer, demand=make.admitted(), reason_code="against_plan", reason="بودجه نیست")
    commands.find_not_doable(by=officer, demand=make.admitted(), reason_code="technical", reason="ممکن نیست")
    for _n in range(6):
        make.demand()
    catch_up()
    page = said(reader().get("/figures/"))
    assert re.search(r"refused, with reasons\s+3\s+30%", page)
    assert re.search(r"not doable, with reasons\s+1\s+10%", page)
    assert "4 of 10 were admitted to be answered." in page
    [unit] = [json.loads(line) for line in b"".join(reader().get("/figures/units/scorecards.jsonl")).splitlines()]
    assert (unit["refused"], unit["not_doable"]) == (3, 1)
    assert "3 demands" in said(reader().get("/demands/?tab=refused"))
    assert "1 demand" in said(reader().get("/demands/?tab=not_doable"))


def test_the_picture_has_a_title_and_the_table_behind_it_the_same_numbers() -> None:
    with make.standing(2026, 11, 7):
        closed()
        make.demand()
    with make.standing(2026, 10, 7):
        closed("partly")
    catch_up()
    with make.standing(2026, 11, 20):
        page = reader().get("/figures/").content.decode()
    assert re.search(r'role="img" aria-labelledby="by-month-title by-month-desc"', page)
    assert re.findall(r'class="chart-whole"[^>]*>(\d+)<', page) == ["1", "2"]
    rows = [re.findall(r"</span>([^<]+)</td>", row) for row in re.findall(r'<tr role="row">(.*?)</tr>', page)]
    table = {row[0]: row[1:4] for row in rows if row}
    assert len(table) == 12
    assert table["Aban 1405"] == ["2", "1", "0"]
    assert table["Mehr 1405"] == ["1", "0", "1"]


def test_a_year_of_its_own_holds_what_was_asked_in_it() -> None:
    with make.standing(2025, 11, 7):
        make.demand()
    with make.standing(2026, 11, 7):
        make.demand()
        make.demand()
    catch_up()
    assert "Of 3 demands" in said(reader().get("/figures/"))
    assert "Of 1 demand" in said(reader().get("/figures/?year=1404"))
    assert "Of 2 demands" in said(reader().get("/figures/?year=1405"))
    assert "Of 3 demands" in said(reader().get("/figures/?year=1300"))


def test_time_runs_as_the_reader_reads() -> None:
    make.demand()
    catch_up()

    def middles(language: str) -> list[float]:
        page = reader(language=language).get("/figures/").content.decode()
        return [float(x) for x in re.findall(r'class="chart-month[^"]*" x="([\d.]+)"', page)]

    assert middles("en") == sorted(middles("en"))
    assert middles("fa") == sorted(middles("fa"), reverse=True)


# --- units, places, fields, organisations ----------------------------------------------------------------------------


def kept_here(place: Place, kept: int, asked: int) -> None:
    for n in range(asked):
        demand = make.admitted(place=place)
        if n < kept:
            commands.mark_answered(by=RULES, demand=demand, commitment="c1")
            commands.close(by=RULES, demand=demand, outcome="kept", review="r1")


@pytest.mark.parametrize("kind", ["units", "places", "fields", "organisations"])
def test_every_list_and_card_asks_the_database_little(kind: str) -> None:
    body = make.organisation()
    demand = make.demand(make.head_of(body), unit=make.unit())
    catch_up()
    codes = {"units": demand.unit, "places": demand.place, "fields": demand.field, "organisations": body}
    with few_queries():
        listed = reader().get(f"/figures/{kind}/")
    assert codes[kind].label in said(listed)
    with few_queries():
        page = reader().get(f"/figures/{kind}/{codes[kind].code}/")
    assert "Of 1 demand, independent reviewers found 0 done." in said(page)
    assert reader().get(f"/figures/{kind}/nowhere/").status_code == 404
    assert reader().get("/figures/persons/").status_code == 404


def test_a_unit_answers_for_those_below_it_and_for_one_that_it_took_over() -> None:
    above = make.unit()
    below, other = make.unit(parent=above), make.unit()
    closed_here = make.admitted(unit=other)
    commands.mark_answered(by=RULES, demand=closed_here, commitment="c1")
    commands.close(by=RULES, demand=closed_here, outcome="kept", review="r1")
    make.demand(unit=below)
    catch_up()
    assert "Of 1 demand, independent reviewers found 0" in said(reader().get(f"/figures/units/{above.code}/"))
    organisations.merge(by=make.office_officer(), organisation=other, into=below, reason="یکی شدند")
    catch_up()
    for unit in (above, below):
        assert "Of 2 demands, independent reviewers found 1" in said(reader().get(f"/figures/units/{unit.code}/"))


def test_whoever_has_few_demands_has_no_place_in_an_order() -> None:
    many, few = make.place("بسیار"), make.place("اندک")
    kept_here(many, 2, 10)
    kept_here(few, 2, 2)
    catch_up()
    page = reader(language="fa").get("/figures/places/?order=done").content.decode()
    ranked, _mark, others = page.partition("بی رتبه")
    assert f"/figures/places/{many.code}/" in ranked
    assert f"/figures/places/{few.code}/" not in ranked
    assert f"/figures/places/{few.code}/" in others


def test_districts_stand_on_tiles_where_they_lie_until_all_have_outlines() -> None:
    def district(code: str, north: float, east: float, outline: object = None) -> Place:
        made = make.place(code, level="district", code=code)
        Place.objects.filter(pk=made.pk).update(latitude=north, longitude=east, outline=outline)
        return made

    corners = [[51.4, 33.9], [51.5, 33.9], [51.5, 34.0], [51.4, 34.0], [51.4, 33.9]]
    square = {"type": "Polygon", "coordinates": [corners]}
    district("north-west", 34.0, 51.4, square)
    district("south-east", 33.9, 51.5)
    page = reader().get("/figures/places/").content.decode()
    assert "a tile of the same size" in page
    found = re.findall(r'/([a-z-]+)/"><path.*?<text[^>]*x="([\d.]+)" y="([\d.]+)"', page)
    spots = {code: (float(x), float(y)) for code, x, y in found}
    assert spots["north-west"][0] < spots["south-east"][0]
    assert spots["north-west"][1] < spots["south-east"][1]
    Place.objects.filter(code="south-east").update(outline=square)
    page = reader().get("/figures/places/").content.decode()
    assert "a tile of the same size" not in page
    assert len(re.findall(r'<path class="shade-none" d="M[^"]+Z"', page)) == 2


@pytest.mark.parametrize("taken", [12, 25])
def test_no_two_tiles_lie_on_each_other(taken: int) -> None:
    points = [((n * 7 % 5) / 10, (n * 3 % 4) / 10) for n in range(taken)]
    assert len(set(maps.cells(points, 3))) == taken


def test_the_list_is_a_file_too() -> None:
    kept_here(make.place("بازار"), 1, 3)
    catch_up()
    answer = reader().get("/figures/places/scorecards.jsonl")
    rows = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    [bazaar] = [row for row in rows if row["name"] == "بازار"]
    assert (bazaar["asked"], bazaar["kept"], bazaar["waiting"], bazaar["median_days_to_answer"]) == (3, 1, 2, None)
    assert bazaar["answers"] == 1
    assert len(reader().get("/figures/places/scorecards.csv").getvalue()) > 100
    assert reader().get("/figures/places/scorecards.xlsx").getvalue()[:2] == b"PK"
    assert reader().get("/figures/places/scorecards.jsonl?year=1300").status_code == 400


def test_a_place_and_a_body_lead_to_their_cards() -> None:
    body, place = make.organisation(), make.place()
    assert f"/figures/organisations/{body.code}/" in reader().get(f"/organisations/{body.code}/").content.decode()
    assert f"/figures/places/{place.code}/" in reader().get(f"/places/{place.code}/").content.decode()
