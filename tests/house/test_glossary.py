"""Every name in the code has its Persian in docs/glossary.md, and it is the Persian on the screen."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from hamgara import charter
from tests.house import drawing, glossary, source
from tests.house.test_commands import exported

ROWS = glossary.rows()


def test_every_model_has_its_name() -> None:
    models = {each._meta.label for each in apps.get_models() if each.__module__.startswith("hamgara.")}
    assert models <= ROWS.keys(), f"name these: {sorted(models - ROWS.keys())}"


def test_every_command_and_every_step_has_its_name() -> None:
    done = {f"{app}.{name}" for app in source.APPS for name in exported(app)}
    for label, life in drawing.lifecycles().items():
        done |= {f"{label.partition('.')[0]}.{verb}" for state in life.states for verb in life.verbs(state)}
    assert done <= ROWS.keys(), f"name these: {sorted(done - ROWS.keys())}"


def test_values_and_acts_are_called_as_on_the_screen() -> None:
    said = dict([*glossary.values(), *glossary.kinds()])
    persian = glossary.catalogue()
    wrong = {
        name: (english, persian[english])
        for name, english in said.items()
        if persian.get(english) and ROWS.get(name) != [english, persian[english]]
    }
    assert not wrong, "renew the lists: python -m tests.house.glossary"
    assert said.keys() <= ROWS.keys(), "renew the lists: python -m tests.house.glossary"


def test_nothing_is_named_that_is_gone() -> None:
    models = {each._meta.label for each in apps.get_models()}
    done = {f"{app}.{name}" for app in source.APPS for name in exported(app)}
    for label, life in drawing.lifecycles().items():
        done |= {f"{label.partition('.')[0]}.{verb}" for state in life.states for verb in life.verbs(state)}
    assert ROWS.keys() <= models | done | dict([*glossary.values(), *glossary.kinds()]).keys()


def test_things_are_called_by_words_that_stand_on_the_screen() -> None:
    screen = "\n".join(glossary.catalogue().values())
    things = {each._meta.label for each in apps.get_models()} & ROWS.keys()
    missing = {
        name: ROWS[name][1] for name in things if not ROWS[name][1].startswith("(") and ROWS[name][1] not in screen
    }
    assert not missing


def never() -> list[str]:
    """The words of the column «never»."""
    text = glossary.GLOSSARY.read_text(encoding="utf-8").partition("## Words that are not used")[2].partition("## ")[0]
    rows = re.findall(r"^\| [a-z ]+ \| [^|]+ \| ([^|]+) \|$", text, flags=re.MULTILINE)
    return [word for row in rows for word in row.split("، ") if word != "never"]


@pytest.mark.parametrize("word", never())
def test_one_thing_has_one_name(word: str) -> None:
    screen = [*glossary.catalogue().values(), (charter.FOLDER / "rules.yaml").read_text(encoding="utf-8")]
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    assert not [text[:80] for text in screen if whole.search(text)]
