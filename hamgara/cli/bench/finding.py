"""Measure searching and the offer of duplicates in a city that `hamgara seed` made, which knows what is told twice.

In one process and without a web server: the time is that of the whole view, from the request to the bytes of its page.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hamgara.cli import var

SEARCHES = 100  # of each sort
CLUSTERS = 300
BEGIN, END = "<!-- search -->", "<!-- end of search -->"


def measured() -> list[str]:
    """A table, line by line."""
    import psycopg

    from hamgara.integrations import database

    clusters = json.loads((var() / "seed.json").read_text(encoding="utf-8"))["clusters"]
    with ExitStack() as stack:
        try:
            psycopg.connect(os.environ["DATABASE_URL"]).close()
        except psycopg.OperationalError:
            server = stack.enter_context(database.start(var() / "pg"))
            os.environ["DATABASE_URL"] = database.address(server.socket, database.NAME)
        import django

        django.setup()
        return list(_lines([each["codes"] for each in clusters]))


def _lines(clusters: list[list[str]]) -> Iterator[str]:
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.organisations.models import Organisation
    from hamgara.domain.search.models import Document

    chance = random.Random(7)  # noqa: S311 - the same searches every time
    open_ones = Demand.objects.filter(state__in=Demand.OPEN).count()
    yield (
        f"{Demand.objects.count():,} demands ({open_ones:,} of them open), "
        f"{Organisation.objects.count():,} organisations, {Document.objects.count():,} documents."
    )
    yield from ("", "| what is asked | times | p50 ms | p95 ms | processor p50 ms | p95 ms | most queries |")
    yield "|---|---|---|---|---|---|---|"
    for name, searches in _searches(chance).items():
        yield _line(name, *_pages(searches))
    near, found = _nearness(chance, clusters)
    for name, times in near.items():
        yield _line(name, times, 3)
    yield ""
    yield from (f"Found {name}: {share:.1%}." for name, share in found.items())


def _line(name: str, times: list[Times], queries: int) -> str:
    numbers = []
    for ordered in (sorted(each) for each in zip(*times, strict=True)):
        numbers += [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]]
    return f"| {name} | {len(times)} | {' | '.join(f'{each * 1000:.0f}' for each in numbers)} | {queries} |"


Times = tuple[float, float]  # by the clock, and of the processor: ours and that of our connection's own server process


def _timed(act: Callable[[], Any]) -> tuple[Any, Times]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        work = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def busy() -> float:
        return time.process_time() + int(work.read_text().split()[0]) / 1e9

    worked, began = busy(), time.perf_counter()
    answer = act()
    return answer, (time.perf_counter() - began, busy() - worked)


def _searches(chance: random.Random) -> dict[str, list[dict[str, str]]]:
    """Words as they stand in titles of the city; one of them with two letters swapped; with a place and a state."""
    from hamgara.algorithms.persian.stems import stems
    from hamgara.domain.demands import queries
    from hamgara.domain.organisations.models import Place

    titles = list(queries.published().order_by("code").values_list("title", flat=True)[: SEARCHES * 5])
    places = list(Place.objects.exclude(level="city").values_list("code", flat=True))

    def words(count: int) -> str:
        said = [word for word in chance.choice(titles).split() if stems(word)]
        return " ".join(said[:count] if len(said) <= count else chance.sample(said, count))

    def slip(word: str) -> str:
        at = chance.randrange(max(1, len(word) - 1))
        return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]

    def many(make: Callable[[], dict[str, str]]) -> list[dict[str, str]]:
        return [make() for _each in range(SEARCHES)]

    return {
        "one word": many(lambda: {"q": words(1)}),
        "two words": many(lambda: {"q": words(2)}),
        "three words": many(lambda: {"q": words(3)}),
        "one word, one kind, a later page": many(lambda: {"q": words(1), "kind": "demand", "page": "7"}),
        "two words in a place, awaiting an answer": many(
            lambda: {"q": words(2), "place": chance.choice(places), "state": "waiting"}
        ),
        "a word with two letters swapped": many(lambda: {"q": slip(words(1))}),
        "words that never stand together": many(lambda: {"q": f"{words(1)} {words(1)} {words(1)} {words(1)}"}),
    }


def _pages(searches: list[dict[str, str]]) -> tuple[list[Times], int]:
    """How long each page took, and the most queries of any."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    reader = Client(headers={"host": "localhost"})
    for each in searches[:10]:
        reader.get("/search/", each)
    times = []
    for each in searches:
        # An address that is in no cache.
        answer, took = _timed(lambda given=each: reader.get("/search/", {**given, "days": "1095"}))
        times.append(took)
        assert answer.status_code in {200, 302}, (each, answer.status_code)
    most = 0
    for each in searches[:50]:
        with CaptureQueriesContext(connection) as asked:
            reader.get("/search/", {**each, "days": "365"})
        most = max(most, sum(query["sql"].startswith(("SELECT", "(SELECT", " ", "\n")) for query in asked))
    return times, most


def _nearness(chance: random.Random, clusters: list[list[str]]) -> tuple[dict[str, list[Times]], dict[str, float]]:
    """What is offered to the last one who tells of a thing of which others have told."""
    from hamgara.domain.demands import queries
    from hamgara.domain.demands.models import Demand

    rows = {
        demand.code: demand
        for demand in Demand.objects.filter(code__in={code for each in clusters for code in each}).select_related(
            "place", "field"
        )
    }
    told = [[rows[code] for code in each if rows[code].state in Demand.OPEN] for each in clusters]
    told = chance.sample(several, CLUSTERS) if len(several := [x for x in told if len(x) > 1]) > CLUSTERS else several
    ways: dict[str, Callable[[Demand], dict[str, Any]]] = {
        "duplicates: title, place and field": lambda each: {"place": each.place, "field": each.field},
        "duplicates: title and place": lambda each: {"place": each.place},
        "duplicates: title alone": lambda each: {},
    }
    times: dict[str, list[Times]] = {name: [] for name in ways}
    found: dict[str, float] = {}
    for name, given in ways.items():
        hits = 0
        for *others, last in told:
            near, took = _timed(lambda last=last, given=given: queries.nearest(last.title, but=last, **given(last)))
            times[name].append(took)
            hits += not {each.demand.pk for each in near}.isdisjoint(other.pk for other in others)
        found[f"among five ({name.partition(': ')[2]}), in {len(told)} clusters"] = hits / len(told)
    return times, found
