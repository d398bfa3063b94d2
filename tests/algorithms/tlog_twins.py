"""RFC 6962 written down as it stands there, recursive and slow, and a log to try things on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from hamgara.algorithms.tlog import keys, tiles, tree
from hamgara.algorithms.tlog.checkpoints import Checkpoint
from hamgara.algorithms.tlog.cosignatures import sign
from hamgara.algorithms.tlog.notes import Note

ORIGIN = "city.example/log/1"
LOG = keys.SignerKey(ORIGIN, keys.ED25519, bytes(range(32)))
QUANTUM = keys.SignerKey(ORIGIN, keys.ML_DSA_44, bytes(range(1, 33)))
WITNESSES = [keys.SignerKey(f"ngo{n}.example/witness", keys.COSIGNATURE, bytes([n] * 32)) for n in (1, 2, 3)]


def entry(index: int) -> bytes:
    """Entries of every length, the empty one among them."""
    return sha256(b"%d" % index).digest() * (index % 7)


class Twin:
    """The tree as section 2.1 defines it, over the first of `entry`."""

    def __init__(self) -> None:
        self.hash = cache(self._hash)

    def _hash(self, start: int, stop: int) -> bytes:
        if stop - start == 0:
            return sha256(b"").digest()
        if stop - start == 1:
            return sha256(b"\x00" + entry(start)).digest()
        middle = start + split(stop - start)
        return sha256(b"\x01" + self.hash(start, middle) + self.hash(middle, stop)).digest()

    def path(self, index: int, start: int, stop: int) -> list[bytes]:
        if stop - start == 1:
            return []
        middle = start + split(stop - start)
        if index < middle - start:
            return [*self.path(index, start, middle), self.hash(middle, stop)]
        return [*self.path(index - (middle - start), middle, stop), self.hash(start, middle)]

    def proof(self, old: int, size: int) -> list[bytes]:
        return self._subproof(old, 0, size, whole=True)

    def _subproof(self, old: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
        if old == stop - start:
            return [] if whole else [self.hash(start, stop)]
        middle = start + split(stop - start)
        if old <= middle - start:
            return [*self._subproof(old, start, middle, whole=whole), self.hash(middle, stop)]
        return [*self._subproof(old - (middle - start), middle, stop, whole=False), self.hash(start, middle)]


def split(size: int) -> int:
    """The largest power of two below `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def signed(size: int, root: bytes, *more: keys.SignerKey, origin: str = ORIGIN, at: int = 1_790_000_000) -> Note:
    """A checkpoint by the log's own key and by `more`."""
    text = Checkpoint(origin, size, root).text
    return Note(text, (sign(text, LOG), *(sign(text, each, at + n) for n, each in enumerate(more))))


def files(entries: Sequence[bytes]) -> tuple[tiles.Edge, dict[str, bytes]]:
    """The whole log in one go."""
    grown = tiles.grow(tiles.Edge(), entries)
    return grown.edge, dict(grown.files)


def memory(size: int) -> tree.Tree:
    """The tree over the first of `entry`."""
    return tree.Tree(tree.leaf_hash(entry(index)) for index in range(size))
