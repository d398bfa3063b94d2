"""Committees by approval that represent everybody in proportion: sequential Phragmén and equal shares, exactly.

Phragmén: every seat is a load of 1 that those who approve of its holder carry; the next seat goes to whomever leaves
the most loaded of their supporters with the least. Equal shares (Peters and Skowron 2020): every paper has seats/papers
to spend, a seat costs 1 and is paid by its supporters as equally as they can; the next seat is the one that costs its
payers least. What equal shares leaves empty, Phragmén fills, starting from what is left in each purse.

Papers that stand alike (same load, same purse) are in one class with one exact number. Doubles only say which
candidates are worth an exact look.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from hamgara.algorithms.tally.approvals import Approvals
from hamgara.algorithms.tally.ballots import Integers, RankedBallots
from hamgara.algorithms.tally.counting import CountError, Result, Stage, Tie, TieBreaker, check_seats
from hamgara.algorithms.tally.rules import Rule

NEAR = 1e-9  # how close a double may come before exact numbers decide


def count(ballots: RankedBallots, rule: Rule, seats: int, lots: Sequence[int] | None = None) -> Result:
    """Count by «approval», «phragmen» or «equal-shares»; every stage fills a seat. Raises CountError and LotNeeded."""
    check_seats(ballots, seats)
    committee = _Committee(ballots, rule, seats, TieBreaker(lots, ballots.standing))
    if rule.method == "approval":
        committee.most_approved()
    elif rule.method == "phragmen":
        committee.phragmen([Fraction(0)])
    else:
        purses = committee.equal_shares()
        if dict(rule.choices)["completion"] == "phragmen":
            committee.phragmen([-purse for purse in purses])
    return committee.result()


class _Committee:
    """A committee while it is being filled."""

    def __init__(self, ballots: RankedBallots, rule: Rule, seats: int, ties: TieBreaker) -> None:
        self.ballots, self.rule, self.seats, self.ties = ballots, rule, seats, ties
        self.votes = Approvals.of(ballots)
        approvals = self.votes.totals()
        self.approvals = {each: Fraction(approvals[each]) for each in ballots.standing}
        self.open = [each for each in ballots.standing if approvals[each]]
        if len(self.open) < seats:
            raise CountError(f"{seats} seats, but only {len(self.open)} candidates of whom anybody approves")
        self.stages: list[Stage] = []
        self.elected: list[int] = []
        self.weighted: Integers = self.votes.approves * self.votes.weights[:, None]
        self.classes: Integers = np.zeros(len(self.votes.weights), np.int64)

    def most_approved(self) -> None:
        """One seat after another to whomever the most approve of."""
        while len(self.elected) < self.seats:
            self._seat("approvals", {each: -self.approvals[each] for each in self.open})

    def phragmen(self, loads: list[Fraction]) -> None:
        """Fill the seats that are empty; `loads` are those of the classes."""
        loads = list(loads)
        while len(self.elected) < self.seats:
            counts = self._counts(len(loads))
            reached = {}
            for each in self.open:
                column = counts[:, each - 1]
                held = np.flatnonzero(column).tolist()
                carried = sum((loads[one] * int(column[one]) for one in held), Fraction(1))
                reached[each] = carried / self.approvals[each]
            chosen = self._seat("load", reached)
            loads.append(reached[chosen])
            self.classes[self.votes.approves[:, chosen - 1]] = len(loads) - 1

    def equal_shares(self) -> list[Fraction]:
        """Fill what can be paid for; the answer is what is left in the purses of the classes."""
        purses = [Fraction(self.seats, self.votes.papers)]
        while len(self.elected) < self.seats:
            counts = self._counts(len(purses))
            prices = self._prices(counts, purses)
            if not prices:
                break
            chosen = self._seat("share", prices)
            purses = self._pay(chosen, prices[chosen], purses)
        return purses

    def result(self) -> Result:
        """The filled committee; `quota` is how many papers one seat stands for."""
        quota = Fraction(self.votes.papers, self.seats)
        return Result(
            self.rule,
            self.seats,
            self.votes.papers,
            self.ballots.papers,
            quota,
            tuple(self.stages),
            tuple(self.elected),
        )

    def _counts(self, classes: int) -> Integers:
        """How many papers of each class approve of each candidate."""
        order = np.argsort(self.classes, kind="stable")
        there, starts = np.unique(self.classes[order], return_index=True)
        counts = np.zeros((classes, self.weighted.shape[1]), np.int64)
        counts[there] = np.add.reduceat(self.weighted[order], starts, axis=0)
        return counts

    def _prices(self, counts: Integers, purses: list[Fraction]) -> dict[int, Fraction]:
        """What each payer gives at most, for the candidates who may be the cheapest."""
        order = sorted(range(len(purses)), key=purses.__getitem__)
        money = np.array([float(purses[each]) for each in order])[:, None]
        sorted_counts = counts[order]
        all_in = np.cumsum(sorted_counts * money, axis=0) - sorted_counts * money
        payers = sorted_counts[::-1].cumsum(axis=0)[::-1]
        enough = all_in + payers * money >= 1 - NEAR
        first = enough.argmax(axis=0)
        columns = np.arange(counts.shape[1])
        guesses = (1 - all_in[first, columns]) / np.maximum(payers[first, columns], 1)
        able = [each for each in self.open if enough[:, each - 1].any()]
        least = min((guesses[each - 1] for each in able), default=0.0)
        near = [each for each in able if guesses[each - 1] <= least * (1 + NEAR) + NEAR]
        exact = {each: self._price(counts[:, each - 1].tolist(), purses, order) for each in near}
        prices = {each: price for each, price in exact.items() if price is not None}
        if not prices and near:  # the double was too hopeful about all of these: look at everybody exactly
            exact = {each: self._price(counts[:, each - 1].tolist(), purses, order) for each in able}
            prices = {each: price for each, price in exact.items() if price is not None}
        return prices

    @staticmethod
    def _price(counts: list[int], purses: list[Fraction], order: list[int]) -> Fraction | None:
        """The least that all supporters must be ready to give so that together they pay 1; None if they cannot."""
        missing, payers = Fraction(1), sum(counts)
        for each in order:
            if payers and missing <= purses[each] * payers:
                return missing / payers
            missing -= purses[each] * counts[each]
            payers -= counts[each]
        return None

    def _pay(self, chosen: int, price: Fraction, purses: list[Fraction]) -> list[Fraction]:
        """The purses after the seat is paid; `classes` follow."""
        supporters = self.votes.approves[:, chosen - 1]
        after = [*purses, *(purse - min(purse, price) for purse in purses)]
        moved = np.where(supporters, self.classes + len(purses), self.classes)
        used = np.unique(moved).tolist()
        known: dict[Fraction, int] = {}
        renumbered = np.zeros(len(after), np.int64)
        for each in used:
            renumbered[each] = known.setdefault(after[each], len(known))
        self.classes = renumbered[moved]
        return list(known)

    def _seat(self, action: str, costs: dict[int, Fraction]) -> int:
        """Seat the one who costs least; of several the one of whom more approve, then by lot."""
        least = min(costs.values())
        level = [each for each, cost in costs.items() if cost == least]
        taken, tie = self.ties.settle(level, [self.approvals], lowest=False)
        ties: tuple[Tie, ...] = () if tie is None else (tie,)
        self.open.remove(taken)
        self.elected.append(taken)
        # Of equal shares only the cheapest are shown: who else was looked at exactly hangs on doubles.
        shown = {each: abs(cost) for each, cost in costs.items() if action != "share" or cost == least}
        quota = Fraction(self.votes.papers, self.seats)
        self.stages.append(Stage(action, taken, shown, Fraction(0), Fraction(0), (taken,), quota, ties))
        return taken
