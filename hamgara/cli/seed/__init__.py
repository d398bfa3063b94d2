"""Fill an empty database with a large made-up city and its years of history, to measure and to try things on.

The same number at the same moment gives the same lives of demands. Which demands tell of the same thing, and how others
would ask for it, stands in var/seed.json. The city is a sample, and every page says so.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from heapq import heappop, heappush, heapreplace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hamgara.cli import var
from hamgara.cli.seed.beside import Beside

if TYPE_CHECKING:
    from django.db.models import Model

    from hamgara.cli.seed.telling import Plan, Telling
    from hamgara.cli.seed.world import Size, Term, World

BATCH = 250  # lives a transaction
ROOM = 60  # numbers of the ledger kept free for each demand; what is not used stays free
IN_CLUSTERS = 0.02  # of the demands: told of by several people, and not yet merged
ASKED = 3  # ways in which others would ask for what a cluster is about
NOTE = "seed.json"


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
        if (refusal := _refusal()) is not None:
            print(refusal, file=sys.stderr)
            return 2
        from hamgara.cli.seed.world import Size

        size = Size(
            demands=args.demands,
            people=max(10, args.demands // 2) if args.people is None else args.people,
            organisations=args.demands // 100 if args.organisations is None else args.organisations,
        )
        note = var() / NOTE
        note.write_text(json.dumps({"seed": args.seed, "demands": args.demands, "done": False}))
        began = time.monotonic()
        # Millions of objects and next to no garbage: to look for it as often as usual takes a fifth of the time.
        gc.set_threshold(100_000, 50, 100)
        try:
            clusters = fill(
                size,
                args.seed,
                _now(),
                say=lambda line: print(f"  · {time.monotonic() - began:5.0f} s  {line}", flush=True),
            )
        except KeyboardInterrupt:
            print(f"\nStopped midway. {_start_again()}", file=sys.stderr)
            return 130
        _tidy()
        found = {"seed": args.seed, "demands": args.demands, "done": True, "clusters": clusters}
        note.write_text(json.dumps(found, ensure_ascii=False))
    return 0


def _tidy() -> None:
    """Let the database know what it holds: what is read in an index alone, and how many rows there are of each kind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _start_again() -> str:
    return (
        "This database holds a part of a made-up city, which is good for nothing: delete its folder "
        f"({var() / 'pg'}, if it is the embedded one), or drop it, and seed again."
    )


def _refusal() -> str | None:
    """Why this database must not be filled; None for an empty one."""
    from hamgara.domain.ledger.models import Entry

    if not Entry.objects.exists():
        return None
    note = Path(var() / NOTE)
    if note.exists() and not json.loads(note.read_text()).get("done", True):
        return f"An earlier seeding stopped midway. {_start_again()}"
    return (
        "This database has a city already; seed fills only an empty one. Nothing was changed.\n"
        "Name another folder in HAMGARA_VAR, or another database in DATABASE_URL."
    )


def _now() -> datetime:
    """The last moment at which the hour's jobs had run, so that the calendar has nothing left to say."""
    from hamgara import clock

    now = clock.now().replace(minute=20, second=0, microsecond=0)
    return now - timedelta(hours=now > clock.now())


