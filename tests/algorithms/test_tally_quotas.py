"""Seats reserved for groups, against every committee there is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.tally import blt, gregory
from hamgara.algorithms.tally.ballots import RankedBallots, from_rankings
from hamgara.algorithms.tally.counting import CountError
from hamgara.algorithms.tally.quotas import Quota, Quotas
from hamgara.algorithms.tally.verify import first_wrong
from hamgara.cli.count import rule_called
from tests.algorithms.tally_strategies import elections
from tests.algorithms.test_tally_certificate import written

EXACT = rule_called("wigm")
NUMBERS = list(range(1, 8))


@st.composite
def groups(draw: st.DrawFn) -> list[Quota]:
    out = []
    for name in draw(st.lists(st.sampled_from("abc"), unique=True, min_size=1)):
        least = draw(st.integers(0, 2))
        most = draw(st.integers(least, 4))
        out.append(Quota(name, least, most, draw(st.frozensets(st.sampled_from(NUMBERS)))))
    return out


def committees(quotas: list[Quota], seats: int, elected: set[int], hopeful: set[int]) -> list[set[int]]:
    """Every committee that has all the elected and keeps the quotas."""
    every = (elected | set(more) for more in combinations(sorted(hopeful), max(seats - len(elected), 0)))
    return [
        them
        for them in every
        if len(them) == seats and all(each.least <= len(them & each.candidates) <= each.most for each in quotas)
    ]


@given(groups(), st.integers(1, 4), st.sets(st.sampled_from(NUMBERS), max_size=3), st.data())
def test_who_is_guarded_who_is_doomed_and_whether_it_can_be_done(
    quotas: list[Quota], seats: int, elected: set[int], data: st.DataObject
) -> None:
    hopeful = data.draw(st.sets(st.sampled_from(NUMBERS))) - elected
    try:
        reserved = Quotas(quotas, seats, NUMBERS)
    except CountError:
        assert committees(quotas, seats, set(), set(NUMBERS)) == []
        return
    there_are = committees(quotas, seats, elected, hopeful)
    witness = reserved.witness(elected, hopeful)
    assert (witness is None) == (there_are == [])
    assert witness is None or set(witness) in there_are
    assert reserved.doomed(elected, hopeful) == sorted(c for c in hopeful if not any(c in them for them in there_are))
    assert reserved.guarded(elected, hopeful) == sorted(c for c in hopeful if all(c in them for them in there_are))


@given(elections(), groups())
def test_a_count_keeps_the_quotas_and_the_second_implementation_agrees(
    drawn: tuple[RankedBallots, int, list[int]], quotas: list[Quota]
) -> None:
    ballots, seats, lots = drawn
    try:
        result = gregory.count(ballots, EXACT, seats, lots, quotas)
    except CountError:
        nobody_named = not any(ranks for _, ranks in ballots.rankings())
        assert nobody_named or committees(quotas, seats, set(), set(ballots.standing)) == []
        return
    assert set(result.elected) in committees(quotas, seats, set(), set(ballots.standing))
    data = blt.write(ballots, seats).encode()
    assert first_wrong(written(result, ballots, data, lots, quotas), data, "b.blt") is None


def test_somebody_with_the_quota_of_votes_may_find_no_seat_left() -> None:
    papers = from_rankings("ABCD", [(5, [1, 3]), (5, [2, 4]), (1, [3]), (1, [4])])
    men = [Quota("women", 1, 2, frozenset({3, 4}))]
    result = gregory.count(papers, EXACT, 2, [1, 2, 3, 4], men)
    assert result.stages[0].elected == (1,)  # by lot before 2, for whom no seat is left
    assert result.stages[0].doomed == (2,)
    assert (result.stages[1].action, result.stages[1].candidate) == ("exclusion", 2)
    assert result.elected == (1, 4)


def test_quotas_that_nobody_can_keep_are_told_before_the_count() -> None:
    papers = from_rankings("ABCD", [(5, [1])])
    for quotas, says in (
        ([Quota("women", 2, 2, frozenset({3}))], "'women' asks for 2 seats, but 1"),
        ([Quota("a", 2, 2, frozenset({1, 2})), Quota("b", 2, 2, frozenset({3, 4}))], "all quotas together"),
    ):
        with pytest.raises(CountError, match=says):
            gregory.count(papers, EXACT, 3, None, quotas)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": "a", "min": 2, "max": 1, "candidates": [1]},
        {"name": "a", "min": -1, "max": 1, "candidates": [1]},
        {"name": "a", "min": 0, "max": 1, "candidates": [1, 1]},
        {"name": "a", "min": 0, "max": 1, "candidates": ["1"]},
        {"name": "a", "min": True, "max": 1, "candidates": [1]},
        {"name": "a", "min": 0, "max": 1, "candidates": [1], "more": 1},
    ],
)
def test_a_quota_that_is_none_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(CountError):
        Quota.from_document(document)
