"""The tree is that of RFC 6962: against its own words written down slowly, and roots that others have published."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamgara.algorithms.tlog import Wrong, tree
from tests.algorithms.tlog_twins import Twin, entry, memory

TWIN = Twin()
TREE = memory(300)
# Certificate Transparency's first test vectors: eight entries, and the root after each.
PUBLISHED = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "10": "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "2021": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "3031": "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "40414243": "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "5051525354555657": "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "606162636465666768696a6b6c6d6e6f": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_the_published_roots() -> None:
    leaves = [tree.leaf_hash(bytes.fromhex(each)) for each in PUBLISHED]
    for size, root in enumerate(PUBLISHED.values(), 1):
        assert tree.root(leaves[:size]).hex() == root
    assert tree.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_root_of_every_size_is_the_rfcs() -> None:
    leaves = [tree.leaf_hash(entry(index)) for index in range(TREE.size)]
    for size in range(TREE.size + 1):
        assert TREE.root(size) == tree.root(leaves[:size]) == TWIN.hash(0, size)


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 127, 128, 129, 255, 256, 257, 300])
def test_every_proof_is_the_rfcs_and_holds(size: int) -> None:
    root = TWIN.hash(0, size)
    for index in range(size):
        path = TREE.inclusion(index, size)
        assert path == TWIN.path(index, 0, size)
        steps = tree.verify_inclusion(TREE.node(0, index), index, size, path, root)
        assert (steps[-1][2] if steps else TREE.node(0, index)) == root
    for old in range(1, size + 1):
        path = TREE.consistency(old, size)
        assert path == TWIN.proof(old, size)
        tree.verify_consistency(old, TWIN.hash(0, old), size, root, path)
    tree.verify_consistency(0, tree.EMPTY_ROOT, size, root, TREE.consistency(0, size))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
@settings(max_examples=30)
def test_a_tree_is_the_same_in_whatever_batches_it_came(batches: list[int]) -> None:
    grown, at = tree.Tree(), 0
    for batch in batches:
        grown.append(tree.leaf_hash(entry(index)) for index in range(at, at + batch))
        at = grown.size
        assert grown.root() == TREE.root(at)


def steps_are_hashes(steps: list[tree.Step]) -> bool:
    return all(tree.node_hash(left, right) == parent for left, right, parent in steps) and all(
        parent in following[:2] for (_left, _right, parent), following in pairwise(steps)
    )


@given(st.data())
@settings(max_examples=50)
def test_the_steps_are_the_way_up_and_nothing_that_was_changed_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, TREE.size))
    index = data.draw(st.integers(0, size - 1))
    leaf, root, path = TREE.node(0, index), TREE.root(size), TREE.inclusion(index, size)
    assert steps_are_hashes(tree.verify_inclusion(leaf, index, size, path, root))
    at, bit = data.draw(st.integers(0, len(path) - 1)), 1 << data.draw(st.integers(0, 255))
    changed = [*path]
    changed[at] = (int.from_bytes(path[at], "big") ^ bit).to_bytes(32, "big")
    for wrong in (
        (leaf, index, size, changed, root),
        (leaf, index, size, path[:-1], root),
        (leaf, index, size, [*path, root], root),
        (root, index, size, path, root),
        (leaf, index ^ 1, size, path, root),
        (leaf, size, size, path, root),
        (leaf, index, size, path, leaf),
        (leaf, index, size, [*path[:-1], path[-1][:31]], root),
    ):
        with pytest.raises(Wrong):
            tree.verify_inclusion(*wrong)


@given(st.data())
@settings(max_examples=50)
def test_no_changed_proof_of_consistency_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, TREE.size))
    old = data.draw(st.integers(1, size - 1))
    old_root, root, path = TREE.root(old), TREE.root(size), TREE.consistency(old, size)
    assert steps_are_hashes(tree.verify_consistency(old, old_root, size, root, path))
    at, bit = data.draw(st.integers(0, len(path) - 1)), 1 << data.draw(st.integers(0, 255))
    changed = [*path]
    changed[at] = (int.from_bytes(path[at], "big") ^ bit).to_bytes(32, "big")
    for wrong in (
        (old, old_root, size, root, changed),
        (old, old_root, size, root, path[:-1]),
        (old, old_root, size, root, [*path, root]),
        (old, old_root, size, old_root, path),
        (old, root, size, root, path),
        (old, old_root, size, root, []),
        (size, root, old, old_root, path),
        (old, old_root[:12], size, root, path),
    ):
        with pytest.raises(Wrong):
            tree.verify_consistency(*wrong)


def test_what_needs_no_proof_admits_none() -> None:
    root = TREE.root(8)
    for wrong in (
        (8, root, 8, root, [root]),
        (8, root, 8, TREE.root(9), []),
        (0, root, 8, root, []),
        (0, tree.EMPTY_ROOT, 8, root, [root]),
        (9, root, 8, root, []),
    ):
        with pytest.raises(Wrong):
            tree.verify_consistency(*wrong)
    with pytest.raises(Wrong):  # an empty «leaf» below an empty «root»
        tree.verify_inclusion(b"", 0, 1, [], b"")


def test_what_is_not_there_cannot_be_proved() -> None:
    for ask in (
        lambda: TREE.inclusion(8, 8),
        lambda: TREE.inclusion(-1),
        lambda: TREE.consistency(9, 8),
        lambda: TREE.root(301),
        lambda: TREE.append([b"short"]),
    ):
        with pytest.raises(ValueError, match=r"leaf|leaves|32 bytes"):
            ask()
    assert TREE.size == 300
