"""Measure the pages under the web server, beside bare Django views, in one run.

A database of its own (var/bench, made once) holds the sample city and 2,000 demands more; each run measures on a fresh
copy of it. Every page is asked for by one client, for its time, and by eight at once, for requests a second. Measured
and bare pages take turns, so that a busy moment of the machine falls on both.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from hamgara.cli import ROOT, var

if TYPE_CHECKING:
    from hamgara.cli.bench import measuring

README = ROOT / "benchmarks" / "README.md"
DEMANDS = 2000
BAR = 0.5  # list and detail reach at least this share of a bare view's requests a second


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often (default: %(default)s)")
    parser.add_argument("--search", action="store_true", help="searching alone, in the city that «hamgara seed» made")
    parser.add_argument("--log", action="store_true", help="the arithmetic of the public log alone, without a database")
    parser.add_argument("--write", action="store_true", help="write the figures to benchmarks/README.md")
    parser.add_argument("--city", action="store_true", help="measure on the city of `hamgara seed` in HAMGARA_VAR")


def run(args: argparse.Namespace) -> int:
    if args.city:
        from hamgara.cli.bench import city

        return city.run(args)
    if args.search:
        return _search(args.write)
    if args.log:
        return _log(args.write)
    folder = var() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    # Before anything reads the settings: data and secrets of its own.
    os.environ |= {"HAMGARA_VAR": str(folder), "HAMGARA_SECRET_KEY": "only for measuring"}

    from hamgara.cli.bench import measuring, seeding, serving
    from hamgara.integrations import database

    with database.start(folder / "pg") as server:
        seeded = seeding.seed(server.socket, DEMANDS)
        os.environ["DATABASE_URL"] = seeding.fresh_copy(server.socket)
        print(f"measuring, about {measuring.duration(args.seconds, args.rounds) / 60:.0f} minutes", flush=True)
        with serving.serve("web") as ours, serving.serve("bench.bare") as bare:
            results = measuring.measure(ours, bare, seeded, seconds=args.seconds, rounds=args.rounds)
    lines = [*table(results), "", about_this_machine()]
    print("\n" + "\n".join(lines))
    if args.write:
        write(README, lines)
    below = [each.name for each in results if each.barred and each.share < BAR]
    for name in below:
        print(f"\n{name}: less than {BAR:.0%} of a bare view's requests a second")
    return 1 if below else 0


def table(results: list[measuring.Result]) -> list[str]:
    lines = [
        "| page | one client: p50 ms | p95 ms | eight clients: p50 ms | p95 ms | requests/s | share | of |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        alone, together = each.alone, each.together
        lines.append(
            f"| {each.name} | {alone.p50:.1f} | {alone.p95:.1f} | {together.p50:.1f} | {together.p95:.1f} "
            f"| {together.rate:.0f} | {each.share:.2f} | {each.beside} |"
        )
    return lines


def about_this_machine() -> str:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, {platform.system()}."


def _search(written: bool) -> int:
    from hamgara.cli.bench import finding

    lines = [*finding.measured(), "", about_this_machine()]
    print("\n".join(lines))
    if written:
        write(README, lines, finding.BEGIN, finding.END)
    return 0


def _log(written: bool) -> int:
    from hamgara.cli.bench import tlog

    table, below = tlog.measured()
    lines = [*table, "", about_this_machine()]
    print("\n".join(lines))
    if written:
        write(README, lines, tlog.BEGIN, tlog.END)
    for name in below:
        print(f"\n{name}: below its bar")
    return 1 if below else 0


def write(
    readme: Path, lines: list[str], begin: str = "<!-- figures -->", end: str = "<!-- end of figures -->"
) -> None:
    """Between the marks of the page; what is written around them stays."""
    text = readme.read_text(encoding="utf-8")
    before, after = text.partition(begin)[0], text.partition(end)[2]
    readme.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}", encoding="utf-8")
