"""What every test stands on: a real PostgreSQL, no network, a browser where there is one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_VAR = ROOT / "var" / "test"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# Tests of one run, and several runs at once, share one server; it ends when the last of them has.
_SERVE = """
import sys, fcntl, time
from pathlib import Path
from hamgara.integrations import database
data, users = Path(sys.argv[1]), open(sys.argv[2], "a+")
fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
with database.start(data, settings=fast) as server:
    Path(sys.argv[3]).write_text(server.url)
    time.sleep(20)
    while True:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(2)
    Path(sys.argv[3]).unlink()
"""


def _test_server() -> str:
    """The address of the test server, started if need be; this process counts as a user until it ends."""
    TEST_VAR.mkdir(parents=True, exist_ok=True)
    url = TEST_VAR / "url"
    users = (TEST_VAR / "users").open("a+")
    fcntl.flock(users, fcntl.LOCK_SH)
    globals()["_users"] = users  # held open, and so locked, to the end of the process
    with (TEST_VAR / "starting").open("a+") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not (url.exists() and _answers(url.read_text())):
            url.unlink(missing_ok=True)
            with (TEST_VAR / "server.log").open("ab") as log:
                subprocess.Popen(
                    [sys.executable, "-c", _SERVE, str(TEST_VAR / "pg"), str(TEST_VAR / "users"), str(url)],
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    cwd=ROOT,
                )
            deadline = time.monotonic() + 60
            while not url.exists():
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the test database did not start; see {TEST_VAR / 'server.log'}")
                time.sleep(0.05)
        return url.read_text()


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium; skipped, and said so, where there is none")


# Settings read these when they are first imported, which pytest-django does before any fixture.
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _test_server()
_run = os.environ.setdefault("HAMGARA_TEST_RUN", f"{os.getpid()}")
if "HAMGARA_VAR" not in os.environ:
    os.environ["HAMGARA_VAR"] = tempfile.mkdtemp(prefix="hamgara-test-")
    os.environ["HAMGARA_VAR_OWNER"] = _run
os.environ.setdefault("HAMGARA_SECRET_KEY", "only for tests")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the thread of the tests


def pytest_unconfigure(config: pytest.Config) -> None:
    if os.environ.get("HAMGARA_VAR_OWNER") == str(os.getpid()):
        shutil.rmtree(os.environ["HAMGARA_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """Each run and each of its workers has a database of its own, so that runs do not meet."""
    from django.conf import settings

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{_run}_{worker}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """In place of pytest-django's own naming."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Tests that commit are cleaned up by emptying tables, which the ledger's own guard would refuse."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table in ("ledger_entry", "ledger_position"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_not_emptied")


@pytest.fixture(autouse=True)
def _plain_static(settings: object) -> None:
    """Static files without a manifest: tests do not collect them."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A browser for journeys; skips, and says why, where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install Debian's package «chromium» to run the browser tests")
    from playwright.sync_api import sync_playwright

    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    more = "--disable-component-update --disable-sync --disable-default-apps --disable-extensions"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet.split(), *more.split()])
        yield browser
        browser.close()
