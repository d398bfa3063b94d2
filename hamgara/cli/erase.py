"""Erase somebody who asked for it by letter, because they cannot sign in; it waits as long as any other wish.

Two people of the participation office look at the letter first; who they were stands in the ledger.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from hamgara.domain.people.models import Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="the mobile number or mail address that the person is known by")
    parser.add_argument("--letter", default="", help="the number under which the office entered the letter")
    parser.add_argument(
        "--seen-by",
        action="append",
        default=[],
        metavar="PHONE",
        help="the number or address of somebody of the participation office who looked at the letter; give it twice",
    )
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
            looked = [_of_the_office(each) for each in args.seen_by]
            if None in looked:
                wrong = args.seen_by[looked.index(None)]
                print(f"{wrong}: nobody of the participation office is known by this.", file=sys.stderr)
                return 1
            seen_by = [each for each in looked if each is not None]
            erasure = commands.ask_erasure(by=FOUNDERS, person=person, letter=args.letter, seen_by=seen_by)
            print(f"To be erased on {erasure.due:%Y-%m-%d}. The person is told, and can stop it until then.")
    except Refused as refused:
        print(refused.reason, file=sys.stderr)
        return 1
    return 0


def _of_the_office(contact: str) -> Person | None:
    """Whoever is known by this number or address, if they act for the participation office today."""
    from hamgara.domain.organisations.models import ActingPerson
    from hamgara.domain.organisations.policies import acts_for_office
    from hamgara.domain.organisations.queries import mandates_of
    from hamgara.domain.people import queries

    person = queries.by_contact(contact)
    if person is None:
        return None
    acts = any(acts_for_office(ActingPerson(person=person, mandate=each)) for each in mandates_of(person))
    return person if acts else None
