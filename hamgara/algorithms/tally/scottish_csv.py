"""The CSV in which Scotland's council ballots are published.

The first row is candidates and seats, then each distinct ranking with its number of papers, then the candidates with
name and party, then the ward. Rows end with a comma.
"""

from __future__ import annotations

import re

import numpy as np

from hamgara.algorithms.tally.ballots import BallotError, RankedBallots, laid_out
from hamgara.algorithms.tally.numerals import Numerals, decoded

_CANDIDATE = re.compile(r'"Candidate (\d{1,9})","((?:[^"]|"")*)"')


def read(data: bytes) -> RankedBallots:
    """The ballots of a file. Raises BallotError with the line that is wrong."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    quote = data.find(b'"')
    if quote < 0:
        raise BallotError("the rows with the candidates are missing: this is no Scottish file, or it has been cut off")
    if data[quote - 1 : quote] != b"\n":
        raise BallotError("the candidates begin in the middle of a row")
    numerals = Numerals(data, 0, quote, b", \r\n")
    if b",," in data[:quote]:
        raise BallotError(f"{numerals.place(data.index(b',,'))}: a preference is missing between two commas")
    torn = re.search(rb"\d[ \r]+\d", data[:quote])
    if torn:
        raise BallotError(f"{numerals.place(torn.start())}: a comma is missing between two numbers")
    lines = numerals.lines()
    first = np.ones(len(lines), np.bool_)
    first[1:] = lines[1:] != lines[:-1]
    begins = np.flatnonzero(first)
    lengths = np.diff(np.append(begins, len(lines))) - 1
    if not begins.size or lengths[0] != 1:
        raise BallotError("the first row is the number of candidates and the number of seats")
    count, seats = (int(each) for each in numerals.values[:2])
    names, title = _names(decoded(data[quote:]), count)

    def where(row: int) -> str:
        return numerals.place(int(numerals.starts[begins[row + 1]]))

    ranked = ~first
    ranked[1] = False  # the seats
    return laid_out(
        names,
        numerals.values[ranked],
        lengths[1:],
        numerals.values[begins[1:]],
        seats=seats,
        title=title,
        where=where,
    )


def write(ballots: RankedBallots, seats: int) -> str:
    """The file that `read` reads back to the same ballots; the format has neither withdrawals nor equal ranks."""
    if ballots.withdrawn or ballots.equal is not None:
        raise BallotError("the Scottish CSV cannot say who has withdrawn or who is ranked equally; write a BLT file")
    lines = [f"{len(ballots.candidates)},{seats},"]
    lines += [",".join(map(str, [weight, *(rank[0] for rank in ranks)])) + "," for weight, ranks in ballots.rankings()]
    for number, name in enumerate(ballots.candidates, 1):
        lines.append(f'"Candidate {number}",{_quoted(name)},"",')
    return "\n".join([*lines, _quoted(ballots.title) + ","]) + "\n"


def _names(text: str, count: int) -> tuple[list[str], str]:
    lines = [line for line in text.split("\n") if line.strip()]
    names: list[str] = []
    for line in lines[:count]:
        found = _CANDIDATE.match(line)
        if found is None or int(found[1]) != len(names) + 1:
            if line is lines[-1]:
                break
            raise BallotError(f"candidate {len(names) + 1} was expected, but here stands {line[:40]!r}")
        names.append(found[2].replace('""', '"').strip())
    if len(names) != count:
        raise BallotError(f"{count} candidates are announced, but {len(names)} names follow: the file has been cut off")
    rest = lines[count:]
    if any(not line.startswith('"') for line in rest):
        raise BallotError("after the candidates only the ward is expected")
    return names, rest[0].strip('", ').replace('""', '"') if rest else ""


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace('"', '""') + '"'
