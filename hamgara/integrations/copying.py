"""Many rows at once into PostgreSQL: by COPY, and into tables whose indexes and references are made afterwards.

For what is written by the million, such as the years of a made-up city: COPY costs a third of INSERT, and an index
that is made of all rows a tenth of one that grows with each.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import JSONField, Model
from psycopg import sql

NULL = "\\N"


def _text(value: str) -> str:
    plain = value.replace("\\", "\\\\")  # four searches are faster than one translation of every letter
    return plain.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\", "\\\\")  # in it a newline is no newline


def _list(values: Sequence[str]) -> str:
    quoted = ['"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values]
    return _text("{" + ",".join(quoted) + "}")


@dataclass(frozen=True, slots=True)
class Json:
    """A value of a column of JSON, of whatever type; None is no value at all."""

    value: Any


# How a value stands in the text of a COPY.
_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: NULL,
    str: _text,
    int: str,
    float: repr,
    Decimal: str,
    UUID: str,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
    list: _list,
    Json: lambda given: NULL if given.value is None else _json(given.value),
}


def _written(value: Any) -> str:
    write = _WRITTEN.get(type(value))
    if write is None:
        write = _WRITTEN[type(value)] = _writer_of_a_kind_of(value)
    return write(value)


def _writer_of_a_kind_of(value: Any) -> Callable[[Any], str]:
    """For a class of its own that is one of those above, such as a choice."""
    write = next(each for kind, each in _WRITTEN.items() if isinstance(value, kind))
    return (lambda given: write(given.value)) if isinstance(value, Enum) else write


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write these rows: whole numbers, texts, moments and the like, lists of texts, and `Json`."""
    lines = "".join(["\t".join(map(_written, row)) + "\n" for row in rows])
    if not lines:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        into.write(lines.encode())


def copy_models(rows: Iterable[Model]) -> None:
    """Write rows of one model that are not in the database yet; each gets its number, in this order."""
    made = list(rows)
    if not made:
        return
    model = type(made[0])
    for row, number in zip(made, _numbers(model._meta.db_table, len(made)), strict=True):
        row.pk = number
    fields = model._meta.concrete_fields
    read = [_reader(field) for field in fields]
    copy(model._meta.db_table, [str(field.column) for field in fields], ([each(row) for each in read] for row in made))


def _numbers(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [number for (number,) in cursor.fetchall()]


def _reader(field: Any) -> Callable[[Any], Any]:
    if field.is_relation:
        name, attname = field.name, field.attname

        def related(row: Any) -> Any:
            # A row that it points to may have been written, and got its number, after it was named here.
            known = row._state.fields_cache.get(name)
            return getattr(row, attname) if known is None else known.pk

        return related
    if isinstance(field, JSONField):
        return lambda row: Json(getattr(row, field.attname))
    return operator.attrgetter(field.attname)


@contextmanager
def bare(*models: type[Model]) -> Iterator[None]:
    """Inside, these tables have no indexes but those of their keys, and refer to nothing; afterwards all is as before.

    The database checks every reference when it is made again. Whoever is stopped inside leaves them bare.
    """
    tables = [model._meta.db_table for model in models]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked holds its table
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(_REFERENCES, [tables])
        references = cursor.fetchall()
        cursor.execute(_INDEXES, [tables])
        indexes = cursor.fetchall()
        for table, name, _definition in references:
            cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_name(table), _name(name)))
        for name, _definition in indexes:
            cursor.execute(sql.SQL("DROP INDEX {}").format(_name(name)))
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in references:
            statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} " + definition)
            cursor.execute(statement.format(_name(table), _name(name)))


_name = sql.Identifier
_REFERENCES = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u', 'x')
    WHERE indrelid::regclass::text = ANY(%s) AND pg_constraint.oid IS NULL
"""
