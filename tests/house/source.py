"""The house's own sources, parsed once, for the tests that read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSE = ROOT / "hamgara"
APPS = (
    *(
        "ledger",
        "people",
        "organisations",
        "publication",
        "demands",
        "imports",
        "commitments",
        "oversight",
        "moderation",
    ),
    *("indicators", "search"),
)


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the house, migrations left out: Django writes those."""
    return tuple(path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts)


def name(path: Path) -> str:
    """«hamgara/domain/people/commands.py»."""
    return str(path.relative_to(ROOT))


def module(path: Path) -> str:
    """«hamgara.domain.people.commands»."""
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return dotted.removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions at the top of a file."""
    return (node for node in tree(path).body if isinstance(node, ast.FunctionDef))


def imports(path: Path) -> Iterator[str]:
    """Every name that a file imports, in full."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def called(node: ast.AST) -> str:
    """The last part of the name of what is called: «save» of `row.save()`."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr
        if isinstance(node.func, ast.Name):
            return node.func.id
    return ""


def commands_of(app: str) -> list[Path]:
    """The files of an app's commands, be they one or a folder."""
    home = HOUSE / "domain" / app
    return [path for path in files() if path == home / "commands.py" or home / "commands" in path.parents]
