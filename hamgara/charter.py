"""The rules of the game: read from charter/rules.yaml, shown at /charter/ and obeyed by the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "charter"

_override: ContextVar[Path | None] = ContextVar("charter_override", default=None)


class CharterError(Exception):
    """The charter lacks a rule, or says something that cannot be obeyed."""


@dataclass(frozen=True)
class Rule:
    """One rule: its value and unit, and in each language what it is called and why it is so."""

    name: str
    value: Any
    unit: str
    title: Mapping[str, str]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Chapter:
    """Rules that belong together, in the order in which people read them."""

    name: str
    title: Mapping[str, str]
    rules: tuple[Rule, ...]


UNITS = {"days", "hours", "persons", "organisations", "share", "count", "megabytes", "characters", "choices", "yes-no"}


@cache
def _read(path: Path) -> tuple[Chapter, ...]:
    chapters = []
    for name, chapter in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        rules = []
        for key, rule in chapter["rules"].items():
            missing = {"value", "unit", "title", "reason"} - rule.keys()
            if missing or rule["unit"] not in UNITS:
                raise CharterError(f"{name}.{key}: lacks {sorted(missing)} or has an unknown unit {rule.get('unit')!r}")
            rules.append(Rule(f"{name}.{key}", rule["value"], rule["unit"], rule["title"], rule["reason"]))
        chapters.append(Chapter(name, chapter["title"], tuple(rules)))
    return tuple(chapters)


def chapters() -> tuple[Chapter, ...]:
    """The whole charter, as it is in force in this process."""
    return _read(_override.get() or FOLDER / "rules.yaml")


def rule(name: str) -> Rule:
    """The rule called `chapter.rule`; a rule that the charter does not have is an error, never a default."""
    for chapter in chapters():
        for candidate in chapter.rules:
            if candidate.name == name:
                return candidate
    raise CharterError(f"the charter has no rule {name!r}")


def number(name: str) -> int:
    """A rule whose value is a whole number, in the rule's own unit."""
    value = rule(name).value
    if not isinstance(value, int) or isinstance(value, bool):
        raise CharterError(f"{name} must be a whole number, not {value!r}")
    return value


def period(name: str) -> timedelta:
    """A rule whose value is a length of time."""
    found = rule(name)
    if found.unit not in {"days", "hours"}:
        raise CharterError(f"{name} is not a length of time")
    return timedelta(**{found.unit: number(name)})


def share(name: str) -> Fraction:
    """A rule whose value is a part of a whole, written as «2/3»."""
    return Fraction(rule(name).value)


def choices(name: str) -> Mapping[str, Mapping[str, str]]:
    """A rule whose value is a list of reasons or kinds: code → {language: words}."""
    found = rule(name)
    if found.unit != "choices":
        raise CharterError(f"{name} is not a list of choices")
    return found.value  # type: ignore[no-any-return]


@contextmanager
def reading_from(path: Path) -> Iterator[None]:
    """Inside, the charter is the file at `path`: how a test sees that one change moves page and code alike."""
    token = _override.set(path)
    try:
        yield
    finally:
        _override.reset(token)
