"""Meek's rule: what distinguishes it, against exact arithmetic, and in small stories."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from hamgara.algorithms.tally import meek
from hamgara.algorithms.tally.ballots import RankedBallots, from_rankings
from hamgara.algorithms.tally.counting import CountError
from hamgara.cli.count import rule_called
from tests.algorithms.tally_strategies import elections

MEEK = rule_called("meek")


def test_the_elected_keep_what_meets_the_equations_of_meek() -> None:
    # Nine papers, none runs out: the quota is 3. A keeps 3 of 6, the other 3 go to B, who had 1.
    papers = from_rankings("ABC", [(6, [1, 2]), (1, [2]), (2, [3])])
    result = meek.count(papers, MEEK, 2)
    assert result.elected == (1, 2)
    assert abs(result.stages[1].totals[1] - 3) < Fraction(1, 10**5)
    assert abs(result.stages[1].totals[2] - 4) < Fraction(1, 10**5)


def test_the_quota_falls_as_papers_run_out() -> None:
    papers = from_rankings("ABCD", [(6, [1]), (5, [2]), (4, [3]), (3, [4])])
    quotas = [stage.quota for stage in meek.count(papers, MEEK, 2).stages]
    assert quotas[-1] < quotas[0]


@given(elections())
def test_an_excluded_candidate_is_as_if_they_had_never_stood(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    ballots, seats, lots = drawn
    try:
        result = meek.count(ballots, MEEK, seats, lots)
        out = next((stage.candidate for stage in result.stages if stage.action == "exclusion"), None)
        if out is None or result.stages[0].elected or len(ballots.standing) - 1 <= seats:
            return
        again = meek.count(ballots.without([out]), MEEK, seats, lots)
    except CountError:
        return
    assert set(again.elected) == set(result.elected)


@given(elections())
def test_votes_and_loose_papers_add_up_and_winners_are_as_many_as_seats(
    drawn: tuple[RankedBallots, int, list[int]],
) -> None:
    ballots, seats, lots = drawn
    try:
        result = meek.count(ballots, MEEK, seats, lots)
    except CountError:
        return
    assert len(set(result.elected)) == seats
    for stage in result.stages:
        assert stage.non_transferable >= 0
        assert sum(stage.totals.values()) + stage.non_transferable == result.valid


def test_papers_that_name_nobody_cannot_be_counted() -> None:
    with pytest.raises(CountError, match="nothing to count"):
        meek.count(from_rankings("ABC", [(3, [])]), MEEK, 1)
