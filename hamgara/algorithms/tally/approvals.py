"""Approval ballots: who approves of whom, with equal papers in one row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.tally.ballots import Integers, RankedBallots
from hamgara.algorithms.tally.counting import CountError


@dataclass(frozen=True)
class Approvals:
    """`approves[i, c - 1]` is true where the papers of row i approve of candidate c."""

    approves: NDArray[np.bool_]
    weights: Integers

    @classmethod
    def of(cls, ballots: RankedBallots) -> Approvals:
        """Everybody named on a paper is approved of, whatever the rank; papers that name nobody are left out."""
        count = len(ballots.candidates)
        approves = np.zeros((len(ballots.matrix), count + 1), np.bool_)
        rows, columns = np.nonzero(ballots.matrix)
        approves[rows, ballots.matrix[rows, columns]] = True
        approves[:, [0, *ballots.withdrawn]] = False
        packed = np.packbits(approves[:, 1:], axis=1)
        _, first, where = np.unique(
            packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True, return_inverse=True
        )
        weights = np.zeros(len(first), np.int64)
        np.add.at(weights, where, ballots.weights)
        rows_kept = approves[first, 1:]
        named = rows_kept.any(axis=1)
        if not named.any():
            raise CountError("no paper names a candidate who stands: there is nothing to count")
        return cls(rows_kept[named], weights[named])

    @property
    def papers(self) -> int:
        """How many papers approve of somebody."""
        return int(self.weights.sum())

    def totals(self) -> dict[int, int]:
        """How many approve of each candidate."""
        return dict(enumerate((self.approves * self.weights[:, None]).sum(axis=0).tolist(), 1))


@dataclass(frozen=True)
class Representation:
    """How near a committee comes to leaving a group without what it deserves (EJR+; Brill and Peters 2023).

    `ratio` below 1 means that EJR+ holds. `group` papers all approve of `candidate`, who is not in the committee, and
    each of them has fewer than `deserved` members there; the ratio is the group over what `deserved` seats cost.
    """

    ratio: Fraction
    candidate: int | None
    deserved: int
    group: int

    @property
    def holds(self) -> bool:
        """Has every group what it deserves?"""
        return self.ratio < 1


def representation(ballots: Approvals, committee: Collection[int]) -> Representation:
    """The worst case of all candidates outside and all numbers of seats, in one look at the papers for each number."""
    members = sorted(committee)
    seats = len(members)
    have = ballots.approves[:, [each - 1 for each in members]].sum(axis=1)
    worst = Representation(Fraction(0), None, 0, 0)
    for deserved in range(1, seats + 1):
        poor = have < deserved
        groups = (ballots.approves[poor] * ballots.weights[poor, None]).sum(axis=0).tolist()
        for candidate, group in enumerate(groups, 1):
            ratio = Fraction(group * seats, deserved * ballots.papers)
            if candidate not in committee and ratio > worst.ratio:
                worst = Representation(ratio, candidate, deserved, group)
    return worst
