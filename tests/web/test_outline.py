"""What is taken as the outline of a place, and what is not."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.web.office.outline import LARGEST, MOST_POINTS, NoOutline, outline

RING = [[51.4, 33.9], [51.5, 33.9], [51.5, 34.0], [51.4, 33.9]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def text(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "given_as",
    [
        SQUARE,
        {"type": "Feature", "properties": {"owner": "x"}, "geometry": SQUARE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]},
        SQUARE | {"bbox": [1, 2, 3, 4], "crs": {}},
        {"type": "Polygon", "coordinates": [[[*point, 900] for point in RING]]},
    ],
)
def test_the_polygon_is_kept_and_nothing_else(given_as: dict[str, Any]) -> None:
    assert outline(text(given_as)) == SQUARE
    assert outline(b"\xef\xbb\xbf" + text(given_as)) == SQUARE, "with the mark that some programs write first"


def test_several_areas_of_one_place_are_kept() -> None:
    many = {"type": "MultiPolygon", "coordinates": [[RING], [RING, RING]]}
    assert outline(text(many)) == many


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"<kml/>",
        b"[" * 200_000,
        b'{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}',
        text(None),
        text([]),
        text({"type": "Point", "coordinates": [51, 33]}),
        text({"type": "Polygon"}),
        text({"type": "Polygon", "coordinates": []}),
        text({"type": "Polygon", "coordinates": [RING[:3]]}),
        text({"type": "Polygon", "coordinates": [[*RING[:3], [51.4, 34.0]]]}),
        text({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
        text({"type": "Polygon", "coordinates": [[[True, False]] * 4]}),
        text({"type": "Polygon", "coordinates": [[[551400, 3762000]] * 4]}),
        text({"type": "Polygon", "coordinates": [[[51.4, 33.9]] * (MOST_POINTS + 1)]}),
        text({"type": "FeatureCollection", "features": []}),
        text({"type": "FeatureCollection", "features": [SQUARE, SQUARE]}),
        text({"type": "Feature", "geometry": None}),
        b"0" * (LARGEST + 1),
    ],
)
def test_what_is_no_outline_is_refused_with_a_message(content: bytes) -> None:
    with pytest.raises(NoOutline) as refused:
        outline(content)
    assert str(refused.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry"]), inner),
    )
)
def test_whatever_a_file_says_it_is_an_outline_or_refused(value: Any) -> None:
    for content in (text(value), text({"type": "Polygon", "coordinates": value})):
        with contextlib.suppress(NoOutline):
            assert outline(content)["type"] in {"Polygon", "MultiPolygon"}
