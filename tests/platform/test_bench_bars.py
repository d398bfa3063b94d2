"""What the bench of a city holds it to: each bar missed is said, and a ledger with a gap is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from hamgara.cli.bench import city, running
from hamgara.cli.bench.visiting import Figures
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Opening, Position
from tests import factories as make

WELL = running.Written(keys=3000, sent=3150, acknowledged=3000, rate=151.2, killed=2)


def missed(bars: list[city.Bar]) -> list[str]:
    return [bar.name for bar in bars if not bar.reached]


def test_writes_that_went_well_reach_every_bar() -> None:
    assert missed(city.of_writes(WELL)) == []


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"rate": 149.9}, "writes a second"),
        ({"acknowledged": 2999}, "written forms of those sent"),
        ({"refused": {429: 1}}, "refused"),
        ({"lost": 1}, "lost"),
        ({"doubled": 1}, "doubled"),
        ({"waiting": 1}, "without a place a minute later"),
        ({"killed": 0}, "kills of the worker"),
        ({"ledger": "12 places from 0 to 12"}, "the ledger"),
    ],
)
def test_each_trouble_misses_its_own_bar(changed: dict[str, object], name: str) -> None:
    bars = city.of_writes(replace(WELL, **changed))
    assert missed(bars) == [name]
    assert [line for line in city.drawn(bars) if "missed" in line and name in line]


def test_duplicates_are_held_to_their_share_and_their_time() -> None:
    assert missed(city.of_duplicates((95, 100), 80)) == []
    assert missed(city.of_duplicates((94, 100), 81)) == ["duplicates among the first five", "duplicates, p95 ms"]


def test_a_page_is_held_to_its_time_its_queries_and_its_answer() -> None:
    assert Figures("home", 60, 12, 20, 60).problems == []
    assert len(Figures("home", 60, 13, 20, 61).problems) == 2
    assert Figures("desk", 100, 30, 20, 100).problems == []
    assert Figures("desk", 100, 0, 0, 0, "/inbox/ answered 500").problems == ["desk: /inbox/ answered 500"]


@pytest.mark.django_db
def test_a_ledger_is_whole_until_something_is_wrong_with_it() -> None:
    make.demand()
    catch_up()
    connection.ensure_connection()
    base = connection.connection
    assert running.broken(base, 0) == ""
    opening = Opening.objects.order_by("pk")[0]
    Opening.objects.filter(pk=opening.pk).update(value="another")
    assert running.broken(base, 0) == f"entries that say something else: [{opening.entry_id}]"
    last = Position.objects.order_by("-number")[0].number
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as nobody can who is not the database's owner
        cursor.execute("UPDATE ledger_position SET number = number + 1 WHERE number = %s", [last])
    assert running.broken(base, 0) == f"{last + 1} places from 0 to {last + 1}"
