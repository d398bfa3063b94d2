"""Check a whole log, at an address or in a folder: every entry, every hash, and who signed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.policies import Policy
from hamgara.cli.ledger.heeding import Heeded
from hamgara.integrations.log_files import files_of
from hamgara.integrations.published_log import PublishedLog

OFTEN = 0.5  # seconds between two lines of progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("where", metavar="URL|DIR", help="the address of the log, or a folder with a mirror of it")
    parser.add_argument(
        "--policy", type=Path, help="the file that says whose signatures count; without it, the log's own is believed"
    )


def run(args: argparse.Namespace) -> int:
    found = PublishedLog.read(files_of(args.where), given(args.policy))
    check(found, progress(found.head.size))
    print(told(found))
    if args.policy is None:
        print("  The keys were taken from the log itself. To rely on them, get them by another way: --policy")
    return 0


def given(policy: Path | None) -> Policy | None:
    """The policy in a file of one's own. Raises Wrong, OSError."""
    return None if policy is None else Policy.parse(policy.read_bytes())


def check(found: PublishedLog, tell: Callable[[int], None]) -> None:
    """Read every entry, the last few of an unfilled bundle too; the root vouches for each. Raises Wrong at the first
    that is not what it should be."""
    count, keys = 0, Heeded()
    for entry in found.reader.entries():
        keys.read(entry)
        count += 1
        if count % 256 == 0:
            tell(count)
    if count != found.head.size:
        raise Wrong(f"{count} entries were read, and the checkpoint says {found.head.size}")
    keys.require_believed(found)


def told(found: PublishedLog) -> str:
    """What was found, for a terminal."""
    head, standing = found.head, found.standing
    lines = [
        f"✓ {head.origin}: {head.size} entries, and the root over them is the one that is signed",
        f"  root      {head.root.hex()}",
    ]
    known = [each.key.key_id for each in found.policy.logs]
    for each in found.note.signatures:
        if each.name == head.origin and each.key_id not in known:
            lines.append(f"  key       {each.key_id.hex()} signs too, and the policy does not name it: was it rotated?")
    for name, moment in standing.who.items():
        lines.append(f"  witness   {name}  {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC")
    lines += [f"  missing   {name}" for name in standing.missing]
    if not found.policy.witnesses:
        lines.append("  witnesses none are named: nobody outside vouches that everybody is shown the same log")
    elif not standing.witnessed:
        lines.append("  witnesses too few of them cosigned this head")
    return "\n".join(lines)


def progress(size: int) -> Callable[[int], None]:
    """What shows how far it is, where somebody looks."""
    last = time.monotonic()

    def tell(count: int) -> None:
        nonlocal last
        if sys.stderr.isatty() and time.monotonic() - last > OFTEN:
            last = time.monotonic()
            print(f"\r  {count} of {size} ({100 * count // size} %)", end="", file=sys.stderr, flush=True)

    return tell
