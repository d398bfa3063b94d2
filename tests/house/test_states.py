"""Every lifecycle can be lived through, its verbs are done by commands, and docs/states.md shows it as it is."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps

from hamgara.algorithms.lifecycle import Lifecycle
from tests.house import drawing, source

LIVES = [pytest.param(label, life, id=label) for label, life in drawing.lifecycles().items()]


def test_the_drawing_is_that_of_the_code() -> None:
    drawn = (source.ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert drawn == drawing.page(), "draw it anew: python -m tests.house.drawing > docs/states.md"


@pytest.mark.parametrize(("label", "life"), LIVES)
def test_every_state_can_be_reached(label: str, life: Lifecycle[str]) -> None:
    assert life.unreachable() == frozenset()


@pytest.mark.parametrize(("label", "life"), LIVES)
def test_the_states_are_those_of_the_column(label: str, life: Lifecycle[str]) -> None:
    column = apps.get_model(label)._meta.get_field("state")
    assert {str(value) for value, _label in column.choices or ()} == {str(state) for state in life.states}
    assert column.default == life.initial


@pytest.mark.parametrize(("label", "life"), LIVES)
def test_every_verb_is_done_by_a_command(label: str, life: Lifecycle[str]) -> None:
    texts = {
        each.value
        for path in source.commands_of(label.partition(".")[0])
        for each in ast.walk(source.tree(path))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    verbs = {verb for state in life.states for verb in life.verbs(state)}
    # One command undoes a merge by three verbs: their names begin alike.
    assert not [verb for verb in verbs if verb not in texts and f"{verb.partition('_')[0]}_" not in texts]


def test_whatever_has_states_has_a_lifecycle() -> None:
    without = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("hamgara.")
        and any(field.name == "state" for field in model._meta.concrete_fields)
    } - drawing.lifecycles().keys()
    assert without == {"channels.Message"}  # a parcel on its way, not a matter of the city: waiting, sent or failed
