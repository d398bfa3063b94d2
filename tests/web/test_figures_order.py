"""The order of scorecards against one that is worked out anew, pair by pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara import charter
from hamgara.domain.indicators.models import Duration
from hamgara.domain.indicators.queries import Score, Spread
from hamgara.web.figures.kinds import Listed, Thing
from hamgara.web.figures.listing import ORDERS, in_order

few = st.integers(0, 25)


@st.composite
def listed(draw: st.DrawFn, code: str = "") -> Listed:
    counts = {name: draw(few) for name in ("kept", "partly", "refused", "received", "merged", "filed_done")}
    answered = draw(few)
    waits = {Duration.Wait.ANSWER: Spread(answered, draw(st.integers(0, 80)) / 2 if answered else 0.0)}
    return Listed(Thing(code, code, 0, code), Score(counts, waits, late=draw(few)))


def place(row: Listed, order: str) -> float | None:
    """By what a row is ranked, smaller first, from its bare counts; None if too little stands behind it."""
    score, least = row.score, charter.number("scorecards.ranked_from")
    asked = sum(score.counts[name] for name in ("kept", "partly", "refused", "received"))
    spread = score.waits[Duration.Wait.ANSWER]
    if asked < least or (order == "answer" and spread.cases < least):
        return None
    return {"done": -score.counts["kept"] / asked, "answer": spread.middle, "late": -float(score.late)}[order]


@pytest.mark.parametrize("order", ORDERS)
@given(rows=st.lists(listed(), max_size=12))
def test_the_order_is_that_of_what_enough_cases_stand_behind(order: str, rows: list[Listed]) -> None:
    ranked, others = in_order(rows, order)
    assert sorted(map(id, ranked + others)) == sorted(map(id, rows))
    assert others == [row for row in rows if place(row, order) is None]
    places = [place(row, order) for row in ranked]
    assert None not in places
    assert all(one <= other for one, other in combinations(places, 2))  # type: ignore[operator]


def test_quick_answers_to_a_few_of_many_demands_are_no_place_among_the_quick() -> None:
    enough = charter.number("scorecards.ranked_from")

    def row(code: str, cases: int, days: float) -> Listed:
        return Listed(Thing(code, code, 0, code), Score({"received": 100}, {Duration.Wait.ANSWER: Spread(cases, days)}))

    quick, slow, two = row("quick", enough, 3), row("slow", 50, 9.5), row("two", 2, 1)
    assert in_order([two, slow, quick], "answer") == ([quick, slow], [two])
