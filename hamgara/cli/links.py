"""Print a fresh one-time sign-in link: for each role of the sample city, or for one person."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from hamgara.domain.people.models import Person


def add_address(parser: argparse.ArgumentParser) -> None:
    """The option that says where the pages are: what HAMGARA_ORIGINS names first, else this machine."""
    here = f"http://127.0.0.1:{os.environ.get('HAMGARA_PORT', '8000')}"
    origin = os.environ.get("HAMGARA_ORIGINS", "").split(",")[0] or here
    parser.add_argument("--address", default=origin, help="where the pages are (default: %(default)s)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--for", dest="who", metavar="PHONE|MAIL", help="one link, for the person known by this number or address"
    )
    add_address(parser)
    parser.add_argument("--json", action="store_true", help="for programs")


def path_for(person: Person) -> str:
    """A fresh link that signs this person in once."""
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.people import commands

    return f"/accounts/link/{commands.issue_sign_in_link(by=FOUNDERS, person=person)}/"


def run(args: argparse.Namespace) -> int:
    django.setup()
    if args.who is not None:
        return _one(args)
    from hamgara.cli import sample

    links = [
        {"fa": persian, "en": english, "url": args.address + path} for persian, english, path in sample.sign_in_links()
    ]
    if args.json:
        print(json.dumps(links))
    for link in [] if args.json else links:
        print(f"{link['fa']} · {link['en']}\n  {link['url']}")
    return 0


def _one(args: argparse.Namespace) -> int:
    from hamgara.domain.ledger.commands import Refused
    from hamgara.domain.people import queries

    person = queries.by_contact(args.who)
    if person is None:
        print("Nobody is known by this number or address.", file=sys.stderr)
        return 1
    try:
        url = args.address + path_for(person)
    except Refused as refused:
        print(refused.reason, file=sys.stderr)
        return 1
    print(json.dumps({"url": url}) if args.json else url)
    return 0
