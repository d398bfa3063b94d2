"""The test database: a plugin of its own, because settings are read before any conftest is."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_VAR = ROOT / "var" / "test"

# Tests of one run, and several runs at once, share one server; it ends when the last of them has.
_SERVE = """
import os, sys, fcntl, time
from pathlib import Path
if os.fork():
    os._exit(0)  # who started it has a run of tests to do, and not a child to wait for
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
    atexit.register(users.close)  # held open, and so locked, to the end of the process
    with (TEST_VAR / "starting").open("a+") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not (url.exists() and _answers(url.read_text())):
            url.unlink(missing_ok=True)
            with (TEST_VAR / "server.log").open("ab") as log:
                subprocess.run(
                    [sys.executable, "-c", _SERVE, str(TEST_VAR / "pg"), str(TEST_VAR / "users"), str(url)],
                    check=True,
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


# Settings read these when they are first imported, which pytest-django does before any fixture.
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _test_server()
_run = os.environ.setdefault("HAMGARA_TEST_RUN", f"{os.getpid()}")
if "HAMGARA_VAR" not in os.environ:
    os.environ["HAMGARA_VAR"] = tempfile.mkdtemp(prefix="hamgara-test-")
    os.environ["HAMGARA_VAR_OWNER"] = _run
    (Path(os.environ["HAMGARA_VAR"]) / "static").mkdir()  # WhiteNoise warns where there is none
os.environ.setdefault("HAMGARA_SECRET_KEY", "only for tests")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the thread of the tests


def pytest_unconfigure(config: pytest.Config) -> None:
    if os.environ.get("HAMGARA_VAR_OWNER") == str(os.getpid()):
        shutil.rmtree(os.environ["HAMGARA_VAR"], ignore_errors=True)
