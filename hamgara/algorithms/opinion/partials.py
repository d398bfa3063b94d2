"""Sums over votes that are whole numbers: exact, in any order, from any split of the people, and each can be undone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hamgara.algorithms.opinion.ballots import Ballots, Floats, Ints

# In one block of rows both sums fit the 24 exact bits of a single float: up to 2047 votes, counted in units of
# 4096, and a sum of signs of at most 2047 either way.
_BLOCK = 2047
_UNIT = 4096


@dataclass(frozen=True, eq=False)
class Partials:
    """For each pair of statements, over those who voted on both: how many, and sums of signs and their products."""

    statements: Ints
    both: Ints  # 1 · 1
    sign: Ints  # value of the row's statement · 1
    product: Ints  # value · value

    def merged(self, other: Partials) -> Partials:
        """Of two lots of people who share nobody."""
        statements = np.union1d(self.statements, other.statements)
        one, two = self.widened(statements), other.widened(statements)
        return Partials(statements, one.both + two.both, one.sign + two.sign, one.product + two.product)

    def without(self, other: Partials) -> Partials:
        """Undo `merged`; what stands there must have been part of this."""
        two = other.widened(self.statements)
        return Partials(self.statements, self.both - two.both, self.sign - two.sign, self.product - two.product)

    def widened(self, statements: Ints) -> Partials:
        at = np.ix_(*[np.searchsorted(statements, self.statements)] * 2)
        wide = []
        for narrow in (self.both, self.sign, self.product):
            matrix = np.zeros((len(statements),) * 2, np.int64)
            matrix[at] = narrow
            wide.append(matrix)
        return Partials(statements, wide[0], wide[1], wide[2])

    def masked(self, statements: Ints) -> Partials:
        """Only these statements: moderation needs no recount."""
        if np.array_equal(statements, self.statements):
            return self
        at = np.ix_(*[np.searchsorted(self.statements, statements)] * 2)
        return Partials(statements, self.both[at], self.sign[at], self.product[at])

    @property
    def votes(self) -> Ints:
        return np.diagonal(self.both)

    @property
    def means(self) -> Floats:
        return np.asarray(np.diagonal(self.sign) / np.maximum(self.votes, 1), np.float64)

    def scatter(self) -> Floats:
        """X'X of the votes less their statement's mean, zero where nobody voted."""
        mean = self.means
        cross = self.sign * mean[None, :]
        return np.asarray(self.product - cross - cross.T + np.outer(mean, mean) * self.both, np.float64)


def of_votes(ballots: Ballots) -> Partials:
    """The sums of these people."""
    people, wide = ballots.shape
    both, sign, product = (np.zeros((wide, wide), np.int64) for _ in range(3))
    edges = np.searchsorted(ballots.row, np.arange(0, people + _BLOCK, _BLOCK))
    for block in range(len(edges) - 1):
        at = slice(edges[block], edges[block + 1])
        rows = min(_BLOCK, people - block * _BLOCK)
        values, voted = np.zeros((rows, wide), np.float32), np.zeros((rows, wide), np.float32)
        row, col = ballots.row[at] - block * _BLOCK, ballots.col[at]
        values[row, col] = ballots.value[at]
        voted[row, col] = 1
        product += (values.T @ values).astype(np.int64)
        packed = ((values + np.float32(_UNIT) * voted).T @ voted).astype(np.int64)
        count = (packed + _UNIT // 2) // _UNIT
        both += count
        sign += packed - count * _UNIT
    return Partials(ballots.statements, both, sign, product)
