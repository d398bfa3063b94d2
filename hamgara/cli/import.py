"""Take over a file of organisations, demands or people (XLSX or CSV); good rows land, bad ones come back as a file.

The columns are known by their titles, or by what was chosen for them the last time. The same file sent again changes
nothing; one that was broken off goes on from where it ended.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE = 2.0  # seconds between two looks whether the import before this one is over


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=["organisations", "demands", "people"])
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=TITLE", help="take this from the column of that title"
    )
    parser.add_argument("--returned", type=Path, help="where rows that come back go (default: FILE.returned.csv)")


def run(args: argparse.Namespace) -> int:
    """Answer 0 when every row is there now, 1 when some came back, 2 when nothing could be done."""
    import django

    django.setup()
    from django.utils import translation

    from hamgara.domain.imports import commands
    from hamgara.domain.ledger.commands import Invalid, Refused
    from hamgara.domain.ledger.events import FOUNDERS

    with translation.override("fa"):
        try:
            sha256 = hashlib.sha256(args.file.read_bytes()).hexdigest()
            started = _go_on(args.kind, sha256)
            if started is None:
                with args.file.open("rb") as file:
                    received = commands.receive(by=FOUNDERS, kind=args.kind, name=args.file.name, upload=file)
                started = commands.start(by=FOUNDERS, run=received, columns=_columns(received, args.column))
        except OSError as error:
            print(f"{args.file}: {error.strerror}", file=sys.stderr)
            return 2
        except Refused as refused:
            print(refused.reason, file=sys.stderr)
            return 2
        except Invalid as invalid:
            for name, problem in invalid.problems.items():
                print(f"{name}: {problem}", file=sys.stderr)
            return 2
        return _ended(_worked(started), args.returned or args.file.with_suffix(".returned.csv"))


def _go_on(kind: str, sha256: str) -> Any:
    """The import of this very file that has not come to its end, under way again; None if there is none."""
    from hamgara.domain.imports import commands, queries
    from hamgara.domain.imports.models import Import
    from hamgara.domain.ledger.events import FOUNDERS

    found = queries.unfinished(kind, sha256)
    if found is None or found.state == Import.State.UNDER_WAY:
        return found
    return commands.carry_on(by=FOUNDERS, run=found)


def _columns(received: Any, wished: list[str]) -> dict[str, str]:
    from hamgara.domain.imports import queries

    columns = queries.chosen_before(received) or queries.guessed(received.kind, received.titles)
    for each in wished:
        name, _equals, title = each.partition("=")
        columns = {other: its for other, its in columns.items() if its != title} | {name: title}
    return columns


def _worked(started: Any) -> Any:
    """Work on it here, in turns with the worker if there is one, and show how far it is."""
    from hamgara.domain.imports import jobs
    from hamgara.domain.imports.models import Import

    while started.state == Import.State.UNDER_WAY:
        with jobs.alone() as nobody_else:
            if nobody_else:
                started.refresh_from_db()
                started = jobs.work_on(started)
        if not nobody_else:
            time.sleep(PATIENCE)
            started.refresh_from_db()
        print(f"\r{started.done} / {started.rows or '?'}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return started


def _ended(over: Any, returned: Path) -> int:
    from hamgara.domain.imports import queries
    from hamgara.domain.imports.models import Import

    print(f"{over.landed} taken over, {over.known} known already, {over.bad} came back")
    if over.bad:
        with returned.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(queries.returned_rows(over))
        print(f"what came back, and why: {returned}")
    if over.state != Import.State.DONE:
        print(over.trouble or over.get_state_display(), file=sys.stderr)
        return 2
    return 1 if over.bad else 0
