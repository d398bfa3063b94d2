"""The two directions in which votes differ most: found from a start that nobody chooses, with fixed signs."""

from __future__ import annotations

import numpy as np

from hamgara.algorithms.opinion.ballots import Floats

_STEPS = 80  # of Lanczos; small matrices, and those that do not settle, are solved whole
_SMALL = 120
_SETTLED = 1e-9


def leading_axes(scatter: Floats) -> Floats:
    """The two leading eigenvectors as columns; zero for a direction in which nothing differs."""
    wide = len(scatter)
    axes = np.zeros((wide, 2))
    if wide == 0 or not scatter.any():
        return axes
    values, vectors = _lanczos(scatter) if wide > _SMALL else (None, None)
    if values is None or vectors is None:
        values, vectors = np.linalg.eigh(scatter)
        values, vectors = values[::-1], vectors[:, ::-1]
    for axis in range(min(2, wide)):
        if values[axis] > 1e-9 * values[0]:
            vector = vectors[:, axis]
            largest = np.flatnonzero(np.abs(vector) >= np.abs(vector).max() * (1 - 1e-9))[0]
            axes[:, axis] = vector * np.sign(vector[largest])
    return axes


def _lanczos(scatter: Floats) -> tuple[Floats | None, Floats | None]:
    """The two largest pairs, each step kept orthogonal to all before it; nothing when they did not settle."""
    wide = len(scatter)
    basis = np.zeros((_STEPS, wide))
    along, across = np.zeros(_STEPS), np.zeros(_STEPS)
    vector = 1 + np.modf(np.arange(1, wide + 1) * 0.6180339887498949)[0]  # no chance: any start without a pattern
    vector /= np.linalg.norm(vector)
    for step in range(_STEPS):
        basis[step] = vector
        image = scatter @ vector
        along[step] = image @ vector
        for _ in range(2):
            image -= basis[: step + 1].T @ (basis[: step + 1] @ image)
        across[step] = np.linalg.norm(image)
        if across[step] <= 1e-12 * abs(along[0]):
            return None, None  # the start lies in a smaller space: the other directions would be missed
        vector = image / across[step]
        if step >= 20 and step % 10 == 9:
            off = across[:step]
            values, inner = np.linalg.eigh(np.diag(along[: step + 1]) + np.diag(off, 1) + np.diag(off, -1))
            if np.all(np.abs(across[step] * inner[-1, -2:]) <= _SETTLED * values[-1]):
                return values[::-1][:2], (basis[: step + 1].T @ inner[:, -2:])[:, ::-1]
    return None, None
