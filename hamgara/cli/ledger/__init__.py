"""Check, mirror, watch and prove the public ledger: `verify`, `mirror`, `monitor`, `prove`. Needs no database.

And for those who run the city's own: `restore` puts back what its database has lost, `key` keeps its keys.
"""

from __future__ import annotations

import argparse
import sys

from hamgara.algorithms.tlog import Wrong
from hamgara.cli.ledger import keys, mirroring, monitoring, proving, restoring, verifying
from hamgara.integrations.log_files import Unreachable

PARTS = {
    "verify": verifying,
    "mirror": mirroring,
    "monitor": monitoring,
    "prove": proving,
    "restore": restoring,
    "key": keys,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, part in PARTS.items():
        text = part.__doc__ or ""
        part.add_arguments(what.add_parser(name, help=text.splitlines()[0], description=text))


def run(args: argparse.Namespace) -> int:
    try:
        return PARTS[args.what].run(args)
    except (Wrong, Unreachable, OSError) as trouble:
        print(f"✗ {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; «hamgara ledger mirror» goes on from here the next time", file=sys.stderr)
        return 130
