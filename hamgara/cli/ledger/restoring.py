"""Put back acts that are published and that the database has lost, such as after an older backup was put back.

What the log tells of an act is put back to the byte, under its number, and publishing goes on from there. What it does
not tell stays lost: personal values, people's own words, and what the act changed in the city's tables. The acts whose
effects have to be done again by people are printed; run it again to see them again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import django

from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.policies import Log, Policy
from hamgara.cli.ledger import verifying
from hamgara.cli.ledger.mirroring import mirror
from hamgara.integrations import kept_keys
from hamgara.integrations.log_files import files_of
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import PublishedLog

if TYPE_CHECKING:
    from hamgara.domain.ledger.models import Position


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="where", metavar="URL|DIR", help="a mirror, where the published files themselves are lost or old"
    )
    parser.add_argument(
        "--policy", type=Path, help="the file that says whose signatures count; without it, this city's own keys do"
    )


def run(args: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings

    from hamgara.domain.ledger import queries as ledger
    from hamgara.domain.ledger.commands import Invalid
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.publication import commands

    policy = verifying.given(args.policy) or _ours()
    folder = LogFolder(settings.LOG_ROOT)
    log = mirror(files_of(args.where), folder, policy) if args.where else PublishedLog.read(folder.fetch, policy)
    try:
        put_back = len(commands.restore(by=FOUNDERS, log=log))
        print(f"✓ {put_back} acts are put back, up to number {log.head.size - 1}; the publisher goes on by itself.")
    except Invalid:
        print(f"✓ Nothing is missing: the database knows all {log.head.size} acts that are published.")
    again = [position for position in ledger.restored() if position.entry.kind not in commands.WHOLE]
    if again:
        print(f"\nWhat these {len(again)} acts changed is lost, and is to be done again by whoever did it:\n")
        for position in again:
            print(_told(position))
        print("\nBegin with people who were erased: their acts are among the sealed ones (docs/operate.md).")
    return 0


def _ours() -> Policy:
    """The keys that the database knows, and those that lie beside it, which an older backup may not know."""
    from django.conf import settings

    from hamgara.domain.publication import queries

    known = [each.key for each in queries.log_keys()]
    keys = queries.signing_keys()
    keys += [each.verifier for each in kept_keys.kept(settings.LOG_KEY) if each.verifier not in known]
    if not keys:
        raise Wrong("no key of this log is known here: say with --policy whose signatures count")
    return Policy(logs=tuple(Log(key) for key in keys))


def _told(position: Position) -> str:
    from django.utils import translation

    from hamgara.channels import words

    entry = position.entry
    if not entry.subjects:
        return f"{position.number:>8}  sealed: an act about a person alone, or a very long one"
    with translation.override("en"):
        act = words.sentence(entry)
    by = entry.body["by"]
    who = " ".join(filter(None, (by["body"], by["role"]))) or "a person"
    return f"{position.number:>8}  {entry.at:%Y-%m-%d %H:%M}  {act}  ({' '.join(entry.subjects)}; {who})"
