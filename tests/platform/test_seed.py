"""The large made-up city: a whole ledger in time, nothing left to follow, the same for the same seed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, F

from hamgara import clock
from hamgara.algorithms import commitment, sortition, tracking
from hamgara.channels.models import Message
from hamgara.cli import seed
from hamgara.cli.bench import city
from hamgara.cli.seed import spoken, words
from hamgara.cli.seed.beside import Beside
from hamgara.cli.seed.world import Size
from hamgara.domain.commitments import jobs as commitments
from hamgara.domain.demands import commands, queries
from hamgara.domain.demands import jobs as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Bookmark, Entry, Opening, Position
from hamgara.domain.moderation import jobs as moderation
from hamgara.domain.organisations import jobs as organisations
from hamgara.domain.organisations.models import Gathering, Organisation
from hamgara.domain.oversight import jobs as oversight
from hamgara.domain.oversight.models import Review
from tests.platform.seeding import opened

NOW = datetime(2026, 6, 1, 8, 20, tzinfo=UTC)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def made(number: int, lives: int) -> list[dict[str, Any]]:
    size = Size(demands=lives, people=40, organisations=12, accredited=6, years=0.9)
    return seed.fill(size, number, NOW, say=lambda line: None)


@pytest.fixture(scope="module")
def clusters(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[dict[str, Any]]]:
    """One city for all tests of this file, because founding it takes longer than all that they ask; then it is gone."""
    with django_db_blocker.unblock():
        with undone(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(seed, "IN_CLUSTERS", 0.15)
            yield made(5, 60)
        connection.close()


def test_it_is_as_large_as_was_asked_for_and_says_that_it_is_made_up(clusters: list[dict[str, Any]]) -> None:
    assert Demand.objects.count() == 60
    assert all(tracking.read(code) == code for code in Demand.objects.values_list("code", flat=True))
    assert Organisation.objects.filter(code__startswith="body-").count() == 12
    assert Gathering.objects.get().record["sample"] is True


def test_the_ledger_is_whole_and_in_the_order_of_time(clusters: list[dict[str, Any]]) -> None:
    told = list(Entry.objects.order_by("position__number").values_list("position__number", "at"))
    assert [number for number, _at in told] == list(range(len(told)))
    assert len(told) == Position.objects.count() > 600
    assert [at for _number, at in told] == sorted(at for _number, at in told)


def test_every_personal_field_opens_its_commitment(clusters: list[dict[str, Any]]) -> None:
    for opening in Opening.objects.filter(entry__kind__regex="^(demands|moderation)[.]").select_related("entry"):
        said = opening.entry.body
        for name in opening.field.split("."):
            said = said[name]
        assert said == {"commitment": commitment.commit(opening.field, opening.value, bytes(opening.salt))}


def test_what_a_list_shows_is_what_stands_behind_it(clusters: list[dict[str, Any]]) -> None:
    for voices in ("support", "follow", "comment"):
        differs = Demand.objects.annotate(n=Count(f"{voices}s")).exclude(**{f"{voices}_count": F("n")})
        assert not differs.exists(), voices
    for review in Review.objects.exclude(certificate=None):
        assert sortition.recheck(review.certificate) == []


def test_followers_that_read_all_of_it_and_the_calendar_find_nothing_left_to_do(clusters: list[dict[str, Any]]) -> None:
    before, messages = Entry.objects.count(), Message.objects.count()
    with undone(), clock.standing_at(NOW):
        catch_up()
        assert Message.objects.count() == messages
        Bookmark.objects.update(position=-1)
        catch_up()
        for jobs in (organisations, demands, commitments, oversight, moderation):
            jobs.let_time_pass()
        new = list(Entry.objects.order_by("id").values_list("kind", flat=True)[before:])
        assert new == []
        assert not Bookmark.objects.exclude(trouble="").exists()


def test_a_cluster_is_of_one_field_and_place_and_open_so_that_it_can_be_found(clusters: list[dict[str, Any]]) -> None:
    assert len(clusters) >= 2
    for cluster in clusters:
        rows = list(Demand.objects.filter(code__in=cluster["codes"]))
        assert 2 <= len(rows) == len(cluster["codes"])
        assert {(row.field.code, row.place.code) for row in rows} == {(cluster["field"], cluster["place"])}
        assert all(row.state in Demand.OPEN for row in rows)
        with clock.standing_at(NOW):
            assert queries.nearest(rows[0].title, place=rows[0].place, field=rows[0].field, but=rows[0])


def test_a_database_with_a_city_is_left_as_it_is(
    clusters: list[dict[str, Any]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hamgara.cli.prepare.needed", lambda url, *, sample: [])
    before = Entry.objects.count()
    assert seed.run(argparse.Namespace(demands=10, organisations=None, people=None, seed=1)) == 2
    assert "has a city already" in capsys.readouterr().err
    assert Entry.objects.count() == before


def test_a_real_city_gets_no_history_that_nobody_lived(clusters: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused):
        commands.write_lives(by=CLOCK, lives=[])
    with undone():
        Gathering.objects.update(record={})
        with pytest.raises(Refused):
            commands.write_lives(by=FOUNDERS, lives=[])


def test_what_neighbours_would_say_is_worded_for_every_trouble_and_nobody_has_said_it(
    clusters: list[dict[str, Any]],
) -> None:
    troubles = {wordings[0] for _share, some in words.TROUBLES.values() for wordings in some}
    assert spoken.SPOKEN.keys() == troubles
    said = set(Demand.objects.values_list("title", flat=True))
    assert all(len(cluster["asked"]) == 3 and not said & set(cluster["asked"]) for cluster in clusters)


def test_what_the_bench_calls_found_is_offered_and_what_is_not_there_is_not_found(
    clusters: list[dict[str, Any]],
) -> None:
    ways = 3 * len(clusters)
    near, alone, _milliseconds = city.find_duplicates(clusters)
    assert near[1] == alone[1] == ways
    assert near[0] > ways / 2
    gone = [{**cluster, "codes": ["00000000"]} for cluster in clusters]
    assert city.find_duplicates(gone)[0] == (0, ways)


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_and_another_one_another() -> None:
    cities = []
    for _time in range(2):
        with undone():
            found = made(5, 10)
            cities.append((found, [(kind, at, about) for kind, at, about, _body in opened()]))
    assert cities[0] == cities[1]
    assert len(cities[0][1]) > 100
    codes = [seed.codes_of(number, 10) for number in (5, 5, 6)]
    assert codes[0] == codes[1] != codes[2]


@pytest.mark.django_db(transaction=True)
def test_what_a_process_beside_writes_down_is_what_one_alone_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "BATCH", 3)
    with undone():
        alone = made(5, 10), [(kind, at, about) for kind, at, about, _body in opened()]
    assert (made(5, 10), [(kind, at, about) for kind, at, about, _body in opened()]) == alone


def _stumble() -> None:
    raise ValueError


def _stopped_midway() -> None:
    with Beside() as beside:
        beside.do(time.sleep, 60)
        raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_trouble_in_the_process_beside_is_ours_and_ours_ends_it(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="failed"), Beside() as beside:
        beside.do(_stumble)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _stopped_midway()
    assert time.monotonic() - began < 30
    assert "ValueError" in capfd.readouterr().err
