"""Majorities and quorums, in tables that a secretary would recognise; apportionment against published examples."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.tally.apportionment import Apportionment, Method, apportion
from hamgara.algorithms.tally.motions import ABSOLUTE, SIMPLE, TWO_THIRDS, Base, Majority, Reason, decide


@pytest.mark.parametrize(
    ("yes", "no", "abstained", "majority", "reason", "needed"),
    [
        (6, 5, 0, SIMPLE, Reason.CARRIED, 6),
        (5, 5, 1, SIMPLE, Reason.LEVEL, 6),
        (4, 5, 2, SIMPLE, Reason.TOO_FEW_YES, 5),
        (3, 0, 8, SIMPLE, Reason.CARRIED, 2),
        (0, 0, 11, SIMPLE, Reason.LEVEL, 1),
        (10, 1, 0, ABSOLUTE, Reason.TOO_FEW_YES, 11),
        (11, 1, 0, ABSOLUTE, Reason.CARRIED, 11),
        (8, 4, 0, TWO_THIRDS, Reason.CARRIED, 8),
        (7, 4, 0, TWO_THIRDS, Reason.TOO_FEW_YES, 8),
        (7, 4, 3, Majority(Fraction(1, 2), more_than=True, base=Base.PRESENT), Reason.TOO_FEW_YES, 8),
        (10, 0, 0, SIMPLE, Reason.NO_QUORUM, 6),
    ],
)
def test_of_twenty_members(yes: int, no: int, abstained: int, majority: Majority, reason: Reason, needed: int) -> None:
    decided = decide(yes=yes, no=no, abstained=abstained, entitled=20, majority=majority)
    assert (decided.reason, decided.needed, decided.quorum) == (reason, needed, 11)
    assert decided.carried == (reason is Reason.CARRIED)


@pytest.mark.parametrize(("entitled", "quorum", "present"), [(21, Fraction(1, 2), 11), (21, Fraction(2, 3), 14)])
def test_a_quorum_is_whole_people(entitled: int, quorum: Fraction, present: int) -> None:
    assert decide(yes=21, no=0, abstained=0, entitled=entitled, quorum=quorum).quorum == present
    assert not decide(yes=present - 1, no=0, abstained=0, entitled=entitled, quorum=quorum).carried


@pytest.mark.parametrize(("yes", "no", "abstained", "entitled"), [(-1, 0, 0, 5), (3, 3, 0, 5), (0, 0, 0, 0)])
def test_impossible_numbers_are_refused(yes: int, no: int, abstained: int, entitled: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        decide(yes=yes, no=no, abstained=abstained, entitled=entitled)


# The example of most textbooks (Wikipedia, «Highest averages method»): 100,000 votes, ten seats.
TEXTBOOK = {"yellow": 47_000, "white": 16_000, "red": 15_900, "green": 12_000, "blue": 6_000, "pink": 3_100}


@pytest.mark.parametrize(
    ("method", "seats"),
    [
        (Method.DHONDT, (5, 2, 2, 1, 0, 0)),
        (Method.SAINTE_LAGUE, (4, 2, 2, 1, 1, 0)),
        (Method.HARE, (5, 2, 1, 1, 1, 0)),
        (Method.DROOP, (5, 2, 2, 1, 0, 0)),
    ],
)
def test_the_textbook_example(method: Method, seats: tuple[int, ...]) -> None:
    assert tuple(apportion(TEXTBOOK, 10, method).seats.values()) == seats


def test_who_is_level_is_reported_and_not_chosen() -> None:
    for method in Method:
        assert apportion({"a": 10, "b": 10, "c": 10}, 4, method) == Apportionment(
            {"a": 1, "b": 1, "c": 1}, ("a", "b", "c"), 1
        )
        assert apportion({"a": 10, "b": 10}, 2, method) == Apportionment({"a": 1, "b": 1})


@given(
    st.dictionaries(st.sampled_from("abcde"), st.integers(0, 60), min_size=1).filter(lambda votes: any(votes.values())),
    st.integers(1, 12),
    st.sampled_from([Method.DHONDT, Method.SAINTE_LAGUE]),
)
def test_divisors_against_the_list_of_all_claims(votes: dict[str, int], seats: int, method: Method) -> None:
    step = 1 if method is Method.DHONDT else 2
    claims = sorted((Fraction(votes[name], 1 + step * n) for name in votes for n in range(seats + 1)), reverse=True)
    last, first_out = claims[seats - 1], claims[seats]
    sure = {
        name: sum(
            Fraction(votes[name], 1 + step * n) > (first_out if last == first_out else last - 1)
            for n in range(seats + 1)
        )
        for name in votes
    }
    found = apportion(votes, seats, method)
    if last == first_out:
        assert dict(found.seats) == sure
        assert found.open == seats - sum(sure.values())
        assert set(found.level) == {
            n for n in votes if any(Fraction(votes[n], 1 + step * k) == last for k in range(seats + 1))
        }
    else:
        assert (sum(found.seats.values()), found.level, found.open) == (seats, (), 0)
        assert all(
            found.seats[name] == sum(Fraction(votes[name], 1 + step * n) >= last for n in range(seats + 1))
            for name in votes
        )


@pytest.mark.parametrize(("votes", "seats"), [({}, 3), ({"a": 0}, 3), ({"a": -1, "b": 5}, 3), ({"a": 5}, 0)])
def test_nothing_to_divide_is_refused(votes: dict[str, int], seats: int) -> None:
    for method in Method:
        with pytest.raises(ValueError, match="divided"):
            apportion(votes, seats, method)
