"""Many acts in one transaction: each is an entry as any other, and followers read them many at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from hamgara import clock
from hamgara.algorithms import commitment
from hamgara.domain.ledger import jobs
from hamgara.domain.ledger.commands import Act, Replayed, batch, chronicle, command, keep_numbers, record_all
from hamgara.domain.ledger.events import CLOCK, Actor
from hamgara.domain.ledger.jobs import catch_up, follower
from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Opening, Pending, Position
from tests.ledger.acts import Heard, Said, Somebody, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_our_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FOLLOWERS", {})


@batch
def say_all(*, by: Actor, acts: list[Act]) -> list[Entry]:
    """Write a row and record everything."""
    Heartbeat.objects.create(part="all", at=clock.now())
    return record_all(acts)


def said(thing: str, words: str = "it is dear") -> Act:
    return Act(Said(thing=thing, words=words), Somebody(), clock.now())


def test_each_act_of_a_batch_is_an_entry_like_that_of_a_command() -> None:
    with clock.standing_at(clock.now()):
        alone = say(by=Somebody(), thing="a", words="سخن")
        [first, second] = say_all(by=CLOCK, acts=[said("a", "سخن"), said("b")])
    assert first.body.keys() == alone.body.keys()
    assert (first.kind, first.at, first.subjects, first.body["by"]["role"]) == (
        alone.kind,
        alone.at,
        alone.subjects,
        alone.body["by"]["role"],
    )
    assert second.subjects == ["thing:b"]
    for entry in (first, second):
        opened = {each.field: each for each in Opening.objects.filter(entry=entry)}
        assert set(opened) == {"by.person", "data.words"}
        for field, each in opened.items():
            part, name = field.split(".")
            assert entry.body[part][name]["commitment"] == commitment.commit(field, each.value, bytes(each.salt))
    assert Pending.objects.count() == 3


def test_an_act_of_the_past_keeps_its_own_moment() -> None:
    then = clock.now() - timedelta(days=900)
    [entry] = say_all(by=CLOCK, acts=[Act(Said(thing="a"), Somebody(), then)])
    assert (Entry.objects.get().at, entry.body["at"][:10]) == (then, then.date().isoformat())


def test_a_batch_is_all_or_nothing() -> None:
    key = uuid4()
    say(by=Somebody(once=key), thing="a")
    with pytest.raises(Exception, match="once"):
        say_all(by=CLOCK, acts=[said("b"), Act(Said(thing="a"), Somebody(once=key), clock.now())])
    assert Entry.objects.count() == 1
    assert not Heartbeat.objects.filter(part="all").exists()


def test_a_batch_that_comes_twice_is_told_of_the_first() -> None:
    by = Somebody(once=uuid4())
    say_all(by=by, acts=[Act(Said(thing="a"), by, clock.now())])
    with pytest.raises(Replayed):
        say_all(by=by, acts=[Act(Said(thing="a"), by, clock.now())])
    assert Entry.objects.count() == 1


def test_a_batch_has_one_verb() -> None:
    with pytest.raises(RuntimeError, match="several kinds"):
        say_all(by=CLOCK, acts=[said("a"), Act(Heard(thing="a"), CLOCK, clock.now())])
    assert not Entry.objects.exists()


def test_a_batch_of_nothing_writes_no_entry() -> None:
    assert say_all(by=CLOCK, acts=[]) == []


def test_a_command_cannot_hide_a_batch() -> None:
    @command
    def odd(*, by: Actor) -> None:
        record_all([said("a"), said("b")])

    with pytest.raises(RuntimeError, match="recorded 2 events"):
        odd(by=CLOCK)


def test_a_follower_that_reads_many_at_once_reads_each_once_in_order() -> None:
    read: list[str] = []
    follower("reader", Said, at_once=3)(lambda entry: read.append(entry.data["thing"]))
    say_all(by=CLOCK, acts=[said(thing) for thing in "abcdefgh"])
    catch_up()
    catch_up()
    assert read == list("abcdefgh")
    assert Bookmark.objects.get(follower="reader").position == 7


def test_one_that_stumbles_among_many_has_done_all_before_and_nothing_after() -> None:
    ill = True

    def act(entry: Entry) -> None:
        if ill and entry.data["thing"] == "c":
            raise ValueError("ill")
        Heartbeat.objects.create(part=f"read {entry.data['thing']}", at=clock.now())

    follower("reader", Said, at_once=5)(act)
    say_all(by=CLOCK, acts=[said(thing) for thing in "abcde"])
    catch_up()
    done = Heartbeat.objects.filter(part__startswith="read").order_by("part").values_list("part", flat=True)
    assert list(done.all()) == ["read a", "read b"]
    assert Bookmark.objects.get(follower="reader").trouble == "ValueError"
    ill = False
    catch_up()
    assert list(done.all()) == [f"read {thing}" for thing in "abcde"]
    assert Bookmark.objects.get(follower="reader").trouble == ""


@pytest.mark.parametrize("stride", [1, 500])
def test_one_that_spreads_news_never_reads_what_is_old(stride: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STRIDE", stride)  # far behind the last act, and near it
    read: list[str] = []

    @follower("news", Said, news=lambda: timedelta(days=3))
    def act(entry: Entry) -> None:
        read.append(entry.data["thing"])

    now = clock.now()
    days = {"a": 9, "b": 2, "c": 5, "d": 0}
    say_all(by=CLOCK, acts=[Act(Said(thing=thing), CLOCK, now - timedelta(days=ago)) for thing, ago in days.items()])
    catch_up()
    assert read == ["b", "d"]
    assert Bookmark.objects.get(follower="news").position == 3


@chronicle
def tell_all(*, by: Actor, acts: list[Act]) -> list[Entry]:
    return record_all(acts)


def test_a_chronicle_tells_in_the_numbers_kept_for_it_so_that_its_acts_stand_in_time_among_others() -> None:
    then = clock.now() - timedelta(days=9)
    first = keep_numbers(10)
    later = say(by=Somebody(), thing="c")
    one, other = Act(Said(thing="a"), CLOCK, then, first + 4), Act(Said(thing="b"), CLOCK, then, first + 2)
    tell_all(by=CLOCK, acts=[one, other])
    assert list(Entry.objects.order_by("id").values_list("id", flat=True)) == [first + 2, first + 4, later.pk]
    assert later.pk > first + 9


def test_the_acts_of_chronicles_get_their_places_together_in_the_order_of_their_numbers() -> None:
    then = clock.now() - timedelta(days=9)
    first = keep_numbers(10)
    later = say(by=Somebody(), thing="c")
    for number in (4, 2):
        tell_all(by=CLOCK, acts=[Act(Said(thing="a"), CLOCK, then + timedelta(days=number), first + number)])
    assert jobs.order_all() == 3
    told = Position.objects.order_by("number").values_list("number", "entry_id")
    assert list(told) == [(0, first + 2), (1, first + 4), (2, later.pk)]
    assert not Pending.objects.exists()
    last = say(by=Somebody(), thing="d")
    assert jobs.sequence() == 1
    assert Position.objects.get(entry=last).number == 3
    assert jobs.order_all() == 0


def test_a_chronicle_whose_numbers_go_against_time_is_written_not_at_all() -> None:
    first, now = keep_numbers(2), clock.now()
    acts = [Act(Said(thing="a"), CLOCK, now, first), Act(Said(thing="b"), CLOCK, now - timedelta(days=1), first + 1)]
    with pytest.raises(RuntimeError, match="order of time"):
        tell_all(by=CLOCK, acts=acts)
    assert not Entry.objects.exists()