def fill(size: Size, seed: int, now: datetime, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Make the city as it is `now`; its clusters: what asks for the same thing, and how others would ask for it."""
    from django.db import connection
    from django.utils import translation

    from hamgara import clock
    from hamgara.cli.seed import world
    from hamgara.domain.indicators import jobs as indicators
    from hamgara.domain.ledger import jobs
    from hamgara.domain.ledger import queries as ledger
    from hamgara.domain.search import jobs as search
    from hamgara.integrations import copying

    chance = random.Random(seed)  # noqa: S311 - made-up data that must come out the same again
    with translation.override("fa"):
        made = world.founded(chance, now, size, room=size.demands * ROOM + 1000, say=say)
        with clock.standing_at(now):
            _register(chance, size, made, say)
        with copying.bare(*_written()):
            # The register stays as it was founded: nobody needs to ask again whether it has changed.
            with Beside() as beside, ledger.one_moment():
                clusters = _write(_Lives(made, size, seed), lambda whole: beside.do(_write_down, whole), say)
            say("giving the ledger its order")
            jobs.order_all()
            say("making indexes")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("counting for the scorecards, and making what is searched")
    with Beside() as beside:
        beside.do(search.fill, lambda line: None)
        indicators.recount()
    jobs.begin_here()  # what follows from its acts has been told with them
    say("done")
    return clusters


def _written() -> list[type[Model]]:
    """The tables that lives are written into."""
    from hamgara.domain.commitments import models as commitments
    from hamgara.domain.demands import models as demands
    from hamgara.domain.ledger import models as ledger
    from hamgara.domain.moderation import models as moderation
    from hamgara.domain.oversight import models as oversight

    return [
        *(ledger.Entry, ledger.Opening, ledger.Position),
        *(demands.Demand, demands.Merge, demands.Support, demands.Follow, demands.Comment, demands.Answer),
        *(demands.Hiding, moderation.Case, moderation.Report, moderation.Ruling),
        *(commitments.Commitment, commitments.Promiser, commitments.Indicator),
        *(commitments.Progress, commitments.DueChange),
        *(oversight.Review, oversight.Nonce, oversight.Seat, oversight.Verdict),
    ]


def codes_of(seed: int, demands: int) -> list[str]:
    """The tracking codes of a city's demands, in the order in which they are told."""
    from hamgara.algorithms import tracking

    chance = random.Random(f"{seed}:codes")  # noqa: S311 - made-up data that must come out the same again
    return [tracking.with_check_digit(number) for number in chance.sample(range(10 ** (tracking.LENGTH - 1)), demands)]


class _Lives:
    """All lives of the city, which come out the same whenever they are told."""

    def __init__(self, world: World, size: Size, seed: int) -> None:
        from hamgara.cli.seed import telling

        self.world, self.seed = world, seed
        chance = random.Random(f"{seed}:plans")  # noqa: S311 - made-up data that must come out the same again
        self.plans = telling.plans(chance, size.demands, world.terms[0].begin, world.now, IN_CLUSTERS)
        self.codes = codes_of(seed, size.demands)
        self.firsts = [0]
        for plan in self.plans:
            self.firsts.append(self.firsts[-1] + plan.size)

    def told(self, plan: Plan) -> Telling:
        from hamgara.cli.seed.telling import Telling

        first = self.firsts[plan.number]
        telling = Telling(self.world, plan, self.codes[first : first + plan.size], self.seed)
        telling.run()
        return telling


class _Order:
    """Gives acts their numbers in the order of time, while lives are told that begin one after the other.

    Whatever was done before the next life begins can be numbered; what is whole is handed out. So there are in memory
    only the lives that are under way at one time: some months of them.
    """

    def __init__(self, terms: list[Term]) -> None:
        self._terms = terms
        self._term, self._number = 0, terms[0].numbers
        self._waiting: list[tuple[datetime, int, int, list[tuple[datetime, list[int]]], Telling]] = []

    def begin(self, telling: Telling) -> None:
        acts = telling.acts()
        heappush(self._waiting, (acts[0][0], telling.plan.number, 0, acts, telling))

    def whole(self, before: datetime | None) -> Iterator[Telling]:
        """Number what was done before that moment, or everything; the lives that are whole by it."""
        while self._waiting and (before is None or self._waiting[0][0] < before):
            at, plan, place, acts, telling = self._waiting[0]
            acts[place][1].append(self._next(at))
            if place + 1 == len(acts):
                heappop(self._waiting)
                yield telling
            else:
                heapreplace(self._waiting, (acts[place + 1][0], plan, place + 1, acts, telling))

    def _next(self, at: datetime) -> int:
        while self._term + 1 < len(self._terms) and at >= self._terms[self._term + 1].begin:
            self._term += 1
            self._number = self._terms[self._term].numbers
        self._number += 1
        return self._number - 1


def _write(
    lives: _Lives, write_down: Callable[[list[Telling]], None], say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Tell all lives and let those that are whole be written down, some at a time."""
    order, waiting = _Order(lives.world.terms), []
    clusters: list[dict[str, Any]] = []
    for plan in lives.plans:
        if plan.number % 2000 == 0:
            say(f"lives: {plan.number} of {len(lives.plans)}")
        waiting += order.whole(plan.begin)
        if len(waiting) >= BATCH:
            write_down(waiting)
            waiting = []
        telling = lives.told(plan)
        order.begin(telling)
        if plan.kind == "cluster" and len(telling.told) > 1:
            clusters.append(_cluster(telling))
    waiting += order.whole(None)
    for first in range(0, len(waiting), BATCH):
        write_down(waiting[first : first + BATCH])
    return clusters


def _write_down(tellings: list[Telling]) -> None:
    from django.db import transaction

    from hamgara.domain.commitments.commands import write_promises
    from hamgara.domain.demands.commands import write_lives
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.moderation.commands import write_cases
    from hamgara.domain.oversight.commands import write_reviews

    ones = [one for telling in tellings for one in telling.told]
    with transaction.atomic():
        write_lives(by=FOUNDERS, lives=[one.life for one in ones])
        write_promises(by=FOUNDERS, promises=[each for one in ones for each in one.answering.promises])
        write_reviews(by=FOUNDERS, reviews=[each for one in ones for each in one.answering.reviews])
        write_cases(by=FOUNDERS, cases=[each for one in ones for each in one.minding.cases])


def _cluster(telling: Telling) -> dict[str, Any]:
    """Which demands tell of one thing, and how others would ask for it, by a chance of its own."""
    from hamgara.cli.seed import spoken

    first, chance = telling.told[0].demand, random.Random(f"{telling.plan.number}:asked")  # noqa: S311 - not a secret
    return {
        "codes": [one.demand.code for one in telling.told],
        "field": first.field.code,
        "place": first.place.code,
        "asked": spoken.asked(chance, telling.about, ASKED),
    }


def _register(chance: random.Random, size: Size, made: World, say: Callable[[str], None]) -> None:
    """The organisations of the register that the city kept before; nobody acts for them yet."""
    from hamgara import clock
    from hamgara.cli.seed import words, world
    from hamgara.domain.ledger.events import FOUNDERS
    from hamgara.domain.organisations import commands

    say("taking over the register of organisations")
    past = []
    for number in range(size.accredited + 1, size.organisations + 1):
        kind = chance.choice(list(words.BODIES))
        licensed = chance.random() < 0.5
        past.append(
            commands.PastOrganisation(
                once=world.key(chance),
                name=words.body_name(chance, kind, number),
                kind=kind,
                seat=chance.choice(made.places),
                registration_number=f"{10_000 + number}" if licensed else "",
                authority="استانداری" if licensed else "",
                until=clock.today() + timedelta(days=chance.randrange(-1500, 100)) if licensed else None,
            )
        )
    if past:
        commands.take_over(by=FOUNDERS, past=past, source="seed")
