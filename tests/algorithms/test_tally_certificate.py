"""Certificates: the second implementation agrees with the first, and one changed digit does not pass."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given

from hamgara.algorithms import canonical
from hamgara.algorithms.tally import blt, certificate, reading
from hamgara.algorithms.tally.ballots import RankedBallots
from hamgara.algorithms.tally.counting import CountError, Result
from hamgara.algorithms.tally.quotas import Quota
from hamgara.algorithms.tally.verify import first_wrong
from hamgara.cli.count import counted, rule_called
from tests.algorithms.tally_strategies import elections

WARDS = sorted((Path(__file__).parent / "data" / "scotland-2017").glob("*.csv"))
PAPERS = b'3 2\n5 1 2 0\n2 2 0\n3 3 0\n0\n"Ann"\n"Bob"\n"Cid"\n"Town"\n'


def certified(data: bytes, name: str, rule: str, seats: int, lots: list[int] | None = None, quotas=()) -> bytes:
    ballots = reading.read(name, data)
    result = counted(ballots, rule_called(rule), seats, lots, quotas)
    return written(result, ballots, data, lots, quotas)


def written(result: Result, ballots: RankedBallots, data: bytes, lots: list[int] | None, quotas=()) -> bytes:
    sha256 = hashlib.sha256(data).hexdigest()
    return certificate.write(result, ballots, ballots_sha256=sha256, lots=lots, quotas=quotas).encode()


@pytest.mark.parametrize("rule", ["scottish", "wigm", "meek"])
@pytest.mark.parametrize("ward", WARDS, ids=lambda path: path.name.split(".")[0])
def test_the_second_implementation_agrees_on_real_wards(ward: Path, rule: str) -> None:
    data = ward.read_bytes()
    assert first_wrong(certified(data, ward.name, rule, 3), data, ward.name) is None


@pytest.mark.parametrize("rule", ["scottish", "wigm", "meek"])
@given(drawn=elections(equal=True, withdrawals=True))
def test_the_second_implementation_agrees_on_any_election(
    rule: str, drawn: tuple[RankedBallots, int, list[int]]
) -> None:
    ballots, seats, lots = drawn
    data = blt.write(ballots, seats).encode()
    try:
        said = certified(data, "b.blt", rule, seats, lots)
    except CountError:
        return  # nobody who stands is named
    assert first_wrong(said, data, "b.blt") is None


@given(drawn=elections(equal=True))
def test_it_reads_preflib_files_as_the_first_does(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    from hamgara.algorithms.tally import preflib

    data = preflib.write(drawn[0]).encode()
    try:
        said = certified(data, "b.toi", "wigm", drawn[1], drawn[2])
    except CountError:
        return
    assert first_wrong(said, data, "b.toi") is None


@pytest.mark.parametrize("rule", ["scottish", "wigm", "meek"])
def test_no_digit_can_be_changed(rule: str) -> None:
    said = certified(PAPERS, "b.blt", rule, 2)
    assert first_wrong(said, PAPERS, "b.blt") is None
    for place, byte in enumerate(said):
        if chr(byte).isdigit():
            changed = bytearray(said)
            changed[place] = 48 + (byte - 47) % 10
            assert first_wrong(bytes(changed), PAPERS, "b.blt") is not None, said[place - 20 : place + 20]


def forged(said: bytes, number: int, **changes: object) -> bytes:
    """A certificate with a line changed and all hashes made good again."""
    lines = [json.loads(line) for line in said.splitlines()]
    lines[number].update(changes)
    return certificate.chained(
        [{k: v for k, v in each.items() if k not in ("hash", "previous")} for each in lines]
    ).encode()


@pytest.mark.parametrize(
    ("number", "changes", "says"),
    [
        (0, {"valid": 11}, "head: valid should be 10"),
        (0, {"candidates": ["Ann", "Bob", "Eve"]}, "head: candidates"),
        (0, {"seats": 1}, "stage 1: quota should be 6"),
        (0, {"rule_sha256": "0" * 64}, "head: the SHA-256 of the rule"),
        (2, {"totals": {"1": "4", "2": "2", "3": "4"}}, "stage 2: the total of candidate 2 should be 3, not 2"),
        (2, {"candidate": 3}, "stage 2: candidate should be 1"),
        (3, {"elected": [2]}, "stage 3: elected should be"),
        (-1, {"elected": [1, 2]}, "result: elected should be [1, 3]"),
    ],
)
def test_a_forger_who_mends_the_hashes_is_told_the_first_wrong_stage(
    number: int, changes: dict[str, object], says: str
) -> None:
    said = certified(PAPERS, "b.blt", "wigm", 2)
    assert says in str(first_wrong(forged(said, number, **changes), PAPERS, "b.blt"))


@pytest.mark.parametrize("change", [{"ties": "random"}, {"decimals": 999_999_999}, {"method": "meek"}, {"more": 1}])
def test_a_rule_that_is_not_counted_here_is_not_taken_for_one_that_is(change: dict[str, object]) -> None:
    rule = {**rule_called("scottish").document(), **change}
    said = certified(PAPERS, "b.blt", "scottish", 2)
    sha256 = hashlib.sha256(canonical.encode(rule)).hexdigest()
    assert "not known" in str(first_wrong(forged(said, 0, rule=rule, rule_sha256=sha256), PAPERS, "b.blt"))


def test_other_ballots_are_noticed() -> None:
    said = certified(PAPERS, "b.blt", "wigm", 2)
    assert "other ballots" in str(first_wrong(said, PAPERS.replace(b"5 1", b"6 1"), "b.blt"))


@pytest.mark.parametrize("said", [b"", b"{}", b"[]", b"\xff", b"not json", b'{"kind":"count"}'])
def test_what_is_no_certificate_is_said_to_be_none(said: bytes) -> None:
    assert first_wrong(said, PAPERS, "b.blt") is not None


def test_a_certificate_cut_off_lacks_a_line() -> None:
    said = certified(PAPERS, "b.blt", "wigm", 2)
    assert "the line is missing" in str(first_wrong(b"\n".join(said.splitlines()[:-1]), PAPERS, "b.blt"))


def test_the_witness_of_the_quotas_is_checked() -> None:
    quotas = [Quota("women", 1, 2, frozenset({2}))]
    said = certified(PAPERS, "b.blt", "wigm", 2, None, quotas)
    assert first_wrong(said, PAPERS, "b.blt") is None
    assert "does not show" in str(first_wrong(forged(said, 1, witness=[1, 3]), PAPERS, "b.blt"))


def test_the_second_implementation_imports_nothing_of_the_first_and_is_short() -> None:
    folder = Path(first_wrong.__code__.co_filename).parent
    sources = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    assert sum(len(source.splitlines()) for source in sources) < 500
    imported = {
        line.split()[1] for source in sources for line in source.splitlines() if line.startswith(("from ", "import "))
    }
    assert imported <= {"__future__", "fractions", "hashlib", "json", "re", "typing", ".counting", ".files"}
