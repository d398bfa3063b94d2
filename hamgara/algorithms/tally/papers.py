"""Papers on the table: which next preference they show, all papers of a pile at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.tally.ballots import Integers, RankedBallots


@dataclass(frozen=True)
class Pile:
    """Papers that lie together: where each one is read, and how many sheets it stands for."""

    places: NDArray[np.int32] | Integers
    weights: Integers
    sheets: int


def together(piles: Sequence[Pile]) -> Pile:
    """One pile of several."""
    if len(piles) == 1:
        return piles[0]
    return Pile(
        np.concatenate([pile.places for pile in piles]),
        np.concatenate([pile.weights for pile in piles]),
        sum(pile.sheets for pile in piles),
    )


class Papers:
    """The rankings of all papers, one after another; a place in them is a paper and how deep it has been read."""

    def __init__(self, ballots: RankedBallots) -> None:
        matrix = ballots.matrix
        if ballots.equal is not None:
            matrix = _until_equal(ballots)
        rows, depth = matrix.shape
        table = np.zeros((rows, depth + 1), matrix.dtype)  # one column more, so that every ranking ends with a 0
        table[:, :depth] = matrix
        self._table = table.ravel()
        self._weights = ballots.weights
        self._places = np.arange(0, rows * (depth + 1), depth + 1, dtype=np.int32 if table.size < 2**31 else np.int64)
        self._candidates = len(ballots.candidates)

    def first(self, continuing: Collection[int]) -> dict[int, Pile]:
        """Every paper with its first preference among those who continue; without one, with 0."""
        return self._sorted(self._places.copy(), self._weights, continuing)

    def next(self, pile: Pile, continuing: Collection[int]) -> dict[int, Pile]:
        """The papers of a pile with their next preference among those who continue; without one, with 0."""
        return self._sorted(pile.places + 1, pile.weights, continuing)

    def _sorted(
        self, places: NDArray[np.int32] | Integers, weights: Integers, continuing: Collection[int]
    ) -> dict[int, Pile]:
        stops = np.zeros(self._candidates + 1, np.bool_)
        stops[[0, *continuing]] = True
        shown = self._table[places]
        passing = np.flatnonzero(~stops[shown])
        while passing.size:
            places[passing] += 1
            there = self._table[places[passing]]
            shown[passing] = there
            passing = passing[~stops[there]]
        order = np.argsort(shown, kind="stable")
        shown, places, weights = shown[order], places[order], weights[order]
        cuts = np.flatnonzero(shown[1:] != shown[:-1]) + 1
        bounds = [0, *cuts.tolist(), len(shown)] if len(shown) else []
        return {
            int(shown[start]): Pile(places[start:end], weights[start:end], int(weights[start:end].sum()))
            for start, end in pairwise(bounds)
        }


def _until_equal(ballots: RankedBallots) -> NDArray[np.int8] | NDArray[np.int16]:
    """Rankings that end before the first rank shared by two who stand: nobody can say who of them was meant."""
    assert ballots.equal is not None
    matrix = ballots.matrix.copy()
    stands = np.zeros(len(ballots.candidates) + 1, np.bool_)
    stands[list(ballots.standing)] = True
    for row in np.flatnonzero(ballots.equal.any(axis=1)).tolist():
        kept: list[int] = []
        group: list[int] = []
        for place, candidate in enumerate([*matrix[row].tolist(), 0]):
            if candidate == 0 or not ballots.equal[row, place]:
                if len(group) > 1:
                    break
                kept += group
                group = []
            if candidate == 0:
                break
            if stands[candidate]:
                group.append(candidate)
        matrix[row] = 0
        matrix[row, : len(kept)] = kept
    return matrix
