"""The `hamgara` command: our own subcommands, and behind them every management command of Django."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Each is a module of this folder with add_arguments(parser) and run(args); its docstring is its help.
COMMANDS = (
    "up",
    "doctor",
    "web",
    "worker",
    "scheduler",
    "publisher",
    "prepare",
    "found",
    "links",
    "draw",
    "count",
    "opinion",
    "assets",
    "messages",
    "bench",
    "import",
    "seed",
    "index",
    "erase",
    "backup",
    "ledger",
    "witness",
)


def var() -> Path:
    """Where this installation keeps its data."""
    return Path(os.environ.get("HAMGARA_VAR", ROOT / "var")).resolve()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; the answer is the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamgara.settings")
    if given[:1] not in (["up"], ["count"], ["witness"]):  # the first starts the database, the others need none
        _find_database()
    if not given or given[0] in ("-h", "--help"):
        _help()
        return 0
    if given[0] not in COMMANDS:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["hamgara", *given])
        return 0
    module = importlib.import_module(f"hamgara.cli.{given[0]}")
    parser = argparse.ArgumentParser(prog=f"hamgara {given[0]}", description=module.__doc__)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(given[1:])) or 0)


def _help() -> None:
    print("hamgara COMMAND [--help]\n")
    for name in COMMANDS:
        text = importlib.import_module(f"hamgara.cli.{name}").__doc__ or ""
        print(f"  {name:<10} {text.splitlines()[0]}")
    print("\nAny other command is one of Django's: «hamgara help» lists them.")


def _find_database() -> None:
    """Where no DATABASE_URL is given, every command means the embedded server of this installation."""
    if "DATABASE_URL" not in os.environ:
        from hamgara.integrations import database

        os.environ["DATABASE_URL"] = database.address(database.socket_folder(var() / "pg"), database.NAME)
