"""Copy the database into a file, or put it back from one; with the programs of PostgreSQL that are here.

hamgara backup FILE               everything the database knows, as of one moment; whole or not at all
hamgara backup --put-back FILE    the database as it was; what it knows now is lost

Photos, keys and the published log are files: docs/operate.md says how they are kept.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from hamgara.integrations import database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help="where the copy is, or is to be")
    parser.add_argument("--put-back", action="store_true", help="put the database back as the file has it")


def run(args: argparse.Namespace) -> int:
    part = args.file.with_name(f".{args.file.name}.part")
    if args.put_back:
        done = _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(args.file))
    else:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))  # it tells of people
        done = _run("pg_dump", "--format=custom", "--no-owner", f"--file={part}")
    if done.returncode:
        part.unlink(missing_ok=True)
        print(f"✗ Nothing was done: {done.stderr.strip()}", file=sys.stderr)
        return 1
    if args.put_back:
        print(f"✓ The database is as {args.file} has it. Now: hamgara migrate, then hamgara ledger restore")
        return 0
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(args.file)
    print(f"✓ {args.file}: {args.file.stat().st_size / 1e6:.1f} MB")
    return 0


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program on our database, whose password is nobody's who lists processes."""
    asked = conninfo_to_dict(os.environ["DATABASE_URL"])
    names = {"dbname": "PGDATABASE"} | {name: f"PG{name.upper()}" for name in ("host", "port", "user", "password")}
    given = {names[name]: str(value) for name, value in asked.items() if name in names and value}
    to = ["--dbname", given["PGDATABASE"]] if program == "pg_restore" else []
    return subprocess.run(
        [database.programs() / program, *to, *arguments],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
