"""Look at every part this installation needs: each line is ok, or says what to do."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import django

from hamgara.cli import messages, prepare, var

SILENT = {
    "worker": timedelta(minutes=3),
    "scheduler": timedelta(minutes=1),
    "publisher": timedelta(minutes=5),
}  # longer than these run apart
MANY_WAITING = 20_000  # acts: more than come while a head is being made
LITTLE_DISK = 1_000_000_000  # bytes
OLDEST_SERVER = 170000  # PostgreSQL 17


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what it is or what to do."""

    what: str
    state: Literal["ok", "note", "wrong"]
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    django.setup()
    findings = list(examine())
    for each in findings:
        sign = {"ok": "✓ ok   ", "note": "· note ", "wrong": "✗ wrong"}[each.state]
        print(f"{sign}  {each.what:<18} {each.text}")
    wrong = sum(each.state == "wrong" for each in findings)
    print("\nAll is well." if not wrong else f"\nTo be mended: {wrong}.")
    return 1 if wrong else 0


def examine() -> Iterator[Finding]:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        yield Finding(
            "database",
            "wrong",
            f"does not answer ({str(error).splitlines()[0]}): start everything with «make run», or see that the server "
            "that DATABASE_URL names is up and lets us in",
        )
    else:
        yield from _database()
    yield from _files()
    yield from _gateways()
    yield from _safety()


def _database() -> Iterator[Finding]:
    from django.db import connection

    version = connection.pg_version  # type: ignore[attr-defined]
    if version < OLDEST_SERVER:
        yield Finding("database", "wrong", f"PostgreSQL {version // 10000}: Hamgara needs 17 or newer")
    else:
        yield Finding("database", "ok", f"PostgreSQL {version // 10000}.{version % 10000}")
    yield _trigrams()
    missing = _missing_migrations()
    if missing:
        yield Finding("tables", "wrong", f"{missing} migrations are not applied: run «hamgara migrate»")
        return
    yield Finding("tables", "ok", "up to date")
    yield from _parts()


def _trigrams() -> Finding:
    """A locale in which Persian letters are no letters makes every search by likeness find nothing."""
    from django.db import ProgrammingError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT show_trgm('آ') <> '{}'")
            if cursor.fetchone() == (True,):
                return Finding("Persian trigrams", "ok", "similar Persian words are found")
    except ProgrammingError:
        return Finding("Persian trigrams", "wrong", "the extension pg_trgm is not there: run «hamgara migrate»")
    return Finding(
        "Persian trigrams",
        "wrong",
        "this database takes no Persian letter for a letter: make it anew with "
        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' ENCODING 'UTF8' TEMPLATE template0",
    )


def _missing_migrations() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _parts() -> Iterator[Finding]:
    from django.db import connection

    from hamgara import clock
    from hamgara.domain.ledger import queries

    beats, now = queries.heartbeats(), clock.now()
    for part, longest in SILENT.items():
        last = beats.get(part)
        if last is None:
            yield Finding(part, "wrong", f"has never run: «make run» starts it, or «hamgara {part}»")
        elif now - last > longest:
            yield Finding(part, "wrong", f"last ran {_ago(now - last)} ago: start it («make run», or «hamgara {part}»)")
        else:
            yield Finding(part, "ok", f"last ran {_ago(now - last)} ago")
    held = list(queries.lagging())
    for bookmark in held:
        yield Finding(
            "follower",
            "wrong",
            f"{bookmark.follower} stands after position {bookmark.position} with {bookmark.trouble}: the worker's log "
            "tells more; it goes on by itself when the cause is mended",
        )
    if not held:
        yield Finding("followers", "ok", "none is held")
    yield _public_log()
    yield _search()
    yield _left_behind()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = cursor.fetchone()[0]
    if failed:
        yield Finding("jobs", "note", f"{failed} failed: the worker's log tells why")
    else:
        yield Finding("jobs", "ok", "none failed")


def _public_log() -> Finding:
    """What is published is what this database knows, and nothing waits for long."""
    from django.conf import settings

    from hamgara.algorithms.tlog import Missing, Wrong
    from hamgara.domain.ledger import queries as ledger
    from hamgara.domain.publication import jobs
    from hamgara.integrations.log_folder import LogFolder
    from hamgara.integrations.published_log import PublishedLog

    what, recorded = "public log", ledger.head() + 1
    try:
        found = PublishedLog.read(LogFolder(settings.LOG_ROOT).fetch)
        jobs.require_known(found.head.size, found.head.root)
        _ = found.reader  # which reads the edge of the tree
    except Missing:
        if recorded:
            return Finding(what, "wrong", f"nothing is published of {recorded} acts: see the publisher's log")
        return Finding(what, "ok", "nothing is recorded yet")
    except (Wrong, jobs.Behind) as error:
        return Finding(what, "wrong", str(error))
    if recorded - found.head.size > MANY_WAITING:
        return Finding(
            what, "wrong", f"{recorded - found.head.size} acts are not published: see the publisher's log, and the disk"
        )
    return Finding(what, "ok", f"{found.head.size} acts are published; the files are in {settings.LOG_ROOT}")


