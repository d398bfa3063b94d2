"""Run all of Hamgara on this machine: database, pages, worker, scheduler, until Ctrl-C.

The first start makes the database and loads a sample city; later ones go on where the last one ended.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NoReturn

import psycopg

from hamgara.cli import prepare, supervisor, var, web
from hamgara.integrations import database

LEFTOVER_PATIENCE = 15.0  # seconds for the parts of a killed supervisor to end
READY_PATIENCE = 60.0  # seconds until the first page
LAST_WORDS = 20  # lines of a log


class Trouble(Exception):
    """Hamgara cannot start; the message says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    web.add_arguments(parser)
    parser.add_argument("--empty", action="store_true", help="do not load the sample city into an empty database")


def run(args: argparse.Namespace) -> int:
    began = time.monotonic()
    say(f"Hamgara · همگرا   {var()}")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _alone(), _database() as part:
            _await_port(args.host, args.port)
            _prepare(args.empty)
            return _serve(args, part, began)
    except KeyboardInterrupt:
        say("stopped")
        return 0
    except (Trouble, database.DatabaseUnavailable) as trouble:
        say(f"\n  ✗ {trouble}")
        return 1


def say(line: str) -> None:
    print(line, flush=True)


def _step(what: str) -> None:
    say(f"  · {what}")


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _alone() -> Iterator[None]:
    """One supervisor for each data folder."""
    var().mkdir(parents=True, exist_ok=True)
    with (var() / "up.lock").open("a+") as lock:
        _lock(lock)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        os.environ["HAMGARA_VAR"] = str(var())
        yield


def _lock(lock: TextIOWrapper) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise Trouble(
            f"Hamgara already runs on {var()} (process {lock.read()}). Stop it there with Ctrl-C first, "
            "or give this one a data folder of its own in HAMGARA_VAR."
        ) from None


@contextmanager
def _database() -> Iterator[supervisor.DatabasePart | None]:
    """The server that DATABASE_URL names, or one of our own."""
    if "DATABASE_URL" in os.environ:
        _await_given(os.environ["DATABASE_URL"])
        yield None
        return
    part = supervisor.DatabasePart(lambda: database.start(var() / "pg"))
    _step("database" if (var() / "pg").exists() else "database, for the first time")
    part.start()
    try:
        os.environ["DATABASE_URL"] = database.address(database.socket_folder(var() / "pg"), database.NAME)
        yield part
    finally:
        part.stop()


def _await_given(url: str) -> None:
    _step("database of DATABASE_URL")
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise Trouble(f"The database that DATABASE_URL names does not answer: {error}") from None


def _await_port(host: str, port: int) -> None:
    """The port is free, at the latest when leftovers of a killed start have ended."""
    deadline = time.monotonic() + LEFTOVER_PATIENCE
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Trouble(
                        f"Port {port} of {host} is not free ({error.strerror}). "
                        "Choose another: HAMGARA_PORT=8080 make run"
                    ) from None
                time.sleep(0.3)
            else:
                return


def _prepare(empty: bool) -> None:
    """In a process of its own, so that this one stays small; not at all where nothing is to be done."""
    if prepare.needed(os.environ["DATABASE_URL"], sample=not empty):
        done = subprocess.run(supervisor.command("prepare", *(["--empty"] if empty else [])), check=False)
        if done.returncode:
            raise Trouble("Hamgara could not be prepared; what is wrong stands above.")


def _serve(args: argparse.Namespace, part: supervisor.DatabasePart | None, began: float) -> int:
    logs = var() / "log"
    where = ["--host", args.host, "--port", str(args.port)]
    parts = [
        supervisor.Part("web", supervisor.command("web", *where), logs / "web.log"),
        supervisor.Part("worker", supervisor.command("worker"), logs / "worker.log"),
        supervisor.Part("scheduler", supervisor.command("scheduler"), logs / "scheduler.log"),
        supervisor.Part("publisher", supervisor.command("publisher"), logs / "publisher.log"),
    ]
    stop = Event()
    try:
        _step("pages")
        parts[0].start()
        address = f"http://{_reachable(args.host)}:{args.port}"
        links = [] if args.empty else _links(address)
        _await_page(args.host, args.port, parts[0])
        _step("worker, scheduler, publisher")
        for each in parts[1:]:
            each.start()
        _tell(address, links, time.monotonic() - began, logs)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        supervisor.keep_alive(parts, part, stop, say)
        say("\nstopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # it takes seconds at most
        supervisor.stop_all(parts)
    say("stopped")
    return 0


def _links(address: str) -> list[dict[str, str]]:
    printed = subprocess.run(supervisor.command("links", "--json", "--address", address), stdout=subprocess.PIPE)
    return json.loads(printed.stdout) if printed.returncode == 0 else []


def _await_page(host: str, port: int, part: supervisor.Part) -> None:
    deadline = time.monotonic() + READY_PATIENCE
    while True:
        connection = http.client.HTTPConnection(_reachable(host), port, timeout=READY_PATIENCE)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            if not part.alive or time.monotonic() > deadline:
                words = part.log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
                raise Trouble("\n".join([f"The pages did not start; the last words of {part.log}:", *words])) from None
            time.sleep(0.05)
        finally:
            connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound


def _tell(address: str, links: list[dict[str, str]], took: float, logs: Path) -> None:
    line = "─" * 78
    say(f"\n{line}\n  همگرا آماده است · Hamgara is ready   {address}/   ({took:.1f} s)\n")
    if links:
        say("  پیوندهای ورود یک‌بارمصرف (تازه‌اش: .venv/bin/hamgara links) · One-time sign-in links (the same):")
        for link in links:
            say(f"    {link['fa']} · {link['en']}\n      {link['url']}")
        say("")
    say(f"  پیامک‌ها و نامه‌ها · SMS and mails:  {address}/outbox/\n  گزارش کار · Logs:  {logs}")
    say(f"  برای ایستادن Ctrl-C را بزنید · Ctrl-C stops everything\n{line}")
    if not address.startswith("http://127.0.0.1") and "HAMGARA_HOSTS" not in os.environ:
        say("  Only requests to localhost are answered. For others: HAMGARA_HOSTS=name,name")
