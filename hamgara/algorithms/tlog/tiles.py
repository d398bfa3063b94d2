"""A log as files that never change: tiles of hashes and bundles of entries (C2SP tlog-tiles).

A tile holds up to 256 hashes of one level, in which each hash stands for 256 of the level below; a bundle holds the
entries of a tile of level 0. A full one is written once; the last one of each level is written as a *partial* of its
width whenever the log has grown. `grow` makes them, the same bytes however often it is asked; `Reader` reads them back
and believes nothing that the root does not vouch for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from hamgara.algorithms.tlog import Missing, Wrong
from hamgara.algorithms.tlog.tree import EMPTY_ROOT, HASH, above, consistency_path, folded, inclusion_path, root_at

WIDTH = 256
FULL = WIDTH * HASH
LONGEST_ENTRY = 0xFFFF  # its length stands before it in two bytes
_HEIGHT = 8  # WIDTH = 2**_HEIGHT

Fetch = Callable[[str], bytes | None]  # the path of a file → its bytes, None when it is not there


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Where tile `number` of `level` lies below the log's prefix: «tile/0/x001/x234/067», «tile/0/000.p/7»."""
    return f"tile/{level}/{_numbered(number, width)}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Where bundle `number` lies below the log's prefix: «tile/entries/x001/x234/067»."""
    return f"tile/entries/{_numbered(number, width)}"


def _numbered(number: int, width: int) -> str:
    text = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03}/{text}"
    return text if width == WIDTH else f"{text}.p/{width}"


def paths_for(size: int) -> Iterator[str]:
    """Every bundle and tile that a log of `size` entries needs; the checkpoint is not among them."""
    yield from _paths(bundle_path, size)
    for level in range(_levels(size)):
        yield from _paths(partial(tile_path, level), size >> _HEIGHT * level)


def _paths(path: Callable[..., str], count: int) -> Iterator[str]:
    full, width = divmod(count, WIDTH)
    yield from (path(number) for number in range(full))
    if width:
        yield path(full, width)


