"""Measure on the large made-up city of `hamgara seed`: queries and time of every public page, and duplicates found.

The pages are made in this process, without a network and without kept pages: what is measured is the making.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from hamgara.cli import var

TIMES = 25  # each page, at another address each time
MOST_QUERIES = 12
IN_FIRST_FIVE = 0.95
MOST_MEMORY = 600  # MB, of all processes at rest
NOT_KEPT = {"HTTP_COOKIE": "measured=1"}  # somebody who brings a cookie gets a page of their own


@dataclass
class PageFigures:
    name: str
    queries: int  # the most
    p50: float
    p95: float


def run(args: argparse.Namespace) -> int:
    """0 when every bar is reached; needs a seeded city in HAMGARA_VAR."""
    note = var() / "seed.json"
    seeded = json.loads(note.read_text()) if note.exists() else {}
    if not seeded.get("done"):
        print(
            f"There is no seeded city in {var()}. Make one first, in a folder of its own:\n"
            "  HAMGARA_VAR=var/city hamgara seed --demands 100000\n  HAMGARA_VAR=var/city hamgara bench --city",
            file=sys.stderr,
        )
        return 2
    from hamgara.cli import prepare
    from hamgara.cli.bench import running
    from hamgara.integrations import database

    with database.start(var() / "pg") as server:
        os.environ["DATABASE_URL"] = database.address(server.socket, database.NAME)
        for step in prepare.needed(os.environ["DATABASE_URL"], sample=False):
            step()
        import django

        django.setup()
        pages = measure_pages()
        near, alone, spent = find_duplicates(seeded["clusters"])
        print("\n".join(_page_table(pages)), flush=True)
        print(f"\nduplicates, {len(seeded['clusters'])} clusters, {near[1]} ways to ask: the right one among five for")
        print(f"  {_share(near)} with place and field, {_share(alone)} with the title alone; {spent:.0f} ms (p95)")
        with running.copied(server) as url, running.up(url) as system:
            memory = system.memory(server.process.pid)
            print(f"\nmemory at rest, all processes (PSS): {sum(memory.values()):.0f} MB {memory}", flush=True)
            written = running.write(system, url)
            print(f"writes: {written}", flush=True)
    failed = [f"{page.name}: {page.queries} queries" for page in pages if page.queries > MOST_QUERIES]
    failed += ["duplicates"] if near[0] < IN_FIRST_FIVE * near[1] else []
    failed += ["memory"] if sum(memory.values()) > MOST_MEMORY else []
    failed += ["writes"] if written.lost or written.doubled else []
    print("\nbelow the bar: " + "; ".join(failed) if failed else "\nevery bar is reached")
    return 1 if failed else 0


def _share(found: tuple[int, int]) -> str:
    return f"{100 * found[0] / max(1, found[1]):.1f} %"


def _page_table(pages: list[PageFigures]) -> list[str]:
    head = ["| page | queries | p50 ms | p95 ms |", "|---|---|---|---|"]
    return head + [f"| {page.name} | {page.queries} | {page.p50:.0f} | {page.p95:.0f} |" for page in pages]


def addresses(chance: random.Random) -> dict[str, Callable[[], str]]:
    """Every public page by what it is; each call gives another address of it."""
    from hamgara.domain.commitments.models import Commitment
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.ledger.queries import head, public_acts
    from hamgara.domain.organisations.models import Organisation, Place
    from hamgara.domain.oversight.models import Review

    def some(rows: Any) -> list[str]:
        count = rows.count()
        places = {chance.randrange(count) for _ in range(min(TIMES * 2, count))}
        return [rows.order_by("pk").values_list("code", flat=True)[place] for place in sorted(places)]

    page, pick = chance.randrange, chance.choice
    words = ("آسفالت", "زباله", "چراغ", "کوچهٔ ۱۲", "درخت", "اتوبوس", "پیاده‌رو شکسته", "سگ ولگرد")
    demands = some(Demand.objects.exclude(state__in=Demand.UNPUBLISHED))
    most = list(Demand.objects.order_by("-support_count").values_list("code", flat=True)[:TIMES])
    promises, reviews = some(Commitment.objects), some(Review.objects)
    bodies = some(Organisation.objects.exclude(state__in=("applied", "refused")))  # the others are not public
    units = some(Organisation.objects.filter(kind="municipal_unit"))
    places = some(Place.objects)
    acts = [position.number for position in public_acts(before=page(head() // 2, head()), limit=TIMES)]
    fields = ("roads", "cleanliness", "green", "social", "culture")
    return {
        "home": lambda: "/",
        "demands": lambda: f"/demands/?page={page(1, 50)}",
        "demands, far back": lambda: f"/demands/?page={page(3000, 4500)}",
        "demands of a field": lambda: f"/demands/?field={pick(fields)}&page={page(1, 5)}",
        "demands of a place, by support": lambda: f"/demands/?place={pick(places)}&sort=supported&page={page(1, 4)}",
        "demands with words": lambda: f"/demands/?q={pick(words)}&page={page(1, 3)}",
        "demands past a deadline": lambda: f"/demands/?overdue=on&sort=deadline&page={page(1, 4)}",
        "likest demands to a title": lambda: f"/demands/near/?title={pick(words)} خیابان علوی کوچه {page(60)}",
        "one demand": lambda: f"/demands/{pick(demands)}/",
        "one demand, much supported": lambda: f"/demands/{pick(most)}/",
        "commitments": lambda: f"/commitments/?page={page(1, 50)}",
        "commitments past their date": lambda: f"/commitments/?overdue=on&page={page(1, 4)}",
        "one commitment": lambda: f"/commitments/{pick(promises)}/",
        "reviews": lambda: f"/reviews/?page={page(1, 50)}",
        "one review": lambda: f"/reviews/{pick(reviews)}/",
        "organisations": lambda: f"/organisations/?page={page(1, 20)}",
        "one organisation": lambda: f"/organisations/{pick(bodies)}/",
        "one municipal unit": lambda: f"/organisations/{pick(units)}/",
        "municipal units": lambda: "/organisations/units/",
        "places": lambda: "/places/",
        "one place": lambda: f"/places/{pick(places)}/",
        "search": lambda: f"/search/?q={pick(words)}",
        "ledger": lambda: f"/ledger/?before={page(head() // 10, head())}",
        "one act": lambda: f"/ledger/{pick(acts)}/",
        "charter": lambda: "/charter/",
        "moderation": lambda: "/moderation/",
    }


def measure_pages() -> list[PageFigures]:
    """Each page made by the handler that serves it."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    made = []
    client = Client(raise_request_exception=True)
    for name, address in addresses(random.Random(3)).items():  # noqa: S311 - which page is asked for
        taken, most = [], 0
        for _ in range(TIMES):
            path = address()
            began = time.perf_counter()
            answer = client.get(path, headers={"host": "127.0.0.1"}, **NOT_KEPT)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{name}: {path} answered {answer.status_code}")
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                client.get(address(), headers={"host": "127.0.0.1"}, **NOT_KEPT)
            most = max(most, sum("SELECT" in each["sql"] for each in queries))
        made.append(PageFigures(name, most, median(taken), quantiles(taken, n=20)[18]))
    return made


Found = tuple[int, int]  # how often the right one was among the first five, of how many


def find_duplicates(clusters: list[dict[str, Any]]) -> tuple[Found, Found, float]:
    """For every way to ask for a cluster's thing: is one of its demands offered? With place and field, and without."""
    from hamgara.domain.demands import queries
    from hamgara.domain.demands.models import Field
    from hamgara.domain.organisations.models import Place

    places = {each.code: each for each in Place.objects.all()}
    fields = {each.code: each for each in Field.objects.all()}
    near = alone = asked = 0
    taken = []
    for cluster in clusters:
        right = set(cluster["codes"])
        for title in cluster["asked"]:
            began = time.perf_counter()
            chosen = queries.nearest(title, place=places[cluster["place"]], field=fields[cluster["field"]])
            taken.append((time.perf_counter() - began) * 1000)
            near += any(each.demand.code in right for each in chosen)
            alone += any(each.demand.code in right for each in queries.nearest(title))
            asked += 1
    return (near, asked), (alone, asked), quantiles(taken, n=20)[18]
