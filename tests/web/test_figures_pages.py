"""The pages of scorecards: numbers with their wholes, claims apart from findings, pictures with their tables."""

from __future__ import annotations

import re

import pytest

from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import catch_up
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
    assert "fewer than 10 verified as done" in said(page)
    for _n in range(6):
        make.demand()
    catch_up()
    assert "30% verified as done" in said(reader().get("/figures/"))


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
