"""What each group stands for, what all agree on, what to ask next: the published formulas over counts of votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.opinion.ballots import Floats, Ints

Z90 = 1.2816  # one-sided
LISTED = 5


@dataclass(frozen=True, eq=False)
class Counts:
    """Of each group (rows) and statement (columns): agreements, disagreements, votes."""

    agree: Ints
    disagree: Ints
    votes: Ints


def group_aware_consensus(counts: Counts) -> Floats:
    """The product over groups of the smoothed share that agrees."""
    return np.asarray(np.prod(_share(counts.agree, counts.votes), axis=0), np.float64)


def min_group_agreement(counts: Counts) -> Floats:
    """The smoothed share that agrees in the group that agrees least."""
    return np.asarray(_share(counts.agree, counts.votes).min(axis=0, initial=1.0), np.float64)


def min_group_lower_bound(counts: Counts) -> Floats:
    """Above which the share of every group lies, by Wilson's one-sided bound at 90 % for each group; unasked is 0."""
    n = np.maximum(counts.votes, 1)
    p = counts.agree / n
    centre = p + Z90**2 / (2 * n)
    spread = Z90 * np.sqrt(p * (1 - p) / n + Z90**2 / (4 * n**2))
    bound = np.where(counts.votes > 0, (centre - spread) / (1 + Z90**2 / n), 0.0)
    return np.asarray(np.maximum(bound, 0.0).min(axis=0, initial=1.0), np.float64)


def priority(counts: Counts, extremity: Floats, meta: NDArray[np.bool_]) -> Floats:
    """How much is learnt from asking: few passes, far from the middle, agreeable, and asked of few so far."""
    agree, disagree, votes = counts.agree.sum(0), counts.disagree.sum(0), counts.votes.sum(0)
    passed = _share(votes - agree - disagree, votes)
    importance = (1 - passed) * (1 + extremity) * _share(agree, votes)
    return np.asarray(np.where(meta, 49.0, (importance * (1 + 8 * 2.0 ** (-votes / 5))) ** 2), np.float64)


def consensus(agree: Ints, disagree: Ints, votes: Ints, kept: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """Places of the statements that the majority of all agrees with, and of those that it disagrees with."""

    def top(n: Ints) -> list[int]:
        p, test = _share(n, votes), _one_proportion(n, votes)
        places = np.flatnonzero((p > 0.5) & (test > Z90) & kept)
        return [int(at) for at in places[np.argsort(-(p * test)[places], kind="stable")][:LISTED]]

    return top(agree), top(disagree)


@dataclass(frozen=True, eq=False)
class Side:
    """One direction, agree or disagree, of a group beside all others: shares p, tests pt, ratios r and their tests."""

    p: Floats
    pt: Floats
    r: Floats
    rt: Floats

    @property
    def metric(self) -> Floats:
        return np.asarray(self.r * self.rt * self.p * self.pt, np.float64)

    @property
    def sufficient(self) -> NDArray[np.bool_]:
        return np.asarray((self.rt > Z90) & (self.pt > Z90))


def sides(counts: Counts, group: int) -> tuple[Side, Side]:
    """How a group agrees, and disagrees, beside all other groups together."""

    def side(n: Ints) -> Side:
        own, votes = n[group], counts.votes[group]
        others, others_votes = n.sum(0) - own, counts.votes.sum(0) - votes
        share, others_share = (own + 1) / (votes + 1), (others + 1) / (others_votes + 1)
        pooled = (own + others + 2) / (votes + others_votes + 2)
        spread = pooled * (1 - pooled) * (1 / (votes + 1) + 1 / (others_votes + 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            test = np.where(pooled == 1, 0.0, (share - others_share) / np.sqrt(spread))
        p = _share(own, votes)
        return Side(p, _one_proportion(own, votes), p / _share(others, others_votes), test)

    return side(counts.agree), side(counts.disagree)


def representative(counts: Counts, group: int, kept: NDArray[np.bool_]) -> list[int]:
    """Places of up to five statements that tell a group from the others, agreements before disagreements."""
    yes, no = sides(counts, group)
    agrees = yes.rt > no.rt
    places = [int(at) for at in np.flatnonzero(kept)]
    best_agree = _best_agree(yes, (counts.agree[group] > 0) | (counts.disagree[group] > 0), places)
    metric = np.where(agrees, yes.metric, no.metric)
    sufficient = yes.sufficient | no.sufficient
    enough = [at for at in places if sufficient[at]]
    if not enough:
        if best_agree is not None:
            return [best_agree]
        strongest = np.maximum(yes.rt, no.rt)
        return [max(places, key=lambda at: strongest[at])] if places else []
    listed = [] if best_agree is None else [best_agree]
    listed += [at for at in sorted(enough, key=lambda at: -metric[at]) if at != best_agree]
    return sorted(listed[:LISTED], key=lambda at: not agrees[at])


def _best_agree(yes: Side, asked: NDArray[np.bool_], places: list[int]) -> int | None:
    best: int | None = None
    weight, metric = yes.p * yes.pt, yes.metric
    for at in places:
        if not asked[at]:
            continue
        if best is None:
            better = bool(yes.pt[at] > Z90 or (yes.r[at] > 1 and yes.p[at] > 0.5))
        elif yes.r[best] > 1:
            better = bool(metric[at] > metric[best])
        else:
            better = bool(weight[at] > weight[best])
        if better:
            best = at
    return best


def _share(n: Ints, votes: Ints) -> Floats:
    return np.asarray((n + 1) / (votes + 2), np.float64)


def _one_proportion(n: Ints, votes: Ints) -> Floats:
    return np.asarray(2 * np.sqrt(votes + 1) * ((n + 1) / (votes + 1) - 0.5), np.float64)
