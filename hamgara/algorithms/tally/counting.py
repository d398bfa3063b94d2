"""What every count by stages has in common: its stages, its ties, its result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hamgara.algorithms.tally.ballots import RankedBallots
from hamgara.algorithms.tally.rules import Rule


class CountError(ValueError):
    """These ballots cannot be counted so; the message says why and what to do."""


class LotNeeded(CountError):
    """A tie that no earlier stage settles, and no lots were drawn."""


@dataclass(frozen=True)
class Tie:
    """Who were level, who was taken, and what settled it: the number of an earlier stage, or the lots (None)."""

    level: tuple[int, ...]
    taken: int
    stage: int | None


@dataclass(frozen=True)
class Stage:
    """The state after one step of a count. All totals are exact."""

    action: str
    candidate: int | None  # whose papers were moved
    totals: Mapping[int, Fraction]
    non_transferable: Fraction  # all value that is with nobody, so that it and the totals add up to the valid papers
    rounding: Fraction  # the part of it that was lost by cutting decimals
    elected: tuple[int, ...]  # at this stage, in order
    quota: Fraction
    ties: tuple[Tie, ...]  # those that had to be settled for this step
    doomed: tuple[int, ...] = ()  # whom the quotas of seats leave no place any more
    guarded: tuple[int, ...] = ()  # whom they cannot do without
    witness: tuple[int, ...] | None = None  # where there are quotas: a committee that still keeps them all


@dataclass(frozen=True)
class Result:
    """A finished count."""

    rule: Rule
    seats: int
    valid: int  # papers that name somebody who stands
    papers: int
    quota: Fraction
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]  # in the order of election


class TieBreaker:
    """Settles ties by what came earlier, then by the lots; whoever was drawn first is ahead."""

    def __init__(self, lots: Sequence[int] | None, standing: Collection[int]) -> None:
        """`lots` are the candidates in the order in which they were drawn; CountError if it is not all of them."""
        if lots is not None and (len(set(lots)) != len(lots) or not set(standing) <= set(lots)):
            raise CountError("the lots must name every candidate once, in the order in which they were drawn")
        self._lots = None if lots is None else {candidate: place for place, candidate in enumerate(lots)}

    def settle(
        self, level: Sequence[int], stages: Sequence[Mapping[int, Fraction]], *, lowest: bool
    ) -> tuple[int, Tie | None]:
        """Who of `level` is taken, as the lowest or as the highest; `stages` are the totals so far, the latest last.

        The latest earlier stage at which they differed decides; those whom it leaves level are compared at the one
        before, and so on; then the lots. Raises LotNeeded.
        """
        if len(level) == 1:
            return level[0], None
        left = tuple(sorted(level))
        for number in range(len(stages) - 1, -1, -1):
            totals = stages[number]
            best = (min if lowest else max)(totals[each] for each in left)
            left = tuple(each for each in left if totals[each] == best)
            if len(left) == 1:
                return left[0], Tie(tuple(sorted(level)), left[0], number + 1)
        if self._lots is None:
            raise LotNeeded(
                f"at stage {len(stages)} candidates {', '.join(map(str, left))} are level and have always been: "
                "only lots can settle it. Draw lots in public and give them in the order in which they were drawn"
            )
        place = (max if lowest else min)(self._lots[each] for each in left)
        taken = next(each for each in left if self._lots[each] == place)
        return taken, Tie(tuple(sorted(level)), taken, None)

    def order(self, candidates: Collection[int], stages: Sequence[Mapping[int, Fraction]]) -> list[int]:
        """The highest first; those who have always been level by the lots, or by number where there are none."""
        lots = self._lots or {}
        return sorted(
            candidates, key=lambda each: ([-totals[each] for totals in reversed(stages)], lots.get(each, each), each)
        )


def check_seats(ballots: RankedBallots, seats: int) -> None:
    """A count needs at least one seat and more candidates than seats. Raises CountError."""
    standing = len(ballots.standing)
    if seats < 1:
        raise CountError(f"a count fills one seat or more, not {seats}")
    if seats >= standing:
        raise CountError(
            f"{seats} seats and {standing} candidates who stand: there is nothing to count, "
            + ("all are elected" if seats == standing else "and seats will stay empty")
        )
