"""Count a ballot file by a published rule, or verify a count: no database, no network, nothing but the files.

`hamgara count BALLOTS --rule RULE --seats N` counts; RULE is the name of a rule in charter/counting, or a file. Ties
that no earlier stage settles need lots: `--lots 3,1,2`, the candidates in the order in which they were drawn.

`--certificate FILE` writes what anybody can recheck: `hamgara count verify CERTIFICATE BALLOTS`. `--quotas FILE` names
seats that are reserved, as a JSON list of {name, min, max, candidates}; `--withdrawn 3` counts without candidate 3.

Exit status: 0 all is well, 1 the certificate is wrong (and where), 2 a file or a wish cannot be used (and why).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from hamgara.algorithms.tally import approvals, certificate, committees, gregory, meek, reading, verify
from hamgara.algorithms.tally.ballots import BallotError, RankedBallots
from hamgara.algorithms.tally.counting import CountError, LotNeeded, Result
from hamgara.algorithms.tally.quotas import Quota
from hamgara.algorithms.tally.rules import Rule, RuleError
from hamgara.cli import ROOT

RULES = ROOT / "charter" / "counting"
COMMITTEES = ("approval", "phragmen", "equal-shares")  # the methods that read papers as approvals
LARGEST_FILE = 1_000_000_000


class Unusable(Exception):
    """What was asked cannot be done; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = "ballots as .blt, .csv (Scotland), .soi or .toi (PrefLib); or: verify CERTIFICATE BALLOTS"
    parser.add_argument("files", metavar="BALLOTS", nargs="+", help=what)
    parser.add_argument("--rule", default="wigm", help="a rule of charter/counting, or a file with one (wigm)")
    parser.add_argument("--seats", type=int, metavar="N", help="seats to be filled, if not those that the file says")
    parser.add_argument("--lots", metavar="C,C,…", help="the candidates in the order in which lots were drawn")
    parser.add_argument("--withdrawn", metavar="C,C,…", help="candidates who do not stand any more")
    parser.add_argument("--quotas", metavar="FILE", help="a JSON list of seats that are reserved")
    parser.add_argument("--certificate", metavar="FILE", help="write the certificate there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Count or verify, and print; answer 0, 1 for a wrong certificate, 2 with a message when it cannot be done."""
    try:
        if args.files[0] == "verify" and len(args.files) == 3:
            return _verify(*args.files[1:])
        if len(args.files) > 1:
            raise Unusable("give one ballot file; or: verify CERTIFICATE BALLOTS")
        return _count(args)
    except LotNeeded as error:
        print(f"{args.files[0]}: {error}, as in --lots 3,1,2", file=sys.stderr)
        return 2
    except (Unusable, BallotError, CountError, RuleError) as error:
        print(f"{args.files[0]}: {error}", file=sys.stderr)
        return 2


def _count(args: argparse.Namespace) -> int:
    data = _bytes(args.files[0])
    ballots = reading.read(args.files[0], data).without(_numbers("--withdrawn", args.withdrawn) or ())
    lots, quotas = _numbers("--lots", args.lots), _quotas(args.quotas)
    result = counted(ballots, rule_called(args.rule), _seats(args, ballots), lots, quotas)
    if args.certificate:
        sha256 = hashlib.sha256(data).hexdigest()
        text = certificate.write(result, ballots, ballots_sha256=sha256, lots=lots, quotas=quotas)
        try:
            Path(args.certificate).write_text(text, encoding="utf-8")
        except OSError as error:
            raise Unusable(f"the certificate cannot be written: {error.strerror}") from error
    print(json.dumps(reading.as_json(result)) if args.json else _table(ballots, result))
    return 0


def _verify(certificate_name: str, ballots_name: str) -> int:
    wrong = verify.first_wrong(_bytes(certificate_name), _bytes(ballots_name), ballots_name)
    if wrong is not None:
        print(f"This count is WRONG, or it is not of these ballots:\n  {wrong}")
        return 1
    print("This count is right: counted a second time from the ballots, every stage is as the certificate says.")
    return 0


def counted(
    ballots: RankedBallots, rule: Rule, seats: int, lots: list[int] | None = None, quotas: Sequence[Quota] = ()
) -> Result:
    """The count by the method of the rule. Raises CountError."""
    if rule.method == "gregory":
        return gregory.count(ballots, rule, seats, lots, quotas)
    if quotas:
        raise CountError(f"seats can be reserved by the method gregory, not by {rule.method}")
    if rule.method == "meek":
        return meek.count(ballots, rule, seats, lots)
    return committees.count(ballots, rule, seats, lots)


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
            raise Unusable(f"{name} is larger than 1 GB")
        return Path(name).read_bytes()
    except OSError as error:
        raise Unusable(f"{name} cannot be read: {error.strerror}") from error


def _seats(args: argparse.Namespace, ballots: RankedBallots) -> int:
    seats: int | None = ballots.seats if args.seats is None else args.seats
    if seats is None:
        raise Unusable("the file does not say how many seats there are; give --seats")
    return seats


def _numbers(option: str, text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(each) for each in text.split(",")]
    except ValueError as error:
        raise Unusable(f"{option} is numbers of candidates with commas between, as in 3,1,2") from error


def _quotas(name: str | None) -> list[Quota]:
    if name is None:
        return []
    try:
        documents = json.loads(_bytes(name))
    except ValueError as error:
        raise Unusable(f"the quotas cannot be read: {error}") from error
    if not isinstance(documents, list) or not all(isinstance(each, dict) for each in documents):
        raise Unusable("the quotas are a JSON list of {name, min, max, candidates}")
    return [Quota.from_document(each) for each in documents]


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
    if result.rule.method in COMMITTEES:
        lines.append(_representation(ballots, result))
    return "\n".join(lines)


def _representation(ballots: RankedBallots, result: Result) -> str:
    """Whether every group of like-minded papers has what it deserves, and the nearest case."""
    found = approvals.representation(approvals.Approvals.of(ballots), result.elected)
    holds = "holds" if found.holds else "does NOT hold"
    return (
        f"EJR+ {holds}: at worst {found.group} papers approve of candidate {found.candidate} and have fewer than "
        f"{found.deserved} members each, {reading.decimal(found.ratio, 5)} of what {found.deserved} seats stand for"
    )
