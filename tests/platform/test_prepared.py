"""Prepared statements are planned once a connection, and are otherwise as every statement of Django's."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hamgara.integrations.prepared import prepared_cursor
from tests import factories as make

pytestmark = pytest.mark.django_db

COUNT = "SELECT count(*) FROM people_person WHERE id = %s::bigint"


def planned() -> int:
    """How many prepared statements the database keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT count(*) FROM people_%%'"
        )
        return int(cursor.fetchone()[0])


def test_a_statement_is_planned_once_and_asked_with_any_value() -> None:
    person, before = make.person(), planned()
    for key, there in ((person.pk, 1), (-1, 0), (person.pk, 1)):
        with prepared_cursor() as cursor:
            cursor.execute(COUNT, [key])
            assert cursor.fetchone() == (there,)
    assert planned() - before <= 1


def test_what_django_asks_itself_is_not_prepared() -> None:
    before = planned()
    for _time in range(9):
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [1])
    assert planned() == before


def test_it_is_counted_as_every_other_query() -> None:
    with CaptureQueriesContext(connection) as asked, prepared_cursor() as cursor:
        cursor.execute(COUNT, [7])
    assert [each["sql"] for each in asked] == ["SELECT count(*) FROM people_person WHERE id = 7::bigint"]


def test_its_errors_are_those_of_django_and_leave_nothing() -> None:
    person = make.person()
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("UPDATE people_person SET key = NULL WHERE id = %s::bigint", [person.pk])
    person.refresh_from_db()
    assert person.key


def test_a_page_starts_no_second_process_for_its_questions() -> None:
    asked = ("max_parallel_workers_per_gather", "jit", "plan_cache_mode")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(asked)])
        assert dict(cursor.fetchall()) == {
            "jit": "off",
            "max_parallel_workers_per_gather": "0",
            "plan_cache_mode": "force_generic_plan",
        }
