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
COMMANDS = ("assets",)


def var() -> Path:
    """Where this installation keeps its data."""
    return Path(os.environ.get("HAMGARA_VAR", ROOT / "var")).resolve()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; the answer is the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamgara.settings")
    _find_database()
    if given and given[0] not in COMMANDS and given[0] not in ("-h", "--help"):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["hamgara", *given])
        return 0
    parser = argparse.ArgumentParser(prog="hamgara", description="City government with its people.")
    commands = parser.add_subparsers(title="commands", metavar="", required=True)
    for name in COMMANDS:
        module = importlib.import_module(f"hamgara.cli.{name}")
        text = (module.__doc__ or "").strip()
        one = commands.add_parser(name, help=text.splitlines()[0], description=text)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    parser.epilog = "Any other command is one of Django's: see «hamgara help»."
    args = parser.parse_args(given)
    return int(args.run(args) or 0)


def _find_database() -> None:
    """Where no DATABASE_URL is given, every command means the embedded server of this installation."""
    if "DATABASE_URL" not in os.environ:
        from hamgara.integrations import database

        os.environ["DATABASE_URL"] = database.address(database.socket_folder(var() / "pg"), database.NAME)
