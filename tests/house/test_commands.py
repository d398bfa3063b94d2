"""What a command looks like in the source: one verb, `by`, a policy, one event; and that nothing else writes."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.house import source

# Public functions of commands that are no commands, and why.
NO_COMMANDS = {
    ("demands", "made_safe"): "makes uploaded files anew before the command; it writes nothing",
}
# What writes a row.
WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# Who writes outside a command, and why.
WRITERS = {
    ("hamgara/domain/ledger/jobs.py", "_ahead"): "moves a bookmark over what is nothing to its follower",
    ("hamgara/domain/ledger/jobs.py", "_deal"): "moves a follower's bookmark with what it did",
    ("hamgara/domain/ledger/jobs.py", "_advance"): "notes what a follower stumbled over",
    ("hamgara/domain/ledger/jobs.py", "catch_up"): "makes a bookmark for a new follower",
    (
        "hamgara/domain/ledger/jobs.py",
        "begin_here",
    ): "sets bookmarks after a history that was told with all its consequences",
    ("hamgara/domain/ledger/jobs.py", "beat"): "notes that a part of the house ran",
    ("hamgara/domain/ledger/jobs.py", "read_on"): "makes a bookmark for a new follower",
    ("hamgara/domain/indicators/jobs.py", "_keep"): "how a demand is counted is the shadow of its acts",
    ("hamgara/domain/indicators/jobs.py", "recount"): "forgets the sums, to count the ledger anew",
    ("hamgara/domain/search/jobs.py", "_renew"): "a document is the shadow of a row, and no act of its own",
    ("hamgara/domain/search/jobs.py", "fill"): "makes the shadows of a city that has years behind it",
    ("hamgara/domain/search/jobs.py", "gather_words"): "counts the words of what is published",
    ("hamgara/domain/publication/jobs/witnessing.py", "_add"): "keeps cosignatures, which are no act of the house",
    (
        "hamgara/domain/publication/jobs/publishing.py",
        "_next",
    ): "fixes a head before any file of it exists",
    ("hamgara/domain/publication/jobs/publishing.py", "_publish"): "notes that a head is published",
    ("hamgara/domain/publication/jobs/publishing.py", "_signed"): "keeps the signed head, no act of its own",
    (
        "hamgara/domain/publication/jobs/publishing.py",
        "_resume",
    ): "notes that a head was published before a kill",
    ("hamgara/domain/publication/jobs/publishing.py", "signers"): "notes the public half of the key that signs the log",
    ("hamgara/channels/notices.py", "tell"): "a notice is the shadow of an entry, and no act of its own",
    ("hamgara/channels/notices.py", "mark_read"): "that somebody has read a notice is no official act",
    ("hamgara/channels/outbox.py", "_queue"): "a message is the shadow of an entry, or a sign-in code",
    ("hamgara/channels/outbox.py", "deliver_waiting"): "notes that a message went",
    ("hamgara/channels/jobs.py", "forget"): "charter/retention.yaml",
    ("hamgara/channels/jobs.py", "forget_person"): "what was told to somebody goes with them, and is no act of its own",
}


def exported(app: str) -> dict[str, Any]:
    """The public functions of an app's commands. The ledger is what they are made of; two apps only read."""
    if app in {"ledger", "search", "indicators"}:
        return {}
    commands = importlib.import_module(f"hamgara.domain.{app}.commands")
    names = getattr(commands, "__all__", None) or [
        name
        for name, each in vars(commands).items()
        if inspect.isfunction(each) and each.__module__ == commands.__name__ and not name.startswith("_")
    ]
    return {name: getattr(commands, name) for name in names if inspect.isfunction(getattr(commands, name))}


COMMANDS = [
    pytest.param(app, name, id=f"{app}.{name}")
    for app in source.APPS
    for name in exported(app)
    if (app, name) not in NO_COMMANDS
]


def written(app: str, name: str) -> ast.FunctionDef:
    return next(each for path in source.commands_of(app) for each in source.functions(path) if each.name == name)


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_whatever_commands_export_is_a_command_that_takes_by(app: str, name: str) -> None:
    function = exported(app)[name]
    assert getattr(function, "is_command", False), f"{app}.{name} lacks @command"
    parameters = inspect.signature(function).parameters
    assert parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY
    assert all(each.kind in {each.KEYWORD_ONLY, each.VAR_KEYWORD} for each in parameters.values())


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_says_what_it_does(app: str, name: str) -> None:
    assert inspect.getdoc(exported(app)[name]), f"{app}.{name} has no docstring"


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_records_once_on_every_way_through_it(app: str, name: str) -> None:
    recorder = "record_all" if hasattr(exported(app)[name], "is_batch") else "record"
    falls, returns = _recorded(written(app, name).body, recorder)
    assert falls | returns == {1}, f"{app}.{name} may record {sorted(falls | returns)} times"


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_asks_its_policy(app: str, name: str) -> None:
    assert _reaches("require", app, name), f"{app}.{name} asks nobody whether it may"


def test_every_command_is_exported() -> None:
    for app in source.APPS:
        marked = {
            function.name
            for path in source.commands_of(app)
            for function in source.functions(path)
            if any(
                isinstance(each, ast.Name) and each.id in {"command", "batch", "chronicle"}
                for each in function.decorator_list
            )
        }
        assert marked == {name for name in exported(app) if (app, name) not in NO_COMMANDS}


