"""`kill -9` in the middle: nothing half-written, nothing lost, nothing done twice."""

from __future__ import annotations

import pytest

from hamgara.domain.ledger import jobs
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import catch_up, follower
from hamgara.domain.ledger.models import Entry, Heartbeat, Opening, Pending, Position
from tests.ledger.acts import Heard, Said, Somebody, hear, kill_when_it_says_now, say

pytestmark = pytest.mark.django_db(transaction=True)

IN_A_COMMAND = """
acts.say(by=acts.Somebody(), then=lambda: (print("now", flush=True), time.sleep(60)))
"""
BEFORE_THE_WAKE = """
from hamgara.integrations import queue
queue.wake_followers = lambda: (print("now", flush=True), time.sleep(60))
acts.say(by=acts.Somebody())
"""
IN_THE_SEQUENCER = """
from hamgara.domain.ledger import jobs
from django.db.transaction import Atomic
Atomic.__exit__ = lambda *given: (print("now", flush=True), time.sleep(60))  # all is written, nothing committed
jobs.sequence()
"""
IN_A_FOLLOWER = """
from hamgara.domain.ledger import jobs
from hamgara.domain.ledger.events import RULES
jobs.FOLLOWERS.clear()
@jobs.follower("ear", acts.Said)
def act(entry):
    acts.hear(by=RULES, thing=entry.data["thing"])
    if entry.data["thing"] == "c":
        print("now", flush=True)
        time.sleep(60)
jobs.catch_up()
"""


@pytest.fixture(autouse=True)
def _only_our_follower(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FOLLOWERS", {})

    @follower("ear", Said)
    def act(entry: Entry) -> None:
        hear(by=RULES, thing=entry.data["thing"])


def heard() -> list[str]:
    return [entry.data["thing"] for entry in Entry.objects.filter(kind=Heard.KIND).order_by("pk")]


def test_killed_in_a_command_nothing_is_half_written() -> None:
    kill_when_it_says_now(IN_A_COMMAND)
    assert not any(model.objects.exists() for model in (Entry, Opening, Pending, Heartbeat))
    say(by=Somebody())
    catch_up()
    assert heard() == ["bread"]


def test_killed_between_commit_and_wake_nothing_is_lost() -> None:
    kill_when_it_says_now(BEFORE_THE_WAKE)
    assert Entry.objects.count() == 1
    jobs.follow_anyway.func(0)
    assert heard() == ["bread"]


def test_killed_in_the_sequencer_the_order_is_whole() -> None:
    for thing in "abc":
        say(by=Somebody(), thing=thing)
    kill_when_it_says_now(IN_THE_SEQUENCER)
    assert not Position.objects.exists()
    assert Pending.objects.count() == 3
    catch_up()
    assert heard() == ["a", "b", "c"]
    assert list(Position.objects.order_by("number").values_list("number", flat=True)) == [0, 1, 2, 3, 4, 5]


def test_killed_in_a_follower_nothing_is_lost_or_doubled() -> None:
    for thing in "abcd":
        say(by=Somebody(), thing=thing)
    kill_when_it_says_now(IN_A_FOLLOWER)
    assert heard() == ["a", "b"]
    catch_up()
    assert heard() == ["a", "b", "c", "d"]
