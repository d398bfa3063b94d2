"""How the verdicts of a panel settle a review.

A commitment is confirmed or contested only by the majority that the charter names, which is more than half; so the two
can never win together, whatever the size of the panel. In everything between, «partly kept» is the answer: on the scale
broken – partly – kept it is the middle, and no majority has moved the outcome away from it. A panel of two against two
therefore ends at «partly kept», where neither the promise nor the complaint is taken for proven.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil


class Answer(StrEnum):
    """What a reviewer found at one step."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


class Overall(StrEnum):
    """What a reviewer concludes about the whole commitment."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


class Outcome(StrEnum):
    """How a review ends."""

    CONFIRMED = "confirmed"
    PARTLY_KEPT = "partly_kept"
    CONTESTED = "contested"
    NO_QUORUM = "no_quorum"


class Why(StrEnum):
    """Which clause of the rule settled it."""

    TOO_FEW_VERDICTS = "too_few_verdicts"
    MAJORITY_SAYS_KEPT = "majority_says_kept"
    MAJORITY_SAYS_BROKEN = "majority_says_broken"
    NO_MAJORITY_EITHER_WAY = "no_majority_either_way"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One reviewer's answers: is it on paper, is it there on site, does it have its effect; and so, overall."""

    reviewer: str
    paper: Answer
    on_site: Answer
    effect: Answer
    overall: Overall


@dataclass(frozen=True)
class Working:
    """The numbers behind an outcome: `given` of at least `quorum` verdicts; `needed` alike ones settle it."""

    given: int
    quorum: int
    majority: Fraction
    needed: int
    why: Why
    steps: Mapping[str, Mapping[Answer, int]]  # paper, on_site, effect → how often each answer was given


@dataclass(frozen=True)
class Settlement:
    """The outcome, how many concluded what, and the working."""

    outcome: Outcome
    counts: Mapping[Overall, int]
    working: Working


def settle(verdicts: Sequence[Verdict], quorum: int, majority: Fraction) -> Settlement:
    """Settle a review by its verdicts, in any order.

    `majority` is the share of the verdicts given, above 1/2 and up to 1, that confirms or contests; reaching it exactly
    is enough. The three steps are reported and do not count: what they add up to is the reviewer's own conclusion.
    Raises ValueError for a quorum below 1, a majority outside that range, or a reviewer who is counted twice.
    """
    if quorum < 1:
        raise ValueError(f"a quorum is one verdict or more, not {quorum}")
    if not Fraction(1, 2) < majority <= 1:
        raise ValueError(f"a majority is more than 1/2 and at most 1, not {majority}; else two outcomes could win")
    if len({verdict.reviewer for verdict in verdicts}) != len(verdicts):
        raise ValueError("a reviewer has one verdict")
    said = Counter(verdict.overall for verdict in verdicts)
    needed = ceil(majority * len(verdicts))
    if len(verdicts) < quorum:
        outcome, why = Outcome.NO_QUORUM, Why.TOO_FEW_VERDICTS
    elif said[Overall.KEPT] >= needed:
        outcome, why = Outcome.CONFIRMED, Why.MAJORITY_SAYS_KEPT
    elif said[Overall.BROKEN] >= needed:
        outcome, why = Outcome.CONTESTED, Why.MAJORITY_SAYS_BROKEN
    else:
        outcome, why = Outcome.PARTLY_KEPT, Why.NO_MAJORITY_EITHER_WAY
    steps = {
        "paper": _count(verdict.paper for verdict in verdicts),
        "on_site": _count(verdict.on_site for verdict in verdicts),
        "effect": _count(verdict.effect for verdict in verdicts),
    }
    working = Working(len(verdicts), quorum, majority, needed, why, steps)
    return Settlement(outcome, {overall: said[overall] for overall in Overall}, working)


def _count(answers: Iterable[Answer]) -> dict[Answer, int]:
    given = Counter(answers)
    return {answer: given[answer] for answer in Answer}
