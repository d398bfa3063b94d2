"""Bring the database and the files to what this version needs; what has not changed since the last time is skipped."""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from hamgara.cli import ROOT, assets, messages, var

PACKAGE = ROOT / "hamgara"
STATIC = PACKAGE / "web" / "static"
LOCK = ROOT / "requirements.lock"
# The fonts of papers, which go into each PDF.
NEVER_SERVED = ["vendor/paper"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--empty", action="store_true", help="do not load the sample city into an empty database")


def run(args: argparse.Namespace) -> None:
    for step in needed(os.environ["DATABASE_URL"], sample=not args.empty):
        print(f"  · {step.__doc__}", flush=True)
        step()


def needed(url: str, *, sample: bool) -> list[Callable[[], None]]:
    """The steps that are not done yet. Loads no Django, so that a start with nothing to do is quick."""
    steps: list[Callable[[], None]] = []
    if messages.stale():
        steps.append(_translations)
    if assets.stale():
        steps.append(_font_and_scripts)
    if assets.stale() or static_files_stale():
        steps.append(_static_files)
    if _read(_tables_stamp()) != tables_mark(url):
        steps.append(_tables)
    if nothing_can_be_found(url):
        steps.append(_search_index)
    if sample and not _anybody_acted(url):
        steps.append(_sample_city)
    return steps


def static_files_stale() -> bool:
    """What is served is not what the sources hold."""
    return _read(_static_stamp()) != _static_mark()


def _translations() -> None:
    """translations"""
    messages.compile_all()


def _font_and_scripts() -> None:
    """font and scripts"""
    assets.build()


def _static_files() -> None:
    """static files"""
    _call("collectstatic", interactive=False, verbosity=0, ignore_patterns=NEVER_SERVED)
    _static_stamp().write_text(_static_mark())


def _tables() -> None:
    """tables"""
    _call("migrate", interactive=False, verbosity=0)
    _tables_stamp().write_text(tables_mark(os.environ["DATABASE_URL"]))


def _search_index() -> None:
    """search index"""
    _django()
    from hamgara.domain.search import jobs

    jobs.fill(lambda line: print(f"  ·   {line}", flush=True))


def _sample_city() -> None:
    """sample city"""
    _django()
    from django.db import transaction

    from hamgara.cli import sample

    if sample.is_empty():
        with transaction.atomic():  # a load that is broken off leaves nothing behind
            sample.load(say=lambda line: print(f"  ·   {line}", flush=True))


def _django() -> None:
    import django

    django.setup()


def _call(name: str, **options: object) -> None:
    _django()
    from django.core.management import call_command

    call_command(name, **options)


def _static_stamp() -> Path:
    return var() / "static" / ".stamp"


def _static_mark() -> str:
    return mark(path for path in STATIC.rglob("*") if path.is_file())


def _tables_stamp() -> Path:
    return var() / "tables.stamp"


def tables_mark(url: str) -> str:
    """Differs when our migrations, any package, or what this very database has seen of them does."""
    ours = (path for path in PACKAGE.rglob("*.py") if path.parent.name == "migrations")
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return "none yet"
        seen = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return mark(ours) + hashlib.sha256(repr(seen).encode()).hexdigest()


def _anybody_acted(url: str) -> bool:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('ledger_entry')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM ledger_entry)").fetchone() == (True,)


def nothing_can_be_found(url: str) -> bool:
    """A city of an earlier version has years behind it and no index: its follower would take long to read them all."""
    if not _anybody_acted(url):
        return False
    with psycopg.connect(url) as connection:
        for table, wanted in (("demands_demand", True), ("search_document", False)):
            there = connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)
            if there:
                query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
                there = connection.execute(query).fetchone() == (True,)
            if there != wanted:
                return False
    return True


def mark(files: Iterable[Path]) -> str:
    """Differs when any of these files or any package does."""
    digest = hashlib.sha256(LOCK.read_bytes())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""
