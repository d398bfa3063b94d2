"""Votes as they come: each vote, change, withdrawal and departure moves whole sums, and leaves no other trace."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from hamgara.algorithms.opinion import partials
from hamgara.algorithms.opinion.ballots import Ballots, Ints
from hamgara.algorithms.opinion.partials import Partials
from hamgara.algorithms.opinion.result import OpinionMap, draw_map


class Tally:
    """Live votes with the sums over pairs of statements; a change costs as much as its person has votes."""

    def __init__(self, ballots: Ballots) -> None:
        self.ballots = ballots
        self.sums: Partials = partials.of_votes(ballots)

    def vote(self, participant: int, statement: int, value: int, moment: int = 0) -> None:
        """A first vote, or a changed one."""
        if value not in (-1, 0, 1):
            raise ValueError(f"a vote is -1, 0 or 1, not {value}")
        self._make_room(participant, statement)
        row, col = self._place(participant, statement)
        self._move(row, -1)
        at, there = self._at(row, col)
        held = self._without(at) if there else self.ballots
        self.ballots = Ballots(
            held.participants,
            held.statements,
            np.insert(held.row, at, row),
            np.insert(held.col, at, col),
            np.insert(held.value, at, value),
            np.insert(held.moment, at, moment),
        )
        self._move(row, 1)

    def withdraw(self, participant: int, statement: int) -> None:
        """As if the vote had never been given; nothing, if it was not."""
        held = self.ballots
        if participant not in held.participants or statement not in held.statements:
            return
        row, col = self._place(participant, statement)
        at, there = self._at(row, col)
        if not there:
            return
        self._move(row, -1)
        self.ballots = self._without(at)
        self._move(row, 1)
        self._drop_unused()

    def remove(self, participant: int) -> None:
        """As if this person had never been there."""
        held = self.ballots
        if participant in held.participants:
            self._move(int(np.searchsorted(held.participants, participant)), -1)
            self.ballots = held.of_participants(held.participants != participant)
            self._drop_unused()

    def map(self, *, moderated: Collection[int] = (), meta: Collection[int] = ()) -> OpinionMap:
        return draw_map(self.ballots, moderated=moderated, meta=meta, sums=self.sums)

    def _without(self, at: int) -> Ballots:
        held = self.ballots
        rest = np.arange(len(held.row)) != at
        return Ballots(
            held.participants, held.statements, held.row[rest], held.col[rest], held.value[rest], held.moment[rest]
        )

    def _place(self, participant: int, statement: int) -> tuple[int, int]:
        held = self.ballots
        return int(np.searchsorted(held.participants, participant)), int(np.searchsorted(held.statements, statement))

    def _at(self, row: int, col: int) -> tuple[int, bool]:
        start, end = self._span(row)
        at = start + int(np.searchsorted(self.ballots.col[start:end], col))
        return at, at < end and int(self.ballots.col[at]) == col

    def _span(self, row: int) -> tuple[int, int]:
        return int(np.searchsorted(self.ballots.row, row)), int(np.searchsorted(self.ballots.row, row + 1))

    def _move(self, row: int, sign: int) -> None:
        """Add the votes of one person to the sums, or take them away."""
        start, end = self._span(row)
        col, value = self.ballots.col[start:end], self.ballots.value[start:end].astype(np.int64)
        at = np.ix_(col, col)
        self.sums.both[at] += sign
        self.sums.sign[at] += sign * value[:, None]
        self.sums.product[at] += sign * np.outer(value, value)

    def _make_room(self, participant: int, statement: int) -> None:
        held = self.ballots
        people, asked = _with(held.participants, participant), _with(held.statements, statement)
        if len(people) > len(held.participants) or len(asked) > len(held.statements):
            row = np.searchsorted(people, held.participants)[held.row]
            col = np.searchsorted(asked, held.statements)[held.col]
            self.ballots = Ballots(people, asked, row, col, held.value, held.moment)
            self.sums = self.sums.widened(asked) if len(asked) > len(held.statements) else self.sums

    def _drop_unused(self) -> None:
        """People and statements without a vote are not there, as if they had never come."""
        held = self.ballots
        people = held.of_participants(held.per_participant() > 0)
        unused = people.statements[people.columns()[2] == 0]
        self.ballots = people.without_statements(unused.tolist())
        self.sums = self.sums.masked(self.ballots.statements)


def _with(ids: Ints, one: int) -> Ints:
    return ids if one in ids else np.union1d(ids, [one])
