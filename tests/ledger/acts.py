"""Small acts and events to try the ledger with, and a process that is killed in the middle of something."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db import connection, connections

from hamgara import clock
from hamgara.domain.ledger.commands import command, record
from hamgara.domain.ledger.events import KINDS, Actor, Event
from hamgara.domain.ledger.models import Entry, Heartbeat

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Said(Event, kind="tests.said", personal={"words", "name"}):
    """Somebody said something about a thing: the thing is public, the words and the name are their own."""

    thing: str
    words: Any = None
    name: str | None = None

    def subjects(self) -> tuple[str, ...]:
        return (f"thing:{self.thing}",)


@dataclass(frozen=True, kw_only=True)
class Told(Event, kind="tests.told", personal={"person", "words"}, about="person"):
    """Somebody was told something by somebody else."""

    person: str
    words: str | None

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Heard(Event, kind="tests.heard"):
    """What a follower makes of what was said."""

    thing: str

    def subjects(self) -> tuple[str, ...]:
        return (f"thing:{self.thing}",)


for _event in (Said, Told, Heard):  # nobody's acts but the tests': the house's own list of kinds stays as it is
    KINDS.pop(_event.KIND, None)


@dataclass(frozen=True)
class Somebody:
    """An actor with nothing behind it."""

    person_key: str | None = "key-of-maryam"
    body: str | None = None
    role: str | None = None
    once: UUID | None = None


@command
def say(
    *,
    by: Actor,
    thing: str = "bread",
    words: Any = "it is dear",
    name: str | None = None,
    then: Callable[[], object] = lambda: None,
) -> Entry:
    """Write a row, record it, and `then`, before the commit, whatever the test wishes."""
    Heartbeat.objects.create(part=thing, at=clock.now())
    entry = record(Said(thing=thing, words=words, name=name), by=by)
    then()
    return entry


@command
def tell(*, by: Actor, person: str, words: str | None) -> Entry:
    return record(Told(person=person, words=words), by=by)


@command
def hear(*, by: Actor, thing: str) -> Entry:
    return record(Heard(thing=thing), by=by)


def address() -> str:
    """Where the test database is, as a DATABASE_URL."""
    at = connection.settings_dict
    asked = "&".join(f"{key}={quote(str(at[key.upper()]), safe='')}" for key in ("host", "port") if at[key.upper()])
    return f"postgresql://{quote(at['USER'])}:{quote(at['PASSWORD'])}@/{at['NAME']}?{asked}"


def kill_when_it_says_now(code: str) -> None:
    """Run `code` in a process of its own, and `kill -9` it as soon as it says «now»."""
    opening = "import time, django\ndjango.setup()\nfrom tests.ledger import acts\n"
    child = subprocess.Popen(
        [sys.executable, "-c", opening + code],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address()},
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        said = child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        assert said == "now\n", said
        assert child.wait(10) == -signal.SIGKILL


def in_threads(*work: Callable[[], None]) -> None:
    """Do all of it at once; the first thing that goes wrong is raised here."""
    troubles: list[BaseException] = []

    def run(each: Callable[[], None]) -> None:
        try:
            each()
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    if troubles:
        raise troubles[0]
