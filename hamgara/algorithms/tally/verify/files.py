"""Ballot files read a line at a time: the second, plain reading."""

from __future__ import annotations

import re

Rows = list[tuple[int, list[list[int]]]]


class Wrong(Exception):
    """What is wrong, and where."""


def read(data: bytes, name: str) -> tuple[list[str], set[int], Rows]:
    """Names, who has withdrawn, and the papers as (how many, ranks) of a ballot file."""
    lines = data.decode("utf-8-sig").splitlines()
    ending = name.rpartition(".")[2].lower()
    if ending == "blt":
        return _blt(lines)
    if ending == "csv":
        body = [line for line in lines if not line.startswith('"')]
        rows = [[int(n) for n in re.sub(r'".*', "", line).split(",") if n.strip()] for line in body]
        quoted = [re.match(r'"Candidate \d+","((?:[^"]|"")*)"', line) for line in lines]
        names = [found[1].replace('""', '"').strip() for found in quoted if found]
        return names, set(), [(row[0], [[c] for c in row[1:]]) for row in rows[1:] if row]
    if ending in ("soc", "soi", "toc", "toi"):
        found = [re.match(r"# ALTERNATIVE NAME (\d+):(.*)", line) for line in lines]
        by_number = {int(each[1]): each[2].strip() for each in found if each}
        orders = [line.partition(":") for line in lines if line.strip() and not line.startswith("#")]
        ranked = [(int(n), re.findall(r"\{[^}]*\}|\d+", order)) for n, _, order in orders]
        papers = [(n, [[int(c) for c in re.findall(r"\d+", rank)] for rank in ranks]) for n, ranks in ranked]
        return [by_number[n] for n in sorted(by_number)], set(), papers
    raise Wrong(f"{name}: ballots are read from .blt, .csv, .soi and .toi")


def _blt(lines: list[str]) -> tuple[list[str], set[int], Rows]:
    gone: set[int] = set()
    papers: Rows = []
    rest = iter(lines)
    tokens: list[str] = []
    size = None
    for line in rest:
        tokens += line.partition("#")[0].split()
        if size is None and tokens:
            size, tokens = int(tokens[0]), []
        while tokens and tokens[0].startswith("-"):
            gone.add(-int(tokens.pop(0)))
        if tokens == ["0"]:
            break
        if tokens and tokens[-1] == "0":
            if tokens.count("0") == 1:
                ranks = [[int(c) for c in rank.split("=")] if "=" in rank else [int(rank)] for rank in tokens[1:-1]]
                papers.append((int(tokens[0]), ranks))
            else:
                raise Wrong("the ballots: more than one ballot in a line")
            tokens = []
    names = []
    for line in rest:
        text = line.strip()
        if text and not text.startswith("#"):
            inside = re.fullmatch(r'"(.*)"', text)
            names.append(re.sub(r"\\(.)", r"\1", inside[1]) if inside else text)
    return names[: size or 0], gone, papers
