"""What is kept of rows that hardly change is read anew when one of them does, and at no other time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from hamgara.domain.ledger import queries
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.models import Entry
from hamgara.domain.ledger.queries import Kept, one_moment
from hamgara.domain.organisations import commands, events
from hamgara.domain.organisations import queries as organisations
from tests import factories as make


@pytest.fixture
def counted() -> Iterator[Kept[int]]:
    """How many entries there are, counted again only after an act on places."""
    kept = Kept(Entry.objects.count, events.PlaceAdded.KIND, events.PlaceChanged.KIND)
    yield kept
    Kept.every.remove(kept)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_it_is_read_once_until_such_an_act_is_recorded(counted: Kept[int]) -> None:
    make.city()
    sequence()
    before = counted.now()
    make.person()
    assert counted.now() == before
    make.place()
    assert counted.now() == Entry.objects.count() > before
    sequence()
    after = counted.now()
    make.person()
    assert counted.now() == after


@pytest.mark.django_db
def test_what_waits_for_its_position_is_read_anew_each_time(counted: Kept[int]) -> None:
    make.place()
    before = counted.now()
    make.person()
    assert counted.now() > before


@pytest.mark.django_db
def test_a_page_asks_once(counted: Kept[int], django_assert_num_queries: object) -> None:
    make.city()
    sequence()
    for each in Kept.every:
        each.now()
    with django_assert_num_queries(1), one_moment():  # type: ignore[operator]
        for each in (*Kept.every, *Kept.every):
            each.now()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_late_is_not_missed() -> None:
    """Its entry got a smaller number than one that was read already: only its position comes later."""
    place, other = make.place(), make.place()
    recorded, may_commit = threading.Event(), threading.Event()

    def rename() -> None:
        with transaction.atomic():
            commands.change_place(by=FOUNDERS, place=place, name="محلهٔ دیررس")
            recorded.set()
            assert may_commit.wait(20)
        connection.close()

    late = threading.Thread(target=rename)
    late.start()
    assert recorded.wait(20)
    commands.change_place(by=FOUNDERS, place=other, name="محلهٔ زودرس")
    while sequence():
        pass
    assert organisations.places().by_pk[other.pk].name == "محلهٔ زودرس"
    assert organisations.places().by_pk[place.pk].name != "محلهٔ دیررس"
    may_commit.set()
    late.join(20)
    assert organisations.places().by_pk[place.pk].name == "محلهٔ دیررس"
    sequence()
    assert organisations.places().by_pk[place.pk].name == "محلهٔ دیررس"


@pytest.mark.django_db
def test_a_ledger_that_is_shorter_than_it_was_is_another_ledger(counted: Kept[int]) -> None:
    make.city()
    before, head = counted.now(), queries.head()
    counted._kept = head + 5, before + 1
    assert counted.now() == before


@pytest.mark.django_db
def test_what_nobody_asks_for_makes_no_other_be_read_again(counted: Kept[int]) -> None:
    asleep = Kept(Entry.objects.count, events.PlaceAdded.KIND)
    asleep.now()
    make.place()
    sequence()
    before = counted.now()
    make.person()
    sequence()
    assert counted.now() == before < asleep.now()
    Kept.every.remove(asleep)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_act_ends_the_moment_in_which_it_was_done(counted: Kept[int]) -> None:
    make.city()
    sequence()
    with one_moment():
        before = counted.now()
        make.place()
        assert counted.now() > before
