"""Single transferable vote by Meek's rule, as the Proportional Representation Foundation wrote it down.

Hill, Wichmann, Woodall, «Algorithm 123», Computer Journal 30 (1987); prfound.org, reference Meek rule. Every candidate
who is elected keeps of each paper only a part, the keep factor, and passes the rest on; the factors are found by
repetition, so that everybody elected is left with the quota, which falls as papers run out. Excluded candidates are
treated as if they had never stood. Nine decimals, rounded up, and a surplus below 0.000001 is none.

A paper is read through those elected to the first who is still hopeful and keeps the rest. So papers are kept in a tree
of the elected whom they pass, and one repetition goes over the branches of the tree and not over the papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from hamgara.algorithms.tally.ballots import Integers, RankedBallots
from hamgara.algorithms.tally.counting import CountError, Result, Stage, Tie, TieBreaker, check_seats
from hamgara.algorithms.tally.papers import Papers, Pile, together
from hamgara.algorithms.tally.rules import Rule

ONE = 10**9  # numbers are whole billionths
OMEGA = 1000
MOST_PAPERS = 9 * 10**9  # beyond them a sum of billionths does not fit into 64 bits


def count(ballots: RankedBallots, rule: Rule, seats: int, lots: Sequence[int] | None = None) -> Result:
    """Count by a rule of the method «meek». Raises CountError, and LotNeeded where only lots can settle a tie."""
    check_seats(ballots, seats)
    if ballots.papers > MOST_PAPERS:
        raise CountError("there are more papers than this rule can count exactly")
    return _Count(ballots, rule, seats, TieBreaker(lots, ballots.standing)).run()


class _Tree:
    """Papers by the elected whom they pass. Branch 0 is the root; every other belongs to an elected candidate."""

    def __init__(self, papers: Papers, first: dict[int, Pile], candidates: int) -> None:
        self.papers, self.candidates = papers, candidates
        self.parents, self.owners, self.depths = [-1], [0], [0]
        self.sheets = [0]
        self.branches: dict[tuple[int, int], int] = {}
        self.leaves: list[dict[int, list[Pile]]] = [{c: [pile] for c, pile in first.items() if c}]
        self._lay_out()

    def release(self, candidate: int, hopeful: Sequence[int], elected: Sequence[int]) -> None:
        """Move on the papers at which this candidate was the last: now elected, and so passed, or excluded."""
        for branch in range(len(self.leaves)):
            piles = self.leaves[branch].pop(candidate, None)
            if piles is not None:
                pile = together(piles)
                if candidate in elected:
                    self._pass_through(branch, candidate, pile, hopeful, elected)
                else:
                    self._next(branch, pile, hopeful, elected)
        self._lay_out()

    def _next(self, branch: int, pile: Pile, hopeful: Sequence[int], elected: Sequence[int]) -> None:
        for candidate, part in self.papers.next(pile, [*hopeful, *elected]).items():
            if candidate in elected:
                self._pass_through(branch, candidate, part, hopeful, elected)
            elif candidate:
                self.leaves[branch].setdefault(candidate, []).append(part)

    def _pass_through(
        self, parent: int, candidate: int, pile: Pile, hopeful: Sequence[int], elected: Sequence[int]
    ) -> None:
        branch = self.branches.get((parent, candidate))
        if branch is None:
            branch = self.branches[parent, candidate] = len(self.parents)
            self.parents.append(parent)
            self.owners.append(candidate)
            self.depths.append(self.depths[parent] + 1)
            self.sheets.append(0)
            self.leaves.append({})
        self.sheets[branch] += pile.sheets
        self._next(branch, pile, hopeful, elected)

    def _lay_out(self) -> None:
        """As arrays: the branches by depth, and how many papers end at whom."""
        depths = np.array(self.depths)
        self._parents, self._owners = np.array(self.parents), np.array(self.owners)
        self._sheets: Integers = np.array(self.sheets, np.int64)
        self._levels = [np.flatnonzero(depths == depth) for depth in range(1, int(depths.max()) + 1)]
        self._ends = np.zeros((len(self.leaves), self.candidates + 1), np.int64)
        for branch, leaves in enumerate(self.leaves):
            for candidate, piles in leaves.items():
                self._ends[branch, candidate] = sum(pile.sheets for pile in piles)

    def votes(self, keep: Integers) -> Integers:
        """Everybody's votes when the elected keep so much."""
        left = np.full(len(self.parents), ONE, np.int64)
        votes = np.zeros(self.candidates + 1, np.int64)
        for level in self._levels:
            before, owners = left[self._parents[level]], self._owners[level]
            kept = -(-(before * keep[owners]) // ONE)  # at most 10**18 before division; rounded up
            np.add.at(votes, owners, kept * self._sheets[level])
            left[level] = before - kept
        return votes + left @ self._ends


class _Count:
    """One count while it runs."""

    def __init__(self, ballots: RankedBallots, rule: Rule, seats: int, ties: TieBreaker) -> None:
        self.ballots, self.rule, self.seats, self.ties = ballots, rule, seats, ties
        self.hopeful = list(ballots.standing)
        self.elected: list[int] = []
        self.keep: Integers = np.full(len(ballots.candidates) + 1, ONE, np.int64)
        self.quota = 0
        self.stages: list[Stage] = []
        self.past: list[dict[int, Fraction]] = []

    def run(self) -> Result:
        papers = Papers(self.ballots)
        first = papers.first(self.hopeful)
        self.valid = sum(pile.sheets for candidate, pile in first.items() if candidate)
        if self.valid == 0:
            raise CountError("no paper names a candidate who stands: there is nothing to count")
        tree = _Tree(papers, first, len(self.ballots.candidates))
        action, candidate = "first_preferences", None
        ties: tuple[Tie, ...] = ()
        while True:
            votes, surplus = self._converge(tree)
            new = self._end_stage(action, candidate, votes, ties)
            if len(self.elected) == self.seats:
                break
            if new:
                action, candidate, ties = "keep_factors", None, ()
                for each in new:
                    tree.release(each, self.hopeful, self.elected)
            else:
                lowest = min(int(votes[each]) for each in self.hopeful)
                level = [each for each in self.hopeful if int(votes[each]) <= lowest + surplus]
                taken, tie = self.ties.settle(level, self.past[:-1], lowest=True)
                action, candidate, ties = "exclusion", taken, () if tie is None else (tie,)
                self.hopeful.remove(taken)
                tree.release(taken, self.hopeful, self.elected)
        quota = Fraction(self.quota, ONE)
        stages, elected = tuple(self.stages), tuple(self.elected)
        return Result(self.rule, self.seats, self.valid, self.ballots.papers, quota, stages, elected)

    def _converge(self, tree: _Tree) -> tuple[Integers, int]:
        """Votes once the surplus is next to nothing, or once somebody has the quota; and that surplus."""
        last = None
        while True:
            votes = tree.votes(self.keep)
            self.quota = int(votes.sum()) // (self.seats + 1) + 1
            surplus = max(0, sum(int(votes[each]) - self.quota for each in self.elected))
            full = len(self.elected) + len(self.hopeful) == self.seats
            if full or any(int(votes[each]) >= self.quota for each in self.hopeful):
                return votes, surplus
            if surplus < OMEGA or (last is not None and surplus >= last):
                return votes, surplus
            last = surplus
            self._next_keep(votes)

    def _next_keep(self, votes: Integers) -> None:
        for each in self.elected:
            share = -(-int(self.keep[each]) * self.quota // ONE)
            self.keep[each] = -(-share * ONE // int(votes[each]))

    def _end_stage(self, action: str, candidate: int | None, votes: Integers, ties: tuple[Tie, ...]) -> list[int]:
        totals = {each: Fraction(int(votes[each]), ONE) for each in self.ballots.standing}
        self.past.append(totals)
        new = self.ties.order([each for each in self.hopeful if int(votes[each]) >= self.quota], self.past)
        self.hopeful = [each for each in self.hopeful if each not in new]
        if len(self.elected) + len(new) + len(self.hopeful) == self.seats:
            new += self.ties.order(self.hopeful, self.past)
            self.hopeful = []
        self.elected += new
        loose = self.valid - sum(totals.values(), Fraction(0))
        quota = Fraction(self.quota, ONE)
        self.stages.append(Stage(action, candidate, totals, loose, Fraction(0), tuple(new), quota, ties))
        return new
