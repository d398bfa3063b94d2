"""Work in a process beside this one: while lives are told, those that are whole are written down."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.context import ForkProcess
from typing import Any

# Forked, a process has all that was made before without a byte of it being sent.
_FORK = multiprocessing.get_context("fork")


class Beside(AbstractContextManager["Beside"]):
    """One piece of work at a time; the next begins when the one before is done, and the last before we go on."""

    def __init__(self) -> None:
        self._at_work: ForkProcess | None = None

    def do(self, work: Callable[..., None], *given: Any) -> None:
        from django.db import connection, connections

        if connection.in_atomic_block:  # of which no other process sees anything
            work(*given)
            return
        self._wait()
        connections.close_all()  # each process has a connection of its own
        self._at_work = _FORK.Process(target=_undisturbed, args=(work, *given))
        self._at_work.start()

    def _wait(self) -> None:
        if self._at_work is not None:
            self._at_work.join()
            if self._at_work.exitcode:
                raise RuntimeError("the process beside this one failed; what it said stands above")

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._wait()
        elif self._at_work is not None:
            self._at_work.terminate()
            self._at_work.join()


def _undisturbed(work: Callable[..., None], *given: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who began this, who ends it
    work(*given)
