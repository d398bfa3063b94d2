"""Committees by approval: against twins that go through the papers one by one, and in published examples."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given

from hamgara.algorithms.tally import blt
from hamgara.algorithms.tally.approvals import Approvals, representation
from hamgara.algorithms.tally.ballots import RankedBallots, from_rankings
from hamgara.algorithms.tally.counting import CountError, LotNeeded
from hamgara.algorithms.tally.verify import first_wrong
from hamgara.cli.count import counted, rule_called
from tests.algorithms.tally_strategies import elections
from tests.algorithms.test_tally_certificate import written

METHODS = ["approval", "phragmen", "equal-shares"]


def papers_of(ballots: RankedBallots) -> list[set[int]]:
    """One set of approved candidates for each paper that has some."""
    sets = [({c for rank in ranks for c in rank} - ballots.withdrawn, weight) for weight, ranks in ballots.rankings()]
    return [each for each, weight in sets for _ in range(weight) if each]


def phragmen_in_time(papers: list[set[int]], seats: int, standing: list[int], lots: list[int]) -> list[int]:
    """Phragmén as money that everybody earns at the same pace: a seat is bought as soon as its supporters have 1."""
    purse, elected = [Fraction(0)] * len(papers), []
    approvals = {c: sum(c in them for them in papers) for c in standing}
    while len(elected) < seats:
        wait = {
            c: (1 - sum(p for p, them in zip(purse, papers, strict=True) if c in them)) / approvals[c]
            for c in standing
            if approvals[c] and c not in elected
        }
        bought = min(wait, key=lambda c: (wait[c], -approvals[c], lots.index(c)))
        purse = [Fraction(0) if bought in them else p + wait[bought] for p, them in zip(purse, papers, strict=True)]
        elected.append(bought)
    return elected


@given(elections(equal=True, withdrawals=True))
def test_phragmen_is_buying_seats_with_money_that_comes_in_over_time(
    drawn: tuple[RankedBallots, int, list[int]],
) -> None:
    ballots, seats, lots = drawn
    papers = papers_of(ballots)
    if len(set().union(*papers)) < seats:
        with pytest.raises(CountError):
            counted(ballots, rule_called("phragmen"), seats, lots)
        return
    result = counted(ballots, rule_called("phragmen"), seats, lots)
    assert list(result.elected) == phragmen_in_time(papers, seats, list(ballots.standing), lots)


@pytest.mark.parametrize("method", METHODS)
@given(drawn=elections(equal=True, withdrawals=True))
def test_the_second_implementation_agrees(method: str, drawn: tuple[RankedBallots, int, list[int]]) -> None:
    ballots, seats, lots = drawn
    data = blt.write(ballots, seats).encode()
    try:
        result = counted(ballots, rule_called(method), seats, lots)
    except CountError:
        assert len(set().union(*papers_of(ballots))) < seats
        return
    assert len(set(result.elected)) == seats
    assert first_wrong(written(result, ballots, data, lots), data, "b.blt") is None


@given(elections(withdrawals=True))
def test_equal_shares_leaves_no_group_without_what_it_deserves(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    ballots, seats, lots = drawn
    try:
        result = counted(ballots, rule_called("equal-shares"), seats, lots)
    except CountError:
        return
    assert representation(Approvals.of(ballots), result.elected).holds


@given(elections(withdrawals=True))
def test_the_meter_finds_the_worst_group_there_is(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    ballots, seats, _ = drawn
    papers = papers_of(ballots)
    if not papers:
        return
    for committee in combinations(ballots.standing, seats):
        ratios = [
            Fraction(sum(c in them and len(them & set(committee)) < deserved for them in papers) * seats, deserved)
            / len(papers)
            for c in ballots.standing
            if c not in committee
            for deserved in range(1, seats + 1)
        ]
        assert representation(Approvals.of(ballots), committee).ratio == max(ratios, default=0)


def test_a_party_of_two_thirds_gets_two_of_three_seats() -> None:
    papers = from_rankings("ABCDEF", [(20, [1, 2, 3]), (10, [4, 5, 6])])
    for method in ("phragmen", "equal-shares"):
        elected = counted(papers, rule_called(method), 3, [1, 2, 3, 4, 5, 6]).elected
        assert sorted(elected) == [1, 2, 4]
    assert sorted(counted(papers, rule_called("approval"), 3, [1, 2, 3, 4, 5, 6]).elected) == [1, 2, 3]
    assert not representation(Approvals.of(papers), [1, 2, 3]).holds  # ten papers deserve a seat and have none


def test_phragmen_loads_are_exact() -> None:
    # B is approved of by all five papers: each carries 1/5. Then A: (1 + 3/5) / 3, C: (1 + 2/5) / 2.
    result = counted(from_rankings("ABC", [(3, [1, 2]), (2, [2, 3])]), rule_called("phragmen"), 2)
    assert result.elected == (2, 1)
    assert result.stages[0].totals == {1: Fraction(1, 3), 2: Fraction(1, 5), 3: Fraction(1, 2)}
    assert result.stages[1].totals == {1: Fraction(8, 15), 3: Fraction(7, 10)}


def test_a_tie_of_the_same_approvals_needs_lots() -> None:
    papers = from_rankings("ABC", [(1, [1]), (1, [2]), (1, [3])])
    for method in METHODS:
        with pytest.raises(LotNeeded):
            counted(papers, rule_called(method), 2)
        assert counted(papers, rule_called(method), 2, [3, 1, 2]).elected == (3, 1)
