"""STV against a naive twin that moves one paper at a time, and in small stories about ties and bad wishes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from hamgara.algorithms.tally import gregory, reading
from hamgara.algorithms.tally.ballots import RankedBallots, from_rankings
from hamgara.algorithms.tally.counting import CountError, LotNeeded
from hamgara.cli.count import rule_called
from tests.algorithms.tally_strategies import elections

SCOTTISH, EXACT = rule_called("scottish"), rule_called("wigm")


def twin(ballots: RankedBallots, seats: int, lots: list[int], decimals: int | None) -> tuple[list[int], list[dict]]:
    """The rule as it is said, with one paper at a time in a list: winners and the totals of each stage."""
    stands = [each for each in range(1, len(ballots.candidates) + 1) if each not in ballots.withdrawn]
    papers = []
    for weight, ranks in ballots.rankings():
        order = []
        for rank in ranks:
            rank = [each for each in rank if each in stands]
            if len(rank) > 1:
                break
            order += rank
        papers += [[order, Fraction(1)] for _ in range(weight) if order]
    quota = len(papers) // (seats + 1) + 1
    holding = {each: [paper for paper in papers if paper[0][0] == each] for each in stands}
    fixed: dict[int, Fraction] = {}
    hopeful, elected, waiting, past = set(stands), [], [], []

    def cut(number: Fraction) -> Fraction:
        return number if decimals is None else Fraction(int(number * 10**decimals), 10**decimals)

    def first_of(candidates, sign):
        """The lowest (sign 1) or the highest (sign −1) by totals now, at each stage before, then by lot."""
        key = {c: [sign * totals[c] for totals in reversed(past)] + [-sign * lots.index(c)] for c in candidates}
        return min(candidates, key=key.__getitem__)

    def give(papers_, worth):
        for paper in papers_:
            paper[1] = worth(paper[1])
            rest = [each for each in paper[0] if each in hopeful]
            if rest:
                holding[rest[0]].append(paper)

    while True:
        totals = {c: fixed.get(c, sum((p[1] for p in holding.get(c, [])), Fraction(0))) for c in stands}
        past.append(totals)
        while reached := [c for c in hopeful if totals[c] >= quota]:
            best = first_of(reached, -1)
            hopeful.remove(best)
            elected.append(best)
            waiting.append(best)
        if len(elected) < seats and len(hopeful) == seats - len(elected):
            while hopeful:
                best = first_of(hopeful, -1)
                hopeful.remove(best)
                elected.append(best)
        if len(elected) >= seats:
            return elected, past
        over = [c for c in waiting if totals[c] > quota]
        if over:
            giver = first_of(over, -1)
            waiting.remove(giver)
            fixed[giver] = Fraction(quota)
            share = (totals[giver] - quota) / totals[giver]
            give(holding.pop(giver), lambda value, share=share: cut(value * share))
        else:
            giver = first_of(hopeful, 1)
            hopeful.remove(giver)
            fixed[giver] = Fraction(0)
            give(holding.pop(giver), lambda value: value)


def countable(ballots: RankedBallots) -> bool:
    return gregory.Papers(ballots).first(ballots.standing).keys() - {0} != set()


@pytest.mark.parametrize(("rule", "decimals"), [(SCOTTISH, 5), (EXACT, None)])
@given(drawn=elections(equal=True, withdrawals=True))
def test_it_counts_as_somebody_with_the_papers_on_a_table(
    rule: object, decimals: int | None, drawn: tuple[RankedBallots, int, list[int]]
) -> None:
    ballots, seats, lots = drawn
    if not countable(ballots):
        with pytest.raises(CountError, match="nothing to count"):
            gregory.count(ballots, rule, seats, lots)
        return
    result = gregory.count(ballots, rule, seats, lots)
    winners, past = twin(ballots, seats, lots, decimals)
    assert [dict(stage.totals) for stage in result.stages] == past
    assert list(result.elected) == winners
    for stage in result.stages:
        assert sum(stage.totals.values()) + stage.non_transferable == result.valid
        assert 0 <= stage.rounding <= stage.non_transferable
    assert sorted(result.elected) == sorted(each for stage in result.stages for each in stage.elected)
    if decimals is None:
        assert result.stages[-1].rounding == 0


@given(elections())
def test_neither_the_order_of_the_papers_nor_how_they_are_put_together_matters(
    drawn: tuple[RankedBallots, int, list[int]],
) -> None:
    ballots, seats, lots = drawn
    if countable(ballots):
        singles = [(1, ranks) for weight, ranks in reversed(ballots.rankings()) for _ in range(weight)]
        spread = from_rankings(ballots.candidates, singles)
        assert gregory.count(spread, EXACT, seats, lots) == gregory.count(ballots, EXACT, seats, lots)
        assert gregory.count(ballots.merged(), EXACT, seats, lots) == gregory.count(ballots, EXACT, seats, lots)


@given(elections())
def test_whoever_has_the_quota_first_is_elected_and_more_first_preferences_do_not_unseat_them(
    drawn: tuple[RankedBallots, int, list[int]],
) -> None:
    ballots, seats, lots = drawn
    if countable(ballots):
        winner = gregory.count(ballots, EXACT, seats, lots).stages[0].elected[:1]
        more = from_rankings(ballots.candidates, [*ballots.rankings(), (5, list(winner))])
        assert set(winner) <= set(gregory.count(more, EXACT, seats, lots).elected)


def test_a_level_exclusion_goes_by_the_latest_stage_at_which_they_differed() -> None:
    papers = from_rankings("ABCD", [(4, [1]), (3, [2]), (2, [3]), (1, [4, 3])])
    result = gregory.count(papers, EXACT, 1)
    tie = result.stages[2].ties[0]
    assert (tie.level, tie.taken, tie.stage) == ((2, 3), 3, 1)


def test_those_who_have_always_been_level_need_lots_and_the_first_drawn_is_ahead() -> None:
    papers = from_rankings("ABC", [(3, [1]), (2, [2]), (2, [3])])
    with pytest.raises(LotNeeded, match="stage 1 candidates 2, 3"):
        gregory.count(papers, EXACT, 1)
    for lots, out in ([3, 2, 1], 2), ([1, 2, 3], 3):
        stage = gregory.count(papers, EXACT, 1, lots).stages[1]
        assert (stage.candidate, stage.ties[0].stage) == (out, None)


@pytest.mark.parametrize("lots", [[1, 2], [1, 2, 2], [1, 1, 2, 3]])
def test_lots_name_everybody_once(lots: list[int]) -> None:
    with pytest.raises(CountError, match="every candidate once"):
        gregory.count(from_rankings("ABC", [(1, [1])]), EXACT, 1, lots)


@pytest.mark.parametrize("seats", [-1, 0, 3, 4, 1000])
def test_there_are_more_candidates_than_seats(seats: int) -> None:
    with pytest.raises(CountError, match="seat"):
        gregory.count(from_rankings("ABC", [(1, [1])]), EXACT, seats)


def test_a_vacancy_is_a_recount_without_the_leaver() -> None:
    papers = from_rankings("ABC", [(6, [1, 3]), (4, [2]), (1, [3])])
    assert gregory.count(papers, EXACT, 1).elected == (1,)
    assert gregory.count(papers.without([1]), EXACT, 1).elected == (3,)


def test_json_shows_quota_winners_and_stages() -> None:
    papers = from_rankings("ABC", [(5, [1, 2]), (2, [2]), (3, [3])])
    shown = reading.as_json(gregory.count(papers, SCOTTISH, 2))
    assert shown["quota"] == 4
    assert shown["elected"] == [1, 3]
    assert shown["stages"][1] == {
        "totals": {"1": "4.00000", "2": "3.00000", "3": "3.00000"},
        "action": "surplus",
        "candidate": 1,
        "non_transferable": "0.00000",
    }
