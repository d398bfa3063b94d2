"""The embedded PostgreSQL: understands Persian, is on no network, and is whole after any end it may come to."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from hamgara.integrations import database
from hamgara.integrations.database import DatabaseUnavailable
from tests.platform.processes import ROOT, lives

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that has run and was stopped, to be copied."""
    folder = tmp_path_factory.mktemp("made") / "pg"
    database.start(folder).stop()
    return folder


@pytest.fixture
def data(tmp_path: Path, made: Path) -> Path:
    """A cluster of the test's own."""
    subprocess.run(["cp", "-a", made, tmp_path / "pg"], check=True)  # with their owners
    return tmp_path / "pg"


def ask(server: database.Server, statement: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_it_acknowledges_nothing_before_it_is_on_disk(data: Path) -> None:
    with database.start(data) as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert ask(server, f"SHOW {setting}") == "on"


def test_persian_words_have_trigrams(data: Path) -> None:
    with database.start(data) as server:
        assert ask(server, "SHOW server_encoding") == "UTF8"
        ask(server, "CREATE EXTENSION pg_trgm")
        assert ask(server, "SELECT similarity('کتابخانه محله فین', 'کتابخانهٔ محلهٔ فین') > 0.5") is True
        assert ask(server, "SELECT similarity('کتابخانه', 'روشنایی')") == 0


def test_nobody_reaches_it_from_the_network_or_as_another_user(data: Path) -> None:
    with database.start(data) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert server.socket.stat().st_mode & 0o077 == 0
        assert data.stat().st_mode & 0o077 == 0
        assert len(f"{server.socket}/.s.PGSQL.5432") < 107, "the longest name that the system gives a socket"
        if os.geteuid() == 0:
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0, "the server has given root away"


def test_two_servers_never_share_a_cluster(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LEFTOVER_PATIENCE", 0.1)
    with database.start(data) as server:
        with pytest.raises(DatabaseUnavailable, match=f"process {server.pid}"):
            database.start(data)
        assert ask(server, "SELECT 1") == 1


def test_it_ends_with_the_process_that_started_it_and_the_next_start_waits_for_that(data: Path) -> None:
    script = "import sys, time; from pathlib import Path; from hamgara.integrations import database; "
    script += "print(database.start(Path(sys.argv[1])).pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script, str(data)], stdout=subprocess.PIPE, cwd=ROOT) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert lives(pid)
        starter.kill()
    with database.start(data) as server:
        assert server.pid != pid
        assert not lives(pid)


def test_a_zombie_that_still_holds_the_lock_is_waited_for(data: Path) -> None:
    killed = database.start(data)
    ask(killed, "CREATE TABLE kept (number int)")
    unfinished = psycopg.connect(killed.url)
    unfinished.execute("INSERT INTO kept VALUES (2)")
    ask(killed, "INSERT INTO kept VALUES (1)")
    killed.process.kill()
    burial = threading.Timer(1.0, killed.process.wait)
    burial.start()
    with database.start(data) as server:
        assert ask(server, "SELECT array_agg(number) FROM kept") == [1]
    burial.join()
    unfinished.close()


def test_a_stopped_server_leaves_no_lock_and_starts_again_with_everything(data: Path) -> None:
    with database.start(data) as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
    assert not (data / "postmaster.pid").exists()
    with database.start(data) as server:
        assert ask(server, "SELECT number FROM kept") == 7


def test_a_lock_file_whose_number_is_somebody_elses_by_now_is_no_hindrance(data: Path) -> None:
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with database.start(data) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_cluster_whose_making_was_broken_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pg" / "base").mkdir(parents=True)
    with database.start(tmp_path / "pg") as server:
        assert ask(server, "SELECT 1") == 1


def test_a_server_that_cannot_start_says_where_its_last_words_are(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LEFTOVER_PATIENCE", 0.1)
    with pytest.raises(DatabaseUnavailable, match=r"pg\.log"):
        database.start(data, settings={"max_connections": "none at all"})
    assert "none at all" in (data.parent / "pg.log").read_text()


def test_the_programs_of_path_serve_as_well_and_without_any_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = database.programs()
    monkeypatch.setattr(database.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(folder))
    assert database.programs() == folder
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        database.programs()
