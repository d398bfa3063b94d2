"""The rules of the game: read from charter/rules.yaml, shown at /charter/ and obeyed by the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hamgara.algorithms.persian import calendar, workdays

FOLDER = Path(__file__).resolve().parent.parent / "charter"
RULES = FOLDER / "rules.yaml"

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


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {
    *(
        "days",
        "working_days",
        "hours",
        "seconds",
        "persons",
        "organisations",
        "share",
        "count",
        "megabytes",
        "characters",
        "choices",
        "yes-no",
    ),
}


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


@cache
def _by_name(path: Path) -> dict[str, Rule]:
    return {rule.name: rule for chapter in _read(path) for rule in chapter.rules}


def chapters() -> tuple[Chapter, ...]:
    """The whole charter, as it is in force in this process."""
    return _read(_override.get() or RULES)


def rule(name: str) -> Rule:
    """The rule called `chapter.rule`; a rule that the charter does not have is an error, never a default."""
    found = _by_name(_override.get() or RULES).get(name)
    if found is None:
        raise CharterError(f"the charter has no rule {name!r}")
    return found


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


def day_after(name: str, day: date) -> date:
    """The day on which a rule's length of time, counted from `day`, is over: of the calendar or in working days."""
    if rule(name).unit == "working_days":
        return workdays.shift(day, number(name), work_calendar())
    return day + period(name)


def day_before(name: str, day: date) -> date:
    """The day that lies a rule's length of time before `day`: of the calendar or in working days."""
    if rule(name).unit == "working_days":
        return workdays.shift(day, -number(name), work_calendar())
    return day - period(name)


def share(name: str) -> Fraction:
    """A rule whose value is a part of a whole, written as «2/3»."""
    return Fraction(rule(name).value)


def choices(name: str) -> Mapping[str, Mapping[str, str]]:
    """A rule whose value is a list of reasons or kinds: code → {language: words}."""
    found = rule(name)
    if found.unit != "choices":
        raise CharterError(f"{name} is not a list of choices")
    return found.value  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Holidays:
    """When the offices are closed: the calendar that counts, and in each language what each of its days is called."""

    calendar: workdays.WorkCalendar
    weekend_reason: Mapping[str, str]
    fixed: Mapping[tuple[int, int], Mapping[str, str]]
    lunar: Mapping[workdays.Lunar, Mapping[str, str]]
    sources: Mapping[int, Mapping[str, str]]


@cache
def _read_holidays(path: Path) -> Holidays:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        fixed = {(each["month"], each["day"]): each["title"] for each in read["fixed"]}
        lunar = {workdays.Lunar(each["month"], each["day"]): each["title"] for each in read["lunar"]}
        weekend = frozenset(WEEK.index(name) for name in read["weekend"]["days"])
        published = {
            year: frozenset(calendar.parse(day) for day in entry["days"]) for year, entry in read["published"].items()
        }
        sources = {year: entry["source"] for year, entry in read["published"].items()}
        reason = read["weekend"]["reason"]
    except (KeyError, TypeError, ValueError) as error:
        raise CharterError(f"{path.name}: {error}") from error
    if len(weekend) == len(WEEK):
        raise CharterError(f"{path.name}: the weekend takes the whole week")
    counted = workdays.WorkCalendar(weekend, frozenset(fixed), frozenset(lunar), published)
    return Holidays(counted, reason, fixed, lunar, sources)


@cache
def _beside(path: Path) -> Path:
    beside = path.parent / "holidays.yaml"
    return beside if beside.exists() else FOLDER / "holidays.yaml"


def holidays() -> Holidays:
    """The weekend and holidays in force in this process."""
    return _read_holidays(_beside(_override.get() or RULES))


def work_calendar() -> workdays.WorkCalendar:
    """The calendar by which working days are counted."""
    return holidays().calendar


@contextmanager
def reading_from(path: Path) -> Iterator[None]:
    """Inside, the charter is the file at `path`: how a test sees that one change moves page and code alike."""
    token = _override.set(path)
    try:
        yield
    finally:
        _override.reset(token)
