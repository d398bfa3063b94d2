"""What tests of running processes need: who is whose child, and waiting for something to become true."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "Ctrl-C stops everything"


def until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for it; generous, for several test runs may share two cores."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def children(pid: int) -> dict[int, str]:
    """The living children of a process: pid and command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has just ended
            continue
    return found


def descendants(pid: int) -> set[int]:
    direct = set(children(pid))
    return direct.union(*(descendants(each) for each in direct))


def lives(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """`hamgara up` on a data folder and a port of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        # Nothing of the test run's own settings: its own embedded server, its own secrets.
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HAMGARA_", "DJANGO_", "DATABASE_URL", "PYTEST_"))
        } | {"HAMGARA_VAR": str(var), "HAMGARA_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and wait until it says that it is ready; return how many seconds that took."""
        began = time.monotonic()
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hamgara.cli", "up", "--empty"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        until(lambda: READY in self.said.read_text() or not lives(self.pid), 90, "ready")
        assert lives(self.pid), self.said.read_text()
        return time.monotonic() - began

    @property
    def said(self) -> Path:
        return self.var.with_suffix(".out")

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def part(self, words: str) -> int:
        """The process of a part, 0 while it has none."""
        return next((pid for pid, command in children(self.pid).items() if words in command), 0)

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop; return how many seconds that took."""
        assert self.process
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(sign)
        self.process.wait(60)
        return time.monotonic() - began

    def answers(self) -> bool:
        """A page that reads the database comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/charter/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hamgara.cli", *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
