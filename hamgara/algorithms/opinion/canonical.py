"""The map that depends on nothing but the votes: not on their order, on names, on splits of the data, or on history."""

from __future__ import annotations

import numpy as np

from hamgara.algorithms.opinion.axes import leading_axes
from hamgara.algorithms.opinion.ballots import Ballots, Floats, Ints
from hamgara.algorithms.opinion.partials import Partials

ENOUGH_VOTES = 7
ENOUGH_PEOPLE = 15
LARGEST_K = 5
SIDE = 32  # cells of the grid along one side
_FIXED = 2.0**32  # loadings as whole numbers: their sums are exact, so the order in which they are added is lost
_PLACES = 2.0**20  # the same for places on the map
_ROUNDS = 200


def points(ballots: Ballots, sums: Partials) -> tuple[Floats, Floats]:
    """Where each participant stands, and how far out each statement; only statements that are not moderated away."""
    people, wide = ballots.shape
    axes, mean = leading_axes(sums.scatter()), sums.means
    count = ballots.per_participant()
    where = np.zeros((people, 2))
    for axis in (0, 1):
        loading = np.rint(axes[:, axis] * _FIXED)
        middle = np.rint(mean * axes[:, axis] * _FIXED)
        whole = np.bincount(ballots.row, ballots.value * loading[ballots.col] - middle[ballots.col], minlength=people)
        where[:, axis] = whole / _FIXED
    where *= np.sqrt(wide / np.maximum(count, 1))[:, None]
    return np.rint(where * _PLACES) / _PLACES, np.sqrt(wide) * np.abs(1 - mean) * np.hypot(axes[:, 0], axes[:, 1])


def grouped(ballots: Ballots, where: Floats) -> Ints:
    """The group of each participant, the largest first; -1 for those who voted too little to be placed."""
    count = ballots.per_participant()
    taken = count >= min(ENOUGH_VOTES, ballots.shape[1])
    if taken.sum() < ENOUGH_PEOPLE:
        taken = count > 0
    group = np.full(len(count), -1, np.int64)
    if not taken.any():
        return group
    cell, centres, mass = _cells(where[taken])
    label = _best_split(centres, mass)
    size = np.bincount(label, mass)
    # The largest group first; of equal ones that which stands in the first cell.
    first = np.array([np.flatnonzero(label == each)[0] for each in range(len(size))])
    rank = np.empty(len(size), np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    group[taken] = rank[label][cell]
    return group


def _cells(where: Floats) -> tuple[Ints, Floats, Floats]:
    """The cell of each point, and the exact centre and number of those in it, in the order of the grid."""
    whole = np.rint(where * _PLACES).astype(np.int64)
    low = whole.min(axis=0)
    side = max(int((whole.max(axis=0) - low).max()) + 1, 1)
    at = ((whole - low) * SIDE) // side
    _, cell, mass = np.unique(at[:, 0] * SIDE + at[:, 1], return_inverse=True, return_counts=True)
    total = np.zeros((len(mass), 2), np.int64)
    np.add.at(total, cell, whole)
    return cell, total / _PLACES / mass[:, None], mass.astype(np.float64)


def _best_split(centres: Floats, mass: Floats) -> Ints:
    """The split into two to five groups that is clearest by silhouette; of equals the one with fewer groups."""
    best = np.zeros(len(centres), np.int64)
    if len(centres) < 2:
        return best
    apart = np.hypot(centres[:, None, 0] - centres[None, :, 0], centres[:, None, 1] - centres[None, :, 1])
    best_silhouette = -np.inf
    for k in range(2, min(LARGEST_K, 2 + len(centres) // 12) + 1):
        label = _k_means(centres, mass, apart, k)
        silhouette = _silhouette(apart, mass, label)
        if silhouette > best_silhouette + 1e-12:
            best, best_silhouette = label, silhouette
    return best


def _k_means(centres: Floats, mass: Floats, apart: Floats, k: int) -> Ints:
    """Weighted k-means from k places: the first in the middle of most, each next where most stand farthest off."""
    seeds = [int(np.argmin((apart**2 * mass[None, :]).sum(axis=1)))]
    while len(seeds) < k:
        seeds.append(int(np.argmax(mass * apart[:, seeds].min(axis=1) ** 2)))
    middle = centres[seeds]
    label = np.full(len(centres), -1, np.int64)
    for _ in range(_ROUNDS):
        away = (centres[:, None, 0] - middle[None, :, 0]) ** 2 + (centres[:, None, 1] - middle[None, :, 1]) ** 2
        before, label = label, away.argmin(axis=1)
        if np.array_equal(before, label):
            break
        total = np.bincount(label, mass, minlength=len(middle))
        for axis in (0, 1):
            sums = np.bincount(label, mass * centres[:, axis], minlength=len(middle))
            middle[:, axis] = np.where(total > 0, sums / np.maximum(total, 1), middle[:, axis])
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def _silhouette(apart: Floats, mass: Floats, label: Ints) -> float:
    """The mean over people, each standing at the centre of their cell; somebody alone in a group counts as zero."""
    size = np.bincount(label, mass)
    if len(size) < 2:
        return -1.0
    total = np.column_stack([(apart * np.where(label == each, mass, 0.0)[None, :]).sum(1) for each in range(len(size))])
    at = np.arange(len(label))
    own = total[at, label] / np.maximum(size[label] - 1, 1)
    mean = total / size
    mean[at, label] = np.inf
    other = mean.min(axis=1)
    widest = np.maximum(own, other)
    value = np.where((size[label] > 1) & (widest > 0), (other - own) / np.where(widest > 0, widest, 1), 0.0)
    return float((value * mass).sum() / mass.sum())