@dataclass(frozen=True)
class Edge:
    """The right edge of a log: all that has to be known of it to go on, 8 KB for each level and the last bundle."""

    size: int = 0
    partials: tuple[bytes, ...] = ()  # of each level the hashes of its partial tile, empty where it is full
    bundle: bytes = b""  # the partial bundle

    @property
    def root(self) -> bytes:
        """The root over all entries."""
        behind = b""
        for hashes in self.partials:
            behind = folded(hashes + behind)
        return behind or EMPTY_ROOT

    @classmethod
    def read(cls, size: int, root: bytes, fetch: Fetch) -> Edge:
        """The edge of a log that lies in files. Raises Missing, and Wrong where the files have another root."""
        reader = Reader(size, root, fetch)
        bundle = reader.bundle(size // WIDTH) if size % WIDTH else []
        partials = [reader.tile(level, size >> _HEIGHT * (level + 1)) for level in range(_levels(size))]
        return cls(size, tuple(partials), _bundled(bundle))


@dataclass(frozen=True)
class Grown:
    """A log that has grown: its new edge, and every file that is new or has become wider, by path."""

    edge: Edge
    files: Mapping[str, bytes]


def grow(edge: Edge, entries: Sequence[bytes]) -> Grown:
    """Add `entries` behind those that are there. ValueError for an entry of more than 65,535 bytes; then nothing is.

    The same edge and entries give the same files on every retry, and a file of the same path has the same bytes
    whatever batches it came in.
    """
    if any(len(each) > LONGEST_ENTRY for each in entries):
        raise ValueError(f"an entry of a log has at most {LONGEST_ENTRY} bytes")
    if not entries:
        return Grown(edge, {})
    files: dict[str, bytes] = {}
    bundle = _write_bundles(edge, entries, files)
    partials, level = list(edge.partials), 0
    added = b"".join([sha256(b"\x00" + each).digest() for each in entries])
    while added:
        if level == len(partials):
            partials.append(b"")
        hashes, number = partials[level] + added, edge.size >> _HEIGHT * (level + 1)
        cut = len(hashes) - len(hashes) % FULL
        raised = []
        for at in range(0, cut, FULL):
            files[tile_path(level, number)] = tile = hashes[at : at + FULL]
            raised.append(folded(tile))
            number += 1
        partials[level] = rest = hashes[cut:]
        if rest:
            files[tile_path(level, number, len(rest) // HASH)] = rest
        added = b"".join(raised)
        level += 1
    return Grown(Edge(edge.size + len(entries), tuple(partials), bundle), files)


def _write_bundles(edge: Edge, entries: Sequence[bytes], files: dict[str, bytes]) -> bytes:
    """Into `files`, and answers the bundle that remains partial."""
    number, width = divmod(edge.size, WIDTH)
    bundle, at = edge.bundle, 0
    while at < len(entries):
        some = entries[at : at + WIDTH - width]
        at += len(some)
        bundle += _bundled(some)
        width += len(some)
        files[bundle_path(number, width)] = bundle
        if width == WIDTH:
            bundle, width, number = b"", 0, number + 1
    return bundle


def _bundled(entries: Sequence[bytes]) -> bytes:
    return b"".join([part for each in entries for part in (len(each).to_bytes(2, "big"), each)])


def _unbundled(bundle: bytes, width: int) -> list[bytes]:
    """The first `width` entries; a full bundle may stand for a partial one. Raises Wrong."""
    entries, at, end = [], 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > end or start > end:
            raise Wrong("a bundle ends in the middle of an entry")
        entries.append(bundle[start:at])
    if len(entries) not in (width, WIDTH):
        raise Wrong(f"a bundle of {width} entries has {len(entries)}")
    return entries[:width]


def _levels(size: int) -> int:
    """How many levels of tiles a log of this size has."""
    return (size.bit_length() + _HEIGHT - 1) // _HEIGHT


class Reader:
    """A log in files, of a size and root that somebody vouches for: whatever it answers, the root has vouched for too.

    The tiles of the right edge are read at once and must give the root; every other tile must give the hash that
    stands for it in the tile above. The latest `kept` tiles stay in memory with their inner nodes, 16 KB each.
    """

    def __init__(self, size: int, root: bytes, fetch: Fetch, *, kept: int = 256) -> None:
        """Raises Missing, and Wrong when the right edge has another root."""
        self.size, self._fetch, self._kept = size, fetch, kept
        self._edge: dict[tuple[int, int], list[bytes]] = {}
        self._full: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        for level in range(_levels(size)):
            number, width = divmod(size >> _HEIGHT * level, WIDTH)
            if width:
                self._edge[level, number] = _inner(self._hashes(level, number, width))
        if root_at(size, self._edge_node) != root:
            raise Wrong(f"the tiles at the edge of the log of size {size} have another root")

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that entry `index` is in the log (tree.inclusion_path). Raises ValueError, Wrong, Missing."""
        return inclusion_path(index, self.size, self.node)

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the log only added to what it was at size `old`. Raises ValueError, Wrong, Missing."""
        return consistency_path(old, self.size, self.node)

    def root_at(self, size: int) -> bytes:
        """What the root was at an earlier size. Raises ValueError, Wrong, Missing."""
        if not 0 <= size <= self.size:
            raise ValueError(f"this log has {self.size} entries, not {size}")
        return root_at(size, self.node)

    def leaf(self, index: int) -> bytes:
        """The leaf hash of entry `index`. Raises ValueError, Wrong, Missing."""
        if not 0 <= index < self.size:
            raise ValueError(f"there is no entry {index} among {self.size}")
        return self.node(0, index)

    def entry(self, index: int) -> bytes:
        """Entry `index`. Raises ValueError, Wrong, Missing."""
        if not 0 <= index < self.size:
            raise ValueError(f"there is no entry {index} among {self.size}")
        return self.bundle(index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The entries [start, stop) one after the other, the trailing partial bundle too. Raises as `entry` does."""
        stop = self.size if stop is None else stop
        if not 0 <= start <= stop <= self.size:
            raise ValueError(f"there are no entries {start} to {stop} among {self.size}")
        while start < stop:
            first = start - start % WIDTH
            yield from self.bundle(start // WIDTH)[start - first : stop - first]
            start = first + WIDTH

    def bundle(self, number: int) -> list[bytes]:
        """All entries of a bundle, which hash to its tile. Raises ValueError, Wrong, Missing."""
        width = min(WIDTH, self.size - number * WIDTH)
        if number < 0 or width < 1:
            raise ValueError(f"a log of {self.size} entries has no bundle {number}")
        entries = _unbundled(self._file(bundle_path, number, width), width)
        if b"".join([sha256(b"\x00" + each).digest() for each in entries]) != self.tile(0, number):
            raise Wrong(f"the entries of {bundle_path(number, width)} are not those of the tree")
        return entries

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile of this size, one behind the other; nothing where it has none. Raises Wrong, Missing."""
        if number * WIDTH >= self.size >> _HEIGHT * level:
            return b""
        return self._tile(level, number)[0]

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete node (tlog.tree). Raises Wrong, Missing."""
        tiled, height = divmod(level, _HEIGHT)
        number, at = divmod(index, WIDTH >> height)
        return self._tile(tiled, number)[height][at * HASH : at * HASH + HASH]

    def _edge_node(self, level: int, index: int) -> bytes:
        tiled, height = divmod(level, _HEIGHT)
        number, at = divmod(index, WIDTH >> height)
        return self._edge[tiled, number][height][at * HASH : at * HASH + HASH]

    def _tile(self, level: int, number: int) -> list[bytes]:
        """A tile and its inner nodes, height by height."""
        place = level, number
        known = self._edge.get(place)
        if known is not None:
            return known
        known = self._full.get(place)
        if known is not None:
            self._full.move_to_end(place)
            return known
        found = _inner(self._hashes(level, number, WIDTH))
        if above(found[-1]) != self.node(_HEIGHT * (level + 1), number):
            raise Wrong(f"{tile_path(level, number)} is not that of the tree")
        self._full[place] = found
        if len(self._full) > self._kept:
            self._full.popitem(last=False)
        return found

    def _hashes(self, level: int, number: int, width: int) -> bytes:
        hashes = self._file(partial(tile_path, level), number, width)
        if len(hashes) not in (width * HASH, FULL):
            raise Wrong(f"{tile_path(level, number, width)} has {len(hashes)} bytes, not {width * HASH}")
        return hashes[: width * HASH]

    def _file(self, path: Callable[..., str], number: int, width: int) -> bytes:
        """A file; where a partial one is gone, the full one that has taken its place."""
        found = self._fetch(path(number, width))
        if found is None and width < WIDTH:
            found = self._fetch(path(number))
        if found is None:
            raise Missing(f"{path(number, width)} is not there")
        return found


def _inner(hashes: bytes) -> list[bytes]:
    """Of a tile: its hashes, the nodes above them, and so on, eight heights; what is not complete is left out."""
    heights = [hashes]
    while len(heights) < _HEIGHT:
        heights.append(above(heights[-1]))
    return heights
