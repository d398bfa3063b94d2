"""What personal data the house keeps: read from charter/retention.yaml, shown to everybody, obeyed by the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from hamgara.charter import FOLDER

FILE = FOLDER / "retention.yaml"
Words = Mapping[str, str]  # language → words


@dataclass(frozen=True)
class Holding:
    """Columns («app.Model.field») kept for one purpose; in each language what, why, how long and for whose eyes."""

    columns: tuple[str, ...]
    what: Words
    why: Words
    kept: Words
    seen_by: Words
    erased: str
    period: str = ""  # the length of time that the code obeys, where there is one

    @property
    def app(self) -> str:
        return self.columns[0].partition(".")[0]


@dataclass(frozen=True)
class Whose:
    """How a row says whose it is: by ways of foreign keys to the person, by a column with the person's key, or by one
    with an address at which the person is reached."""

    person: tuple[str, ...] = ()
    key: str = ""
    address: str = ""


@cache
def _read() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def holdings() -> tuple[Holding, ...]:
    """Everything personal that is kept, in the order in which people read it."""
    return tuple(Holding(**{**each, "columns": tuple(each["columns"])}) for each in _read()["personal"])


@cache
def whose() -> Mapping[str, Whose]:
    """Of each table («app.Model») in which somebody's data stand: how a row says whose it is."""
    found = {}
    for model, says in _read()["whose"].items():
        person = says.get("person", ())
        found[model] = Whose(**{**says, "person": (person,) if isinstance(person, str) else tuple(person)})
    return found


@cache
def withheld() -> Mapping[str, str]:
    """Columns and whole tables that nobody is handed with their data, each with its reason."""
    return _read()["withheld"]  # type: ignore[no-any-return]
