"""The part of docs/glossary.md that follows from code and catalogue; `python -m tests.house.glossary` renews it."""

from __future__ import annotations

import importlib
import inspect
import os
import re
from collections.abc import Iterator
from typing import Any

import django
from babel.messages.pofile import read_po
from django.apps import apps
from django.db.models import Choices
from django.utils import translation

from tests.house import source

GLOSSARY = source.ROOT / "docs" / "glossary.md"
CATALOGUE = source.ROOT / "locale" / "fa" / "LC_MESSAGES" / "django.po"
NOT_YET = "–"


def catalogue() -> dict[str, str]:
    """English → Persian, of what stands on the screen."""
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="fa") if message.id]
    # A message with a plural is known by its singular.
    return {_first(message.id): _first(message.string) for message in messages}


def _first(text: Any) -> str:
    return str(text if isinstance(text, str) else text[0])


def values() -> Iterator[tuple[str, str]]:
    """(name in code, English) of every value of a closed list."""
    for app in apps.get_app_configs():
        if not app.name.startswith("hamgara.") or app.models_module is None:
            continue
        module = app.models_module.__name__
        lists = dict(_lists(app.label, vars(app.models_module), module))
        for model in app.get_models():
            lists |= dict(_lists(model._meta.label, vars(model), model.__module__))
        for name, choices in lists.items():
            with translation.override("en"):
                yield from ((f"{name}.{each.name}", str(each.label)) for each in choices)


def _lists(name: str, there: Any, module: str) -> Iterator[tuple[str, type[Choices]]]:
    for key, each in there.items():
        if inspect.isclass(each) and issubclass(each, Choices) and each.__module__ == module:
            yield f"{name}.{key}", each


def kinds() -> Iterator[tuple[str, str]]:
    """(kind, English sentence) of every kind of act that people are told of."""
    words = importlib.import_module("hamgara.channels.words")
    return ((kind, saying.sentence) for kind, saying in words.SAYINGS.items())


def lists() -> str:
    """The last two chapters of the glossary."""
    persian = catalogue()

    def table(rows: Iterator[tuple[str, str]]) -> str:
        lines = [f"| `{name}` | {english} | {persian.get(english) or NOT_YET} |" for name, english in rows]
        return "\n".join(["| in code | English | Persian |", "|---|---|---|", *lines])

    return f"## Values\n\n{table(values())}\n\n## Acts\n\n{table(kinds())}\n"


def rows() -> dict[str, list[str]]:
    """Every row of the glossary by its name in code."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", GLOSSARY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in found}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamgara.settings")
    django.setup()
    by_hand = GLOSSARY.read_text(encoding="utf-8").partition("## Values")[0]
    GLOSSARY.write_text(by_hand + lists(), encoding="utf-8")
