"""The tables in which conversations are published: votes, statements, and participants with their votes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from hamgara.algorithms.opinion.ballots import AGREE, DISAGREE, Ballots, Ints, live

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
_MATRIX_LEAD = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")


class TableError(ValueError):
    """What is wrong with a table, for whoever speaks to the reader: `reason`, the line and the value."""

    def __init__(self, reason: str, line: int = 0, value: str = "") -> None:
        super().__init__(f"{reason}, line {line}: {value}" if line else f"{reason}: {value}")
        self.reason, self.line, self.value = reason, line, value


@dataclass(frozen=True)
class Statement:
    """A statement as its table tells it."""

    id: int
    text: str
    moderated: int  # -1 away, 0 nobody looked, 1 accepted
    meta: bool
    author: str
    timestamp: str


def read_votes(lines: Sequence[str]) -> Ballots:
    """Votes, one a line, or the matrix of participants and votes: told apart by their heading."""
    if not any(line.strip() for line in lines):
        raise TableError("empty")
    heading = [name.strip() for name in next(csv.reader([lines[0].lstrip("\ufeff")]))]
    if "participant" in heading:
        return _read_matrix(heading, lines)
    missing = [name for name in _VOTE_COLUMNS[1:] if name not in heading]
    if missing:
        raise TableError("columns", 1, ", ".join(missing))
    timed = "timestamp" in heading
    names = _VOTE_COLUMNS if timed else _VOTE_COLUMNS[1:]
    columns = [heading.index(name) for name in names]
    rows = [line for line in lines[1:] if line.strip()]
    if not rows:
        raise TableError("no votes")
    try:
        table = np.loadtxt(rows, np.int64, delimiter=",", quotechar='"', comments=None, usecols=columns, ndmin=2)
    except (ValueError, OverflowError):
        raise _first_wrong(lines, columns, names) from None
    moments, table = (table[:, 0], table[:, 1:]) if timed else (None, table)
    moments_sane = moments is None or bool(np.all((moments >= 0) & (moments < 10**14)))
    if np.abs(table[:, 2]).max() > 1 or not moments_sane:
        raise _first_wrong(lines, columns, names)
    return live(table[:, 1], table[:, 0], table[:, 2], moments)


def _first_wrong(lines: Sequence[str], columns: list[int], names: Sequence[str]) -> TableError:
    for number, row in enumerate(csv.reader(lines[1:]), 2):
        if not row:
            continue
        for at, name in zip(columns, names, strict=True):
            if at >= len(row):
                return TableError("short", number, name)
            if not _is_whole(row[at]):
                return TableError("number", number, f"{name} = {row[at][:40]}")
            if name == "timestamp" and not 0 <= int(row[at]) < 10**14:
                return TableError("number", number, f"{name} = {row[at][:40]}")
            if name == "vote" and int(row[at]) not in (-1, 0, 1):
                return TableError("vote", number, row[at][:40])
    return TableError("unreadable")


def _is_whole(text: str) -> bool:
    bare = text.strip().removeprefix("-")
    return bare.isascii() and bare.isdigit() and len(bare) <= 18


def _read_matrix(heading: list[str], lines: Sequence[str]) -> Ballots:
    asked = [(at, int(name)) for at, name in enumerate(heading) if _is_whole(name)]
    person = heading.index("participant")
    who: list[int] = []
    what: list[int] = []
    values: list[int] = []
    seen: dict[int, int] = {}
    for number, row in enumerate(csv.reader(lines[1:]), 2):
        if not row:
            continue
        if len(row) != len(heading):
            raise TableError("short", number, str(len(row)))
        if not _is_whole(row[person]):
            raise TableError("number", number, f"participant = {row[person][:40]}")
        participant = int(row[person])
        if participant in seen:
            raise TableError("twice", number, row[person])
        seen[participant] = number
        for at, statement in asked:
            cell = row[at].strip()
            if not cell:
                continue
            if cell not in ("1", "0", "-1", "1.0", "0.0", "-1.0"):
                raise TableError("vote", number, cell[:40])
            who.append(participant)
            what.append(statement)
            values.append(int(float(cell)))
    if not who:
        raise TableError("no votes")
    return live(who, what, values)


def read_statements(lines: Iterable[str]) -> list[Statement]:
    """The table of statements."""
    reader = csv.DictReader(lines)
    heading = [name.lstrip("\ufeff") for name in reader.fieldnames or ()]
    reader.fieldnames = heading
    missing = [name for name in ("comment-id", "comment-body", "moderated") if name not in heading]
    if missing:
        raise TableError("columns", 1, ", ".join(missing))
    found: dict[int, Statement] = {}
    for row in reader:
        number, state = str(row["comment-id"]), str(row["moderated"] or "0").strip()
        if not _is_whole(number):
            raise TableError("number", reader.line_num, f"comment-id = {number[:40]}")
        if state not in ("-1", "0", "1"):
            raise TableError("number", reader.line_num, f"moderated = {state[:40]}")
        if int(number) in found:
            raise TableError("twice", reader.line_num, number)
        meta = (row.get("is-meta") or "").strip().lower() in ("true", "t", "1")
        found[int(number)] = Statement(
            int(number),
            row["comment-body"] or "",
            int(state),
            meta,
            row.get("author-id") or "",
            row.get("timestamp") or "",
        )
    return sorted(found.values(), key=lambda statement: statement.id)


def vote_rows(ballots: Ballots) -> list[list[object]]:
    """Live votes by statement, then participant."""
    order = np.lexsort((ballots.row, ballots.col))
    moments = ballots.moment[order].tolist()
    columns = (
        [each or "" for each in moments],
        [_readable(each) if each else "" for each in moments],
        ballots.statements[ballots.col[order]].tolist(),
        ballots.participants[ballots.row[order]].tolist(),
        ballots.value[order].tolist(),
    )
    heading = ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    if not any(moments):  # an empty column of moments could not be read back
        return [heading[2:], *map(list, zip(*columns[2:], strict=True))]
    return [heading, *map(list, zip(*columns, strict=True))]


def _readable(moment: int) -> str:
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="seconds")


def matrix_rows(ballots: Ballots, group: Ints) -> list[list[object]]:
    """Participants with their group and votes; empty where there is none."""
    rows: list[list[object]] = [[*_MATRIX_LEAD, *ballots.statements.tolist()]]
    edges = np.searchsorted(ballots.row, np.arange(len(ballots.participants) + 1))
    for at, participant in enumerate(ballots.participants.tolist()):
        mine = slice(edges[at], edges[at + 1])
        values = ballots.value[mine]
        cells: list[object] = [""] * len(ballots.statements)
        for col, value in zip(ballots.col[mine].tolist(), values.tolist(), strict=True):
            cells[col] = value
        label = "" if group[at] < 0 else int(group[at])
        lead = [participant, label, "", len(values), int((values == AGREE).sum()), int((values == DISAGREE).sum())]
        rows.append([*lead, *cells])
    return rows


def statement_rows(statements: Iterable[Statement], ballots: Ballots) -> list[list[object]]:
    """Statements with their live votes."""
    agree, disagree, _ = ballots.columns()
    place = {each: at for at, each in enumerate(ballots.statements.tolist())}
    rows: list[list[object]] = [
        ["timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "comment-body"]
    ]
    for each in statements:
        at = place.get(each.id)
        votes = [0, 0] if at is None else [int(agree[at]), int(disagree[at])]
        rows.append([each.timestamp, each.id, each.author, *votes, each.moderated, str(each.meta).lower(), each.text])
    return rows
