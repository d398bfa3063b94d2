"""Measure on the large made-up city of `hamgara seed`: every page, duplicates found, memory, and writes under trouble.

All of it happens on a copy of the city, which is gone afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from hamgara.cli import supervisor, var

if TYPE_CHECKING:
    from hamgara.cli.bench.running import Written

IN_FIRST_FIVE = 0.95
DUPLICATES = 80  # milliseconds, p95
MOST_MEMORY = 600  # MB, of all processes at rest
WRITES = 150  # demands a second
BEGIN, END = "<!-- city -->", "<!-- end of city -->"


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
    from hamgara.cli.bench import README, about_this_machine, running, visiting, write
    from hamgara.integrations import database

    with database.start(var() / "pg") as server, ExitStack() as copies:
        os.environ["DATABASE_URL"] = database.address(server.socket, database.NAME)
        subprocess.run(supervisor.command("prepare", "--empty"), check=True)
        with running.copied(server) as url:
            os.environ["DATABASE_URL"] = url
            import django
            from django.db import connections

            django.setup()
            copies.enter_context(running.copied_log())
            from hamgara.domain.ledger.jobs import catch_up

            catch_up()  # a follower that is newer than the city has years to read first
            size, versions = _size(), _versions()
            print(size, flush=True)
            put_out = running.publish_all()
            print(put_out, flush=True)
            pages, empty = visiting.visit()
            lines = [size, "", put_out, "", *visiting.table(pages)]
            lines += ["", f"This city has none of: {', '.join(empty)}."] if empty else []
            print("\n".join(lines[3:]), flush=True)
            near, alone, spent = find_duplicates(seeded["clusters"])
            lines += ["", _found(len(seeded["clusters"]), near, alone, spent)]
            print(f"\n{lines[-1]}", flush=True)
            connections.close_all()
            with running.up(url) as system:
                memory = system.memory(server.process.pid)
                total = sum(memory.values())
                parts = ", ".join(f"{kind} {size:.0f}" for kind, size in memory.items())
                lines += ["", f"Memory at rest, all processes (PSS): {total:.0f} MB ({parts})."]
                print(f"\n{lines[-1]}", flush=True)
                written = running.write(system, url)
    bars = [Bar("pages", len(pages), "each within its own time", not any(page.problems for page in pages))]
    bars += [*of_duplicates(near, spent), Bar("memory at rest, MB", total, f"< {MOST_MEMORY}", total < MOST_MEMORY)]
    bars += of_writes(written)
    lines += ["", *drawn(bars)]
    print("\n" + "\n".join(drawn(bars)), flush=True)
    failed = [problem for page in pages for problem in page.problems]
    failed += [f"{bar.name}: {bar.found}, not {bar.asked}" for bar in bars[1:] if not bar.reached]
    lines += ["", f"Past the bar: {'; '.join(failed)}." if failed else "Every bar is reached."]
    print(f"\n{lines[-1]}")
    if args.write:
        from django.utils import timezone

        machine = f"{about_this_machine()[:-1]}; {versions}; {timezone.now():%Y-%m-%d}."
        write(README, [*lines, "", machine], BEGIN, END)
    return 1 if failed else 0


@dataclass(frozen=True)
class Bar:
    """Something that was asked of the whole, and what was found."""

    name: str
    found: float | str
    asked: str
    reached: bool


def drawn(bars: list[Bar]) -> list[str]:
    head = ["| what | found | asked | |", "|---|---|---|---|"]
    return head + [
        f"| {each.name} | {each.found if isinstance(each.found, str) else format(each.found, 'g')} | {each.asked} "
        f"| {'reached' if each.reached else '**missed**'} |"
        for each in bars
    ]


def of_duplicates(near: Found, spent: float) -> list[Bar]:
    share = near[0] / max(1, near[1])
    return [
        Bar("duplicates among the first five", _share(near), f"≥ {IN_FIRST_FIVE:.0%}", share >= IN_FIRST_FIVE),
        Bar("duplicates, p95 ms", round(spent), f"≤ {DUPLICATES}", spent <= DUPLICATES),
    ]


def of_writes(written: Written) -> list[Bar]:
    """Nothing that was told it is written is lost or doubled, nothing is refused, and the ledger is whole."""
    done, keys = written.acknowledged, written.keys
    refused = ", ".join(f"{count} × {status}" for status, count in sorted(written.refused.items()))
    return [
        Bar("writes a second", written.rate, f"≥ {WRITES}", written.rate >= WRITES),
        Bar("written forms of those sent", f"{done} of {keys}", "all", done == keys > 0),
        Bar("refused", refused or "0", "0", not refused),
        Bar("lost", written.lost, "0", not written.lost),
        Bar("doubled", written.doubled, "0", not written.doubled),
        Bar("without a place a minute later", written.waiting, "0", not written.waiting),
        Bar("kills of the worker", written.killed, "≥ 1", written.killed >= 1),
        Bar("the ledger", written.ledger or "whole", "whole", not written.ledger),
    ]


def _size() -> str:
    from hamgara.domain.commitments.models import Commitment
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.ledger.queries import head
    from hamgara.domain.organisations.models import Organisation
    from hamgara.domain.oversight.models import Review
    from hamgara.domain.people.models import Person

    counts = [model.objects.count() for model in (Demand, Commitment, Review, Organisation, Person)]
    said = "{:,} demands, {:,} commitments, {:,} reviews, {:,} organisations, {:,} people, {:,} acts in the ledger."
    return said.format(*counts, head() + 1)


def _versions() -> str:
    import django
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
    return f"Django {django.__version__}, PostgreSQL {version.split()[0]}"


def _found(clusters: int, near: Found, alone: Found, spent: float) -> str:
    return (
        f"Duplicates, {clusters} clusters, {near[1]} ways to ask: the right one is among the first five for "
        f"{_share(near)} with place and field, for {_share(alone)} with the title alone; {spent:.0f} ms (p95)."
    )


def _share(found: tuple[int, int]) -> str:
    return f"{100 * found[0] / max(1, found[1]):.1f} %"


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
