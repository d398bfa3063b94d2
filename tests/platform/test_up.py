"""`hamgara up`: whatever part is killed comes back, stopping leaves nothing behind, the next start is quick."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hamgara.cli import assets, up
from hamgara.integrations import database
from tests.platform.processes import House, children, descendants, lives, until

pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.long]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert not assets.stale(), "run «hamgara assets» first: tests fetch nothing"
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture(scope="module")
def kept(var: Path) -> Iterator[House]:
    """One house for the tests that leave it running."""
    house = House(var)
    took = house.start()
    print(f"first start: {took:.1f} s")
    yield house
    house.stop()


@pytest.fixture
def house(kept: House) -> House:
    """The house with every part alive."""
    if not lives(kept.pid):
        kept.start()
    until(
        lambda: all(
            kept.part(words) for words in ("cli web", "cli worker", "cli scheduler", "cli publisher", "postgres")
        ),
        60,
        "parts",
    )
    until(kept.answers, 60, "pages")
    return kept


def url(house: House) -> str:
    return database.address(database.socket_folder(house.var / "pg"), database.NAME)


def query(house: House, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url(house)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("words", ["cli web", "cli worker", "cli scheduler", "cli publisher", "postgres -D"])
def test_a_killed_part_comes_back(house: House, words: str) -> None:
    before = house.part(words)
    house.kill(before)
    until(lambda: house.part(words) not in (0, before), 60, f"{words} is back")
    until(house.answers, 60, "pages are back")


def test_a_killed_serving_process_comes_back(house: House) -> None:
    web = house.part("cli web")
    one, other = children(web)
    house.kill(one)
    until(lambda: len(set(children(web)) - {one}) == 2, 60, "two serve again")
    assert other in children(web)
    assert house.part("cli web") == web
    until(house.answers, 60, "pages")


def test_worker_scheduler_and_publisher_sign_again_after_the_database_died(house: House) -> None:
    ((moment,),) = query(house, "SELECT now()")
    house.kill(house.part("postgres -D"))

    def signed_since() -> bool:
        try:
            return query(house, f"SELECT count(*) FROM ledger_heartbeat WHERE at > '{moment}'") == [(3,)]
        except psycopg.OperationalError:  # not back yet
            return False

    until(signed_since, 90, "all have signed")


def test_the_jobs_of_a_killed_worker_are_done(house: House) -> None:
    """A job that was being done when its worker died holds the lock that all later ones need."""
    with psycopg.connect(url(house)) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock) VALUES ('default', 'ledger.follow', 'stuck')"
        )
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'stuck'")
    left = "SELECT count(*) FROM procrastinate_jobs WHERE lock = 'stuck'"
    until(lambda: query(house, left) == [(0,)], 60, "the job is done and gone")


def test_doctor_says_how_it_is(house: House) -> None:
    until(lambda: len(query(house, "SELECT part FROM ledger_heartbeat")) == 3, 60, "all have signed")
    seen = house.run("doctor")
    lines = seen.stdout.splitlines()
    assert seen.returncode == 0, seen.stdout
    for what in (
        "database",
        "Persian trigrams",
        "tables",
        "worker",
        "scheduler",
        "publisher",
        "followers",
        "disk",
        "static files",
    ):
        assert any(line.startswith(f"✓ ok     {what} ") for line in lines), seen.stdout
    for what in ("mail", "SMS", "HTTPS"):
        assert any(line.startswith(f"· note   {what} ") for line in lines), seen.stdout


def test_a_second_supervisor_on_the_same_data_is_refused(house: House) -> None:
    second = house.run("up", "--empty")
    assert second.returncode == 1
    assert f"already runs on {house.var} (process {house.pid})" in second.stdout


def test_ctrl_c_leaves_nobody_behind_and_a_later_start_is_quick(house: House) -> None:
    family = descendants(house.pid)
    assert len(family) >= 6
    took = house.stop(signal.SIGINT)
    print(f"stopped in {took:.1f} s")
    assert not [pid for pid in family if lives(pid)]
    assert "stopped" in house.said.read_text().splitlines()[-1]
    took = house.start()
    print(f"a later start: {took:.1f} s")
    assert took < 30  # under 5 on a quiet machine; tests share theirs


def test_killing_the_supervisor_ends_all_and_the_next_start_recovers(house: House) -> None:
    family = descendants(house.pid)
    house.kill(house.pid)
    house.stop()
    house.start()
    until(house.answers, 60, "pages")
    assert not [pid for pid in family if lives(pid)]


def test_a_doctor_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    seen = House(tmp_path).run("doctor")
    assert seen.returncode == 1
    assert "✗ wrong  database" in seen.stdout
    assert "make run" in seen.stdout


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    house = House(tmp_path / "var")
    house.environment["DATABASE_URL"] = "postgresql://nobody@/none?host=/nowhere"
    seen = house.run("up", "--empty")
    assert seen.returncode == 1
    assert "DATABASE_URL names does not answer" in seen.stdout


def test_a_taken_port_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "LEFTOVER_PATIENCE", 0.1)
    with pytest.raises(up.Trouble, match=f"Port {house.port} of 127.0.0.1 is not free"):
        up._await_port("127.0.0.1", house.port)
