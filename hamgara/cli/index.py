"""Make what the search reads: what is missing or was made by older rules, or all of it anew."""

from __future__ import annotations

import argparse

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--anew", action="store_true", help="also what is there already")


def run(args: argparse.Namespace) -> None:
    """Broken off, it goes on where it stood the next time."""
    django.setup()
    from hamgara.domain.search import jobs

    count = jobs.fill(lambda line: print(f"  · {line}", flush=True), anew=args.anew)
    print(f"{count} rows can be found now that could not before." if count else "Everything can be found already.")
