"""How files are written: what opens them, how long they are, what they may not contain or import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house import source

LONGEST = 400
# Inside an app each floor imports only those before it (ARCHITECTURE.md).
FLOORS = ("events", "models", "queries", "policies", "commands", "jobs")
# No logic hides behind a save, and no row points to a table that nobody named.
FORBIDDEN = ("django.db.models.signals", "django.dispatch", "django.contrib.contenttypes")


@pytest.mark.parametrize("path", source.files(), ids=source.name)
def test_a_file_opens_with_a_sentence_that_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(source.tree(path)) or ""
    first, *_rest = said.splitlines() or [""]
    assert first.endswith((".", "!")), f"the first line of {source.name(path)} is no sentence: {first!r}"


def test_no_file_is_longer_than_can_be_read() -> None:
    lengths = {source.name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in source.files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_is_called_utils() -> None:
    for path in source.files():
        assert not {"utils", "util", "helpers", "misc", "common"} & {path.stem, *path.parent.parts}, source.name(path)


def test_no_signals_and_no_generic_foreign_keys() -> None:
    for path in source.files():
        found = [each for each in source.imports(path) if each.startswith(FORBIDDEN)]
        assert not found, f"{source.name(path)} imports {found}"


@pytest.mark.parametrize("app", source.APPS)
def test_inside_an_app_each_floor_imports_only_those_before_it(app: str) -> None:
    home = f"hamgara.domain.{app}"
    for path in source.files():
        own = _floor(source.module(path), home)
        if own is None:
            continue
        for imported in source.imports(path):
            other = _floor(imported, home)
            if other is not None and other != own:
                assert FLOORS.index(other) < FLOORS.index(own), f"{source.name(path)} imports {imported}"


def _floor(module: str, home: str) -> str | None:
    """«queries» for hamgara.domain.demands.queries.finding."""
    rest = module.removeprefix(f"{home}.").split(".")
    return rest[0] if module.startswith(f"{home}.") and rest[0] in FLOORS else None


def test_every_file_of_an_app_is_on_a_floor() -> None:
    for app in source.APPS:
        there = {path.stem for path in (source.HOUSE / "domain" / app).iterdir() if path.stem[0] not in "_."}
        assert there <= {*FLOORS, "apps", "migrations"}, app
