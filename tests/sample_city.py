"""The sample city with its whole story, told once in a run of tests and copied in wherever it is needed again."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from hamgara.cli import sample
from hamgara.domain.ledger.queries import Kept
from hamgara.web import context

# What migrations write themselves, and the queue, whose jobs are done by the end of the story.
NOT_OURS = ("auth_permission", "django_", "procrastinate_")


def load() -> None:
    """Into an empty database; the workers of one run share what the first of them has told."""
    kept = Path(os.environ["HAMGARA_VAR"]) / "sample-city"
    files = kept.with_name("sample-city-files")
    with kept.with_name("sample-city-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            sample.load(say=lambda line: None)
            settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
            shutil.copytree(settings.MEDIA_ROOT, files, dirs_exist_ok=True)
            kept.write_bytes(pickle.dumps({table: _out(table) for table in _tables()}))
            return
    with transaction.atomic():
        for table, rows in pickle.loads(kept.read_bytes()).items():
            _in(table, rows)
    _go_on_counting()
    shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True)
    for each in Kept.every:
        each.forget()
    context.forget_city()


def _tables() -> list[str]:
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted(table for table in every if not table.startswith(NOT_OURS))


def _out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
        return b"".join(rows)


def _in(table: str, rows: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')
        with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copying:
            copying.write(rows)


def _go_on_counting() -> None:
    """New rows get numbers after those that were copied in."""
    with connection.cursor() as cursor:
        for each in connection.introspection.sequence_list():
            if each["table"] in _tables():
                cursor.execute(
                    f"SELECT setval(%s, greatest((SELECT last_value FROM {each['name']}), max({each['column']}), 1)) "
                    f'FROM "{each["table"]}"',
                    [each["name"]],
                )
