"""The map as a picture (SVG), with the table of the same: people by cells of a grid, small groups left out."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from hamgara.algorithms.opinion.result import OpinionMap

SMALLEST = 5  # people of a group that is shown
_SIZE, _CELLS = 400.0, 20
_COLOURS = ("#1f6f8b", "#b5541c", "#5b7f2b", "#7a4a94", "#8a6d00")  # each on white at a contrast above 4.5


@dataclass(frozen=True)
class Spot:
    """People of one group who stand near each other."""

    group: int
    x: float
    y: float
    people: int


def spots(found: OpinionMap, smallest: int = SMALLEST) -> list[Spot]:
    """The people of groups that are large enough, gathered into the cells of a grid, from 0 to 1 each way."""
    size = np.bincount(found.group[found.group >= 0], minlength=1)
    shown = (found.group >= 0) & (size >= smallest)[found.group]
    if not shown.any():
        return []
    where, group = found.where[shown], found.group[shown]
    low = where.min(axis=0)
    wide = float((where.max(axis=0) - low).max()) or 1.0
    cell = np.minimum(((where - low) / wide * _CELLS).astype(np.int64), _CELLS - 1)
    each, people = np.unique(np.column_stack([group, cell]), axis=0, return_counts=True)
    return [
        Spot(of, (x + 0.5) / _CELLS, (y + 0.5) / _CELLS, n)
        for (of, x, y), n in zip(each.tolist(), people.tolist(), strict=True)
    ]


def table(found: OpinionMap, smallest: int = SMALLEST) -> list[tuple[int, int]]:
    """The same in numbers: each group that is shown, counted from 0, and its people."""
    return [(at, len(members)) for at, members in enumerate(found.groups) if len(members) >= smallest]


def svg(found: OpinionMap, *, title: str, names: list[str], smallest: int = SMALLEST) -> str:
    """The picture; `title` and the groups' `names` are in the reader's language."""
    edge = _SIZE * 0.05
    inner = _SIZE - 2 * edge
    marks = []
    for spot in spots(found, smallest):
        x, y = edge + spot.x * inner, edge + (1 - spot.y) * inner
        radius = min(2.5 + 1.5 * spot.people**0.5, inner / _CELLS)
        colour = _COLOURS[spot.group % len(_COLOURS)]
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity="0.7"/>')
    labels = []
    for group, people in table(found, smallest):
        mine = [spot for spot in spots(found, smallest) if spot.group == group]
        x = edge + inner * sum(spot.x * spot.people for spot in mine) / people
        y = edge + inner * (1 - sum(spot.y * spot.people for spot in mine) / people)
        labels.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="16" font-weight="bold" fill="#111" '
            f'stroke="#fff" stroke-width="3" paint-order="stroke">{escape(names[group])}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE:.0f} {_SIZE:.0f}" role="img">'
        f"<title>{escape(title)}</title>{''.join(marks)}{''.join(labels)}</svg>"
    )
