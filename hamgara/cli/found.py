"""Begin a real city from a file: its places, units and fields, and the first head of its participation office."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import psycopg

from hamgara.cli import links, prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the city, as in sample/new-city.yaml")
    links.add_address(parser)


def run(args: argparse.Namespace) -> int:
    """Answer 0 when the city has begun, 2 when nothing was done."""
    try:
        for step in prepare.needed(os.environ["DATABASE_URL"], sample=False):
            step()
    except psycopg.OperationalError as error:
        print(
            f"The database does not answer: {error}"
            "Name yours in DATABASE_URL, or start the embedded one beside this: .venv/bin/hamgara up --empty",
            file=sys.stderr,
        )
        return 2
    import django

    django.setup()
    from django.utils import translation

    from hamgara.cli import city_file
    from hamgara.domain.ledger.commands import Invalid
    from hamgara.domain.organisations import queries

    if (there := queries.city()) is not None:
        print(
            f"{there.name} has been founded in this database already; a database holds one city. "
            "Name an empty one in DATABASE_URL, or a new folder in HAMGARA_VAR.",
            file=sys.stderr,
        )
        return 2
    with translation.override("en"):
        try:
            city = city_file.read(args.file)
            link = begin(city)
        except city_file.WrongFile as wrong:
            print("Nothing was begun:", *wrong.lines, sep="\n  ", file=sys.stderr)
            return 2
        except Invalid as invalid:
            told = [f"{name}: {problem}" for name, problem in invalid.problems.items()]
            print("Nothing was begun:", *told, sep="\n  ", file=sys.stderr)
            return 2
    print(f"{city['city']['name']} has begun, with {city['head']['name']} as the head of its participation office.")
    print(f"This link signs them in, once: {args.address}{link}")
    print("There they switch on an authenticator app, and then give the mandates of the other units.")
    return 0


def begin(data: dict[str, Any]) -> str:
    """Set the city up, all or nothing; the path that signs its first head in."""
    from django.db import transaction

    from hamgara import charter
    from hamgara.cli.founding import Founding
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.organisations import queries
    from hamgara.domain.organisations.models import Mandate
    from hamgara.domain.people import commands as people
    from hamgara.integrations import phones

    founding = Founding(data, mandates=charter.period("organisations.mandate_at_most"))
    head = data["head"]
    with transaction.atomic():
        founding.city()
        founding.units()
        founding.fields(data)
        person = people.register(
            by=FOUNDERS,
            name=head["name"],
            phone=phones.mobile(head["phone"]) if head.get("phone") else None,
            email=head.get("email") or None,
            phone_verified=bool(head.get("phone")),  # whoever sets the city up vouches for it; no SMS may go yet
        )
        founding.mandate(person, queries.participation_office(), Mandate.Role.HEAD)
        return links.path_for(person)
