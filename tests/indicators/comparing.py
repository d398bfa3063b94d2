"""Comparing the sums of the scorecards with those of the twin that reads the whole ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from hamgara.domain.indicators import queries
from hamgara.domain.indicators.models import Scope
from tests.indicators.twin import Twin


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def above(scope: str) -> Any:
    """In whose scorecards each code is counted."""
    match scope:
        case "city":
            return queries.CITY
        case "place":
            return queries.places()
        case "field":
            return queries.fields()
        case "unit":
            return queries.bodies(units=True)
        case "carrier":
            return queries.bodies(units=False)
    return {**queries.bodies(units=True), **queries.bodies(units=False)}


def said(card: queries.Score) -> dict[str, Any]:
    """A scorecard as the twin writes one."""
    return {
        "counts": {name: n for name, n in card.counts.items() if n},
        "waits": {name: (spread.cases, spread.middle) for name, spread in card.waits.items()},
        "late": card.late,
        "promises_late": card.promises_late,
    }


def differences(twin: Twin) -> list[str]:
    """Where the sums and the ledger tell different things."""
    found = []
    for scope in Scope.values:
        keys = twin.keys(scope)
        for year in (None, *queries.years()):
            cards = queries.scores(scope, above(scope), year)
            assert keys <= cards.keys()
            for key, card in cards.items():
                if said(card) != twin.card(scope, key, year):
                    found.append(f"{scope} {key} {year}: {said(card)} is not {twin.card(scope, key, year)}")
        for key in keys:
            codes = queries.below(above(scope), key)
            listed = queries.months(scope, codes, last=60)
            by_month = {
                each.year * 100 + each.month: {name: n for name, n in each.score.counts.items() if n} for each in listed
            }
            if {month: counts for month, counts in by_month.items() if counts} != twin.by_month(scope, key):
                found.append(f"{scope} {key} by months: {by_month}")
    return found
