"""A page starts no second process and no compiler for its questions."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_every_connection_asks_for_short_plans() -> None:
    asked = ["jit", "max_parallel_workers_per_gather"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [asked])
        assert cursor.fetchall() == [("jit", "off"), ("max_parallel_workers_per_gather", "0")]
