"""Lifecycles: what the table says, what it refuses, and what it draws; reachability against a matrix twin."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.lifecycle import Lifecycle, WrongState


class Door(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    BRICKED_UP = "bricked_up"


DOOR = Lifecycle(
    name="door",
    initial=Door.SHUT,
    verbs={
        "open": ({Door.SHUT}, Door.OPEN),
        "shut": ({Door.OPEN}, Door.SHUT),
        "brick_up": ({Door.SHUT, Door.OPEN}, Door.BRICKED_UP),
    },
)


def test_a_verb_leads_on_from_its_states_only():
    assert DOOR.after(Door.SHUT, "open") is Door.OPEN
    assert DOOR.allows(Door.SHUT, "brick_up")
    assert not DOOR.allows(Door.BRICKED_UP, "open")
    assert DOOR.verbs(Door.SHUT) == ("open", "brick_up")
    with pytest.raises(WrongState, match=r"door: cannot shut from 'shut'; possible there: open, brick_up") as refused:
        DOOR.after(Door.SHUT, "shut")
    assert (refused.value.state, refused.value.verb, refused.value.possible) == (
        Door.SHUT,
        "shut",
        ("open", "brick_up"),
    )


def test_an_end_says_that_it_is_one():
    assert DOOR.ends == {Door.BRICKED_UP}
    with pytest.raises(WrongState, match="nothing: this is an end"):
        DOOR.after(Door.BRICKED_UP, "open")


def test_a_verb_that_is_not_in_the_table_is_a_mistake_of_the_code():
    with pytest.raises(KeyError):
        DOOR.after(Door.SHUT, "slam")
    with pytest.raises(KeyError):
        DOOR.allows(Door.SHUT, "slam")


def test_the_plain_string_of_a_database_row_is_the_state():
    assert DOOR.after("shut", "open") is Door.OPEN  # type: ignore[arg-type]


def test_a_state_that_the_table_forgets_is_unreachable():
    forgetful = Lifecycle("door", Door.SHUT, {"open": ({Door.SHUT}, Door.OPEN)})
    assert forgetful.unreachable() == {Door.BRICKED_UP}
    assert DOOR.unreachable() == frozenset()


@pytest.mark.parametrize(
    "verbs", [{"open": (set(), Door.OPEN)}, {"pull open": ({Door.SHUT}, Door.OPEN)}], ids=["from nowhere", "not a name"]
)
def test_a_table_that_cannot_be_meant_is_refused(verbs):
    with pytest.raises(ValueError, match="door"):
        Lifecycle("door", Door.SHUT, verbs)


def test_the_drawing():
    assert DOOR.mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> shut\n"
        "    shut --> open: open\n"
        "    shut --> bricked_up: brick_up\n"
        "    open --> shut: shut\n"
        "    open --> bricked_up: brick_up\n"
        "    bricked_up --> [*]"
    )


names = st.sampled_from("abcdef")
tables = st.dictionaries(
    st.sampled_from(["go", "turn", "stop", "rest", "merge"]), st.tuples(st.sets(names, min_size=1), names), max_size=5
)


@given(names, tables)
def test_reachability_agrees_with_the_closure_of_the_matrix(initial, table):
    life = Lifecycle("thing", initial, table)
    states = sorted({initial} | {s for sources, to in table.values() for s in sources | {to}})
    reach = {(a, b): a == b or any(a in f and t == b for f, t in table.values()) for a in states for b in states}
    for via in states:  # Warshall's algorithm
        for a in states:
            for b in states:
                reach[a, b] = reach[a, b] or (reach[a, via] and reach[via, b])
    assert sorted(life.states) == states
    assert life.unreachable() == {s for s in states if not reach[initial, s]}
    assert life.ends == {s for s in states if not any(s in sources for sources, _ in table.values())}


@given(names, tables)
def test_after_allows_and_verbs_say_the_same(initial, table):
    life = Lifecycle("thing", initial, table)
    for state in life.states:
        assert life.verbs(state) == tuple(verb for verb in table if life.allows(state, verb))
        for verb, (sources, to) in table.items():
            if state in sources:
                assert life.after(state, verb) == to
            else:
                with pytest.raises(WrongState):
                    life.after(state, verb)
        assert life.mermaid().count(f"\n    {state} --> ") == len(life.verbs(state)) + (state in life.ends)
