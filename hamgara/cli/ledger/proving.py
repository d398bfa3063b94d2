"""Print the receipt of an act (.tlog-proof): the proof that it stands in the log, to be kept and checked without us."""

from __future__ import annotations

import argparse
import sys

from hamgara.integrations.log_files import files_of
from hamgara.integrations.published_log import PublishedLog


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", type=int, metavar="ACT", help="the number of the act, as its page shows it")
    parser.add_argument("--log", metavar="URL|DIR", help="the log, or a mirror of it; without it, that of this house")
    parser.add_argument("--entry", action="store_true", help="print the entry itself, to the byte")


def run(args: argparse.Namespace) -> int:
    found = PublishedLog.read(files_of(args.log or _ours()))
    if not 0 <= args.act < found.head.size:
        print(f"✗ the log has the acts 0 to {found.head.size - 1} so far", file=sys.stderr)
        return 1
    if args.entry:
        sys.stdout.buffer.write(found.reader.entry(args.act))
        return 0
    found.proof(args.act)
    print(found.receipt(args.act), end="")
    return 0


def _ours() -> str:
    from django.conf import settings

    return str(settings.LOG_ROOT)
