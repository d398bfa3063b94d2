"""Measure the public log's arithmetic on one core, in memory, beside the bare hashes that it cannot do without.

Times are those of the processor. The floor of building is what any program of this language has to do: one hash for
each entry and one for each node, in list comprehensions, and nothing kept. Bars are those that the log was promised to
reach.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from hashlib import sha256

LEAVES = 1_000_000
BATCH = 1_000
PROOFS = 20_000
ENTRY = 162  # bytes, as an act of the ledger has about
BEGIN, END = "<!-- log -->", "<!-- end of log -->"
BUILT, PROVED, VERIFIED = 200_000, 25_000, 20_000  # each second


def measured() -> tuple[list[str], list[str]]:
    """A table line by line, and what fell below its bar."""
    below = []
    lines = ["| what | each second | bar |", "|---|---|---|"]
    for name, rate, bar in _rates():
        lines.append(f"| {name} | {rate:,.0f} | {'' if bar is None else f'{bar:,}'} |")
        if bar is not None and rate < bar:
            below.append(name)
    return lines, below


def _rates() -> Iterator[tuple[str, float, int | None]]:
    from hamgara.algorithms.tlog import tiles, tree

    entries = [b"%0*d" % (ENTRY, number) for number in range(LEAVES)]
    yield "floor: leaves hashed to a root, nothing kept", _rate(LEAVES, lambda: _floor(entries)), None
    built = tree.Tree()

    def in_tiles() -> None:
        edge = tiles.Edge()
        for at in range(0, LEAVES, BATCH):
            edge = tiles.grow(edge, entries[at : at + BATCH]).edge
        assert edge.root == _floor(entries)

    yield f"leaves built into tiles and bundles, {BATCH} at a time", _rate(LEAVES, in_tiles), BUILT
    yield (
        "leaves added to a tree in memory",
        _rate(LEAVES, lambda: built.append(sha256(b"\x00" + each).digest() for each in entries), turns=1),
        None,
    )
    chance = random.Random(6962)  # noqa: S311 - the same proofs every time
    asked = [chance.randrange(1, LEAVES) for _proof in range(PROOFS)]
    yield "inclusion proofs made", _rate(PROOFS, lambda: [built.inclusion(each) for each in asked]), PROVED
    yield "consistency proofs made", _rate(PROOFS, lambda: [built.consistency(each) for each in asked]), PROVED
    root = built.root()
    inclusions = [(built.node(0, each), each, LEAVES, built.inclusion(each), root) for each in asked]
    grew = [(each, built.root(each), LEAVES, root, built.consistency(each)) for each in asked]
    yield (
        "inclusion proofs verified",
        _rate(PROOFS, lambda: [tree.verify_inclusion(*each) for each in inclusions]),
        VERIFIED,
    )
    yield (
        "consistency proofs verified",
        _rate(PROOFS, lambda: [tree.verify_consistency(*each) for each in grew]),
        VERIFIED,
    )


def _floor(entries: list[bytes]) -> bytes:
    """The root, as bare as it can be written: an odd one is carried up."""
    level = [sha256(b"\x00" + each).digest() for each in entries]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ] + odd
    return level[0]


def _rate(count: int, act: Callable[[], object], *, turns: int = 3) -> float:
    """The best of some turns: whatever else the machine does only makes one slower."""
    best = float("inf")
    for _turn in range(turns):
        before = time.process_time()
        act()
        best = min(best, time.process_time() - before)
    return count / best
