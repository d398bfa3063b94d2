"""All of Hamgara running on a copy of a seeded city: its memory at rest, and writes while its worker is killed."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlencode

import psycopg

from hamgara.cli.bench.serving import PATIENCE, free_port
from hamgara.integrations import database, kept_keys

COPY = "measured"
CLIENTS, A_SECOND, SECONDS = 32, 150, 20
SUBMITS_A_PERSON = 4  # below the charter's limit for a day
KILLS = 2  # of the worker
ORDERED_WITHIN = 60  # seconds in which the worker that was started again must have caught up
REST = 15  # seconds before memory is looked at
TOKEN = "a" * 32


@contextmanager
def copied(server: database.Server) -> Iterator[str]:
    """A copy of the city that may be written into; gone afterwards.

    Asked for before Django is set up, which from then on knows the database that DATABASE_URL named at that moment.
    """
    with psycopg.connect(database.address(server.socket, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {COPY}")
        connection.execute(f"CREATE DATABASE {COPY} TEMPLATE {database.NAME}")
        try:
            yield database.address(server.socket, COPY)
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")


@contextmanager
def copied_log() -> Iterator[None]:
    """A copy of the city's public log and of the key that signs it, of which the copy of the city goes on."""
    from django.conf import settings
    from django.test.utils import override_settings

    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="measured-log-") as folder:
        root, key = Path(folder) / "log", Path(folder) / "key"
        if settings.LOG_ROOT.exists():
            shutil.copytree(settings.LOG_ROOT, root)
        for each in kept_keys.files(settings.LOG_KEY):
            shutil.copy2(each, key.with_name(each.name.replace(settings.LOG_KEY.name, key.name, 1)))
        os.environ |= {"HAMGARA_LOG_FOLDER": str(root), "HAMGARA_LOG_KEY": str(key)}  # for what is started from here
        with override_settings(LOG_ROOT=root, LOG_KEY=key):
            yield


def publish_all() -> str:
    """Put out what is not in the log yet, as a city has done whose people write; in words, how long that took."""
    from hamgara.domain.publication.jobs import publisher
    from hamgara.domain.publication.queries import published

    before, began = published(), time.monotonic()
    whole = publisher()
    while whole.step():
        pass
    after, spent = published(), time.monotonic() - began
    count = (after.size if after else 0) - (before.size if before else 0)
    return f"Publishing {count:,} acts as a log that anybody can check: {spent:.0f} s."


@dataclass
class System:
    """`hamgara up`, started by us."""

    process: subprocess.Popen[bytes]
    port: int

    def memory(self, database_pid: int) -> dict[str, float]:
        """Megabytes of each kind of process, shared pages counted once."""
        time.sleep(REST)
        sums: dict[str, float] = {}
        for root, name in ((self.process.pid, ""), (database_pid, "postgres")):
            for pid in _family(root):
                kind = name or _kind(pid)
                sums[kind] = round(sums.get(kind, 0) + _pss(pid), 1)
        return sums

    def kill_worker(self) -> None:
        """Kill the worker, without a warning; its supervisor starts another."""
        for pid in _family(self.process.pid):
            if _kind(pid) == "worker":
                os.kill(pid, signal.SIGKILL)


