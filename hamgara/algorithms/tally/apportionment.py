"""Seats in proportion to votes, by divisors or by largest remainders; ties are reported, never settled in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from heapq import heapify, heapreplace


class Method(StrEnum):
    """How votes become seats."""

    DHONDT = "dhondt"  # divisors 1, 2, 3 …: highest averages, never a seat less than the whole quotas
    SAINTE_LAGUE = "sainte-lague"  # divisors 1, 3, 5 …: favours neither the large nor the small
    HARE = "hare"  # largest remainders of votes / seats
    DROOP = "droop"  # largest remainders of the whole number above votes / (seats + 1)


@dataclass(frozen=True)
class Apportionment:
    """The seats that are certain, and those for which the claims are exactly level."""

    seats: Mapping[str, int]
    level: tuple[str, ...] = ()  # in the order of their names
    open: int = 0  # how many seats are left for the level ones; lots decide


def apportion(votes: Mapping[str, int], seats: int, method: Method) -> Apportionment:
    """Divide the seats. Raises ValueError for votes or seats that nothing can be divided by."""
    if seats < 1 or not votes or any(count < 0 for count in votes.values()) or not any(votes.values()):
        raise ValueError("one seat or more is divided among those who have votes, none of them below zero")
    if method in (Method.HARE, Method.DROOP):
        return _by_remainders(votes, seats, method)
    return _by_divisors(votes, seats, step=1 if method is Method.DHONDT else 2)


def _by_divisors(votes: Mapping[str, int], seats: int, step: int) -> Apportionment:
    given = dict.fromkeys(votes, 0)
    claims = [(-Fraction(count), name) for name, count in votes.items() if count]
    heapify(claims)
    before: dict[str, int] = {}
    last = Fraction(0)
    for _ in range(seats):
        claim, name = claims[0]
        if claim != last:  # a tie that ended inside the seats was none
            before, last = dict(given), claim
        given[name] += 1
        heapreplace(claims, (-Fraction(votes[name], 1 + step * given[name]), name))
    level = [name for name in given if given[name] != before[name]]
    level += [name for claim, name in claims if claim == last]
    if any(claim == last for claim, _ in claims):
        return Apportionment(before, tuple(sorted(level)), seats - sum(before.values()))
    return Apportionment(given)


def _by_remainders(votes: Mapping[str, int], seats: int, method: Method) -> Apportionment:
    total = sum(votes.values())
    quota = Fraction(total, seats) if method is Method.HARE else Fraction(total // (seats + 1) + 1)
    given = {name: int(count / quota) for name, count in votes.items()}
    rests = {name: count - given[name] * quota for name, count in votes.items()}
    left = seats - sum(given.values())
    while left:
        highest = max(rests.values())
        level = sorted(name for name, rest in rests.items() if rest == highest)
        if len(level) > left:
            return Apportionment(given, tuple(level), left)
        for name in level:
            given[name] += 1
            rests[name] = Fraction(-1)
        left -= len(level)
    return Apportionment(given)
