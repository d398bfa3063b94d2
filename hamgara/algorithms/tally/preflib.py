"""PrefLib's orders (.soc, .soi, .toc, .toi): «12: 1,{4,2}» is twelve papers with 1 first, then 4 and 2 equally."""

from __future__ import annotations

import re

import numpy as np

from hamgara.algorithms.tally.ballots import BallotError, RankedBallots, laid_out
from hamgara.algorithms.tally.numerals import Numerals, decoded

_NAME = re.compile(r"ALTERNATIVE NAME (\d{1,9})")
_RANK = rb"(?:\d+|\{\s*\d+(?:\s*,\s*\d+)*\s*\})"
_ORDER = re.compile(rb"\s*(?:\d+\s*:\s*(?:" + _RANK + rb"(?:\s*,\s*" + _RANK + rb")*)?\s*)?")


def read(data: bytes) -> RankedBallots:
    """The ballots of a file. Raises BallotError with the line that is wrong."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    said, start = _head(data)
    try:
        count = int(said["NUMBER ALTERNATIVES"])
    except (KeyError, ValueError):
        raise BallotError("the line «# NUMBER ALTERNATIVES: …» is missing: this is no PrefLib file") from None
    names = {int(found[1]): name for key, name in said.items() if (found := _NAME.fullmatch(key))}
    if len(names) != count or sorted(names) != list(range(1, count + 1)):
        raise BallotError(f"{count} alternatives are announced, but the names are those of {len(names)}")
    numerals = Numerals(data, start, len(data), b" \t\r\n:,{}")
    offset = 0
    for line in data[start:].split(b"\n"):
        if not _ORDER.fullmatch(line):
            raise BallotError(f"{numerals.place(offset)}: an order is papers, «:» and candidates with commas between")
        offset += len(line) + 1
    lines = numerals.lines()
    first = np.ones(len(lines), np.bool_)
    first[1:] = lines[1:] != lines[:-1]
    begins = np.flatnonzero(first)

    def where(row: int) -> str:
        return numerals.place(int(numerals.starts[begins[row]]))

    lengths = np.diff(np.append(begins, len(lines))) - 1
    ballots = laid_out(
        [names[each] for each in range(1, count + 1)],
        numerals.values[~first],
        lengths,
        numerals.values[begins],
        equal=_equal(numerals)[~first] if b"{" in data[start:] else None,
        title=said.get("TITLE", ""),
        where=where,
    )
    voters = said.get("NUMBER VOTERS", str(ballots.papers))
    if voters != str(ballots.papers):
        raise BallotError(f"{voters} voters are announced, but there are {ballots.papers} papers")
    return ballots


def write(ballots: RankedBallots) -> str:
    """The file that `read` reads back to the same ballots; the format has no seats and no withdrawals."""
    if ballots.withdrawn:
        raise BallotError("PrefLib's orders cannot say who has withdrawn; write a BLT file")
    kind = "toi" if ballots.equal is not None else "soi"
    lines = [
        f"# TITLE: {' '.join(ballots.title.split())}",
        f"# DATA TYPE: {kind}",
        f"# NUMBER ALTERNATIVES: {len(ballots.candidates)}",
        f"# NUMBER VOTERS: {ballots.papers}",
        f"# NUMBER UNIQUE ORDERS: {len(ballots.weights)}",
    ]
    lines += [
        f"# ALTERNATIVE NAME {number}: {' '.join(name.split())}" for number, name in enumerate(ballots.candidates, 1)
    ]
    for weight, ranks in ballots.rankings():
        order = ",".join(str(rank[0]) if len(rank) == 1 else "{" + ",".join(map(str, rank)) + "}" for rank in ranks)
        lines.append(f"{weight}: {order}".rstrip())
    return "\n".join(lines) + "\n"


def _head(data: bytes) -> tuple[dict[str, str], int]:
    """What the lines with # say, and where the orders begin."""
    said: dict[str, str] = {}
    start = 0
    while data.startswith(b"#", start):
        end = data.find(b"\n", start) % (len(data) + 1)
        key, colon, value = decoded(data[start:end]).removeprefix("#").partition(":")
        if colon:
            said[key.strip()] = value.strip()
        start = end + 1
    return said, min(start, len(data))


def _equal(numerals: Numerals) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which number has the rank of the one before: those inside braces but the first of each."""
    opened = np.searchsorted(numerals.at(b"{"), numerals.starts)
    inside = opened > np.searchsorted(numerals.at(b"}"), numerals.starts)
    again = np.zeros(len(opened), np.bool_)
    again[1:] = opened[1:] == opened[:-1]
    return inside & again
