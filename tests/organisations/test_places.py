"""The city and its parts: each level in its own, points on the earth, names in Persian order."""

from __future__ import annotations

from typing import Any

import pytest

from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, events, queries
from hamgara.domain.organisations.models import Place
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Place:
    return make.place("منطقهٔ ۱", level="district", code="d1")


def test_the_city_is_founded_once_on_its_gathering() -> None:
    city = make.city()
    assert queries.city() == city
    assert queries.founding_gathering().record == {"title": "نشست"}  # type: ignore[union-attr]
    with pytest.raises(Invalid):
        commands.found_city(
            by=FOUNDERS, code="x", name="x", name_en="x", latitude=0.0, longitude=0.0, source="", gathering={}
        )


HOLDS = {
    "city": {"district", "neighbourhood"},
    "district": {"subdistrict", "neighbourhood"},
    "subdistrict": {"neighbourhood"},
    "neighbourhood": set(),
}


def test_each_level_lies_in_a_larger_one(district: Place) -> None:
    holders = {
        "city": make.city(),
        "district": district,
        "subdistrict": make.place(level="subdistrict", within=district),
        "neighbourhood": make.place(),
    }
    for level, holder in holders.items():
        held = set()
        for wanted in [*Place.Level.values, "galaxy"]:
            try:
                make.place(level=wanted, within=holder)
            except Invalid as invalid:
                assert set(invalid.problems) <= {"within", "level"}  # noqa: PT017
            else:
                held.add(wanted)
        assert held == HOLDS[level]


def test_a_place_knows_what_it_lies_in(district: Place) -> None:
    part = make.place("ناحیهٔ ۲", level="subdistrict", within=district, code="s2")
    quarter = make.place("پشت مشهد", within=part, code="q")
    assert quarter.path == "/kashan/d1/s2/q/"
    assert [each.code for each in queries.place_line(quarter)] == ["kashan", "d1", "s2", "q"]
    assert set(queries.places_within(district)) == {district, part, quarter}


def test_places_are_read_each_under_the_one_that_holds_it_by_name(district: Place) -> None:
    make.place("پنجه‌شاه", within=district)
    make.place("آب‌باریک", within=district)
    make.place("منطقهٔ ۱۰", level="district")
    make.place("منطقهٔ ۲", level="district")
    names = [place.name for place in queries.place_tree()]
    assert names == ["کاشان", "منطقهٔ ۱", "آب‌باریک", "پنجه‌شاه", "منطقهٔ ۲", "منطقهٔ ۱۰"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " \u200c"}, "name"),
        ({"name": "ن" * 161}, "name"),
        ({"code": "a/b"}, "code"),
        ({"code": "taken"}, "code"),
        ({"latitude": 91.0, "longitude": 51.0}, "point"),
        ({"latitude": 33.0, "longitude": float("nan")}, "point"),
        ({"latitude": 33.0}, "point"),
    ],
)
def test_a_place_that_cannot_be(wrong: dict[str, Any], field: str) -> None:
    make.place(code="taken")
    given = {"code": "new", "name": "نو", "level": "neighbourhood", "within": make.city()} | wrong
    with pytest.raises(Invalid) as invalid:
        commands.add_place(by=FOUNDERS, **given)
    assert set(invalid.value.problems) == {field}


def test_a_change_is_recorded_in_full_but_for_the_outline(district: Place) -> None:
    square = {"type": "Polygon", "coordinates": [[[51.4, 33.9], [51.5, 33.9], [51.5, 34.0], [51.4, 33.9]]]}
    commands.change_place(
        by=make.office_officer(), place=district, name="منطقهٔ يک", latitude=33.98, longitude=51.43, outline=square
    )
    district.refresh_from_db()
    assert (district.name, district.latitude, district.outline) == ("منطقهٔ یک", 33.98, square)
    entry = Entry.objects.get(kind=events.PlaceChanged.KIND)
    assert entry.data["changed"] == {
        "name": "منطقهٔ یک",
        "latitude": "33.98",
        "longitude": "51.43",
        "outline": "changed",
    }


@pytest.mark.parametrize("wrong", [{"name": ""}, {"latitude": 100.0, "longitude": 0.0}, {"longitude": 51.0}])
def test_a_change_that_cannot_be_changes_nothing(district: Place, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        commands.change_place(by=make.office_officer(), place=district, **wrong)
    stored = Place.objects.get(pk=district.pk)
    assert (stored.name, stored.latitude, stored.longitude) == ("منطقهٔ ۱", None, None)


def test_code_and_standing_of_a_place_stay(district: Place) -> None:
    for word in ("code", "path", "level", "within"):
        with pytest.raises(TypeError):
            commands.change_place(by=FOUNDERS, place=district, **{word: "x"})
