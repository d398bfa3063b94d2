"""How much the two most read pages do, told by what does not depend on the machine: calls of Python functions."""

from __future__ import annotations

import gc
import sys
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from tests import factories as make
from tests.commitments import promises
from tests.web.readers import reader

pytestmark = pytest.mark.django_db

ROWS = 20
# A quarter more than was counted when both pages took less than twice the time of a bare view of twenty rows.
LIST_CALLS = 14_000
DETAIL_CALLS = 10_500
LIST_BYTES = 80_000


def calls(browser: Client, address: str) -> int:
    """How many Python functions a page calls that was asked for before."""
    for _ in range(2):
        assert browser.get(address).status_code == 200
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    gc.disable()
    sys.setprofile(counted)
    try:
        browser.get(address)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.fixture
def demand() -> Demand:
    """The last of as many as stand on a page, supported and commented, in a city of some size."""
    for number in range(15):
        make.place(f"محلهٔ {number}")
        make.unit(f"واحد {number}")
    fields = [make.field(f"حوزهٔ {number}") for number in range(15)]
    made = [make.demand(field=fields[number % 15]) for number in range(ROWS)]
    commands.support(by=make.acting(), demand=made[-1])
    commands.comment(by=make.acting(), demand=made[-1], text="ما هم همین را می‌خواهیم.")
    catch_up()
    return made[-1]


def test_the_list_stays_cheap(demand: Demand) -> None:
    browser = reader()
    assert calls(browser, "/demands/") <= LIST_CALLS
    assert len(browser.get("/demands/").content) <= LIST_BYTES


def test_the_page_of_one_demand_stays_cheap(demand: Demand) -> None:
    assert calls(reader(), f"/demands/{demand.code}/") <= DETAIL_CALLS


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/demands/", 2),
        ("/demands/?field={field}&place={place}&unit={unit}", 2),
        ("/demands/?q={word}", 3),
        ("/commitments/", 3),
        ("/commitments/?organisation={unit}&field={field}&place={place}&overdue=on", 3),
        ("/commitments/?q={word}", 4),
        ("/", 5),
        ("/reviews/", 3),
        ("/reviews/?q={word}", 5),
    ],
)
def test_a_list_asks_the_database_little(demand: Demand, address: str, most: int) -> None:
    answered = make.admitted(unit=demand.unit, field=demand.field, place=demand.place, title=demand.title)
    promise = promises.promised(answered)
    catch_up()
    word = demand.title.split()[0]
    path = address.format(field=demand.field.code, place=demand.place.code, unit=demand.unit.code, word=word)
    browser = reader()
    shown = browser.get(path).content.decode()  # and what is read once for all
    assert "overdue" in path or "reviews" in path or (promise if "commitments" in path else demand).code in shown
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    asked = [each["sql"] for each in queries if "SELECT" in each["sql"]]
    assert len(asked) <= most, asked


def test_longer_lists_to_choose_from_cost_nothing(demand: Demand) -> None:
    browser = reader()
    before = calls(browser, "/demands/")
    for number in range(60):
        make.place(f"محلهٔ دیگر {number}")
    catch_up()
    assert calls(browser, "/demands/") <= before * 1.02
