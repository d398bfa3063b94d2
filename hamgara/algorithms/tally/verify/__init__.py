"""Recheck a certificate of a count against the ballots: a second, plain implementation, sharing nothing with the first.

It needs Python 3.11 and this one folder, nothing else:

    python3 -c 'import verify; print(verify.first_wrong(
        open("count.jsonl", "rb").read(), open("ballots.blt", "rb").read(), "ballots.blt"))'

prints None when all is right, otherwise the first line of the certificate that is wrong and what it should say.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from .counting import Count, Paper
from .files import Wrong, read

RULES = (  # what is counted here; any other rule is refused rather than taken for one of these
    r"arithmetic=(exact decimals=None|truncated decimals=\d) equal_ranks=end format=F method=gregory quota=droop "
    r"surpluses=largest-first ties=earlier-stages-then-lots|arithmetic=rounded-up decimals=9 equal_ranks=end format=F "
    r"method=meek omega=0\.000001 quota=droop-of-the-active ties=earlier-stages-then-lots|arithmetic=exact "
    r"(format=F method=(approval|phragmen)|completion=(phragmen|none) format=F method=equal-shares) "
    r"ties=approvals-then-lots"
).replace("F", "hamgara-counting-rule-v1")


def first_wrong(certificate: bytes, ballots: bytes, name: str) -> str | None:
    """The first thing that is wrong with a certificate, in words; None when it is right. Never raises."""
    try:
        lines = [json.loads(line) for line in certificate.decode().splitlines()]
        if not lines or not all(isinstance(line, dict) for line in lines):
            raise Wrong("this is no certificate: a line is not a map of names and values")
        if (lines[0].get("kind"), lines[0].get("format")) != ("count", "hamgara-count-certificate-v1"):
            raise Wrong("this is no certificate of a count of the first version")
        _compare(lines, recount(lines[0], ballots, name))
        _check_chain(certificate)
    except Wrong as wrong:
        return str(wrong)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        return f"this certificate, or these ballots, cannot be read: {type(error).__name__} {error}"
    return None


def recount(head: dict[str, Any], ballots: bytes, name: str) -> list[dict[str, Any]]:
    """What the lines of the certificate should say."""
    sha256 = hashlib.sha256(ballots).hexdigest()
    if sha256 != head["ballots_sha256"]:
        raise Wrong(f"head: these are other ballots: their SHA-256 is {sha256}, not {head['ballots_sha256']}")
    rule_sha256 = hashlib.sha256(canonical(head["rule"])).hexdigest()
    if rule_sha256 != head["rule_sha256"]:
        raise Wrong(f"head: the SHA-256 of the rule should be {rule_sha256}")
    choices = sorted(head["rule"].items())
    if not re.fullmatch(RULES, " ".join(f"{key}={value}" for key, value in choices if key not in ("name", "source"))):
        raise Wrong("head: this rule is not known here")
    names, gone, rows, equal = read(ballots, name)
    withdrawn = set(head["withdrawn"])
    if not gone <= withdrawn:
        raise Wrong("head: the ballots say that others have withdrawn")
    standing = [c for c in range(1, len(names) + 1) if c not in withdrawn]
    method = head["rule"]["method"]
    ranked = method in ("gregory", "meek")
    if withdrawn or equal:
        rows = [(weight, _standing(order, withdrawn, ranked)) for weight, order in rows]
    papers: list[Paper] = [paper for paper in rows if paper[1]]
    blank = sum(weight for weight, order in rows if not order)
    valid = sum(weight for weight, _ in papers)
    right = {**head, "candidates": names, "papers": valid + blank, "valid": valid}
    if not 1 <= head["seats"] < len(standing) or valid == 0:
        raise Wrong("head: with these seats, candidates and papers there is nothing to count")
    lots = {c: place for place, c in enumerate(head["lots"])} if head["lots"] is not None else None
    count = Count(head["rule"], papers, standing, head["seats"], lots, head["quotas"])
    {"gregory": count.gregory, "meek": count.meek}.get(method, count.committee)()
    return [right, *count.lines, {"kind": "result", "elected": count.elected}]


def _standing(order: list[Any], withdrawn: set[int], ranked: bool) -> list[int]:
    """Those on a paper who stand; of a ranking, up to the first rank that two of them share."""
    kept: list[int] = []
    for rank in order:
        together = [c for c in (rank if isinstance(rank, list) else [rank]) if c not in withdrawn]
        if ranked and len(together) > 1:
            break
        kept += together
    return kept


def canonical(value: Any) -> bytes:
    """RFC 8785 for what stands in a certificate: texts, whole numbers, lists and maps with ASCII names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _compare(lines: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    for number in range(max(len(lines), len(right))):
        where = "head" if number == 0 else f"stage {number}" if number < len(right) - 1 else "result"
        if number >= len(right):
            raise Wrong("after the result: nothing more should follow")
        if number >= len(lines):
            raise Wrong(f"{where}: the line is missing")
        said, should = lines[number], right[number]
        for key, value in should.items():
            if key == "witness" and value is not None:
                _check_witness(where, said, right)
            elif key == "totals" and isinstance(said.get(key), dict):
                for c, total in value.items():
                    if said[key].get(c) != total:
                        raise Wrong(f"{where}: the total of candidate {c} should be {total}, not {said[key].get(c)}")
                if set(said[key]) != set(value):
                    raise Wrong(f"{where}: there are totals of others than the candidates who stand")
            elif said.get(key) != value or type(said.get(key)) is not type(value):
                raise Wrong(f"{where}: {key} should be {value}, not {said.get(key)}")
        for extra in sorted(set(said) - set(should) - {"previous", "hash"}):
            raise Wrong(f"{where}: nothing called {extra!r} belongs here")


def _check_witness(where: str, said: dict[str, Any], right: list[dict[str, Any]]) -> None:
    """The committee that is shown has all who are elected so far, nobody who is out, and keeps the quotas."""
    number, head, witness = said["number"], right[0], said["witness"]
    elected = {c for line in right[1 : number + 1] for c in line["elected"]}
    out = {line["candidate"] for line in right[1 : number + 1] if line["action"] == "exclusion"}
    good = len(set(witness)) == len(witness) == head["seats"] and elected <= set(witness) and not out & set(witness)
    good = good and set(witness) <= set(range(1, len(head["candidates"]) + 1)) - set(head["withdrawn"])
    good = good and all(q["min"] <= len(set(witness) & set(q["candidates"])) <= q["max"] for q in head["quotas"])
    if not good:
        raise Wrong(f"{where}: the committee {witness} does not show that the quotas can still be kept")


def _check_chain(certificate: bytes) -> None:
    previous = ""
    for number, raw in enumerate(certificate.splitlines(), 1):
        line = json.loads(raw)
        if canonical(line) != raw:
            raise Wrong(f"line {number}: it is not in canonical form")
        if line.get("previous") != previous:
            raise Wrong(f"line {number}: it is not bound to the line before")
        said = line.pop("hash", None)
        previous = hashlib.sha256(canonical(line)).hexdigest()
        if said != previous:
            raise Wrong(f"line {number}: its hash should be {previous}")
