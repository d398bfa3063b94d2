"""A command is all or nothing, records exactly one event, stands alone, and is done once however often it comes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hamgara.algorithms.lifecycle import Lifecycle, WrongState
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed, command, record, refuse_replay, require
from hamgara.domain.ledger.events import CLOCK, Actor, Event
from hamgara.domain.ledger.models import Entry, Heartbeat, Opening, Pending
from hamgara.domain.ledger.policies import Allowed, Denied
from hamgara.integrations import queue
from tests.ledger.acts import Said, Somebody, hear, in_threads, say

pytestmark = pytest.mark.django_db


def nothing_was_written() -> bool:
    tables = (Entry, Opening, Pending, Heartbeat)
    return not any(table._default_manager.exists() for table in tables)


def raising(error: Exception) -> Any:
    def then() -> None:
        raise error

    return then


@pytest.mark.parametrize(
    "error",
    [
        Refused("نه"),
        Invalid({"thing": "نه"}),
        WrongState("thing", "a", "b", ()),
        IntegrityError("twice"),
        ValueError("odd"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_command_that_ends_in_an_error_has_written_nothing(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        say(by=Somebody(), thing="p", words="سخن", then=raising(error))
    assert raised.value is error
    assert nothing_was_written()


def test_a_command_after_one_that_failed_is_a_command_like_any_other() -> None:
    with pytest.raises(ValueError, match="odd"):
        say(by=Somebody(), thing="p", then=raising(ValueError("odd")))
    say(by=Somebody(), thing="p")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("times", [0, 2, 3])
def test_a_command_records_exactly_one_event(times: int) -> None:
    @command
    def odd(*, by: Any) -> None:
        for n in range(times):
            record(Said(thing=f"p{n}"), by=by)

    with pytest.raises(RuntimeError, match=f"recorded {times} events"):
        odd(by=CLOCK)
    assert nothing_was_written()


def test_a_command_calls_no_other_command() -> None:
    with pytest.raises(RuntimeError, match="inside another command"):
        say(by=CLOCK, thing="outer", then=lambda: say(by=CLOCK, thing="inner"))
    assert nothing_was_written()


def test_nothing_is_recorded_outside_a_command() -> None:
    with pytest.raises(RuntimeError, match="outside a command"):
        record(Said(thing="p"), by=CLOCK)
    assert nothing_was_written()


def test_a_command_says_that_it_is_one_and_keeps_its_name() -> None:
    assert say.is_command  # type: ignore[attr-defined]
    assert say.__name__ == "say"


def test_a_policy_allows_or_says_why_not() -> None:
    require(Allowed)
    with pytest.raises(Refused) as refused:
        require(Denied("برای این کار نمایندگی لازم است."))
    assert refused.value.reason == "برای این کار نمایندگی لازم است."
    assert bool(Allowed)
    assert not Denied("نه")


def test_two_events_cannot_have_one_name() -> None:
    with pytest.raises(TypeError, match="two events"):

        class Again(Event, kind="people.registered"):
            """A name that is taken."""


# --- once ------------------------------------------------------------------------------------------------------------


def test_the_same_form_twice_is_done_once_and_leads_to_the_first() -> None:
    by = Somebody(once=uuid.uuid4())
    first = hear(by=by, thing="p")
    with pytest.raises(Replayed) as replayed:
        hear(by=by, thing="p")
    assert replayed.value.entry == first
    assert Entry.objects.count() == 1


LIFE = Lifecycle("door", "open", {"close": ({"open"}, "closed")})
HINDRANCES: dict[str, Callable[[], object]] = {
    "refused": lambda: require(Denied("you have done it already")),
    "invalid": raising(Invalid({"thing": "taken"})),
    "a state that has moved on": lambda: LIFE.after("closed", "close"),
}


@pytest.mark.parametrize("hindrance", HINDRANCES.values(), ids=HINDRANCES.keys())
def test_a_form_is_not_told_that_its_own_first_coming_stands_against_it(hindrance: Callable[[], object]) -> None:
    @command
    def press(*, by: Actor) -> Entry:
        if Entry.objects.exists():
            hindrance()
        return record(Said(thing="bread"), by=by)

    by = Somebody(once=uuid.uuid4())
    first = press(by=by)
    with pytest.raises(Replayed) as replayed:
        press(by=by)
    assert replayed.value.entry == first
    with pytest.raises((Refused, Invalid, WrongState)):  # another form is another act, and hears what stands against it
        press(by=Somebody(once=uuid.uuid4()))


def test_a_row_that_the_first_coming_made_does_not_stand_against_the_second() -> None:
    by = Somebody(once=uuid.uuid4())
    first = say(by=by, thing="bread")
    with pytest.raises(Replayed) as replayed:
        say(by=by, thing="bread")
    assert replayed.value.entry == first
    with pytest.raises(IntegrityError):
        say(by=Somebody(once=uuid.uuid4()), thing="bread")


def test_a_form_that_failed_may_come_again() -> None:
    by = Somebody(once=uuid.uuid4())
    with pytest.raises(Refused):
        say(by=by, thing="p", then=raising(Refused("نه")))
    say(by=by, thing="p")
    assert Entry.objects.get().once == by.once


def test_acts_without_a_key_are_each_done() -> None:
    for _n in range(2):
        hear(by=Somebody(), thing="p")
    assert Entry.objects.filter(once=None).count() == 2


def test_a_command_with_much_to_do_may_ask_first() -> None:
    by = Somebody(once=uuid.uuid4())
    refuse_replay(by)
    refuse_replay(Somebody())
    hear(by=by, thing="p")
    with pytest.raises(Replayed):
        refuse_replay(by)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_clicks_waits_for_the_first_and_is_told_of_it() -> None:
    by = Somebody(once=uuid.uuid4())
    first_is_in, finish = threading.Event(), threading.Event()
    outcome: list[Entry] = []

    def first() -> None:
        say(by=by, then=lambda: (first_is_in.set(), finish.wait(10)))

    def second() -> None:
        assert first_is_in.wait(10)
        threading.Timer(0.3, finish.set).start()  # the second one is waiting for the first one's key by then
        with pytest.raises(Replayed) as replayed:
            hear(by=by, thing="bread")
        outcome.append(replayed.value.entry)

    in_threads(first, second)
    assert outcome == [Entry.objects.get()]


@pytest.mark.django_db(transaction=True)
def test_eight_of_the_same_form_at_once_are_one_act_and_seven_replays() -> None:
    by = Somebody(once=uuid.uuid4())
    outcomes: list[str] = []

    def press() -> None:
        try:
            hear(by=by, thing="bread")
        except Replayed as replayed:
            outcomes.append(replayed.entry.kind)
        else:
            outcomes.append("done")

    in_threads(*[press] * 8)
    assert sorted(outcomes) == ["done"] + ["tests.heard"] * 7
    assert Entry.objects.count() == Pending.objects.count() == 1


# --- the wake --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_followers_are_woken_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(queue, "wake_followers", lambda: woken.append(connection.in_atomic_block))
    say(by=Somebody())
    assert woken == [False]
    with pytest.raises(Refused):
        say(by=Somebody(), thing="tea", then=raising(Refused("no")))
    assert woken == [False]


@pytest.mark.django_db(transaction=True)
def test_many_acts_are_one_wake() -> None:
    for thing in ("a", "b", "c"):
        say(by=Somebody(), thing=thing)
    assert ProcrastinateJob.objects.filter(task_name=queue.FOLLOW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_stands_when_the_queue_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def defer(self) -> None:
            raise exceptions.ConnectorException("down")

    monkeypatch.setattr(app, "configure_task", lambda *args, **kwargs: Down())
    say(by=Somebody())
    assert Pending.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_act_waits_for_another_one() -> None:
    """A job deferred inside the transaction would hold every other command at its end."""
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        say(by=Somebody(), thing="slow", then=lambda: (inside.set(), go_on.wait(10)))

    def quick() -> None:
        assert inside.wait(10)
        say(by=Somebody(), thing="quick")
        say(by=Somebody(), thing="quicker")
        assert Entry.objects.count() == 2
        go_on.set()

    in_threads(slow, quick)
    assert Entry.objects.count() == 3
