"""Events: named after their app and class, their personal fields named, each with words for people."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re

import pytest

from hamgara.channels.words import SAYINGS
from hamgara.domain.ledger.events import KINDS, Event
from tests.house import source

# Other tests make events of their own.
EVENTS = [event for event in KINDS.values() if event.__module__.startswith("hamgara.domain.")]
# A field of one of these names holds something about a person, or a person's own words.
ALWAYS_PERSONAL = {"person", "author", "name", "phone", "email", "address", "point", "words", "known_as", "findings"}
BUT = {
    ("oversight.drawn", "words"): "anybody repeats the draw with them; whoever gives them knows that they are public",
}
# A «name» in the chapters of bodies, places and fields is not a person's.
NAMES_OF_THINGS = ("organisations", "demands.field_")


def ids(event: type[Event]) -> str:
    return event.KIND


@pytest.mark.parametrize("event", EVENTS, ids=ids)
def test_an_event_is_called_after_its_app_and_its_class(event: type[Event]) -> None:
    app = event.__module__.split(".")[2]
    verb = re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()
    assert f"{app}.{verb}" == event.KIND
    assert f"{event.__module__}.".startswith(f"hamgara.domain.{app}.events.")


@pytest.mark.parametrize("event", EVENTS, ids=ids)
def test_an_event_is_a_frozen_statement_with_subjects(event: type[Event]) -> None:
    assert dataclasses.is_dataclass(event)
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert event.subjects is not Event.subjects


@pytest.mark.parametrize("event", EVENTS, ids=ids)
def test_personal_fields_are_fields(event: type[Event]) -> None:
    fields = {field.name for field in dataclasses.fields(event)}
    assert fields >= event.PERSONAL
    assert event.ABOUT is None or event.ABOUT in event.PERSONAL


@pytest.mark.parametrize("event", EVENTS, ids=ids)
def test_what_is_about_a_person_is_named_as_personal(event: type[Event]) -> None:
    for field in dataclasses.fields(event):
        if field.name == "name" and event.KIND.startswith(NAMES_OF_THINGS):
            continue
        if field.name in ALWAYS_PERSONAL and (event.KIND, field.name) not in BUT:
            assert field.name in event.PERSONAL, f"{event.KIND}: {field.name}"


# Events of persons of which these hear themselves; of the others nobody does.
TOLD_TO_THEMSELVES = {"people.erasure_asked", "people.erasure_cancelled"}


def test_every_event_has_words_for_people_but_those_of_persons_themselves() -> None:
    told = {event.KIND for event in EVENTS if not event.KIND.startswith("people.")}
    assert set(SAYINGS) == told | TOLD_TO_THEMSELVES


def test_every_event_is_recorded_by_a_command() -> None:
    for app in source.APPS:
        named = {
            node.attr
            for path in source.commands_of(app)
            for node in ast.walk(source.tree(path))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "events"
        }
        made = {event.__name__ for event in EVENTS if event.KIND.startswith(f"{app}.")}
        assert made <= named, f"{app}: nobody records {sorted(made - named)}"


def test_what_is_logged_names_no_person() -> None:
    telling = {*ALWAYS_PERSONAL, "title", "text", "display_name", "user", "value"}
    for path in source.files():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func.value):
                shown = {each.attr for part in node.args for each in ast.walk(part) if isinstance(each, ast.Attribute)}
                shown -= {"name"} if "hamgara/domain/ledger/jobs.py" in str(path) else set()  # a follower's, a part's
                assert not shown & telling, f"{source.name(path)}:{node.lineno} logs {shown & telling}"


def _is_log(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"log", "logger", "logging"}


def test_this_test_sees_all_events() -> None:
    written = {
        node.name
        for app in source.APPS
        if app not in {"search", "indicators"}  # they only read what others do
        for path in [
            *(source.HOUSE / "domain" / app).glob("events.py"),
            *(source.HOUSE / "domain" / app).glob("events/*.py"),
        ]
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ClassDef) and any(each.arg == "kind" for each in node.keywords)
    }
    assert {event.__name__ for event in EVENTS} == written
    assert all(inspect.isclass(event) for event in EVENTS)
