"""Ballot files read a line at a time: the second, plain reading."""

from __future__ import annotations

import re
from typing import Any

Order = list[Any]  # candidates, the first first; a list of candidates where they have the same rank
Ballots = tuple[list[str], set[int], list[tuple[int, Order]], bool]


class Wrong(Exception):
    """What is wrong, and where."""


def read(data: bytes, name: str) -> Ballots:
    """Names, who has withdrawn, the papers as (how many, order), and whether there are equal ranks among them."""
    lines = data.decode("utf-8-sig").split("\n")
    ending = name.rpartition(".")[2].lower()
    if ending == "blt":
        return _blt(lines)
    if ending == "csv":
        body = [line for line in lines if line.strip() and not line.startswith('"')]
        rows = [[int(n) for n in re.sub(r'".*', "", line).split(",") if n.strip()] for line in body]
        quoted = [re.match(r'"Candidate \d+","((?:[^"]|"")*)"', line) for line in lines]
        names = [found[1].replace('""', '"').strip() for found in quoted if found]
        return names, set(), [(row[0], row[1:]) for row in rows[1:] if row], False
    if ending in ("soc", "soi", "toc", "toi"):
        found = [re.match(r"#\s*ALTERNATIVE NAME (\d+)\s*:(.*)", line) for line in lines]
        by_number = {int(each[1]): each[2].strip() for each in found if each}
        said = [line.partition(":") for line in lines if line.strip() and not line.startswith("#")]
        papers = [(int(n), [_rank(rank, ",") for rank in re.findall(r"\{[^}]*\}|\d+", order)]) for n, _, order in said]
        return [by_number[n] for n in sorted(by_number)], set(), papers, True
    raise Wrong(f"{name}: ballots are read from .blt, .csv, .soi and .toi")


def _rank(text: str, between: str) -> int | list[int]:
    several = [int(c) for c in text.strip("{}").split(between)]
    return several if len(several) > 1 else several[0]


def _blt(lines: list[str]) -> Ballots:
    gone: set[int] = set()
    papers: list[tuple[int, Order]] = []
    rest = iter(lines)
    tokens: list[str] = []
    size = None
    for line in rest:
        if size is not None and not tokens:  # most lines: numbers alone, with one 0 at the end
            try:
                row = list(map(int, line.split()))
                whole = 0 < row.index(0) == len(row) - 1 and row[0] > 0
            except ValueError:
                whole = False
            if whole:
                papers.append((row[0], row[1:-1]))
                continue
        tokens += [token.lstrip("0") or "0" for token in line.partition("#")[0].split()]
        if size is None and tokens:
            size, tokens = int(tokens[0]), []
        while tokens and tokens[0].startswith("-"):
            gone.add(-int(tokens.pop(0)))
        if tokens == ["0"]:
            break
        while "0" in tokens:
            end = tokens.index("0")
            papers.append((int(tokens[0]), [_rank(rank, "=") for rank in tokens[1:end]]))
            tokens = tokens[end + 1 :]
    names = []
    for text in map(str.strip, rest):
        if text and not text.startswith("#"):
            inside = re.fullmatch(r'"(.*)"', text)
            names.append(re.sub(r"\\(.)", r"\1", inside[1]) if inside else text)
    return names[: size or 0], gone, papers, any("=" in line for line in lines)
