"""The keys that sign the log: show them, let a new one follow, or give up one that others had.

hamgara ledger key show           every key, since when and until when it signs, and where its private half lies
hamgara ledger key rotate         a new key signs from now on, the old one beside it for a while
hamgara ledger key compromised    others had a key: it signs no more, and nobody is to believe it

To be run by the user that the publisher runs as: new keys are written beside the old ones (HAMGARA_LOG_KEY).
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django

from hamgara.algorithms.tlog import Wrong
from hamgara.algorithms.tlog.keys import ED25519, SEED, SignerKey

if TYPE_CHECKING:
    from hamgara.domain.publication.models import LogKey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="show|rotate|compromised")
    verbs.add_parser("show", help="every key, and where it lies")
    verbs.add_parser("rotate", help="let a new key follow")
    lost = verbs.add_parser("compromised", help="others had a key")
    lost.add_argument("key", metavar="ID", nargs="?", help="the eight letters that «show» prints, if several keys sign")
    lost.add_argument(
        "--since", type=_moment, metavar="TIME", help="since when: 2026-11-20T08:00 in UTC; without it, now"
    )
    lost.add_argument("--reason", required=True, metavar="TEXT", help="what happened, for everybody to read")


def run(args: argparse.Namespace) -> int:
    django.setup()
    from django.utils import translation

    from hamgara.domain.ledger.commands import Invalid

    with translation.override("en"):
        try:
            {"show": _show, "rotate": _rotate, "compromised": _compromised}[args.verb](args)
        except Invalid as invalid:
            raise Wrong("; ".join(invalid.problems.values())) from None
    return 0


def _show(_args: argparse.Namespace) -> None:
    from django.conf import settings

    from hamgara import clock
    from hamgara.domain.publication import queries
    from hamgara.integrations import kept_keys

    lies = {SignerKey.parse(each.read_text().strip()).verifier: each for each in kept_keys.files(settings.LOG_KEY)}
    for each in queries.log_keys():
        until = f", until {_shown(each.until)}" if each.until is not None else ""
        print(f"{each.key.key_id.hex()}  since {_shown(each.since)}{until}")
        if each.distrusted_since is not None:
            print(f"          NOT TO BE BELIEVED since {_shown(each.distrusted_since)}")
        if each.key in lies:
            over = each.until is not None and each.until <= clock.now()
            print(f"          private half: {lies[each.key]}{' (signs no more; it can be removed)' if over else ''}")
        print(f"          {each.vkey}")
    if not lies:
        print("No key is here: the publisher makes one at its first start.")


def _rotate(_args: argparse.Namespace) -> None:
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.publication import commands

    made = commands.rotate_key(by=FOUNDERS, new=_new_key().verifier)
    print(f"✓ A new key signs the log from its next head on, beside the old one:\n\n  {made.vkey}\n")
    print(
        "Publish this line where people have the old one from: newspapers, the witnesses, other sites. Witnesses say:"
    )
    print(f"  hamgara witness log '{made.vkey}' URL")


def _compromised(args: argparse.Namespace) -> None:
    from django.conf import settings

    from hamgara import clock
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.publication import commands, queries
    from hamgara.integrations import kept_keys

    lost = _meant(args.key, queries.log_keys())
    others = [each for each in queries.signing_keys() if str(each) != lost.vkey]
    new = others[-1] if others else _new_key().verifier
    since = args.since or clock.now()
    commands.distrust_key(by=FOUNDERS, vkey=lost.vkey, since=since, reason=args.reason, new=new)
    aside = kept_keys.lay_aside(settings.LOG_KEY, lost.key.key_id)
    print(f"✓ {lost.key.key_id.hex()} signs no more, and is not to be believed since {_shown(since)}.")
    if aside is not None:
        print(f"  Its private half is laid aside: {aside}")
    print(f"  From the next head on this key signs:\n\n  {new}\n")
    print("Publish this line everywhere, and tell the witnesses at once. They say:")
    print(f"  hamgara witness log '{lost.vkey}' --gone")
    print(f"  hamgara witness log '{new}' URL")


def _meant(key_id: str | None, keys: list[LogKey]) -> LogKey:
    """The key that is meant. Raises Wrong where that cannot be told."""
    from hamgara.domain.publication import queries

    signing = [str(each) for each in queries.signing_keys()]
    found = [each for each in keys if (each.key.key_id.hex() == key_id if key_id else each.vkey in signing)]
    if len(found) != 1:
        raise Wrong("say which key: hamgara ledger key show prints the id of each")
    return found[0]


def _new_key() -> SignerKey:
    """A key beside those that are there; one that was made before something was cut off is taken first."""
    from django.conf import settings

    from hamgara.domain.publication import queries
    from hamgara.integrations import kept_keys

    known = [each.key for each in queries.log_keys()]
    if not known:
        raise Wrong("the log has no key yet; the publisher makes the first one at its first start")
    for each in kept_keys.kept(settings.LOG_KEY):
        if each.verifier not in known:
            return each
    made = SignerKey(known[0].name, ED25519, os.urandom(SEED))
    kept_keys.keep(settings.LOG_KEY, made)
    return made


def _moment(text: str) -> datetime:
    given = datetime.fromisoformat(text)
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
