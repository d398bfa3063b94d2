"""Count a ballot file by a published rule, or verify a count: no database, no network, nothing but the files.

`hamgara count BALLOTS --rule RULE --seats N` counts; RULE is the name of a rule in charter/counting, or a file. Ties
that no earlier stage settles need lots: `--lots 3,1,2`, the candidates in the order in which they were drawn.

Exit status: 0 all is well, 2 a file or a wish cannot be used (the message says why).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from hamgara.algorithms.tally import gregory, reading
from hamgara.algorithms.tally.ballots import BallotError, RankedBallots
from hamgara.algorithms.tally.counting import CountError, Result
from hamgara.algorithms.tally.rules import Rule, RuleError
from hamgara.cli import ROOT

RULES = ROOT / "charter" / "counting"
LARGEST_FILE = 1_000_000_000


class Unusable(Exception):
    """What was asked cannot be done; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ballots", metavar="BALLOTS", help="ballots as .blt, .csv (Scotland), .soi or .toi (PrefLib)")
    parser.add_argument("--rule", default="wigm", help="a rule of charter/counting, or a file with one (wigm)")
    parser.add_argument("--seats", type=int, metavar="N", help="seats to be filled, if not those that the file says")
    parser.add_argument("--lots", metavar="C,C,…", help="the candidates in the order in which lots were drawn")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Count and print; answer 0, or 2 with a message when that cannot be done."""
    try:
        ballots = reading.read(args.ballots, _bytes(args.ballots))
        result = counted(ballots, rule_called(args.rule), _seats(args, ballots), _lots(args.lots))
    except (Unusable, BallotError, CountError, RuleError) as error:
        print(f"{args.ballots}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(reading.as_json(result)) if args.json else _table(ballots, result))
    return 0


def counted(ballots: RankedBallots, rule: Rule, seats: int, lots: list[int] | None) -> Result:
    """The count by the method of the rule."""
    return gregory.count(ballots, rule, seats, lots)


def rule_called(name: str) -> Rule:
    """The rule of this name, or in this file. Raises Unusable or RuleError."""
    path = RULES / f"{name}.json" if name.isidentifier() or name.replace("-", "_").isidentifier() else Path(name)
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in RULES.glob("*.json")))
        raise Unusable(f"there is no rule {name!r}; there are {known}, or give a file with a rule")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unusable(f"the rule {name!r} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise Unusable(f"the rule {name!r} is not a map of names and values")
    return Rule.from_document(document)


def _bytes(name: str) -> bytes:
    try:
        if Path(name).stat().st_size > LARGEST_FILE:
            raise Unusable("the file is larger than 1 GB")
        return Path(name).read_bytes()
    except OSError as error:
        raise Unusable(f"the file cannot be read: {error.strerror}") from error


def _seats(args: argparse.Namespace, ballots: RankedBallots) -> int:
    seats: int | None = ballots.seats if args.seats is None else args.seats
    if seats is None:
        raise Unusable("the file does not say how many seats there are; give --seats")
    return seats


def _lots(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(each) for each in text.split(",")]
    except ValueError as error:
        raise Unusable("--lots is numbers of candidates with commas between, as in 3,1,2") from error


def _table(ballots: RankedBallots, result: Result) -> str:
    """The count for people: one block a stage."""
    decimals = result.rule.decimals
    places = 5 if decimals is None else decimals
    lines = [f"{ballots.title or 'Count'}: {result.valid} valid papers, {result.seats} seats"]
    lines += [f"rule {result.rule.name} {result.rule.sha256()}", f"quota {reading.decimal(result.quota, places)}"]
    gone: set[int] = set()
    for number, stage in enumerate(result.stages, 1):
        what = stage.action.replace("_", " ")
        whom = f" of {ballots.candidates[stage.candidate - 1]}" if stage.candidate else ""
        lines += ["", f"Stage {number}: {what}{whom}"]
        if stage.action == "exclusion" and stage.candidate:
            gone.add(stage.candidate)
        for candidate, total in stage.totals.items():
            if candidate not in gone:
                mark = "  elected" if candidate in stage.elected else ""
                shown = reading.decimal(total, places).rjust(16)
                lines.append(f"{candidate:>5} {shown}  {ballots.candidates[candidate - 1]}{mark}")
        lines.append(f"      {reading.decimal(stage.non_transferable, places).rjust(16)}  non-transferable")
    lines += ["", "Elected: " + ", ".join(f"{each} {ballots.candidates[each - 1]}" for each in result.elected)]
    return "\n".join(lines)
