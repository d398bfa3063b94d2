"""BLT, the ballot file of most counting programs: read and written, with withdrawals, weights and equal ranks.

4 2              four candidates, two seats
-3               candidate 3 has withdrawn
12 1 4=2 0       twelve papers: 1 first, then 4 and 2 at the same rank
0                no more papers
"Name"           the names, in order, and then the title
"""

from __future__ import annotations

import re

import numpy as np

from hamgara.algorithms.tally.ballots import BallotError, RankedBallots, laid_out
from hamgara.algorithms.tally.numerals import Numerals, decoded

_END = re.compile(rb"(?:\A|\n)[ \t]*0[ \t]*\r?(?:\n|\Z)")
_HEAD = re.compile(r"[ \t]*(\d{1,9})[ \t]+(\d{1,9})[ \t]*")
_WITHDRAWN = re.compile(r"[ \t]*-\d{1,9}(?:[ \t]+-\d{1,9})*[ \t]*")
_COMMENT = re.compile(rb"#[^\n]*")


def read(data: bytes) -> RankedBallots:
    """The ballots of a file. Raises BallotError with the line that is wrong."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    count, seats, withdrawn, start = _head(data)
    plain = data.find(b"\n0\n", max(start - 1, 0))  # as nearly always; looking for the rest takes longer
    end = _END.search(data, plain if plain >= 0 else max(start - 1, 0))
    if end is None:
        raise BallotError("the line with a single 0 that ends the ballots is missing: the file has been cut off")
    body = data
    if b"#" in data[start : end.start() + 1]:  # blanks of the same length, so that places stay where they were
        body = data[:start] + _COMMENT.sub(lambda found: b" " * len(found[0]), data[start : end.start() + 1])
    numerals = Numerals(body, start, max(start, end.start() + 1), b" \t\r\n=")
    values, ends = numerals.values, np.flatnonzero(numerals.values == 0)
    if values.size and (not ends.size or ends[-1] != len(values) - 1):
        raise BallotError(f"{numerals.place(int(numerals.starts[-1]))}: this ballot does not end with 0")
    begins = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)) if ends.size else ends

    def where(row: int) -> str:
        return numerals.place(int(numerals.starts[begins[row]]))

    lengths = ends - begins - 1
    if lengths.size and int(lengths.min()) < 0:
        raise BallotError(
            f"{where(int(np.argmin(lengths)))}: a ballot begins with the number of its papers, not with 0"
        )
    ranked = np.ones(len(values), np.bool_)
    ranked[ends] = False
    ranked[begins] = False
    equal = _equal(numerals, ranked) if b"=" in body[start : end.start()] else None
    names, title = _names(decoded(data[end.end() :]), count)
    return laid_out(
        names,
        values[ranked],
        lengths,
        values[begins],
        equal=equal,
        withdrawn=withdrawn,
        seats=seats,
        title=title,
        where=where,
    )


def write(ballots: RankedBallots, seats: int) -> str:
    """The file that `read` reads back to the same ballots."""
    lines = [f"{len(ballots.candidates)} {seats}"]
    lines += [f"-{each}" for each in sorted(ballots.withdrawn)]
    for weight, ranks in ballots.rankings():
        lines.append(" ".join([str(weight), *("=".join(map(str, rank)) for rank in ranks), "0"]))
    lines.append("0")
    lines += [_quoted(each) for each in (*ballots.candidates, ballots.title)]
    return "\n".join(lines) + "\n"


def _head(data: bytes) -> tuple[int, int, frozenset[int], int]:
    """Candidates, seats, who has withdrawn, and where the ballots begin."""
    start, sizes, withdrawn = 0, None, set()
    while start < len(data):
        line_end = data.find(b"\n", start) % (len(data) + 1)
        line = decoded(_COMMENT.sub(b"", data[start:line_end])).strip()
        if sizes is None and line:
            sizes = _HEAD.fullmatch(line)
            if sizes is None:
                raise BallotError("a BLT file begins with the number of candidates and the number of seats")
        elif _WITHDRAWN.fullmatch(line):
            withdrawn |= {-int(each) for each in line.split()}
        elif line:
            break
        start = line_end + 1
    if sizes is None:
        raise BallotError("the file is empty")
    return int(sizes[1]), int(sizes[2]), frozenset(withdrawn), min(start, len(data))


def _equal(
    numerals: Numerals, ranked: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the ranked candidates has the rank of the one before: those with a «=» between."""
    signs = numerals.at(b"=")
    follows = np.zeros(len(numerals.values), np.bool_)
    after = np.searchsorted(numerals.starts, signs)  # the number after each sign
    lonely = (after == 0) | (after == len(follows))
    inside = np.where(lonely, 0, after)
    before = np.maximum(inside - 1, 0)
    lonely |= (numerals.ends[before] != signs) | (numerals.starts[inside] != signs + 1)
    lonely |= ~ranked[inside] | ~ranked[before]
    if lonely.any():
        raise BallotError(f"{numerals.place(int(signs[int(np.argmax(lonely))]))}: «=» stands between two candidates")
    follows[after] = True
    return follows[ranked]


def _names(text: str, count: int) -> tuple[list[str], str]:
    lines = [line.strip() for line in text.split("\n")]
    names = [_unquoted(line) for line in lines if line and not line.startswith("#")]
    if len(names) < count:
        raise BallotError(f"{count} candidates are announced, but {len(names)} names follow: the file has been cut off")
    return names[:count], names[count] if len(names) > count else ""


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(line: str) -> str:
    inside = re.fullmatch(r'"(.*)"', line)  # quotes inside are often left as they are
    return re.sub(r"\\(.)", r"\1", inside[1]) if inside else line
