"""Seats reserved for groups: who must still be elected, who cannot be any more, and a committee that proves it.

Guard and doom, after Gray and Fitzgerald (Voting Matters 9 and 13): a candidate is doomed if no committee that keeps
the quotas has them beside those already elected, and guarded if every such committee has them. Groups may overlap. Two
candidates of the same groups are alike here, so what is searched is how many of each kind to take, not whom.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hamgara.algorithms.tally.counting import CountError


@dataclass(frozen=True)
class Quota:
    """At least `least` and at most `most` of the seats are for these candidates."""

    name: str
    least: int
    most: int
    candidates: frozenset[int]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Quota:
        """The quota that a published document states. Raises CountError."""
        match dict(document):
            case {"name": str(name), "min": int(least), "max": int(most), "candidates": list(candidates), **rest}:
                if rest or not name or any(type(each) is not int for each in [least, most, *candidates]):
                    raise CountError("a quota has a name, min, max and candidates, and nothing else")
                if not 0 <= least <= most:
                    raise CountError(f"quota {name!r}: from {least} to {most} seats is no range")
                if len(set(candidates)) != len(candidates):
                    raise CountError(f"quota {name!r}: a candidate is named twice")
                return cls(name, least, most, frozenset(candidates))
        raise CountError("a quota has a name, min, max and candidates")

    def document(self) -> dict[str, object]:
        """What is published: the same that it was read from, candidates in order."""
        return {"name": self.name, "min": self.least, "max": self.most, "candidates": sorted(self.candidates)}


class Quotas:
    """All quotas of one election."""

    def __init__(self, quotas: Sequence[Quota], seats: int, standing: Collection[int]) -> None:
        """Raises CountError when no committee at all can keep them, and says which quota lacks whom."""
        self.quotas, self.seats = tuple(quotas), seats
        for quota in quotas:
            able = len(quota.candidates & set(standing))
            if able < quota.least:
                raise CountError(
                    f"quota {quota.name!r} asks for {quota.least} seats, but {able} of its candidates stand"
                )
        if self.witness((), standing) is None:
            raise CountError(
                f"no {seats} of the candidates who stand can keep all quotas together: nobody can be elected"
            )

    def witness(self, elected: Collection[int], hopeful: Collection[int]) -> tuple[int, ...] | None:
        """A committee that keeps the quotas, with all the elected and some of the hopeful; None if there is none."""
        if not self.quotas:  # any will do
            short = self.seats - len(elected)
            return (*sorted(elected), *sorted(hopeful)[:short]) if 0 <= short <= len(hopeful) else None
        kinds: dict[tuple[bool, ...], list[int]] = {}
        for candidate in sorted(hopeful):
            kinds.setdefault(self._kind(candidate), []).append(candidate)
        taken = self._fill(tuple((kind, len(them)) for kind, them in sorted(kinds.items())), frozenset(elected))
        if taken is None:
            return None
        chosen = [them[:number] for number, (_, them) in zip(taken, sorted(kinds.items()), strict=True)]
        return tuple(sorted([*elected, *(each for them in chosen for each in them)]))

    def possible(self, elected: Collection[int], hopeful: Collection[int]) -> bool:
        """Can the count still end with all quotas kept?"""
        return self.witness(elected, hopeful) is not None

    def doomed(self, elected: Collection[int], hopeful: Collection[int]) -> list[int]:
        """Those whom no committee that is still possible has."""
        return self._alike(hopeful, lambda one, rest: not self.possible([*elected, one], rest))

    def guarded(self, elected: Collection[int], hopeful: Collection[int]) -> list[int]:
        """Those whom every committee that is still possible has."""
        return self._alike(hopeful, lambda _, rest: not self.possible(elected, rest))

    def _alike(self, hopeful: Collection[int], asked: Any) -> list[int]:
        """Those of whom it is true; asked once for all who are in the same groups."""
        if not self.quotas:
            return []
        known: dict[tuple[bool, ...], bool] = {}
        for one in hopeful:
            if self._kind(one) not in known:
                known[self._kind(one)] = asked(one, [each for each in hopeful if each != one])
        return sorted(one for one in hopeful if known[self._kind(one)])

    def _kind(self, candidate: int) -> tuple[bool, ...]:
        return tuple(candidate in quota.candidates for quota in self.quotas)

    def _fill(self, kinds: tuple[tuple[tuple[bool, ...], int], ...], elected: frozenset[int]) -> tuple[int, ...] | None:
        """How many to take of each kind."""
        least = [quota.least for quota in self.quotas]
        most = [quota.most for quota in self.quotas]

        @cache
        def search(place: int, left: int, have: tuple[int, ...]) -> tuple[int, ...] | None:
            if any(has > limit for has, limit in zip(have, most, strict=True)):
                return None
            if place == len(kinds):
                enough = left == 0 and all(has >= need for has, need in zip(have, least, strict=True))
                return () if enough else None
            kind, number = kinds[place]
            for take in range(min(number, left), -1, -1):
                rest = search(
                    place + 1, left - take, tuple(has + take * is_in for has, is_in in zip(have, kind, strict=True))
                )
                if rest is not None:
                    return (take, *rest)
            return None

        have = tuple(len(elected & quota.candidates) for quota in self.quotas)
        left = self.seats - len(elected)
        return search(0, left, have) if left >= 0 else None