def _search() -> Finding:
    """What is published and cannot be found: the follower is about to read of it, or the rules have changed."""
    from hamgara.domain.search import queries

    lacking = queries.lacking()
    if lacking:
        return Finding("search", "note", f"{lacking} rows cannot be found yet: if they stay, run «hamgara index»")
    return Finding("search", "ok", "everything that is published can be found")


def _left_behind() -> Finding:
    """Files whose act was killed before its commit; the night's job takes them away."""
    from hamgara.integrations import kept_files

    what, stray = "files left behind", kept_files.left_behind()
    if not stray:
        return Finding(what, "ok", "none: some row names every file that is kept")
    size = sum(path.stat().st_size for path in stray) / 1e6
    text = f"{len(stray)} ({size:.1f} MB) that no row names"
    if kept_files.left_behind(2 * kept_files.LEFT_BEHIND):
        return Finding(
            what, "wrong", f"{text}, some for over two days: the worker should remove them each night; is it up?"
        )
    return Finding(what, "note", f"{text}: they are of acts that were cut off, and the worker removes them tonight")


def _ago(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _files() -> Iterator[Finding]:
    from django.conf import settings

    free = shutil.disk_usage(var()).free
    text = f"{free / 1e9:.1f} GB free under {var()}"
    yield Finding("disk", "ok" if free > LITTLE_DISK else "wrong", text if free > LITTLE_DISK else f"{text}: make room")
    media = settings.MEDIA_ROOT
    try:
        media.mkdir(parents=True, exist_ok=True)
        writable = os.access(media, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    yield Finding(
        "photos and files",
        "ok" if writable else "wrong",
        f"kept in {media}" if writable else f"{media} cannot be written: give it to the user that Hamgara runs as",
    )
    if prepare.static_files_stale():
        yield Finding("static files", "wrong", "are not those of this version: run «hamgara prepare», then start again")
    else:
        yield Finding("static files", "ok", "are those of this version")
    if messages.stale():
        yield Finding("Persian", "wrong", "the catalogue is not compiled: run «hamgara prepare», then start again")
    else:
        yield Finding("Persian", "ok", "the catalogue is compiled")


def _gateways() -> Iterator[Finding]:
    """Without them nobody who is not in the office gets a code; only a sample city shows its outbox to all."""
    from django.conf import settings

    needed = not _is_sample()
    for what, channel, given, name in (
        ("mail", "mail", settings.MAIL_GATEWAY, "HAMGARA_MAIL_URL=smtps://user:secret@host"),
        ("SMS", "sms", settings.SMS_GATEWAY, "HAMGARA_SMS_URL and HAMGARA_SMS_TOKEN"),
    ):
        if given:
            yield _messages(what, channel, name)
        elif needed:
            yield Finding(what, "wrong", f"no gateway, so no code and no notice reaches anybody: name one in {name}")
        else:
            yield Finding(what, "note", f"no gateway: what is sent waits on the outbox page, for all to read ({name})")


def _messages(what: str, channel: str, name: str) -> Finding:
    """That a gateway is named helps nobody: does it take what it is given?"""
    from django.db import DatabaseError

    from hamgara import clock
    from hamgara.channels import outbox

    try:
        standing = outbox.standing(channel)
    except DatabaseError:  # which has its own line
        return Finding(what, "note", "a gateway is named; whether it takes messages, only the database could tell")
    last = f"the last one went {_ago(clock.now() - standing.last_sent)} ago" if standing.last_sent else "none ever went"
    trouble = f"{standing.failed} failed within three days, {standing.waiting} wait for more than an hour; {last}"
    if standing.failing:
        return Finding(
            what,
            "wrong",
            f"{trouble}: see that the worker runs, that {name.partition('=')[0]} is right, and that its server answers "
            "and lets us in; what waits then goes by itself, what failed was for its time alone",
        )
    if standing.failed:
        return Finding(what, "note", f"{trouble}: single addresses may be wrong; look again if they grow more")
    return Finding(what, "ok", f"a gateway is named; {last}")


def _is_sample() -> bool:
    """The city is made up, or there is none yet, or nobody can tell because the database does not answer."""
    from django.db import DatabaseError

    from hamgara.domain.organisations import queries

    try:
        founded = queries.founding_gathering()
    except DatabaseError:
        return True
    return founded is None or bool(founded.record.get("sample"))


def _safety() -> Iterator[Finding]:
    from django.conf import settings

    if settings.DEBUG:
        yield Finding("debug", "wrong", "errors show their insides to everybody: unset HAMGARA_DEBUG")
    key = var() / "secret-key"
    if "HAMGARA_SECRET_KEY" in os.environ:
        yield Finding("secret key", "ok", "given")
    elif key.stat().st_mode & 0o077:
        yield Finding("secret key", "wrong", f"others can read {key}: chmod 600 it")
    else:
        yield Finding("secret key", "ok", f"kept in {key}")
    if settings.HTTPS:
        yield Finding("HTTPS", "ok", "cookies go over HTTPS only")
    else:
        yield Finding("HTTPS", "note", "not announced: set HAMGARA_HTTPS=1 behind a proxy that speaks it")
    yield Finding("names", "ok", f"answers to {', '.join(settings.ALLOWED_HOSTS)} (HAMGARA_HOSTS)")
