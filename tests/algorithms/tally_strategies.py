"""Small elections for the tests of counting, as hypothesis draws them: ties, withdrawals and equal ranks included."""

from __future__ import annotations

from hypothesis import strategies as st

from hamgara.algorithms.tally.ballots import RankedBallots, from_rankings


@st.composite
def elections(
    draw: st.DrawFn, *, equal: bool = False, withdrawals: bool = False
) -> tuple[RankedBallots, int, list[int]]:
    """Ballots, seats and lots."""
    count = draw(st.integers(2, 6))
    numbers = list(range(1, count + 1))
    ranking = st.permutations(numbers).flatmap(lambda order: st.integers(0, count).map(lambda depth: order[:depth]))
    rows = []
    for weight, order in draw(st.lists(st.tuples(st.integers(1, 9), ranking), min_size=1, max_size=12)):
        ranks: list[list[int]] = []
        for candidate in order:
            if equal and ranks and draw(st.booleans()):
                ranks[-1].append(candidate)
            else:
                ranks.append([candidate])
        rows.append((weight, ranks))
    gone = draw(st.sets(st.sampled_from(numbers), max_size=count - 2)) if withdrawals else set()
    seats = draw(st.integers(1, max(1, count - len(gone) - 1)))
    lots = draw(st.permutations(numbers))
    return from_rankings([f"نامزد {each}" for each in numbers], rows, withdrawn=gone, seats=seats), seats, lots
