"""Ballot files: what is written is read back, and a broken file is refused with the line that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.tally import blt, preflib, reading, scottish_csv
from hamgara.algorithms.tally.ballots import BallotError, RankedBallots
from hamgara.algorithms.tally.verify import files
from tests.algorithms.tally_strategies import elections

BLT = b'3 1\n-2\n4 1 3=2 0\n2 3 0\n1 0\n0\n"Ann"\n"Bob \\"B\\" Bee"\n"\xd8\xb3\xd8\xa7\xd8\xb1\xd8\xa7"\n"Town"\n'
SOI = b"# TITLE: Town\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 7\n" + b"".join(
    b"# ALTERNATIVE NAME %d: %s\n" % pair for pair in ((1, b"Ann"), (2, b"Bob"), (3, b"Cid"))
)
CSV = b'3,1,\n4,1,3,\n2,3,\n"Candidate 1","Ann","A",\n"Candidate 2","Bob","B",\n"Candidate 3","Cid","C",\n"Ward 1",'


def same(one: RankedBallots, other: RankedBallots) -> None:
    assert one.rankings() == other.rankings()
    assert (one.candidates, one.withdrawn) == (other.candidates, other.withdrawn)


def test_blt_says_weights_equal_ranks_withdrawals_names_and_title() -> None:
    ballots = blt.read(BLT)
    assert ballots.rankings() == [(4, ((1,), (3, 2))), (2, ((3,),)), (1, ())]
    assert ballots.candidates == ("Ann", 'Bob "B" Bee', "سارا")
    assert (ballots.withdrawn, ballots.seats, ballots.title, ballots.papers) == ({2}, 1, "Town", 7)


def test_blt_may_have_comments_blank_lines_and_windows_line_ends() -> None:
    plain = BLT.replace(b"3 1\n", b"# of our town\n\n3 1  # one seat\n").replace(b"2 3 0", b"2 3 0 # two papers\n")
    same(blt.read(plain.replace(b"\n", b"\r\n")), blt.read(BLT))


def test_preflib_says_weights_and_equal_ranks() -> None:
    ballots = preflib.read(SOI + b"4: 1,{3,2}\n3: 3\n")
    assert ballots.rankings() == [(4, ((1,), (3, 2))), (3, ((3,),))]
    assert (ballots.candidates, ballots.title) == (("Ann", "Bob", "Cid"), "Town")


def test_the_scottish_csv_says_weights_names_and_ward() -> None:
    ballots = scottish_csv.read(CSV)
    assert ballots.rankings() == [(4, ((1,), (3,))), (2, ((3,),))]
    assert (ballots.candidates, ballots.seats, ballots.title) == (("Ann", "Bob", "Cid"), 1, "Ward 1")


@given(elections(equal=True, withdrawals=True))
def test_what_is_written_as_blt_is_read_back(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    same(blt.read(blt.write(drawn[0], drawn[1]).encode()), drawn[0])


@given(elections(equal=True))
def test_what_is_written_for_preflib_is_read_back(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    same(preflib.read(preflib.write(drawn[0]).encode()), drawn[0])


@given(elections())
def test_what_is_written_as_scottish_csv_is_read_back(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    same(scottish_csv.read(scottish_csv.write(drawn[0], drawn[1]).encode()), drawn[0])


@given(elections(equal=True))
def test_rows_that_say_the_same_can_be_put_together(drawn: tuple[RankedBallots, int, list[int]]) -> None:
    expected: dict[object, int] = {}
    for weight, ranks in drawn[0].rankings():
        expected[ranks] = expected.get(ranks, 0) + weight
    assert {ranks: weight for weight, ranks in drawn[0].merged().rankings()} == expected


BROKEN_BLT = [
    (b"", "empty"),
    (b"\n\n", "empty"),
    (b"hello", "begins with the number of candidates"),
    (b"\xff\xfe3 1", "not UTF-8"),
    (BLT[:30], "cut off"),
    (BLT[:-40], "cut off"),
    (BLT.replace(b"2 3 0", b"2 4 0"), "line 4: there is no candidate 4"),
    (BLT.replace(b"2 3 0", b"2 3 3 0"), "line 4: candidate 3 is named twice"),
    (BLT.replace(b"2 3 0", b"2 1 3 2 1 3 2 0"), "line 4: candidate 1 is named twice"),
    (BLT.replace(b"2 3 0", b"2 -3 0"), "line 4: '-'"),
    (BLT.replace(b"2 3 0", b"0 3 0"), "line 4"),
    (BLT.replace(b"2 3 0", b"1.5 3 0"), "line 4: '.'"),
    (BLT.replace(b"2 3 0", b"2 x 0"), "line 4: 'x'"),
    (BLT.replace(b"2 3 0", "۲ 3 0".encode()), "line 4: '۲'"),
    (BLT.replace(b"2 3 0", b"2 3= 0"), "line 4: «=»"),
    (BLT.replace(b"2 3 0", b"2=3 0"), "line 4: «=»"),
    (BLT.replace(b"2 3 0", b"9999999999999999 3 0"), "line 4: this number is too long"),
    (BLT.replace(b"2 3 0", b"999999999999999 3 0\n" * 10), "more papers"),
    (BLT.replace(b"-2", b"-7"), "withdrawn"),
    (b"0 1\n0\n", "0 candidates"),
    (b"99999 1\n0\n", "names follow"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN_BLT)
def test_a_broken_blt_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(BallotError) as refused:
        blt.read(data)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"4: 1,,2\n3: 1\n", "line 7"),
        (b"4: 1,{2,3\n3: 1\n", "line 7"),
        (b"7 1,2\n", "line 7"),
        (b"7: 1,4\n", "no candidate 4"),
        (b"7: 1,{2,1}\n", "candidate 1 is named twice"),
        (b"4: 1,2\n", "7 voters are announced, but there are 4"),
        (b"7: -1\n", "line 7: '-'"),
    ],
)
def test_a_broken_preflib_file_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(BallotError) as refused:
        preflib.read(SOI + body)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (CSV[:12], "cut off"),
        (CSV[:60], "cut off"),
        (CSV.replace(b"2,3,", b"2,3,3,"), "line 3: candidate 3 is named twice"),
        (CSV.replace(b"2,3,", b"2,,3,"), "line 3: a preference is missing"),
        (CSV.replace(b"2,3,", b"2,9,"), "line 3: there is no candidate 9"),
        (CSV.replace(b"3,1,\n", b"3,1,2,\n", 1), "first row"),
        (CSV.replace(b"2,3,", b"two,3,"), "line 3: 't'"),
    ],
)
def test_a_broken_scottish_csv_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(BallotError) as refused:
        scottish_csv.read(data)
    assert says in str(refused.value)


@given(st.sampled_from(["blt", "toi", "csv"]), st.data())
def test_a_garbled_file_is_read_alike_by_both_implementations_or_refused(ending: str, data: st.DataObject) -> None:
    whole = {"blt": BLT, "toi": SOI + b"4: 1,{3,2}\n3: 3\n", "csv": CSV}[ending]
    place = data.draw(st.integers(0, len(whole)))
    gone = data.draw(st.integers(0, 4))
    put = data.draw(st.text(alphabet='0123 \n,:{}=-#"\\', max_size=3))
    garbled = whole[:place] + put.encode() + whole[place + gone :]
    try:
        ballots = reading.read(f"b.{ending}", garbled)
    except BallotError:
        return
    names, withdrawn, papers, _ = files.read(garbled, f"b.{ending}")
    plain = [(n, tuple(tuple(each) if isinstance(each, list) else (each,) for each in order)) for n, order in papers]
    assert (tuple(names), withdrawn, plain) == (ballots.candidates, ballots.withdrawn, ballots.rankings())


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(BallotError, match="is named"):
        reading.read("ballots.docx", b"x")
