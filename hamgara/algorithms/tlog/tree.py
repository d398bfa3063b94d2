"""The Merkle tree of RFC 6962, section 2.1, with SHA-256: its root, its proofs, and how they are verified.

A hash is 32 bytes. A *complete node* (level, index) is the root over the leaves [index·2^level, (index+1)·2^level).
Every root and every proof is put together from complete nodes, wherever they are kept: in memory (`Tree`) or in tiles
(`tlog.tiles.Reader`). So there is one way to prove, and a store only has to answer for its nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from hamgara.algorithms.tlog import Wrong

HASH = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]  # (level, index) → the hash of that complete node
Step = tuple[bytes, bytes, bytes]  # left, right, SHA-256(0x01 ‖ left ‖ right)


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over all of `leaf_hashes`, in their order; EMPTY_ROOT when there are none."""
    return folded(b"".join(leaf_hashes)) or EMPTY_ROOT


def above(hashes: bytes) -> bytes:
    """One level up: the parents of `hashes`, which stand one behind the other; an odd one out is left behind."""
    return b"".join(
        [sha256(b"\x01" + hashes[at : at + 2 * HASH]).digest() for at in range(0, len(hashes) - HASH, 2 * HASH)]
    )


def folded(hashes: bytes) -> bytes:
    """The root over `hashes`, which stand one behind the other; nothing for nothing.

    Pairing from below and carrying an odd one out upwards is the same tree as the RFC's split at the largest power of
    two below the size.
    """
    while len(hashes) > HASH:
        hashes = above(hashes) + (hashes[-HASH:] if len(hashes) & HASH else b"")
    return hashes


def root_at(size: int, node: Node) -> bytes:
    """The root over the first `size` leaves of the tree that `node` answers for."""
    return _span(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[0:size]) of RFC 6962, section 2.1.1, the leaf's sibling first. ValueError unless it is there."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    return _siblings(index, 0, size, node)


def consistency_path(old: int, size: int, node: Node) -> list[bytes]:
    """PROOF(old, D[0:size]) of RFC 6962, section 2.1.2; empty when old is 0 or size. ValueError unless 0 ≤ old ≤ size.

    It starts from the largest complete node that the old tree ends with, which is named unless it is the old tree.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves has no older one of {old}")
    if old in (0, size):
        return []
    level = (old & -old).bit_length() - 1
    index = (old >> level) - 1
    named = [node(level, index)] if index else []
    return named + _siblings(index, level, size, node)


def _siblings(index: int, level: int, size: int, node: Node) -> list[bytes]:
    """What is hashed with the node (level, index) on its way up to the root over `size` leaves."""
    path = []
    while size - 1 >> level:
        sibling = index ^ 1
        if (sibling + 1) << level <= size:
            path.append(node(level, sibling))
        elif sibling << level < size:
            path.append(_span(sibling << level, size, node))
        index >>= 1
        level += 1
    return path


def _span(start: int, stop: int, node: Node) -> bytes:
    """The root over the leaves [start, stop), where `start` is on a boundary of a node as wide as the span."""
    hashes = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        hashes.append(node(level, start >> level))
        start += 1 << level
    above_all = hashes.pop()
    while hashes:
        above_all = sha256(b"\x01" + hashes.pop() + above_all).digest()
    return above_all


class Tree:
    """A tree whose complete nodes are all in memory: 64 bytes a leaf, 0.5 µs to find one."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self.append(leaf_hashes)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0]) // HASH

    def append(self, leaf_hashes: Iterable[bytes]) -> None:
        """More leaves, behind those that are there. ValueError, and nothing appended, unless each has 32 bytes."""
        new = list(leaf_hashes)
        if any(len(each) != HASH for each in new):
            raise ValueError("a hash has 32 bytes")
        added, level = b"".join(new), 0
        while added:
            if level == len(self._levels):
                self._levels.append(bytearray())
            here = self._levels[level]
            waiting = bytes(here[-HASH:]) if len(here) & HASH else b""
            here += added
            added = above(waiting + added)
            level += 1

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete node of this tree."""
        at = index * HASH
        return bytes(self._levels[level][at : at + HASH])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, all of them when not said."""
        return root_at(self._within(size), self.node)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index` is in the tree of `size`. Raises ValueError when it is not."""
        return inclusion_path(index, self._within(size), self.node)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the tree of `size` only added to that of `old`. Raises ValueError when there is no such."""
        return consistency_path(old, self._within(size), self.node)

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"this tree has {self.size} leaves, not {size}")
        return size


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> list[Step]:
    """That the leaf hash `leaf` is number `index` of the tree of `size` leaves with this root; answers each step.

    RFC 9162, section 2.1.3.2. Raises Wrong.
    """
    if not 0 <= index < size:
        raise Wrong(f"there is no leaf {index} in a tree of {size}")
    _require_hashes(leaf, root, *path)
    steps: list[Step] = []
    here, last = index, size - 1
    for sibling in path:
        if not last:
            raise Wrong("the proof of inclusion is longer than the tree is high")
        if here & 1 or here == last:
            pair = sibling + leaf
            while not here & 1 and here:
                here >>= 1
                last >>= 1
            left, right = sibling, leaf
        else:
            pair = leaf + sibling
            left, right = leaf, sibling
        leaf = sha256(b"\x01" + pair).digest()
        steps.append((left, right, leaf))
        here >>= 1
        last >>= 1
    if last:
        raise Wrong("the proof of inclusion is shorter than the tree is high")
    if leaf != root:
        raise Wrong("the proof of inclusion leads to another root")
    return steps


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> list[Step]:
    """That the tree of `size` leaves with `root` only added to that of `old` with `old_root`; answers each step up.

    RFC 9162, section 2.1.4.2, and the two cases that it leaves out: everything continues the empty tree, and a tree
    continues itself. Raises Wrong.
    """
    if not 0 <= old <= size:
        raise Wrong(f"a tree of {size} leaves does not continue one of {old}")
    _require_hashes(old_root, root, *path)
    if old in (0, size):
        if path:
            raise Wrong("nothing is to be proved here, so the proof of consistency must be empty")
        if old == size and old_root != root:
            raise Wrong("two roots for one size")
        if not old and old_root != EMPTY_ROOT:
            raise Wrong("the root of the empty tree is another one")
        return []
    rest = list(path)
    if old & (old - 1) == 0:  # the old tree is a complete node, which the proof does not name again
        rest.insert(0, old_root)
    if not rest:
        raise Wrong("the proof of consistency is empty")
    here, last = old - 1, size - 1
    while here & 1:
        here >>= 1
        last >>= 1
    before = after = rest[0]
    steps: list[Step] = []
    for sibling in rest[1:]:
        if not last:
            raise Wrong("the proof of consistency is longer than the tree is high")
        if here & 1 or here == last:
            before = sha256(b"\x01" + sibling + before).digest()
            left, right = sibling, after
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            left, right = after, sibling
        after = sha256(b"\x01" + left + right).digest()
        steps.append((left, right, after))
        here >>= 1
        last >>= 1
    if last:
        raise Wrong("the proof of consistency is shorter than the tree is high")
    if before != old_root:
        raise Wrong("the proof of consistency leads to another old root")
    if after != root:
        raise Wrong("the proof of consistency leads to another root")
    return steps


def _require_hashes(*hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH:
            raise Wrong(f"a hash has {HASH} bytes, not {len(each)}")
