"""How sure the groups are: halves of the people, drawn by a fixed hash of their votes, are mapped anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hamgara.algorithms.opinion import canonical, partials
from hamgara.algorithms.opinion.ballots import Ballots, Floats, Ints

RESAMPLES = 20
_MOST = 5000  # people in one resample
_STEP = np.uint64(0x9E3779B97F4A7C15)  # SplitMix64, by its published constants


@dataclass(frozen=True)
class Stability:
    """Over all resamples; 1 is as sure as can be."""

    resamples: int
    same_number: float  # share of resamples with as many groups
    agreement: float  # mean adjusted Rand index with the whole; 0 is what chance gives
    least_agreement: float
    groups: tuple[float, ...]  # of each group, the mean overlap (Jaccard) with the likest group of a resample


def stability(ballots: Ballots, group: Ints, resamples: int = RESAMPLES) -> Stability:
    """How far the groups of these votes are found again; independent of names and of order."""
    whole = int(group.max(initial=-1)) + 1
    same, rands, overlaps = 0, [], []
    keys = _keys(ballots)
    share = min(0.5, _MOST / max(len(keys), 1))
    for number in range(resamples):
        tickets = _mixed(_mixed(np.full(len(keys), number, np.uint64)) + keys)
        chosen = tickets < np.uint64(share * 2.0**64)
        half = ballots.of_participants(chosen)
        where, _ = canonical.points(half, partials.of_votes(half))
        found, before = canonical.grouped(half, where), group[chosen]
        both = (found >= 0) & (before >= 0)
        high = int(found.max(initial=-1)) + 1
        shared = np.zeros((whole, high))
        np.add.at(shared, (before[both], found[both]), 1)
        same += high == whole
        rands.append(_adjusted_rand(shared))
        union = shared.sum(1)[:, None] + shared.sum(0)[None, :] - shared
        overlaps.append((shared / np.maximum(union, 1)).max(axis=1, initial=0.0))
    return Stability(
        resamples,
        same / resamples,
        float(np.mean(rands)),
        float(np.min(rands)),
        tuple(float(each) for each in np.mean(overlaps, axis=0)),
    )


def _adjusted_rand(shared: Floats) -> float:
    """Agreement of two groupings from the table of how many people they share."""

    def pairs(n: Floats) -> float:
        return float((n * (n - 1) / 2).sum())

    one, two = pairs(shared.sum(1)), pairs(shared.sum(0))
    every = pairs(np.array([shared.sum()]))
    expected = one * two / every if every else 0.0
    most = (one + two) / 2
    return 1.0 if most == expected else (pairs(shared) - expected) / (most - expected)


def _keys(ballots: Ballots) -> NDArray[np.uint64]:
    """A number for each person out of their votes alone; those who voted alike are told apart by counting them."""
    vote = ballots.statements[ballots.col].astype(np.uint64) * np.uint64(4) + (ballots.value + 1).astype(np.uint64)
    key = np.zeros(len(ballots.participants), np.uint64)
    np.add.at(key, ballots.row, _mixed(vote))
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    start = np.searchsorted(ranked, ranked)
    alike = np.empty(len(key), np.uint64)
    alike[order] = (np.arange(len(key)) - start).astype(np.uint64)
    return _mixed(key) + _mixed(alike)


def _mixed(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = number + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
