"""No public page asks the database more than twelve times, in a city of two thousand demands with years behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara import clock
from hamgara.cli import seed
from hamgara.cli.seed.world import Size
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Comment, Demand
from hamgara.domain.ledger.queries import Kept
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.oversight.models import Review
from hamgara.web import context
from tests.house.test_views import views
from tests.web.readers import reader
from tests.web.sending import MOST_QUERIES, asked_of_the_database

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 20, tzinfo=UTC)
SIZE = Size(demands=2_000, people=150, organisations=24, accredited=15, years=1.2)
# Beside the pages themselves: their filters, searches, tabs and later pages.
MORE = (
    "/demands/?q=خیابان&page=2",
    "/demands/?field={field}&place={place}&tab=verified",
    "/demands/?unit={unit}&page=3",
    "/demands/?lat=33.98&lng=51.43",
    "/commitments/?q=خیابان",
    "/commitments/?overdue=on&page=2",
    "/reviews/?q=خیابان",
    "/reviews/?tab=settled&page=2",
    "/organisations/?q=انجمن",
    "/search/?q=خیابان",
    "/figures/units/?order=done",
    "/demands/track/?code={demand}",
    "/demands/near/?title=خیابان تاریک است&place={place}&field={field}",
    "/organisations/{unit}/",
)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Two thousand demands with their supporters, promises, reviews and ends; gone afterwards."""
    with django_db_blocker.unblock():
        with transaction.atomic(), clock.standing_at(NOW):
            context.forget_city()
            seed.fill(SIZE, 5, NOW, say=lambda line: None)
            yield _things()
            transaction.set_rollback(True)
        context.forget_city()
        connection.close()


def _things() -> dict[str, Any]:
    """What the addresses name: of each kind the one about which there is most to show."""
    promise = Commitment.objects.filter(state=Commitment.State.CONFIRMED).order_by("-pk").first()
    demand = Demand.objects.order_by("-support_count").first()
    assert demand is not None
    assert promise is not None
    return {
        "demands": promise.demand.code,
        "commitments": promise.code,
        "reviews": Review.objects.get(commitment=promise, state=Review.State.SETTLED).code,
        "organisations": Organisation.objects.filter(state=Organisation.State.ACCREDITED).first().code,  # type: ignore[union-attr]
        "places": Place.objects.filter(level="district").first().code,  # type: ignore[union-attr]
        "moderation": f"comment.{Comment.objects.first().key}",  # type: ignore[union-attr]
        "demand": demand.code,
        "unit": demand.unit.code,
        "field": demand.field.code,
        "place": demand.place.code,
    }


def addresses(things: dict[str, Any]) -> list[str]:
    """Every address of the house, with something that is there for each of its parts."""
    given = {"number": 1, "written": "csv", "verb": "start", "key": UUID(int=4), "capability": "none"}
    found = []
    for pattern, view in views():
        if not view.__module__.startswith("hamgara."):
            continue
        first = pattern.partition("/")[0]
        codes = {"code": things.get(first, "none"), "name": "places", "place": things["place"], "token": "none"}
        if first == "figures":
            codes["code"] = things["places"]
        found.append("/" + _filled(pattern, codes | given))
    return found + [each.format(**things) for each in MORE]


def _filled(pattern: str, codes: dict[str, Any]) -> str:
    """`demands/<str:code>/` with its parts filled in."""
    while "<" in pattern:
        before, _open, rest = pattern.partition("<")
        part, _close, after = rest.partition(">")
        pattern = f"{before}{codes[part.partition(':')[2]]}{after}"
    return pattern


# Some of what must be among the pages that show something: a crawl that finds nothing is no crawl.
AMONG_THEM = {
    *("/", "/demands/", "/commitments/", "/reviews/", "/organisations/", "/places/", "/figures/", "/ledger/"),
    *("/search/", "/charter/", "/gathering/", "/moderation/", "/demands/demands.csv", "/organisations/units/"),
}


def test_no_public_page_asks_much(city: dict[str, Any]) -> None:
    browser, shown = reader(), set()
    found: list[str] = []
    with clock.standing_at(NOW):
        for address in addresses(city):
            for kept in (False, True):
                asked, status = _asked(browser, address, kept=kept)
                assert status in (200, 302, 404, 405), f"{address}: {status}"
                if status == 200:
                    shown.add(address)
                if len(asked) > MOST_QUERIES:
                    found += [f"{address} asks {len(asked)} times, registers {'kept' if kept else 'forgotten'}", *asked]
    kinds = ("demands", "commitments", "reviews", "organisations", "places", "moderation")
    assert {*AMONG_THEM, *(f"/{kind}/{city[kind]}/" for kind in kinds)} <= shown
    assert not found, "\n".join(found)


def _asked(browser: Client, address: str, *, kept: bool) -> tuple[list[str], int]:
    for each in Kept.every:
        if not kept:
            each.forget()
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
        answer.getvalue()
    return asked_of_the_database(asked), answer.status_code
