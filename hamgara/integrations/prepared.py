"""Statements that come with almost every act or page: the database keeps them parsed and planned, a connection each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _Prepared(psycopg.Cursor[Any]):
    """A cursor that sends values apart from the statement, and the statement once."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> _Prepared:
        return super().execute(query, params, **{**how, "prepare": True})


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """Django's cursor for such a statement. Its values travel with their types, so it says `::type` where that matters.

    Only for statements whose plan is the same whatever the values are: the database may stop looking at them.
    """
    if connection.queries_logged:  # a prepared statement cannot tell which values it was sent with
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    # What Django puts around every cursor of its own (errors translated, queries counted) has no public name.
    with connection._prepare_cursor(_Prepared(connection.connection)) as cursor:  # type: ignore[attr-defined]
        yield cursor
