"""Erase somebody who asked for it by letter, because they cannot sign in; it waits as long as any other wish."""

from __future__ import annotations

import argparse
import sys

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="the mobile number or mail address that the person is known by")
    parser.add_argument("--letter", default="", help="the number under which the office entered the letter")
    parser.add_argument("--stop", action="store_true", help="stop what was asked for before")


def run(args: argparse.Namespace) -> int:
    django.setup()
    from hamgara.domain.ledger.commands import Refused
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.people import commands, queries

    person = queries.by_contact(args.who)
    if person is None:
        print("Nobody is known by this number or address.", file=sys.stderr)
        return 1
    asked = queries.wish_to_be_erased(person)
    try:
        if not args.stop and not args.letter:
            print("Say under which number the letter was entered: --letter NUMBER", file=sys.stderr)
            return 2
        if args.stop and asked is None:
            print("Nothing is to be erased.", file=sys.stderr)
            return 1
        if args.stop and asked is not None:
            commands.cancel_erasure(by=FOUNDERS, erasure=asked)
            print("Stopped; nothing is erased.")
        else:
            erasure = commands.ask_erasure(by=FOUNDERS, person=person, letter=args.letter)
            print(f"To be erased on {erasure.due:%Y-%m-%d}. The person is told, and can stop it until then.")
    except Refused as refused:
        print(refused.reason, file=sys.stderr)
        return 1
    return 0
