"""Who voted what on which statement: the last vote of each, sorted, so that the order of arrival leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

AGREE, PASS, DISAGREE = 1, 0, -1
_SECONDS_END = 10**11  # a moment in milliseconds is larger since 1973, one in seconds is smaller until 5138


@dataclass(frozen=True, eq=False)
class Ballots:
    """Live votes sorted by participant, then statement; `row` and `col` are places in `participants`, `statements`."""

    participants: Ints  # ids, rising
    statements: Ints  # ids, rising
    row: Ints
    col: Ints
    value: NDArray[np.int8]
    moment: Ints  # in milliseconds, or 0 where it is not known; decides which vote is the last, and nothing else

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.participants), len(self.statements)

    def columns(self, of: NDArray[np.bool_] | None = None) -> tuple[Ints, Ints, Ints]:
        """Agreements, disagreements and votes of each statement, of all participants or of those marked."""
        chosen = slice(None) if of is None else of[self.row]
        col, value, wide = self.col[chosen], self.value[chosen], len(self.statements)
        return (
            np.bincount(col[value == AGREE], minlength=wide).astype(np.int64),
            np.bincount(col[value == DISAGREE], minlength=wide).astype(np.int64),
            np.bincount(col, minlength=wide).astype(np.int64),
        )

    def per_participant(self) -> Ints:
        return np.bincount(self.row, minlength=len(self.participants)).astype(np.int64)

    def without_statements(self, ids: Iterable[int]) -> Ballots:
        """As if these statements had never been asked; participants who voted on nothing else remain, without votes."""
        gone = np.isin(self.statements, np.fromiter(ids, np.int64))
        place = np.cumsum(~gone) - 1
        kept = ~gone[self.col]
        return Ballots(
            self.participants,
            self.statements[~gone],
            self.row[kept],
            place[self.col[kept]],
            self.value[kept],
            self.moment[kept],
        )

    def of_participants(self, marked: NDArray[np.bool_]) -> Ballots:
        """The votes of those who are marked alone; the statements stay."""
        place = np.cumsum(marked) - 1
        kept = marked[self.row]
        return Ballots(
            self.participants[marked],
            self.statements,
            place[self.row[kept]],
            self.col[kept],
            self.value[kept],
            self.moment[kept],
        )


def live(
    participants: ArrayLike, statements: ArrayLike, values: ArrayLike, moments: ArrayLike | None = None
) -> Ballots:
    """The last vote of each participant on each statement.

    Moments are seconds or milliseconds. Of several votes at one moment the later in the list counts only if there are
    no moments at all; otherwise the order of the list must not count, and different votes at one moment are a pass.
    """
    who, what = np.asarray(participants, np.int64), np.asarray(statements, np.int64)
    value = np.asarray(values, np.int8)
    if moments is None:
        when = np.arange(len(who), dtype=np.int64)
    else:
        when = np.asarray(moments, np.int64)
        when = np.where(np.abs(when) < _SECONDS_END, when * 1000, when)
    people, row = _placed(who)
    asked, col = _placed(what)
    cell = row * max(len(asked), 1) + col
    if len(cell) > 1 and not np.all(cell[1:] > cell[:-1]):
        order = np.argsort(cell, kind="stable") if moments is None else np.lexsort((value, when, cell))
        cell, when, value = cell[order], when[order], value[order]
        last = np.r_[cell[1:] != cell[:-1], True]
        at = np.flatnonzero(last)
        start = np.flatnonzero(np.r_[True, (cell[1:] != cell[:-1]) | (when[1:] != when[:-1])])
        first_of_moment = start[np.searchsorted(start, at, side="right") - 1]
        settled = np.where(value[first_of_moment] == value[at], value[at], PASS)  # sorted by value inside a moment
        cell, when, value = cell[at], when[at], settled.astype(np.int8)
    known = np.zeros(len(cell), np.int64) if moments is None else when
    return Ballots(people, asked, cell // max(len(asked), 1), cell % max(len(asked), 1), value, known)


def _placed(ids: Ints) -> tuple[Ints, Ints]:
    """The distinct ids, rising, and the place of each among them; dense ones are counted, which is faster."""
    if len(ids) and ids.min() >= 0 and ids.max() < 4 * len(ids) + 1000:
        there = np.bincount(ids) > 0
        return np.flatnonzero(there), (np.cumsum(there) - 1)[ids]
    distinct, place = np.unique(ids, return_inverse=True)
    return distinct, place
