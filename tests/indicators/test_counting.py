"""However the ledger is read – in pieces of any size, twice, by a follower that dies midway – the sums are the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import connection

from hamgara.domain.indicators import jobs
from hamgara.domain.indicators.models import Cell, CountedDemand, CountedPromise, Duration
from hamgara.domain.ledger.jobs import read_on
from hamgara.domain.ledger.models import Bookmark
from hamgara.domain.ledger.queries import head
from tests.indicators.comparing import undone
from tests.indicators.journeys import City, lived

pytestmark = pytest.mark.django_db


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """All that the follower keeps, without the numbers of the rows."""
    return {
        model.__name__: sorted(
            model._default_manager.values_list(*[f.name for f in model._meta.concrete_fields if f.name != "id"]),
            key=repr,
        )
        for model in (CountedDemand, CountedPromise, Cell, Duration)
    }


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """One city that has lived, for all tests that read its ledger in another way."""
    with django_db_blocker.unblock():
        with undone():
            yield lived(7)
        connection.close()


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
def test_few_or_many_entries_at_once_leave_the_same(at_once: int, city: City) -> None:
    before = tables()
    with undone():
        assert jobs.recount(at_once=at_once) == len(before["CountedDemand"]) > 8
        assert tables() == before


def test_a_ledger_that_is_read_a_second_time_leaves_the_same(city: City) -> None:
    before = tables()
    with undone():
        Bookmark.objects.filter(follower=jobs.FOLLOWER).update(position=-1)
        read_on(jobs.FOLLOWER, at_once=7)
        assert tables() == before


def test_a_follower_that_dies_midway_goes_on_where_it_stood(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables()
    kept, times = jobs._sum_durations, count()

    def dying(differences: Any) -> None:
        if next(times) >= 5:
            raise ConnectionError("the power went")
        kept(differences)

    with undone():
        monkeypatch.setattr(jobs, "_sum_durations", dying)
        jobs.recount(at_once=7)
        assert -1 < Bookmark.objects.get(follower=jobs.FOLLOWER).position < head()
        monkeypatch.setattr(jobs, "_sum_durations", kept)
        read_on(jobs.FOLLOWER, at_once=7)
        assert tables() == before
