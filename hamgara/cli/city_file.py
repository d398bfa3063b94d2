"""Reads the file of a city that is to begin, and says of every wrong place in it what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from lucide import IconDoesNotExist
from lucide.jinja import lucide

from hamgara.domain.organisations.commands.places import HELD_BY
from hamgara.domain.organisations.models import Place
from hamgara.integrations import phones

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_CODE = 40


class WrongFile(Exception):
    """The file cannot be used: a line for each thing that is wrong in it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Part:
    """What a part of the file must and may say."""

    must: Collection[str]
    may: Collection[str] = ()


PARTS = {
    "city": Part(("code", "name", "name_en", "latitude", "longitude"), ("source",)),
    "gathering": Part(("title",), ("venue", "date", "source", "present", "statements", "asked")),
    "places": Part(("code", "name", "level", "within"), ("name_en", "latitude", "longitude", "source")),
    "capabilities": Part(("code", "name", "unit"), ("name_en", "unit_en")),
    "units": Part(("code", "name"), ("name_en", "parent", "seat", "office")),
    "fields": Part(
        ("code", "name"),
        ("name_en", "parent", "rank", "icon", "guidance", "guidance_en", "referral", "referral_en"),
    ),
    "head": Part(("name",), ("phone", "email")),
}
ONE = ("city", "gathering", "head")  # the others are lists
WHOLE = Part(("city", "gathering", "units", "fields", "head"), ("places", "capabilities", "routes"))
# Keys whose value is not words.
POINTS, FLAGS, COUNTS = ("latitude", "longitude"), ("office",), ("rank",)
LANGUAGES = {"fa", "en"}


def _said(value: Any) -> bool:
    """Words, or the same in each language."""
    if isinstance(value, dict):
        return bool(value) and value.keys() <= LANGUAGES and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)


def _all_said(value: Any) -> bool:
    return isinstance(value, list) and all(map(_said, value))


def _statements(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict)
        and each.keys() == {"speaker", "points"}
        and _said(each["speaker"])
        and _all_said(each["points"])
        for each in value
    )


GATHERING = {"present": _all_said, "statements": _statements, "asked": _all_said}  # its other parts are words