@pytest.mark.parametrize("app", source.APPS)
def test_a_command_calls_no_other_command(app: str) -> None:
    verbs = {name for name, each in exported(app).items() if hasattr(each, "is_command")}
    for path in source.commands_of(app):
        for node in ast.walk(source.tree(path)):
            assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in verbs), (
                f"{source.name(path)}:{node.lineno} calls {source.called(node)}"
            )
        for imported in source.imports(path):
            if ".commands." in imported and not imported.startswith(
                (f"hamgara.domain.{app}.", "hamgara.domain.ledger.")
            ):
                assert not hasattr(_named(imported), "is_command"), f"{source.name(path)} imports {imported}"


def test_only_commands_write() -> None:
    commands = {path for app in source.APPS for path in source.commands_of(app)}
    for path in source.files():
        if path in commands or source.name(path).startswith(("hamgara/cli/", "hamgara/integrations/")):
            continue
        for function, call in _writes(path):
            place = (source.name(path), function)
            assert place in WRITERS, f"{place[0]}:{call.lineno} {function} writes by .{source.called(call)}()"


def test_whoever_is_excused_from_being_a_command_still_writes() -> None:
    there = {(source.name(path), function) for path in source.files() for function, _call in _writes(path)}
    assert there >= WRITERS.keys()


def test_states_change_by_the_table_of_the_thing() -> None:
    for app in source.APPS:
        for path in source.commands_of(app):
            for node in ast.walk(source.tree(path)):
                if isinstance(node, ast.Assign) and any(
                    isinstance(each, ast.Attribute) and each.attr == "state" for each in node.targets
                ):
                    calls = {source.called(each) for each in ast.walk(node.value)}
                    assert "after" in calls, f"{source.name(path)}:{node.lineno} sets a state past its LIFE"


def _named(dotted: str) -> Any:
    module, _dot, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _writes(path: Path) -> Iterable[tuple[str, ast.Call]]:
    """(name of the function, call that writes a row), but for a model's own `save` that hands on to Django's."""
    for function in ast.walk(source.tree(path)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            if function.name == "save" and isinstance(owner, ast.Call) and source.called(owner) == "super":
                continue
            # `.update()` is also a map's; rows are updated through a chain of calls or a manager.
            chain = any(
                isinstance(each, ast.Call) or getattr(each, "attr", "") == "objects" for each in ast.walk(owner)
            )
            if node.func.attr in WRITES or (node.func.attr == "update" and chain):
                yield function.name, node


def _reaches(wanted: str, app: str, name: str) -> bool:
    """`name` calls `wanted`, itself or through functions of its own app's commands."""
    bodies = {each.name: each for path in source.commands_of(app) for each in source.functions(path)}
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        seen.add(current)
        calls = {source.called(node) for node in ast.walk(bodies[current])}
        if wanted in calls:
            return True
        waiting += [each for each in calls if each in bodies and each not in seen]
    return False


Counts = set[int]


def _recorded(body: list[ast.stmt], recorder: str = "record") -> tuple[Counts, Counts]:
    """How often the recorder may have been called when the end is reached, and when it returns early."""
    falls, returns = {0}, set[int]()
    for statement in body:
        if not falls:
            break
        through, out = _step(statement, recorder)
        returns |= {before + more for before in falls for more in out}
        falls = {before + more for before in falls for more in through}
    return falls, returns


def _step(statement: ast.stmt, recorder: str) -> tuple[Counts, Counts]:
    if isinstance(statement, ast.Raise):
        return set(), set()
    if isinstance(statement, ast.Return):
        return set(), {_calls(statement, recorder)}
    if isinstance(statement, ast.If):
        (yes, yes_out), (no, no_out) = _recorded(statement.body, recorder), _recorded(statement.orelse, recorder)
        return yes | no, yes_out | no_out
    if isinstance(statement, ast.With):
        return _recorded(statement.body, recorder)
    if isinstance(statement, ast.Try):
        tried, out = _recorded(statement.body, recorder)
        for handler in statement.handlers:
            caught, caught_out = _recorded(handler.body, recorder)
            tried, out = tried | caught, out | caught_out
        return tried, out
    if isinstance(statement, ast.For | ast.While):
        assert _calls(statement, recorder) == 0, f"line {statement.lineno}: an event in a loop"
    return {_calls(statement, recorder)}, set()


def _calls(statement: ast.stmt, recorder: str) -> int:
    return sum(source.called(node) == recorder for node in ast.walk(statement))


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("record(e)", {1}),
        ("if a:\n    record(e)\nelse:\n    raise Refused", {1}),
        ("if a:\n    return record(e)\nrecord(f)", {1}),
        ("if a:\n    record(e)", {0, 1}),
        ("if a:\n    return\nrecord(e)", {0, 1}),
        ("if a:\n    record(e)\nrecord(f)", {1, 2}),
        ("with lock:\n    record(e)\n    record(f)", {2}),
    ],
)
def test_the_reckoning_of_records_is_right(body: str, counts: set[int]) -> None:
    falls, returns = _recorded(ast.parse(body).body)
    assert falls | returns == counts
