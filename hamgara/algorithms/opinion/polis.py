"""The map as Polis draws it, from the formulas that it published, so that published results can be reproduced."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.opinion import partials
from hamgara.algorithms.opinion.axes import leading_axes
from hamgara.algorithms.opinion.ballots import Ballots, Floats, Ints

ENOUGH_VOTES = 7
ENOUGH_PEOPLE = 15
BASES, BASE_ROUNDS, GROUP_ROUNDS = 100, 100, 20
LARGEST_K = 5
STILL = 0.01  # no centre moved as far


def points(ballots: Ballots, zeroed: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Where each participant stands, and how far out each statement; moderated statements count as passes of all."""
    people, wide = ballots.shape
    kept = np.flatnonzero(~zeroed)
    sums = partials.of_votes(ballots).masked(ballots.statements[kept])
    axes, mean = np.zeros((wide, 2)), np.zeros(wide)
    axes[kept], mean[kept] = leading_axes(sums.scatter()), sums.means
    live = ~zeroed[ballots.col]
    row, col = ballots.row[live], ballots.col[live]
    centred = ballots.value[live] - mean[col]
    sums_of = [np.bincount(row, centred * axes[col, axis], minlength=people) for axis in (0, 1)]
    cells = np.bincount(row, minlength=people) + zeroed.sum()
    where = np.sqrt(wide / np.maximum(cells, 1))[:, None] * np.column_stack(sums_of)
    extremity = np.sqrt(wide) * np.abs(1 - mean) * np.hypot(axes[:, 0], axes[:, 1])
    return where, np.where(zeroed, 0.0, extremity)


def grouped(ballots: Ballots, where: Floats) -> Ints:
    """The group of each participant, -1 for those who voted too little."""
    count = ballots.per_participant()
    taken = count >= min(ENOUGH_VOTES, ballots.shape[1])
    if taken.sum() < ENOUGH_PEOPLE:
        taken[np.argsort(-count, kind="stable")[:ENOUGH_PEOPLE]] = True
    group = np.full(len(count), -1, np.int64)
    if not taken.any():
        return group
    inside = where[taken]
    base, centres = _k_means(inside, np.ones(len(inside)), BASES, BASE_ROUNDS)
    weights = np.bincount(base, minlength=len(centres)).astype(np.float64)
    best, best_silhouette = np.zeros(len(centres), np.int64), -np.inf
    for k in range(2, min(LARGEST_K, 2 + len(centres) // 12) + 1):
        label = _tighter(centres, weights, k)
        silhouette = _silhouette(centres, label)
        if silhouette >= best_silhouette:
            best, best_silhouette = label, silhouette
    group[taken] = best[base]
    return group


def _tighter(centres: Floats, weights: Floats, k: int) -> Ints:
    """Of the start from the first and from the last centres, the split whose groups are tighter.

    Upstream starts from its own last result, which nobody publishes; one cold start alone can end far from it.
    """
    best, best_spread = np.zeros(len(centres), np.int64), np.inf
    for order in (slice(None), slice(None, None, -1)):
        label, middle = _k_means(centres[order], weights[order], k, GROUP_ROUNDS)
        label = label[order]
        spread = float((weights[:, None] * (centres - middle[label]) ** 2).sum())
        if spread < best_spread * (1 - 1e-12):
            best, best_spread = label, spread
    return best


def _k_means(where: Floats, weights: Floats, k: int, rounds: int) -> tuple[Ints, Floats]:
    """Labels without gaps, and their centres; starts from the first distinct points, in order."""
    _, first = np.unique(where, axis=0, return_index=True)
    centres = where[np.sort(first)[:k]]
    label = np.zeros(len(where), np.int64)
    for _ in range(rounds):
        label = _nearest(where, centres)
        filled, label = np.unique(label, return_inverse=True)
        mass = np.bincount(label, weights)
        moved = np.column_stack([np.bincount(label, weights * where[:, axis]) / mass for axis in (0, 1)])
        still = np.hypot(*(moved - centres[filled]).T) < STILL
        settled = len(filled) == len(centres) and bool(still.all())
        centres = moved
        if settled:
            break
    return label, centres


def _nearest(where: Floats, centres: Floats) -> Ints:
    """The nearest centre of each point, of several the last."""
    best, nearest = np.full(len(where), np.inf), np.zeros(len(where), np.int64)
    for at, centre in enumerate(centres):
        distance = (where[:, 0] - centre[0]) ** 2 + (where[:, 1] - centre[1]) ** 2
        closer = distance <= best
        best[closer], nearest[closer] = distance[closer], at
    return nearest


def _silhouette(where: Floats, label: Ints) -> float:
    apart = np.hypot(where[:, None, 0] - where[None, :, 0], where[:, None, 1] - where[None, :, 1])
    size = np.bincount(label)
    if len(size) < 2:
        return -1.0
    member = np.eye(len(size))[label]
    total = apart @ member
    at = np.arange(len(where))
    own = total[at, label] / np.maximum(size[label] - 1, 1)
    mean = total / size
    mean[at, label] = np.inf
    other = mean.min(axis=1)
    widest = np.maximum(own, other)
    value = np.where((size[label] > 1) & (widest > 0), (other - own) / np.where(widest > 0, widest, 1), 0.0)
    return float(value.mean())