def read(path: Path) -> dict[str, Any]:
    """The city of the file; `WrongFile` if it cannot begin as it stands there."""
    try:
        data = _without_gaps(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongFile([f"{path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise WrongFile([f"{path}: this is not text in UTF-8"]) from None
    except yaml.YAMLError as error:
        raise WrongFile([f"{path}: this is not YAML: {error}"]) from None
    # What is wrong with the shape first: what points where can be followed only through parts that are whole.
    for look in (_shapes, _references):
        if wrong := list(look(data)):
            raise WrongFile(wrong)
    return data  # type: ignore[no-any-return]


def _without_gaps(part: Any) -> Any:
    """The part, but for keys that were left empty."""
    if isinstance(part, list):
        return [_without_gaps(each) for each in part]
    if isinstance(part, dict):
        return {name: _without_gaps(value) for name, value in part.items() if value is not None}
    return part


def _shapes(data: Any) -> Iterator[str]:
    yield from _keys("the file", data, WHOLE)
    if not isinstance(data, dict):
        return
    for name, part in PARTS.items():
        if name in ONE and name in data:
            yield from _item(name, data[name], part)
        elif name in data:
            if not isinstance(data[name], list):
                yield f"{name}: this is to be a list"
                continue
            for number, item in enumerate(data[name], 1):
                yield from _item(f"{name}, number {number}", item, part)
    routes = data.get("routes", [])
    if not isinstance(routes, list):
        yield "routes: this is to be a list"
        return
    for number, route in enumerate(routes, 1):
        if not (isinstance(route, list) and len(route) == 3 and all(isinstance(each, str) for each in route)):
            yield f"routes, number {number}: write it as [field, place, unit], three codes"


def _keys(where: str, item: Any, part: Part) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{where}: this is to have «{', '.join(part.must)}»"
        return
    for name in part.must:
        if item.get(name) in (None, "", [], {}):
            yield f"{where}: «{name}» is missing"
    for name in item.keys() - {*part.must, *part.may}:
        yield f"{where}: «{name}» is not known here; what may stand here: {', '.join([*part.must, *part.may])}"


def _item(where: str, item: Any, part: Part) -> Iterator[str]:
    yield from _keys(where, item, part)
    for name, value in item.items() if isinstance(item, dict) else ():
        if where == "gathering":
            if not GATHERING.get(name, _said)(value):
                yield f"gathering: «{name}» is to be words, or {{fa: …, en: …}}; statements are speakers with points"
        elif name in POINTS:
            limit = 90 if name == "latitude" else 180
            if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
                yield f"{where}: «{name}» is to be degrees, from -{limit} to {limit}"
        elif name in FLAGS:
            if not isinstance(value, bool):
                yield f"{where}: «{name}» is to be true or false"
        elif name in COUNTS:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 32767:
                yield f"{where}: «{name}» is to be a whole number"
        elif not isinstance(value, str):
            yield f'{where}: «{name}» is to be words; put them into "quotes"'
        elif name == "code" and not (CODE.fullmatch(value) and len(value) <= LONGEST_CODE):
            yield f"{where}: «{value}» is no code: write a-z, digits and hyphens, at most {LONGEST_CODE}"


def _references(data: dict[str, Any]) -> Iterator[str]:
    city = data["city"]["code"]
    levels = {city: Place.Level.CITY.value}
    for number, place in enumerate(data.get("places", ()), 1):
        where = f"places, number {number} ({place['code']})"
        if place["code"] in levels:
            yield f"{where}: another place has this code"
        if place["level"] not in HELD_BY:
            yield f"{where}: «{place['level']}» is no level; there are {', '.join(level.value for level in HELD_BY)}"
        elif place["within"] not in levels:
            yield f"{where}: no place before it has the code «{place['within']}»"
        elif levels[place["within"]] not in HELD_BY[Place.Level(place["level"])]:
            yield f"{where}: a {place['level']} cannot lie within a {levels[place['within']]}"
        if ("latitude" in place) != ("longitude" in place):
            yield f"{where}: give both latitude and longitude, or neither"
        levels[place["code"]] = place["level"]
    units = yield from _tree("units", data["units"])
    for number, unit in enumerate(data["units"], 1):
        if unit.get("seat") and unit["seat"] not in levels:
            yield f"units, number {number} ({unit['code']}): no place has the code «{unit['seat']}»"
    offices = [unit["code"] for unit in data["units"] if unit.get("office")]
    if len(offices) != 1:
        yield f"units: one is to have «office: true», the participation office; here {len(offices)} have it"
    fields = yield from _tree("fields", data["fields"])
    for number, (field, place, unit) in enumerate(data.get("routes", ()), 1):
        for code, known, what in ((field, fields, "field"), (place, levels, "place"), (unit, units, "unit")):
            if code not in known:
                yield f"routes, number {number}: no {what} has the code «{code}»"
    for number, field in enumerate(data["fields"], 1):
        if field.get("icon") and not _drawn(field["icon"]):
            yield f"fields, number {number} ({field['code']}): there is no icon «{field['icon']}»"
    yield from _reach(data["head"])


def _drawn(icon: str) -> bool:
    try:
        lucide(icon)
    except IconDoesNotExist:
        return False
    return True


def _tree(name: str, items: list[dict[str, Any]]) -> Iterator[str]:
    """Codes that are each once, and parents that stand before what hangs on them; returns the codes."""
    known: set[str] = set()
    for number, item in enumerate(items, 1):
        where = f"{name}, number {number} ({item['code']})"
        if item["code"] in known:
            yield f"{where}: another one has this code"
        if item.get("parent") and item["parent"] not in known:
            yield f"{where}: none before it has the code «{item['parent']}»"
        known.add(item["code"])
    return known


def _reach(head: dict[str, Any]) -> Iterator[str]:
    if not head.get("phone") and not head.get("email"):
        yield "head: give a «phone» or an «email», by which the first head of the participation office signs in later"
    if head.get("phone") and phones.mobile(head["phone"]) is None:
        yield 'head: «phone» is not a mobile number; write it like "0913 123 4567"'
    if head.get("email") and not MAIL.fullmatch(head["email"]):
        yield "head: «email» is not an address; write it like name@example.org"
