"""Reading: a transaction in which the database refuses to write, and asking again where the connection was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

T = TypeVar("T")


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


def asked_again_if_lost(ask: Callable[[], T]) -> T:
    """What `ask`, which only reads, finds; with a new connection, where the one at hand turns out to be lost.

    So nobody has to ask first whether it stands, which would take as long as a page's own questions. It is lost where
    the database was started anew.
    """
    if connection.in_atomic_block:
        return ask()
    connection.health_check_done = connection.connection is not None  # type: ignore[attr-defined]
    try:
        return ask()
    except (InterfaceError, OperationalError):
        if connection.is_usable():
            raise
        connection.close()
        return ask()
