"""A list to choose from, of which a city has a hundred lines: its options are written once, not for every page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Protocol

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

Pair = tuple[str, str]
STEP = "\u2003"  # an em space for each step down a tree


class Choices(BaseChoiceIterator):
    """Values with their labels, in one language."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = tuple(pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    @cached_property
    def options(self) -> str:
        return _options(self.pairs)


@lru_cache(maxsize=256)
def _options(pairs: tuple[Pair, ...]) -> str:
    return "\n".join(f"{_value(value)}>{escape(label)}</option>" for value, label in pairs)


def _value(value: str) -> str:
    return f'<option value="{escape(value)}"'


class Select(forms.Select):
    """Django's, without a template for every option. It has no groups of options."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        if isinstance(self.choices, Choices):
            options = self.choices.options
        else:
            options = _options(tuple((str(each), str(label)) for each, label in self.choices))
        for chosen in self.format_value(value):
            options = options.replace(f"{_value(chosen)}>", f"{_value(chosen)} selected>", 1)
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<select name="{escape(name)}"{given}>\n{options}\n</select>')  # noqa: S308 - every part of it is escaped


class ChoiceField(forms.ChoiceField):
    """One of some choices, in a list that opens."""

    widget = Select


class _InTree(Protocol):
    path: str

    @property
    def label(self) -> str: ...


def indented(row: _InTree) -> str:
    """What a row of a tree is called, moved in under the one that holds it."""
    return STEP * (row.path.count("/") - 2) + row.label
