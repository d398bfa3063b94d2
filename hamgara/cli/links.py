"""Print a fresh one-time sign-in link for each role of the sample city."""

from __future__ import annotations

import argparse
import json
import os

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    address = f"http://127.0.0.1:{os.environ.get('HAMGARA_PORT', '8000')}"
    parser.add_argument("--address", default=address, help="where the pages are (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> None:
    django.setup()
    from hamgara.cli import sample

    links = [
        {"fa": persian, "en": english, "url": args.address + path} for persian, english, path in sample.sign_in_links()
    ]
    if args.json:
        print(json.dumps(links))
    for link in [] if args.json else links:
        print(f"{link['fa']} · {link['en']}\n  {link['url']}")
