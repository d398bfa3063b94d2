"""Ranked ballots as arrays: what every reader gives and every count takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

# Sums of weights stay exact in a double as well, so that no step has to ask which of the two it is in.
MOST_PAPERS = 2**53 - 1
MOST_CANDIDATES = 9_999


class BallotError(ValueError):
    """These ballots cannot be read or counted; the message says where and why."""


@dataclass(frozen=True)
class RankedBallots:
    """Papers that say the same stand in one row, with their number as its weight.

    Candidates are numbered from 1 in the order of the file. A row of `matrix` is one ranking, 0 where it has ended;
    `equal`, where there is one, is true where a candidate has the same rank as the one before.
    """

    candidates: tuple[str, ...]
    matrix: NDArray[np.int8] | NDArray[np.int16]
    weights: Integers
    equal: NDArray[np.bool_] | None = None
    withdrawn: frozenset[int] = frozenset()
    seats: int | None = None  # what the file says, if it says it
    title: str = ""

    @property
    def papers(self) -> int:
        """How many papers there are, blank ones too."""
        return int(self.weights.sum())

    @property
    def standing(self) -> tuple[int, ...]:
        """The candidates who have not withdrawn."""
        return tuple(each for each in range(1, len(self.candidates) + 1) if each not in self.withdrawn)

    def rankings(self) -> list[tuple[int, tuple[tuple[int, ...], ...]]]:
        """Each row as its weight and its ranks, the first first; a rank holds more than one candidate if equal."""
        rows = self.matrix.tolist()
        ties = self.equal.tolist() if self.equal is not None else None
        out = []
        for number, weight in enumerate(self.weights.tolist()):
            ranks: list[tuple[int, ...]] = []
            for place, candidate in enumerate(rows[number]):
                if candidate == 0:
                    break
                if ties is not None and ties[number][place]:
                    ranks[-1] = (*ranks[-1], candidate)
                else:
                    ranks.append((candidate,))
            out.append((weight, tuple(ranks)))
        return out

    def without(self, leavers: Iterable[int]) -> RankedBallots:
        """The same papers when these candidates too have withdrawn: how a vacancy is filled by a recount."""
        gone = frozenset(leavers)
        unknown = sorted(gone - set(range(1, len(self.candidates) + 1)))
        if unknown:
            raise BallotError(f"there is no candidate {unknown[0]} who could withdraw")
        return replace(self, withdrawn=self.withdrawn | gone)

    def merged(self) -> RankedBallots:
        """The same papers with equal rankings in one row, in one order however the rows came."""
        parts = [self.matrix] if self.equal is None else [self.matrix, self.equal.astype(self.matrix.dtype)]
        rows = np.ascontiguousarray(np.hstack(parts))
        if not rows.size:
            return replace(self, matrix=self.matrix[:1], weights=self.weights.sum(keepdims=True)[: len(self.weights)])
        _, first, where = np.unique(
            rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel(),
            return_index=True,
            return_inverse=True,
        )
        weights = np.zeros(len(first), np.int64)
        np.add.at(weights, where, self.weights)
        equal = None if self.equal is None else self.equal[first]
        return replace(self, matrix=self.matrix[first], weights=weights, equal=equal)


def from_rankings(
    candidates: Sequence[str],
    rankings: Iterable[tuple[int, Sequence[int | Sequence[int]]]],
    *,
    withdrawn: Iterable[int] = (),
    seats: int | None = None,
    title: str = "",
) -> RankedBallots:
    """Ballots from plain values: (weight, ranking), where a rank is a candidate or several. Raises BallotError."""
    weights: list[int] = []
    values: list[int] = []
    ties: list[bool] = []
    lengths: list[int] = []
    for weight, ranking in rankings:
        weights.append(weight)
        before = len(values)
        for rank in ranking:
            group = (rank,) if isinstance(rank, int) else tuple(rank)
            values.extend(group)
            ties.extend(place > 0 for place in range(len(group)))
        lengths.append(len(values) - before)
    return laid_out(
        candidates,
        np.array(values, np.int64),
        np.array(lengths, np.int64),
        np.array(weights, np.int64),
        equal=np.array(ties, np.bool_) if any(ties) else None,
        withdrawn=withdrawn,
        seats=seats,
        title=title,
    )


def laid_out(
    candidates: Sequence[str],
    values: Integers,
    lengths: Integers,
    weights: Integers,
    *,
    equal: NDArray[np.bool_] | None = None,
    withdrawn: Iterable[int] = (),
    seats: int | None = None,
    title: str = "",
    where: Callable[[int], str] = lambda row: f"ballot {row + 1}",
) -> RankedBallots:
    """Ballots from rankings written one after another; `where` names a row to whoever must mend it."""
    count = len(candidates)
    if not 1 <= count <= MOST_CANDIDATES:
        raise BallotError(f"there are {count} candidates; between 1 and {MOST_CANDIDATES} can be counted")
    gone = frozenset(withdrawn)
    if gone and not 1 <= min(gone) <= max(gone) <= count:
        raise BallotError(f"a candidate who is not among the {count} is marked as withdrawn")
    if weights.size and int(weights.min()) < 1:
        row = int(np.argmin(weights))
        raise BallotError(f"{where(row)}: {int(weights[row])} papers; a line stands for one paper or more")
    if float(weights.sum(dtype=np.float64)) > MOST_PAPERS:
        raise BallotError("there are more papers than anybody could have cast")
    rows = np.repeat(np.arange(len(lengths)), lengths)
    wrong = (values < 1) | (values > count)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise BallotError(f"{where(int(rows[at]))}: there is no candidate {int(values[at])}, only 1 to {count}")
    _refuse_twice(values, rows, len(lengths), count, where)
    starts = np.cumsum(lengths) - lengths
    columns = np.arange(len(values)) - np.repeat(starts, lengths)
    shape = (len(lengths), int(lengths.max()) if lengths.size else 0)
    matrix: NDArray[np.int8] | NDArray[np.int16]
    matrix = np.zeros(shape, np.int8) if count <= 127 else np.zeros(shape, np.int16)
    matrix[rows, columns] = values
    tied = None
    if equal is not None and equal.any():
        tied = np.zeros(shape, np.bool_)
        tied[rows, columns] = equal
    return RankedBallots(tuple(candidates), matrix, weights, tied, gone, seats, title)


def _refuse_twice(values: Integers, rows: Integers, number: int, count: int, where: Callable[[int], str]) -> None:
    """Nobody may be named twice on one paper; a ranking longer than the list of candidates names somebody twice."""
    keys = rows * count + (values - 1)
    if number * count < 100_000_000:
        seen = np.zeros(number * count, np.bool_)
        seen[keys] = True
        twice = int(np.count_nonzero(seen)) != len(keys)
    else:
        twice = len(np.unique(keys)) != len(keys)
    if twice:
        order = np.argsort(keys, kind="stable")
        again = order[1:][keys[order][1:] == keys[order][:-1]]
        at = int(again.min())
        raise BallotError(f"{where(int(rows[at]))}: candidate {int(values[at])} is named twice")
