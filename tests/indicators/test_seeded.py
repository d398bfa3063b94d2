"""A made-up city with years of history is counted as its ledger tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from hamgara import clock
from hamgara.cli import seed
from hamgara.cli.seed.world import Size
from hamgara.domain.indicators.models import CountedDemand
from hamgara.domain.ledger.models import Entry
from tests.indicators.comparing import differences, undone
from tests.indicators.twin import Twin


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """A made-up city with its whole history; it is counted while it is seeded."""
    now = datetime(2026, 6, 1, 8, 20, tzinfo=UTC)
    with django_db_blocker.unblock():
        with undone():
            size = Size(demands=120, people=60, organisations=12, accredited=6, years=2)
            seed.fill(size, 7, now, say=lambda line: None)
            yield now
        connection.close()


@pytest.mark.django_db
def test_a_seeded_city_is_counted_as_its_ledger_tells(large: datetime) -> None:
    with clock.standing_at(large):
        assert Entry.objects.count() > 500
        assert CountedDemand.objects.count() == 120
        assert differences(Twin(clock.today())) == []
