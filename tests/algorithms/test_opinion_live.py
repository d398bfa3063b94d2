"""Votes as they come, how sure the groups are, and the picture: no history, no names, no small groups."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hamgara.algorithms.opinion import draw_map, drawing, live, partials
from hamgara.algorithms.opinion.ballots import Ballots
from hamgara.algorithms.opinion.stability import stability
from hamgara.algorithms.opinion.tally import Tally

Votes = dict[tuple[int, int], int]
acts = st.tuples(
    st.sampled_from(["vote", "vote", "vote", "withdraw", "remove"]),
    st.integers(0, 6),
    st.integers(0, 5),
    st.sampled_from([-1, 0, 1]),
)


def of_cells(votes: Votes) -> Ballots:
    return live([p for p, _ in votes], [s for _, s in votes], list(votes.values()))


def camps(people: int, names: list[int] | None = None) -> Ballots:
    """Two camps that differ on six statements of twelve; each person strays on one statement."""
    names = names or list(range(people))
    return of_cells(
        {
            (names[p], s): (1 if s >= 6 or p % 3 else -1) * (-1 if s == p % 12 else 1)
            for p in range(people)
            for s in range(12)
        }
    )


@settings(max_examples=150)
@given(st.lists(acts, min_size=1, max_size=40), st.sets(st.integers(0, 5), max_size=2))
def test_after_any_acts_the_tally_is_that_of_the_votes_that_remain(
    done: list[tuple[str, int, int, int]], moderated: set[int]
) -> None:
    votes: Votes = {(0, 0): 1}
    tally = Tally(of_cells(votes))
    for act, person, statement, value in done:
        if act == "vote":
            votes[person, statement] = value
            tally.vote(person, statement, value)
        elif act == "withdraw":
            votes.pop((person, statement), None)
            tally.withdraw(person, statement)
        else:
            votes = {key: held for key, held in votes.items() if key[0] != person}
            tally.remove(person)
    fresh = of_cells(votes)
    again = partials.of_votes(fresh)
    for one, two in ((tally.ballots, fresh), (tally.sums, again)):
        assert vars(one).keys() == vars(two).keys()
        assert all(np.array_equal(value, vars(two)[name]) for name, value in vars(one).items())
    kept, new = tally.map(moderated=moderated), draw_map(fresh, moderated=moderated)
    assert json.dumps(kept.as_plain()) == json.dumps(new.as_plain())


def test_clear_camps_are_found_in_every_half() -> None:
    ballots = camps(120)
    found = draw_map(ballots)
    sure = stability(ballots, found.group)
    assert sorted(map(len, found.groups)) == [40, 80]
    assert (sure.same_number, sure.agreement, sure.groups) == (1, 1, (1, 1))


def test_noise_is_told_as_unsure() -> None:
    noise = {(p, s): (p * p * 7 + s * s * p * 13 + s * 5) % 101 % 3 - 1 for p in range(150) for s in range(20)}
    ballots = of_cells(noise)
    assert stability(ballots, draw_map(ballots).group).agreement < 0.6


def test_how_sure_depends_on_no_name() -> None:
    one, two = camps(60), camps(60, [(p * 37 + 11) % 61 for p in range(60)])
    assert stability(one, draw_map(one).group) == stability(two, draw_map(two).group)


def test_the_picture_shows_every_person_of_a_shown_group_and_escapes_names() -> None:
    found = draw_map(camps(120))
    assert sum(spot.people for spot in drawing.spots(found)) == 120
    assert drawing.table(found) == [(0, 80), (1, 40)]
    root = ET.fromstring(drawing.svg(found, title="<نقشه>", names=["A & B", "C"]))
    texts = [each.text for each in root.iter() if each.text]
    assert texts == ["<نقشه>", "A & B", "C"]


def test_small_groups_are_not_shown() -> None:
    found = draw_map(camps(120))
    assert {spot.group for spot in drawing.spots(found, smallest=41)} == {0}
    assert drawing.table(found, smallest=41) == [(0, 80)]
    assert "<circle" not in drawing.svg(found, title="", names=["", ""], smallest=81)
