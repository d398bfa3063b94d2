"""The one order of all entries, and followers that read each of them once, in that order, whatever happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from hamgara.domain.ledger import jobs, queries
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import catch_up, follower, sequence
from hamgara.domain.ledger.models import Bookmark, Entry, Heartbeat, Pending, Position
from tests.ledger.acts import Heard, Said, Somebody, Told, hear, in_threads, say, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_our_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FOLLOWERS", {})


def order() -> list[tuple[int, int]]:
    return list(Position.objects.order_by("number").values_list("number", "entry_id"))


# --- the sequencer ---------------------------------------------------------------------------------------------------


def test_entries_get_their_places_without_gaps_from_nought() -> None:
    entries = [say(by=Somebody(), thing=thing) for thing in "abc"]
    assert sequence() == 3
    assert order() == [(n, entry.pk) for n, entry in enumerate(entries)]
    later = say(by=Somebody(), thing="d")
    assert (sequence(), sequence()) == (1, 0)
    assert order()[-1] == (3, later.pk)


@pytest.mark.django_db(transaction=True)
def test_the_order_has_no_gaps_however_many_write_and_sequence_at_once() -> None:
    writers, acts = 4, 12
    done = threading.Event()

    def write(name: int) -> Callable[[], None]:
        def work() -> None:
            for n in range(acts):
                say(by=Somebody(), thing=f"{name}-{n}")

        return work

    def keep_sequencing() -> None:
        while not done.is_set():
            sequence()

    def all_writers() -> None:
        in_threads(*(write(name) for name in range(writers)))
        done.set()

    in_threads(all_writers, keep_sequencing, keep_sequencing)
    sequence()
    places = order()
    assert [number for number, _entry in places] == list(range(writers * acts))
    assert {entry for _number, entry in places} == set(Entry.objects.values_list("pk", flat=True))
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_not_lost() -> None:
    read: list[str] = []

    @follower("reader", Said)
    def act(entry: Entry) -> None:
        read.append(entry.data["thing"])

    inside, go_on = threading.Event(), threading.Event()

    def late() -> None:
        say(by=Somebody(), thing="late", then=lambda: (inside.set(), go_on.wait(20))[0])

    def early() -> None:
        assert inside.wait(20)
        say(by=Somebody(), thing="early")
        catch_up()
        assert read == ["early"]
        go_on.set()

    in_threads(late, early)
    by_id = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    catch_up()
    assert read == ["early", "late"]
    assert [entry for _number, entry in order()] == by_id[::-1], "the late one has the smaller id and the later place"


# --- followers -------------------------------------------------------------------------------------------------------


def test_a_follower_reads_its_kinds_once_each_in_order() -> None:
    read: list[str] = []

    @follower("reader", Said)
    def act(entry: Entry) -> None:
        read.append(entry.data["thing"])

    for thing in "abc":
        say(by=Somebody(), thing=thing)
        tell(by=Somebody(), person="p", words="w")
    catch_up()
    catch_up()
    assert read == ["a", "b", "c"]
    bookmark = Bookmark.objects.get(follower="reader")
    assert (bookmark.position, bookmark.trouble) == (4, "")
    say(by=Somebody(), thing="d")
    catch_up()
    assert read == ["a", "b", "c", "d"]


def test_a_new_follower_reads_from_the_beginning() -> None:
    say(by=Somebody(), thing="a")
    catch_up()
    read: list[str] = []
    follower("late comer", Said)(lambda entry: read.append(entry.data["thing"]))
    catch_up()
    assert read == ["a"]


def test_it_goes_on_until_nothing_new_comes_of_it() -> None:
    heard: list[str] = []

    @follower("ear", Said)
    def act(entry: Entry) -> None:
        hear(by=RULES, thing=entry.data["thing"])

    @follower("echo", Heard)
    def again(entry: Entry) -> None:
        heard.append(entry.data["thing"])
        if len(heard) < 3:
            hear(by=RULES, thing=f"{entry.data['thing']}!")

    say(by=Somebody(), thing="a")
    catch_up()
    assert heard == ["a", "a!", "a!!"]
    assert not Pending.objects.exists()


def test_a_follower_that_stumbles_stays_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    steady: list[str] = []
    shaky: list[str] = []
    ill, words = True, "۰۹۱۳ ۱۲۳ ۴۵۶۷"

    @follower("shaky", Said)
    def stumble(entry: Entry) -> None:
        if ill and entry.data["thing"] == "b":
            raise ValueError(f"the words were: {words}")
        shaky.append(entry.data["thing"])

    follower("steady", Said)(lambda entry: steady.append(entry.data["thing"]))
    for thing in "abc":
        say(by=Somebody(), thing=thing)
    with caplog.at_level(logging.DEBUG):
        catch_up()
    assert (shaky, steady) == (["a"], ["a", "b", "c"])
    assert list(queries.lagging().values_list("follower", "position", "trouble")) == [("shaky", 0, "ValueError")]
    assert "shaky stumbled over ValueError" in caplog.text
    assert words not in caplog.text, "an error's own words may quote people's"

    ill = False
    catch_up()
    assert shaky == ["a", "b", "c"]
    assert not queries.lagging().exists()


def test_what_a_stumbling_follower_did_is_undone() -> None:
    ill = True

    @follower("shaky", Said)
    def act(entry: Entry) -> None:
        hear(by=RULES, thing=entry.data["thing"])
        if ill:
            raise ValueError

    say(by=Somebody())
    catch_up()
    assert not Entry.objects.filter(kind=Heard.KIND).exists()
    ill = False
    catch_up()
    assert Entry.objects.filter(kind=Heard.KIND).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_double() -> None:
    @follower("ear", Said)
    def act(entry: Entry) -> None:
        hear(by=RULES, thing=entry.data["thing"])

    for n in range(15):
        say(by=Somebody(), thing=f"{n}")
    in_threads(catch_up, catch_up, catch_up)
    catch_up()
    heard = [entry.data["thing"] for entry in Entry.objects.filter(kind=Heard.KIND)]
    assert sorted(heard, key=int) == [f"{n}" for n in range(15)]


def test_a_bookmark_moves_over_what_is_not_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STRIDE", 3)
    read: list[str] = []
    follower("reader", Said)(lambda entry: read.append(entry.data["thing"]))
    tell(by=Somebody(), person="p", words="w")
    tell(by=Somebody(), person="p", words="w")
    catch_up()
    assert Bookmark.objects.get().position == -1
    tell(by=Somebody(), person="p", words="w")
    catch_up()
    assert Bookmark.objects.get().position == 2
    say(by=Somebody(), thing="a")
    catch_up()
    assert read == ["a"]
    assert Bookmark.objects.get().position == 3


def test_two_followers_cannot_have_one_name() -> None:
    follower("one", Said)(lambda entry: None)
    with pytest.raises(TypeError, match="two followers"):
        follower("one", Told)(lambda entry: None)


def test_the_jobs_leave_signs_of_life() -> None:
    jobs.follow.func()
    assert set(queries.heartbeats()) == {"worker"}
    jobs.follow_anyway.func(0)
    assert set(queries.heartbeats()) == {"worker"}, "the scheduler signs for itself, or its death would go unseen"
    assert Heartbeat.objects.count() == 1
