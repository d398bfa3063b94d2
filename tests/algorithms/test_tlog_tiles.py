"""The files of a log are those of tlog-tiles, whatever batches it grew in, and nothing wrong is read from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamgara.algorithms.tlog import Missing, Wrong, tiles, tree
from tests.algorithms.tlog_twins import entry, files, memory

SIZE = 70_000
ENTRIES = [entry(index) for index in range(SIZE)]
TREE = memory(SIZE)
EDGE, FILES = files(ENTRIES)


def test_the_paths_of_the_specification() -> None:
    assert tiles.tile_path(3, 1_234_067) == "tile/3/x001/x234/067"
    assert tiles.bundle_path(273, 112) == "tile/entries/273.p/112"
    paths = list(tiles.paths_for(SIZE))
    assert len(paths) == len(set(paths)) == 551
    level = [[each for each in paths if each.startswith(f"tile/{name}/")] for name in ("0", "1", "2", "entries", "3")]
    assert [len(each) for each in level] == [274, 2, 1, 274, 0]
    assert level[0][-1] == "tile/0/273.p/112"
    assert level[1] == ["tile/1/000", "tile/1/001.p/17"]
    assert level[2] == ["tile/2/000.p/1"]
    assert list(tiles.paths_for(256)) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles.paths_for(0)) == []


def test_a_log_in_one_go_has_those_files_and_no_other() -> None:
    assert sorted(FILES) == sorted(tiles.paths_for(SIZE))
    assert EDGE.root == TREE.root()
    for path, data in FILES.items():
        if path.startswith("tile/0/") and ".p/" not in path:
            assert len(data) == 8192
    assert FILES["tile/2/000.p/1"] == TREE.root(65536)
    assert FILES["tile/1/000"][32:64] == TREE.node(8, 1)
    assert FILES["tile/entries/000"][:4] == b"\x00\x00\x00\x20"  # an empty entry, and one of 32 bytes


@given(st.lists(st.integers(0, 300), min_size=1, max_size=9))
@settings(max_examples=25)
def test_however_it_grew_a_path_has_one_content(batches: list[int]) -> None:
    edge, written, at = tiles.Edge(), dict[str, bytes](), 0
    for batch in batches:
        grown = tiles.grow(edge, ENTRIES[at : at + batch])
        assert grown == tiles.grow(edge, ENTRIES[at : at + batch])
        for path, data in grown.files.items():
            assert written.setdefault(path, data) == data
        edge, at = grown.edge, at + batch
        assert (edge.size, edge.root) == (at, TREE.root(at))
        assert set(tiles.paths_for(at)) <= written.keys()
        assert tiles.Edge.read(at, edge.root, written.get).root == edge.root
    whole, once = files(ENTRIES[:at])
    assert tiles.Edge.read(at, edge.root, written.get) == edge
    assert whole == edge
    assert once.items() <= written.items()


def test_an_entry_that_is_too_long_is_refused_and_nothing_is_made() -> None:
    with pytest.raises(ValueError, match="65535"):
        tiles.grow(EDGE, [b"", b"x" * 65536])
    assert tiles.grow(EDGE, [b"x" * 65535]).edge.size == SIZE + 1


def test_proofs_from_files_are_those_from_memory() -> None:
    reader = tiles.Reader(SIZE, TREE.root(), FILES.get)
    for index in range(0, SIZE, 997):
        assert reader.inclusion(index) == TREE.inclusion(index)
        assert reader.consistency(index) == TREE.consistency(index)
        assert reader.root_at(index) == TREE.root(index)
        assert (reader.leaf(index), reader.entry(index)) == (TREE.node(0, index), ENTRIES[index])


def test_all_entries_are_read_the_last_ones_too() -> None:
    reader = tiles.Reader(SIZE, TREE.root(), FILES.get)
    assert list(reader.entries(65_000)) == ENTRIES[65_000:]
    assert list(reader.entries(255, 513)) == ENTRIES[255:513]
    assert list(reader.entries(7, 7)) == []
    for ask in (
        lambda: list(reader.entries(5, SIZE + 1)),
        lambda: reader.entry(SIZE),
        lambda: reader.leaf(-1),
        lambda: reader.bundle(274),
        lambda: reader.root_at(SIZE + 1),
    ):
        with pytest.raises(ValueError, match=r"there|entries"):
            ask()


def test_a_full_file_stands_for_a_partial_one_that_is_gone() -> None:
    """A mirror of a larger log proves about a smaller one."""
    size = 65_536 + 300
    full = {path: data for path, data in FILES.items() if ".p/" not in path or path.startswith("tile/2/")}
    full["tile/1/001.p/1"] = FILES["tile/1/001.p/17"][:32]
    reader = tiles.Reader(size, TREE.root(size), full.get)
    assert reader.inclusion(size - 1) == TREE.inclusion(size - 1, size)
    assert list(reader.entries(size - 50)) == ENTRIES[size - 50 : size]


def read_all(changed: dict[str, bytes]) -> None:
    reader = tiles.Reader(SIZE, TREE.root(), changed.get)
    for number in (0, 5, 273):
        reader.bundle(number)
    reader.inclusion(300)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/000",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
        "tile/entries/005",
        "tile/entries/273.p/112",
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\x00",
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-1] + bytes([data[-1] ^ 128]),
        lambda data: b"",
        lambda data: data * 2,
        lambda data: None,
    ],
    ids=["shorter", "longer", "first bit", "last bit", "empty", "twice", "gone"],
)
def test_a_changed_file_is_not_believed(path: str, change: Callable[[bytes], bytes]) -> None:
    read_all(FILES)
    with pytest.raises(Wrong) as told:
        read_all(FILES | {path: change(FILES[path])})
    assert isinstance(told.value, Missing) == (change(FILES[path]) is None)


def test_a_log_has_the_root_that_is_vouched_for_or_is_not_read() -> None:
    with pytest.raises(Wrong, match="another root"):
        tiles.Reader(SIZE, TREE.root(SIZE - 1), FILES.get)
    assert tiles.Reader(0, tree.EMPTY_ROOT, FILES.get).root_at(0) == tree.EMPTY_ROOT
    assert tiles.Edge.read(0, tree.EMPTY_ROOT, {}.get) == tiles.Edge()
    with pytest.raises(Wrong):
        tiles.Reader(0, TREE.root(), FILES.get)
