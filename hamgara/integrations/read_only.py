"""A transaction in which the database refuses to write, and which is thrown away at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_only() -> Iterator[None]:
    """As nothing was written in it, nothing is lost. Inside another one (a test's own) its end lifts the ban."""
    if connection.in_atomic_block:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield
            transaction.set_rollback(True)
        return
    # A lost connection is replaced now: the one that is told below has to be the one that begins.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    session = connection.connection
    session.read_only = True  # said with the beginning itself, which is one way less to the database for every page
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        if not session.closed:
            session.read_only = None
