"""The city's districts as a picture: by their outlines where all have one, else as tiles that lie as they lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hamgara.domain.organisations.models import Place
from hamgara.web.figures.cards import of_whole, rate
from hamgara.web.figures.kinds import Listed

WIDE = 360.0
TILE, GAP = 108.0, 8.0
SHADES = 5  # of one colour, from little to much


@dataclass(frozen=True)
class Shape:
    """One district: its outline or tile, how much of what it asked is done, and the way to its card."""

    path: str
    x: float
    y: float
    shade: str
    name: str
    rate: str
    of: str
    code: str


@dataclass(frozen=True)
class Map:
    """The picture; `outlined` says whether it shows true outlines."""

    shapes: Sequence[Shape]
    width: float
    height: float
    outlined: bool


def shade(share: float | None) -> str:
    """The class of the colour: «0» to «4» by fifths, «none» where there are too few for a rate."""
    return "none" if share is None else str(min(SHADES - 1, int(share * SHADES)))


def drawn(rows: Sequence[Listed]) -> Map | None:
    """The map of these places; none where one of them lies nowhere."""
    known = [(row, row.thing.place) for row in rows if row.thing.place is not None]
    places = [(row, place) for row, place in known if place.latitude is not None and place.longitude is not None]
    if len(places) < 2 or len(places) < len(rows):
        return None
    if all(place.outline for _row, place in places):
        return _outlined(places)
    return _tiled(places)


def _shape(row: Listed, path: str, x: float, y: float) -> Shape:
    fixed = row.score.fixed
    return Shape(path, round(x, 1), round(y, 1), shade(fixed.share), row.label, rate(fixed), of_whole(fixed), row.code)


def _polygons(outline: dict[str, Any]) -> list[list[list[list[float]]]]:
    return [outline["coordinates"]] if outline["type"] == "Polygon" else list(outline["coordinates"])


def _outlined(places: Sequence[tuple[Listed, Place]]) -> Map:
    """North is up and east is right, for every reader."""
    every = [
        (longitude, latitude)
        for _row, place in places
        for polygon in _polygons(place.outline)
        for ring in polygon
        for longitude, latitude in ring
    ]
    west, east = min(x for x, _y in every), max(x for x, _y in every)
    south, north = min(y for _x, y in every), max(y for _x, y in every)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDE / max((east - west) * narrow, (north - south), 1e-9)

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - west) * narrow * scale, (north - latitude) * scale

    shapes = []
    for row, place in places:
        rings = [ring for polygon in _polygons(place.outline) for ring in polygon]
        path = "".join(
            "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point[:2]) for point in ring)) + "Z" for ring in rings
        )
        outer = [at(*point[:2]) for point in max(rings, key=len)]
        middle = (min(x for x, _y in outer) + max(x for x, _y in outer)) / 2
        height = (min(y for _x, y in outer) + max(y for _x, y in outer)) / 2
        shapes.append(_shape(row, path, middle, height))
    width, high = at(east, south)
    return Map(shapes, round(width, 1), round(high, 1), True)


def cells(points: Sequence[tuple[float, float]], columns: int) -> list[tuple[int, int]]:
    """For each point (east, north) a cell of a grid of its own, as near as may be to where it lies."""
    across = _steps([east for east, _north in points], columns)
    down = _steps([-north for _east, north in points], math.ceil(len(points) / columns) + 1)
    found: list[tuple[int, int]] = []
    for wished in zip(across, down, strict=True):
        free = [
            (column, line) for column in range(columns) for line in range(len(points)) if (column, line) not in found
        ]
        found.append(min(free, key=lambda cell: (math.dist(cell, wished), cell)))
    lines = sorted({line for _column, line in found})
    return [(column, lines.index(line)) for column, line in found]


def _steps(values: Sequence[float], steps: int) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / ((high - low) or 1) * (steps - 1) for value in values]


def _tiled(places: Sequence[tuple[Listed, Place]]) -> Map:
    columns = 3
    spots = cells([(place.longitude or 0, place.latitude or 0) for _row, place in places], columns)
    shapes = []
    for (row, _place), (column, line) in zip(places, spots, strict=True):
        x, y = column * (TILE + GAP) + GAP, line * (TILE + GAP) + GAP
        path = f"M{x:.0f},{y:.0f}h{TILE:.0f}v{TILE:.0f}h-{TILE:.0f}Z"
        shapes.append(_shape(row, path, x + TILE / 2, y + TILE / 2))
    lines = max(line for _column, line in spots) + 1
    return Map(shapes, columns * (TILE + GAP) + GAP, lines * (TILE + GAP) + GAP, False)