@contextmanager
def up(url: str) -> Iterator[System]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "hamgara.cli", "up", "--empty", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        _await(port, process)
        yield System(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/charter/")
            connection.getresponse().read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("Hamgara did not start on the copy of the city.") from None
            time.sleep(0.2)
        finally:
            connection.close()


def _family(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return words[words.index("hamgara.cli") + 1] if "hamgara.cli" in words else "web"


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@dataclass
class Written:
    """What became of demands that were sent while the worker was killed."""

    keys: int = 0  # forms, each with a key of its own
    sent: int = 0  # some of the forms twice
    acknowledged: int = 0
    rate: float = 0.0
    killed: int = 0
    lost: int = 0  # acknowledged, and not there
    doubled: int = 0  # there more than once
    waiting: int = 0  # without a place in the ledger's order, a minute later
    refused: dict[int, int] = field(default_factory=dict)  # status → how often
    ledger: str = ""  # what is wrong with it


def write(system: System, url: str) -> Written:
    """Send demands at a steady rate from many clients, some forms twice, and count what is there afterwards."""
    sending = _Sending(system)
    with psycopg.connect(url, autocommit=True) as connection:
        sending.prepare(connection)
        before = _count(connection, "SELECT coalesce(max(id), 0) FROM ledger_entry")
        result = sending.run()
        found = connection.execute("SELECT title FROM demands_demand WHERE title LIKE %s", (f"%{sending.mark}",))
        there = Counter(title for (title,) in found)
        result.lost = sum(not there[sending.title(number)] for number in sending.acknowledged)
        result.doubled = sum(count - 1 for count in there.values())
        deadline = time.monotonic() + ORDERED_WITHIN
        while True:
            result.waiting = _count(connection, "SELECT count(*) FROM ledger_pending")
            if not result.waiting or time.monotonic() > deadline:
                break
            time.sleep(1)
        result.keys = len(sending.keys)
        result.ledger = broken(connection, before)
    return result


def broken(connection: psycopg.Connection[Any], since: int) -> str:
    """What is wrong with the ledger: gaps in its order, or entries after `since` that do not bear being read again."""
    from hamgara.algorithms import canonical, commitment

    count, first, last = connection.execute("SELECT count(*), min(number), max(number) FROM ledger_position").fetchone()  # type: ignore[misc]
    if (first, last) != (0, count - 1):
        return f"{count} places from {first} to {last}"
    lone = (
        "SELECT count(*) FROM ledger_entry LEFT JOIN ledger_position ON entry_id = ledger_entry.id WHERE number IS NULL"
    )
    if without := _count(connection, lone):
        return f"{without} entries without a place"
    entries = dict(connection.execute("SELECT id, canonical FROM ledger_entry WHERE id > %s", (since,)).fetchall())
    changed = [key for key, said in entries.items() if canonical.encode(canonical.decode_strict(said)) != said]
    opened = connection.execute(
        "SELECT entry_id, field, value::text, salt FROM ledger_opening WHERE entry_id > %s", (since,)
    ).fetchall()
    closed = [
        key
        for key, field, value, salt in opened
        if commitment.commit(field, json.loads(value), salt).encode() not in entries[key]
    ]
    return f"entries that say something else: {[*changed, *closed]}" if changed or closed else ""


def _count(connection: psycopg.Connection[Any], query: LiteralString, *given: object) -> int:
    row = connection.execute(query, given).fetchone()
    return 0 if row is None else int(row[0])


class _Sending:
    """Many clients, one clock: each form has its moment, and its key under which it is done once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.keys = [uuid.uuid4() for _form in range(A_SECOND * SECONDS)]
        self.acknowledged: set[int] = set()
        self.mark = uuid.uuid4().hex[:8]  # by which these demands are known among all others
        self.result = Written()
        self._lock = threading.Lock()
        self._next = iter(range(len(self.keys)))

    def prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Sign people in, by rows of their sessions."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        from hamgara.domain.demands.models import Field
        from hamgara.domain.organisations.models import Place
        from hamgara.domain.people.models import Person

        store = import_module(settings.SESSION_ENGINE).SessionStore()
        self.field = Field.objects.filter(parts=None, referral="").values_list("code", flat=True)[0]
        self.place = Place.objects.exclude(level="city").values_list("code", flat=True)[0]
        self.sessions = []
        most = len(self.keys) // SUBMITS_A_PERSON + CLIENTS
        for person in Person.objects.filter(mandates=None).order_by("pk")[:most]:
            data = {
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
            }
            self.sessions.append(uuid.uuid4().hex)
            connection.execute(
                "INSERT INTO people_session (session_key, session_data, expire_date, person_id) "
                "VALUES (%s, %s, now() + '1 day', %s)",
                (self.sessions[-1], store.encode(data), person.pk),
            )
        if len(self.sessions) * SUBMITS_A_PERSON < len(self.keys):
            self.keys = self.keys[: len(self.sessions) * SUBMITS_A_PERSON]
            self._next = iter(range(len(self.keys)))

    def run(self) -> Written:
        self._began = time.perf_counter()
        clients = [threading.Thread(target=self._client) for _client in range(CLIENTS)]
        for client in clients:
            client.start()
        for _kill in range(KILLS):
            time.sleep(SECONDS / (KILLS + 1))
            self.system.kill_worker()
            self.result.killed += 1
        for client in clients:
            client.join()
        self.result.acknowledged = len(self.acknowledged)
        self.result.rate = round(len(self.acknowledged) / (time.perf_counter() - self._began), 1)
        return self.result

    def _client(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.system.port, timeout=60)
        while True:
            with self._lock:
                number = next(self._next, None)
            if number is None:
                break
            time.sleep(max(0.0, self._began + number / A_SECOND - time.perf_counter()))
            for _time in range(2 if number % 20 == 0 else 1):
                self._sent(number, self._send(connection, number))
        connection.close()

    def _sent(self, number: int, status: int) -> None:
        with self._lock:
            self.result.sent += 1
            if status != 302:
                self.result.refused[status] = self.result.refused.get(status, 0) + 1
            else:
                self.acknowledged.add(number)

    def title(self, number: int) -> str:
        return f"چراغ کوچهٔ شمارهٔ {number} خاموش است {self.mark}"

    def _send(self, connection: http.client.HTTPConnection, number: int) -> int:
        words = self.title(number)
        form = {
            "csrfmiddlewaretoken": TOKEN,
            "once": str(self.keys[number]),
            "kind": "request",
            "title": words,
            "text": words,
            "field": self.field,
            "place": self.place,
            "is_new": "on",
        }
        session = self.sessions[number % len(self.sessions)]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={TOKEN}; sessionid={session}",
        }
        connection.request("POST", "/demands/new/", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
