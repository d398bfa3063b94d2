"""Recheck the draw of a panel: by a certificate in a file, without any database, or by a review's code.

With a file, everything is computed from the certificate alone: the house's commitment, the seed, the tickets and the
panel. With a code, the certificate is read from the database and also compared with the ledger: what was bound at the
opening, before anybody had given words, and what was recorded at the draw.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from hamgara.algorithms import sortition


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recheck", metavar="FILE|CODE", required=True, help="a certificate (JSON), «-» for standard input, or a code"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found; answer 0 for a right draw, 1 for a wrong one, 2 when there is nothing to check."""
    given = args.recheck
    if given == "-" or Path(given).is_file():
        text = sys.stdin.read() if given == "-" else Path(given).read_text(encoding="utf-8")
        try:
            certificate = json.loads(text)
        except ValueError as error:
            print(f"this is not a certificate: {error}", file=sys.stderr)
            return 2
        if not isinstance(certificate, dict):
            print("this is not a certificate: a map of names and values was expected", file=sys.stderr)
            return 2
        return _report(certificate, wrong_with(certificate), ledger=False)
    return _recheck_review(given)


def wrong_with(certificate: dict[str, Any]) -> list[str]:
    """What is wrong with a certificate by itself; also whether its pool is what its list of candidates says."""
    wrong = sortition.recheck(certificate)
    candidates = certificate.get("candidates")
    if wrong or candidates is None:
        return wrong
    untied = sorted(each["id"] for each in candidates if not each["ties"])
    if untied != certificate["pool"]:
        wrong.append("the pool is not the list of those candidates who have no tie")
    return wrong


def _recheck_review(code: str) -> int:
    import django

    django.setup()
    from hamgara.domain.oversight import queries

    review = queries.by_code(code)
    if review is None:
        print(f"{code} is neither a file nor the code of a review", file=sys.stderr)
        return 2
    if review.certificate is None:
        print(f"{code} has not been drawn yet; its pool and the house's commitment are on its page", file=sys.stderr)
        return 2
    wrong = wrong_with(review.certificate) + _wrong_with_ledger(review.subject, review.certificate)
    return _report(review.certificate, wrong, ledger=True)


def _wrong_with_ledger(subject: str, certificate: dict[str, Any]) -> list[str]:
    """Where the certificate differs from what the ledger recorded, and when."""
    from hamgara.domain.ledger.queries import about
    from hamgara.domain.oversight.events import Drawn, Opened

    entries = list(about(subject))
    opened = next((entry for entry in entries if entry.kind == Opened.KIND), None)
    drawn = next((entry for entry in entries if entry.kind == Drawn.KIND), None)
    if opened is None or drawn is None:
        return ["the ledger has no record of the opening or of the draw"]
    wrong = [] if opened.id < drawn.id else ["the ledger has the draw before the opening"]
    pool_hash = sortition.pool_hash(certificate["pool"])
    recorded = [
        ("the house's commitment at the opening", opened.data["nonce_commitment"], certificate["commitment"]),
        ("the pool's hash at the opening", opened.data["pool_hash"], pool_hash),
        ("the number of seats at the opening", opened.data["seats"], certificate["seats"]),
        ("the words", drawn.data["words"], certificate["words"]),
        ("who gave the words", drawn.data["given_as"], certificate.get("given_as")),
        ("the nonce", drawn.data["nonce"], certificate["nonce"]),
        ("the seed", drawn.data["seed"], certificate["seed"]),
        ("the panel", drawn.data["panel"], certificate["panel"]),
    ]
    return wrong + [
        f"{name}: the ledger says {there!r}, the certificate says {here!r}"
        for name, there, here in recorded
        if there != here
    ]


def _report(certificate: dict[str, Any], wrong: list[str], *, ledger: bool) -> int:
    if wrong:
        print("This draw is WRONG:")
        for line in wrong:
            print(f"  {line}")
        return 1
    print(f"The draw of {certificate['review']} is right.")
    print(f"  commitment of the house  {certificate['commitment']}")
    print(f"  its nonce                {certificate['nonce']}")
    print(f"  words of the people      {certificate['words']}")
    print(f"  seed                     {certificate['seed']}")
    print(f"  pool                     {len(certificate['pool'])} candidates without a tie")
    print(f"  panel                    {', '.join(certificate['panel'])}")
    if ledger:
        print("  The ledger recorded the commitment and the pool before the words, and the same panel.")
    return 0
