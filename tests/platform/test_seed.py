"""The large made-up city: a whole ledger, nobody told of it, the same for the same seed, and only where none is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from hamgara import clock
from hamgara.algorithms import commitment, tracking
from hamgara.channels.models import Message, Notice
from hamgara.cli import seed
from hamgara.domain.demands import queries
from hamgara.domain.demands.events import TakenOver
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry, Opening, Position

MOMENT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def made(number: int = 5, demands: int = 200) -> list[list[str]]:
    with clock.standing_at(MOMENT):
        return seed.past_years(demands, 10, 50, number, say=lambda line: None)


@pytest.fixture(scope="module")
def clusters(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[list[str]]]:
    """One city for all tests of this file, because founding it takes longer than all that they ask; then it is gone."""
    with django_db_blocker.unblock():
        with undone():
            yield made()
        connection.close()


def test_the_rows_are_what_the_ledger_says(clusters: list[list[str]]) -> None:
    entries = {entry.data["demand"]: entry for entry in Entry.objects.filter(kind=TakenOver.KIND)}
    demands = list(Demand.objects.select_related("unit", "field", "place"))
    assert len(demands) == len(entries) == 200
    for demand in demands:
        said = entries[demand.code].data
        assert (demand.state, demand.claim, demand.unit.code, demand.field.code, demand.place.code) == tuple(
            said[name] for name in ("state", "claim", "unit", "field", "place")
        )
        assert tracking.read(demand.code) == demand.code
    assert {demand.state for demand in demands} == {"received", "admitted", "filed"}
    assert {demand.claim for demand in demands} == {"", "done", "answered", "refused", "not_doable"}
    assert len(clusters) >= 2
    assert all(2 <= len(cluster) <= 5 for cluster in clusters)


def test_every_personal_field_opens_its_commitment_and_no_position_is_left_out(clusters: list[list[str]]) -> None:
    for opening in Opening.objects.filter(entry__kind=TakenOver.KIND).select_related("entry"):
        said = opening.entry.body
        for name in opening.field.split("."):
            said = said[name]
        assert said == {"commitment": commitment.commit(opening.field, opening.value, bytes(opening.salt))}
    numbers = list(Position.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(Entry.objects.count()))


def test_nobody_is_told_of_it_and_nothing_follows_from_it(clusters: list[list[str]]) -> None:
    before = Entry.objects.count(), Notice.objects.filter(entry__kind=TakenOver.KIND).count(), Message.objects.count()
    assert before[1] == 0
    with undone():
        catch_up()
        told = Notice.objects.filter(entry__kind=TakenOver.KIND).count()
        assert (Entry.objects.count(), told, Message.objects.count()) == before


def test_a_cluster_is_of_one_field_and_place_and_open_so_that_it_can_be_found(clusters: list[list[str]]) -> None:
    for cluster in clusters:
        rows = list(Demand.objects.filter(code__in=cluster))
        assert len(rows) == len(cluster)
        assert len({(row.field_id, row.place_id) for row in rows}) == 1
        assert all(row.state in Demand.OPEN for row in rows)
        first = rows[0]
        with clock.standing_at(MOMENT):
            near = queries.nearest(first.title, place=first.place, field=first.field, but=first)
        assert near


def test_a_database_with_a_city_is_left_as_it_is(
    clusters: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hamgara.cli.prepare.needed", lambda url, *, sample: [])
    before = Entry.objects.count()
    assert seed.run(argparse.Namespace(demands=10, organisations=None, people=None, seed=1)) == 2
    assert "has a city already" in capsys.readouterr().err
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_and_another_one_another() -> None:
    cities = []
    for number in (5, 5, 6):
        with undone():
            found = made(number, 40)
            rows = Demand.objects.order_by("code").values_list("title", "text", "state", "claim", "submitted_at")
            cities.append((list(rows), found))
    assert cities[0] == cities[1]
    assert cities[0] != cities[2]
