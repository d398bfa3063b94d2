"""Ties against a naive twin that asks every question about every pair, and in small stories."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamgara.algorithms.ties import Body, Case, Reason, Tie, ties_of

PARKS = Body(id="unit:parks", people=frozenset({"officer"}), ancestors=frozenset({"unit:city"}))
CITY = Body(id="unit:city", people=frozenset({"mayor"}))
CHARITY = Body(id="charity", people=frozenset({"maryam", "reza"}))
CASE = Case(
    promisers=(PARKS,),
    part_owners=(CHARITY,),
    carried_by=(Body(id="ngo-voice", people=frozenset({"sara"})),),
    authors=frozenset({"sara"}),
    supporters=frozenset({"ali", "reza"}),
    commenters=frozenset({"hasan"}),
    municipal_units=(PARKS, CITY),
)


def body(name="ngo", people=(), ancestors=()):
    return Body(id=name, people=frozenset(people), ancestors=frozenset(ancestors))


@pytest.mark.parametrize(
    ("candidate", "told"),
    [
        (body(people={"nobody"}), []),
        (
            PARKS,
            [
                ("is_promiser", "unit:parks"),
                ("works_for_municipality", "unit:parks"),
                ("works_for_municipality", "unit:city"),
            ],
        ),
        (CHARITY, [("owns_part", "charity"), ("supporter", "reza")]),
        (body("ngo-voice", {"sara"}), [("carried_the_demand", "ngo-voice"), ("author", "sara")]),
        (body(people={"maryam"}), [("shares_mandate_holder", "charity")]),
        (body(ancestors={"charity"}), [("parent_or_child", "charity")]),
        (body("unit:city"), [("parent_or_child", "unit:parks"), ("works_for_municipality", "unit:city")]),
        (body(people={"mayor"}), [("works_for_municipality", "unit:city")]),
        (body(ancestors={"unit:city"}), [("works_for_municipality", "unit:city")]),
        (body(people={"officer"}), [("shares_mandate_holder", "unit:parks"), ("works_for_municipality", "unit:parks")]),
        (body("monitor", {"ali"}), [("supporter", "ali")]),
        (body("monitor", {"hasan"}), [("commenter", "hasan")]),
        (body(people={"sara"}), [("shares_mandate_holder", "ngo-voice"), ("author", "sara")]),
    ],
)
def test_stories(candidate, told):
    assert sorted((tie.reason.value, tie.whom) for tie in ties_of(candidate, CASE)) == sorted(told)


ids = st.sampled_from(["a", "b", "c", "d", "e"])
persons = st.frozensets(st.sampled_from(["p", "q", "r", "s", "t"]), max_size=3)
bodies = st.builds(Body, id=ids, people=persons, ancestors=st.frozensets(ids, max_size=2))
several = st.lists(bodies, max_size=3).map(tuple)
cases = st.builds(
    Case,
    promisers=several,
    part_owners=several,
    carried_by=several,
    authors=persons,
    supporters=persons,
    commenters=persons,
    municipal_units=several,
)


def naive(candidate, case):
    found = []
    for reason, group in (
        ("is_promiser", case.promisers),
        ("owns_part", case.part_owners),
        ("carried_the_demand", case.carried_by),
    ):
        for other in group:
            if other.id == candidate.id:
                found.append((reason, other.id))
    for other in list(case.promisers) + list(case.part_owners) + list(case.carried_by):
        if other.id != candidate.id:
            for person in candidate.people:
                if person in other.people:
                    found.append(("shares_mandate_holder", other.id))
            if other.id in candidate.ancestors or candidate.id in other.ancestors:
                found.append(("parent_or_child", other.id))
    for unit in case.municipal_units:
        if unit.id == candidate.id or unit.id in candidate.ancestors:
            found.append(("works_for_municipality", unit.id))
        for person in candidate.people:
            if person in unit.people:
                found.append(("works_for_municipality", unit.id))
    for person in candidate.people:
        for reason, group in (("author", case.authors), ("supporter", case.supporters), ("commenter", case.commenters)):
            if person in group:
                found.append((reason, person))
    return set(found)


@given(bodies, cases)
def test_ties_agree_with_the_naive_twin(candidate, case):
    found = ties_of(candidate, case)
    assert {(tie.reason.value, tie.whom) for tie in found} == naive(candidate, case)
    assert len(set(found)) == len(found)
    places = [(list(Reason).index(tie.reason), tie.whom) for tie in found]
    assert places == sorted(places)


@given(bodies, cases, persons)
def test_a_tie_never_goes_away_because_there_is_more_to_know(candidate, case, more):
    known = ties_of(candidate, case)
    wider = Body(id=candidate.id, people=candidate.people | more, ancestors=candidate.ancestors)
    assert set(known) <= set(ties_of(wider, case))
    assert all(isinstance(tie, Tie) for tie in known)
