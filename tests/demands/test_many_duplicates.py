"""Of 300 things that two neighbours tell of in words of their own, how many are offered when the second one writes."""

from __future__ import annotations

import random

import pytest

from hamgara.algorithms import tracking
from hamgara.algorithms.persian.text import key
from hamgara.cli.seed import words
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.organisations.models import Place
from hamgara.domain.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

TOLD_TWICE, TOLD_ONCE, PLACES = 300, 1200, 6


@pytest.fixture
def twins() -> list[tuple[Demand, str]]:
    """Each first telling, and the title that the second neighbour types; others stand among them."""
    chance = random.Random(11)
    author, unit = Person.objects.create(name=""), make.office()
    places = [make.place() for _n in range(PLACES)]
    fields = {code: make.field(code=code) for code in words.TROUBLES}
    rows, second = [], []
    for number in range(TOLD_TWICE + TOLD_ONCE):
        about, place = words.trouble(chance), chance.choice(places)
        rows.append(_row(number, words.told(chance, about), fields[about.field], place, author, unit))
        if number < TOLD_TWICE:
            second.append(words.told(chance, about)[0])
    Demand.objects.bulk_create(rows)
    return list(zip(rows, second, strict=False))


def _row(number: int, told: tuple[str, str], field: Field, place: Place, author: Person, unit: object) -> Demand:
    title, text = told
    return Demand(
        code=tracking.with_check_digit(number),
        kind="report",
        title=title,
        title_key=key(title),
        search_key=key(f"{title} {text}"),
        text=text,
        field=field,
        place=place,
        author=author,
        unit=unit,
    )


def test_at_least_95_of_100_are_offered_among_five(twins: list[tuple[Demand, str]]) -> None:
    offered = sum(
        first in [near.demand for near in queries.nearest(typed, place=first.place, field=first.field)]
        for first, typed in twins
    )
    assert offered >= 0.95 * TOLD_TWICE


def test_offering_asks_the_database_four_times(
    twins: list[tuple[Demand, str]], django_assert_num_queries: object
) -> None:
    (other, before), (first, typed) = twins[:2]
    sequence()
    assert queries.nearest(before, place=other.place, field=other.field)  # names of places and bodies are kept by now
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert queries.nearest(typed, place=first.place, field=first.field)
