"""Is a motion carried? Quorum and majority, in whole numbers, with the numbers that were needed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Base(StrEnum):
    """Of whom the majority is a part."""

    CAST = "cast"  # those who said yes or no
    PRESENT = "present"
    ENTITLED = "entitled"


class Reason(StrEnum):
    """Why it ended so."""

    CARRIED = "carried"
    LEVEL = "level"  # as many yes as no, where a simple majority decides
    TOO_FEW_YES = "too_few_yes"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True)
class Majority:
    """More than `part` of the base, or at least `part` where it need not be more."""

    part: Fraction
    more_than: bool
    base: Base = Base.CAST

    def __post_init__(self) -> None:
        if not 0 <= self.part <= 1 or (self.more_than and self.part == 1):
            raise ValueError("a majority is a part of the whole that can be reached")

    def needed(self, base: int) -> int:
        """The fewest yes that are enough of so many."""
        least = -(-self.part.numerator * base // self.part.denominator)  # rounded up
        return least + 1 if self.more_than and least == self.part * base else max(least, 1)


SIMPLE = Majority(Fraction(1, 2), more_than=True)
ABSOLUTE = Majority(Fraction(1, 2), more_than=True, base=Base.ENTITLED)
TWO_THIRDS = Majority(Fraction(2, 3), more_than=False)


@dataclass(frozen=True)
class Decision:
    """A motion decided, and its working."""

    carried: bool
    reason: Reason
    needed: int  # yes
    quorum: int  # present


def decide(
    *, yes: int, no: int, abstained: int, entitled: int, majority: Majority = SIMPLE, quorum: Fraction = Fraction(1, 2)
) -> Decision:
    """Decide a motion. Present are those who said yes or no or abstained; a quorum is met when at least that part of
    the entitled is present, and more than half where the part is one half. Raises ValueError for impossible numbers.
    """
    present = yes + no + abstained
    if min(yes, no, abstained) < 0 or entitled < 1 or present > entitled:
        raise ValueError(f"{yes} yes, {no} no and {abstained} abstentions of {entitled} who may vote cannot be")
    seats = Majority(quorum, more_than=quorum == Fraction(1, 2)).needed(entitled)
    base = {Base.CAST: yes + no, Base.PRESENT: present, Base.ENTITLED: entitled}[majority.base]
    needed = majority.needed(base)
    if present < seats:
        return Decision(False, Reason.NO_QUORUM, needed, seats)
    if yes >= needed:
        return Decision(True, Reason.CARRIED, needed, seats)
    level = yes == no and majority.base is Base.CAST and majority.part == Fraction(1, 2)
    return Decision(False, Reason.LEVEL if level else Reason.TOO_FEW_YES, needed, seats)
