"""Keeps the parts of a running Hamgara alive: starts what dies again, and stops all of them when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from hamgara.integrations.database import DatabaseUnavailable, Server
from hamgara.integrations.processes import end_with

GRACE = 10.0  # seconds that a part has to end
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # seconds before a part that died starts again; doubles each time
SETTLED = 30.0  # a part that has run for so long starts its pauses anew
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start
TICK = 0.2


class Part:
    """One process with a log of its own."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the supervisor alone
                # With the supervisor the database goes, so there is nothing to end gracefully.
                preexec_fn=partial(end_with, os.getpid(), signal.SIGKILL),
            )

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process and self.alive:
            self.process.terminate()

    def await_end(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class DatabasePart:
    """The embedded server, whose start may take a recovery."""

    name = "database"

    def __init__(self, start: Callable[[], Server]) -> None:
        self._start = start
        self.server: Server | None = None

    def start(self) -> None:
        self.server = self._start()

    @property
    def pid(self) -> int:
        return self.server.pid if self.server else 0

    @property
    def alive(self) -> bool:
        return self.server is not None and self.server.process.poll() is None

    def stop(self) -> None:
        if self.server:
            self.server.stop()


class Pauses:
    """How long to wait before a part starts again."""

    def __init__(self) -> None:
        self.pause = FIRST_PAUSE / 2
        self.started = time.monotonic()
        self.due: float | None = None

    def died(self) -> None:
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started > SETTLED else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause

    def over(self) -> bool:
        return self.due is not None and time.monotonic() >= self.due

    def restarted(self) -> None:
        self.started, self.due = time.monotonic(), None


def command(name: str, *arguments: str) -> list[str]:
    """One of our own subcommands as a process."""
    return [sys.executable, "-m", "hamgara.cli", name, *arguments]


def keep_alive(
    parts: Sequence[Part], database: DatabasePart | None, stop: Event, say: Callable[[str], None] = print
) -> None:
    """Watch until `stop`; start again whatever dies, the database first."""
    watched: list[Part | DatabasePart] = [*([database] if database else []), *parts]
    pauses = {part.name: Pauses() for part in watched}
    while not stop.wait(TICK):
        for part in watched:
            pause = pauses[part.name]
            if part.alive:
                continue
            if pause.due is None:
                pause.died()
                say(f"  ! {part.name} (process {part.pid}) ended; starting it again in {pause.pause:.1f} s")
            elif pause.over():
                try:
                    part.start()
                except (OSError, DatabaseUnavailable) as error:
                    pause.died()
                    say(f"  ! {part.name} did not start: {error}; trying again in {pause.pause:.1f} s")
                else:
                    pause.restarted()
                    say(f"  ✓ {part.name} runs again (process {part.pid})")


def stop_all(parts: Sequence[Part]) -> None:
    """Ask every part to end at once, and wait for it; the database they use is stopped after them."""
    for part in parts:
        part.ask_to_stop()
    deadline = time.monotonic() + GRACE
    for part in parts:
        part.await_end(deadline)
