"""Reads the outline of a place from a GeoJSON file, and keeps nothing of it but the polygon."""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext_lazy as _

LARGEST = 1024 * 1024  # bytes
MOST_POINTS = 10_000
DECIMALS = 6  # a tenth of a metre


class NoOutline(Exception):
    """The file has no outline that can be used. `message` says why and what to do."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


def outline(content: bytes) -> dict[str, Any]:
    """The polygon or polygons in a GeoJSON text (RFC 7946): a geometry, a feature, or a collection of one feature."""
    if len(content) > LARGEST:
        raise NoOutline(_("This file is larger than one megabyte. Simplify the outline first."))
    try:
        given = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NoOutline(
            _("This is not a GeoJSON file. Export the outline as GeoJSON, with the ending .geojson.")
        ) from None
    geometry = _geometry(given)
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise NoOutline(_("There is no polygon in this file. Draw the outline as one closed area."))
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    read = [_polygon(each) for each in _some(polygons)]
    if sum(len(ring) for polygon in read for ring in polygon) > MOST_POINTS:
        raise NoOutline(_("This outline has more than ten thousand points. Simplify it first."))
    return {"type": geometry["type"], "coordinates": read[0] if geometry["type"] == "Polygon" else read}


def _no_number(text: str) -> None:
    raise ValueError(text)


def _geometry(given: Any) -> Any:
    if isinstance(given, dict) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise NoOutline(_("The file must have exactly one area."))
        given = features[0]
    if isinstance(given, dict) and given.get("type") == "Feature":
        return given.get("geometry")
    return given


def _some(given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise NoOutline(_("There is no polygon in this file. Draw the outline as one closed area."))
    return given


def _polygon(given: Any) -> list[list[list[float]]]:
    return [_ring(ring) for ring in _some(given)]


def _ring(given: Any) -> list[list[float]]:
    ring = [_position(each) for each in _some(given)]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise NoOutline(_("The outline is not closed: its last point must be its first."))
    return ring


def _position(given: Any) -> list[float]:
    """Longitude and latitude, in this order; a height is dropped."""
    if not isinstance(given, list) or len(given) < 2 or not all(_is_number(each) for each in given[:2]):
        raise NoOutline(_("A point of the outline is not a pair of numbers."))
    longitude, latitude = (round(float(each), DECIMALS) for each in given[:2])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise NoOutline(_("The outline is not in degrees of longitude and latitude. Export it as WGS 84."))
    return [longitude, latitude]


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e6 and math.isfinite(given)
