"""Fill an empty database with a large made-up city, to measure and to try things on.

The demands of the years before are taken over as imports do it: what has ended has the municipality's claim and no
history of its own. Upon them follows the sample city's own story, in which every state occurs. The same number at the
same moment gives the same demands. Which of them tell of the same thing stands in var/seed.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from hamgara.cli import var

BATCH = 1000  # acts a transaction
YEARS = 8
IN_CLUSTERS = 0.05  # of the demands: told of by several people
ENDED = 0.85  # of the others
# What became of what ended, by the year's figures of Kashan's 137: 22 of 100 were not doable.
CLAIMS = {"done": 66, "not_doable": 22, "answered": 8, "refused": 4}
NOTE = "seed.json"

T = TypeVar("T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demands", type=int, default=100_000, help="how many (default: %(default)s)")
    parser.add_argument("--organisations", type=int, help="how many (default: one for 100 demands)")
    parser.add_argument("--people", type=int, help="how many (default: one for two demands)")
    parser.add_argument("--seed", type=int, default=1, help="another number, another city (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Answer 0 when the city is there, 2 when this database has one already."""
    import psycopg

    from hamgara.cli import prepare
    from hamgara.integrations import database

    with ExitStack() as stack:
        try:
            psycopg.connect(os.environ["DATABASE_URL"]).close()
        except psycopg.OperationalError:
            server = stack.enter_context(database.start(var() / "pg"))
            os.environ["DATABASE_URL"] = database.address(server.socket, database.NAME)
        for step in prepare.needed(os.environ["DATABASE_URL"], sample=False):
            print(f"  · {step.__doc__}", flush=True)
            step()
        import django

        django.setup()
        from hamgara.cli import sample

        if not sample.is_empty():
            print(
                "This database has a city already; seed fills only an empty one. Nothing was changed.\n"
                "Name another folder in HAMGARA_VAR, or another database in DATABASE_URL.",
                file=sys.stderr,
            )
            return 2
        began = time.monotonic()
        clusters = fill(
            args.demands,
            args.demands // 100 if args.organisations is None else args.organisations,
            max(1, args.demands // 2) if args.people is None else args.people,
            args.seed,
            say=lambda line: print(f"  · {time.monotonic() - began:5.0f} s  {line}", flush=True),
        )
        Path(var() / NOTE).write_text(json.dumps({"seed": args.seed, "demands": args.demands, "clusters": clusters}))
    return 0


def fill(demands: int, organisations: int, people: int, seed: int, say: Callable[[str], None]) -> list[list[str]]:
    """Make the city; the codes of the demands that tell of the same thing, a list for each thing."""
    from django.utils import translation

    from hamgara import clock
    from hamgara.cli import sample

    start = clock.now()
    with translation.override("fa"):
        with clock.standing_at(start - sample.HISTORY):
            clusters = past_years(demands, organisations, people, seed, say)
        say("telling of demands, promises and reviews")
        sample.tell(start)
    say("done")
    return clusters


def past_years(demands: int, organisations: int, people: int, seed: int, say: Callable[[str], None]) -> list[list[str]]:
    """Found the sample city and take over, at this moment, what its earlier records hold."""
    from hamgara.cli import sample
    from hamgara.domain.ledger.jobs import catch_up

    chance = random.Random(seed)  # noqa: S311 - made-up data that must come out the same again
    sample.set_up(say)
    authors = _people(chance, people, say)
    _organisations(chance, organisations, say)
    clusters = _demands(chance, demands, authors, say)
    say("giving the ledger its order")
    catch_up()
    return clusters


def _key(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _batches(what: str, items: list[T], say: Callable[[str], None]) -> Iterator[list[T]]:
    for first in range(0, len(items), BATCH):
        yield items[first : first + BATCH]
        if (first // BATCH) % 10 == 0:
            say(f"{what}: {min(first + BATCH, len(items))} of {len(items)}")


def _people(chance: random.Random, count: int, say: Callable[[str], None]) -> list[Any]:
    from hamgara.cli.seed import words
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.people import commands

    past = [
        commands.PastPerson(_key(chance), _key(chance), words.person_name(chance), email=f"p{n}@hamgara.example")
        for n in range(count)
    ]
    made: list[Any] = []
    for some in _batches("people", past, say):
        made += commands.take_over(by=FOUNDERS, past=some, source="seed")
    return made


def _organisations(chance: random.Random, count: int, say: Callable[[str], None]) -> None:
    from hamgara import clock
    from hamgara.cli.seed import words
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.organisations import commands
    from hamgara.domain.organisations.models import Place

    places = list(Place.objects.order_by("code"))
    past = []
    for number in range(1, count + 1):
        kind = chance.choice(list(words.BODIES))
        licensed = chance.random() < 0.8
        past.append(
            commands.PastOrganisation(
                once=_key(chance),
                name=words.body_name(chance, kind, number),
                kind=kind,
                seat=chance.choice(places),
                registration_number=f"{10_000 + number}" if licensed else "",
                authority="استانداری" if licensed else "",
                until=clock.today() + timedelta(days=chance.randrange(-200, 600)) if licensed else None,
            )
        )
    for some in _batches("organisations", past, say):
        commands.take_over(by=FOUNDERS, past=some, source="seed")


def _demands(chance: random.Random, count: int, authors: list[Any], say: Callable[[str], None]) -> list[list[str]]:
    from hamgara import clock
    from hamgara.algorithms import tracking
    from hamgara.cli.seed import words
    from hamgara.domain.demands import commands, queries
    from hamgara.domain.demands.models import Demand, Field
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.organisations.models import Place

    fields = {each.code: each for each in Field.objects.all()}
    places = list(Place.objects.exclude(level="city").exclude(latitude=None).order_by("code"))
    units = {
        (field, place.code): queries.unit_for(fields[field], place) for field in words.TROUBLES for place in places
    }
    codes = [tracking.with_check_digit(number) for number in chance.sample(range(10 ** (tracking.LENGTH - 1)), count)]
    now, past, clusters = clock.now(), [], []
    clustered = int(count * IN_CLUSTERS)
    while len(past) < count:
        together = min(chance.randrange(2, 6), count - len(past)) if len(past) < clustered else 1
        about, place = words.trouble(chance), chance.choice(places)
        first = now - timedelta(minutes=chance.randrange(60, (90 if together > 1 else 365 * YEARS) * 1440))
        point = (
            round(float(place.latitude) + chance.uniform(-0.004, 0.004), 6),  # type: ignore[arg-type]
            round(float(place.longitude) + chance.uniform(-0.004, 0.004), 6),  # type: ignore[arg-type]
        )
        for _ in range(together):
            asked = first + (now - first) * chance.random() * (0.9 if together > 1 else 0)
            ended = together == 1 and chance.random() < ENDED
            claim = chance.choices(list(CLAIMS), list(CLAIMS.values()))[0] if ended else ""
            title, text = words.told(chance, about)
            past.append(
                commands.PastDemand(
                    once=_key(chance),
                    author=chance.choice(authors),
                    title=title,
                    text=text,
                    field=fields[about.field],
                    place=place,
                    unit=units[about.field, place.code],
                    asked=asked,
                    kind=chance.choices(Demand.Kind.values, [40, 15, 40, 5])[0],
                    point=point if chance.random() < 0.6 else None,
                    admitted=not ended and chance.random() < 0.7,
                    claim=claim,
                    ended=min(now, asked + timedelta(days=chance.expovariate(1 / 25))) if ended else None,
                    answer=chance.choice(words.ANSWERS[claim]) if ended else "",
                    code=codes[len(past)],
                )
            )
        if together > 1:
            clusters.append([each.code for each in past[-together:]])
    for some in _batches("demands", sorted(past, key=lambda each: each.asked), say):
        commands.take_over(by=FOUNDERS, past=some, source="seed")
    return clusters
