"""`hamgara found`: a real city begins from one file, all or nothing, and its first head signs in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from hamgara.cli import ROOT, found, prepare
from hamgara.domain.demands import queries as demands
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db
EXAMPLE = ROOT / "sample" / "new-city.yaml"
LINK = "https://city.example/accounts/link/"


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "needed", lambda url, sample: [])


def told(path: Path) -> int:
    parser = argparse.ArgumentParser()
    found.add_arguments(parser)
    return found.run(parser.parse_args([str(path), "--address", "https://city.example"]))


def city(**changed: Any) -> dict[str, Any]:
    return yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")) | changed  # type: ignore[no-any-return]


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "city.yaml"
    path.write_text(data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_the_example_begins_a_city_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(EXAMPLE) == 0
    assert [place.code for place in Place.objects.order_by("path")] == ["nemuneh", "d1", "bagh"]
    office = queries.participation_office()
    assert office.parent == Organisation.objects.get(code="municipality")
    roads, green = (field for field in sorted(demands.field_tree(), key=lambda field: field.code, reverse=True))
    assert demands.unit_for(roads, Place.objects.get(code="bagh")).code == "district-1"
    assert demands.unit_for(green, Place.objects.get(code="bagh")) == office
    head = Person.objects.get()
    assert (head.name, head.phone) == ("مریم نمونه", "+989130000000")
    assert [(mandate.organisation, mandate.role) for mandate in queries.mandates_of(head)] == [(office, "head")]

    [address] = [word for word in capsys.readouterr().out.split() if word.startswith(LINK)]
    browser = Client()
    assert browser.post(address.removeprefix("https://city.example")).status_code == 302
    assert browser.session["_auth_user_id"] == str(head.pk)
    for page in ("/", "/gathering/", "/demands/", "/organisations/units/", "/places/", "/me/"):
        assert browser.get(page, follow=True).status_code == 200, page


def test_a_city_begins_once(capsys: pytest.CaptureFixture[str]) -> None:
    make.city()
    before = Entry.objects.count()
    assert told(EXAMPLE) == 2
    assert "کاشان has been founded" in capsys.readouterr().err
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"city": None}, "the file: «city» is missing"),
        ({"town": 1}, "«town» is not known here"),
        ({"places": {"a": 1}}, "places: this is to be a list"),
        ({"places": [{"code": "x", "name": "الف", "level": "district", "within": "d9"}]}, "no place before it"),
        ({"places": [{"code": "X 1", "name": "الف", "level": "district", "within": "nemuneh"}]}, "is no code"),
        ({"places": [{"code": "x", "name": "الف", "level": "village", "within": "nemuneh"}]}, "is no level"),
        ({"places": [{"code": "x", "name": "الف", "level": "subdistrict", "within": "nemuneh"}]}, "cannot lie within"),
        ({"places": [{"code": "x", "name": "الف", "level": "district"}]}, "places, number 1: «within» is missing"),
        ({"units": [{"code": "m", "name": "شهرداری"}]}, "one is to have «office: true»"),
        ({"units": [{"code": "o", "name": "دبیرخانه", "office": True, "parent": "m"}]}, "none before it has the code"),
        ({"fields": [{"code": "a", "name": "الف"}, {"code": "a", "name": "ب"}]}, "another one has this code"),
        ({"fields": [{"code": "a", "name": "الف", "icon": "no-such"}]}, "there is no icon «no-such»"),
        ({"routes": [["roads", "d1", "nobody"]]}, "no unit has the code «nobody»"),
        ({"routes": 7}, "routes: this is to be a list"),
        ({"routes": [["roads"]]}, "write it as [field, place, unit]"),
        ({"gathering": {"title": {"de": "Treffen"}}}, "gathering: «title»"),
        ({"gathering": {"title": "نشست", "statements": ["سخن"]}}, "statements"),
        ({"head": {"name": "مریم"}}, "give a «phone» or an «email»"),
        ({"head": {"name": "مریم", "phone": "031 5544"}}, "is not a mobile number"),
        ({"head": {"name": "مریم", "phone": 9130000000}}, 'put them into "quotes"'),
        ({"head": {"name": "مریم", "email": "maryam"}}, "«email» is not an address"),
        ({"city": city()["city"] | {"latitude": 134}}, "from -90 to 90"),
    ],
)
def test_a_wrong_file_is_told_where_it_is_wrong_and_begins_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, Any], said: str
) -> None:
    assert told(written(tmp_path, city(**changed))) == 2
    assert said in capsys.readouterr().err
    assert not Entry.objects.exists()
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"), [("city: [", "this is not YAML"), ("", "the file"), ("سلام", "the file"), ("[1]", "the file")]
)
def test_what_is_no_such_file_at_all_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert told(written(tmp_path, text)) == 2
    assert said in capsys.readouterr().err
    assert told(tmp_path / "nowhere.yaml") == 2
    assert "No such file" in capsys.readouterr().err


def test_keys_that_were_left_empty_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    places = [{"code": "x", "name": "الف", "level": "district", "within": "nemuneh", "name_en": None, "latitude": None}]
    units = [{"code": "office", "name": "دبیرخانه", "office": True, "parent": None}]
    assert told(written(tmp_path, city(places=places, units=units, routes=None, capabilities=None))) == 0


def test_what_a_command_refuses_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = [{"code": "a", "name": "یکی", "office": True}, {"code": "b", "name": "یکی"}]
    assert told(written(tmp_path, city(units=twice, routes=[]))) == 2
    assert "name:" in capsys.readouterr().err
    assert not Entry.objects.exists()
