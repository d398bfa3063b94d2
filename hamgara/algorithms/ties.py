"""Who may not judge a case: the ties between a candidate reviewer and the promisers, the demand and the city.

Plain set arithmetic over what the caller has looked up; every tie is named with whom it is, so that it can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain


class Reason(StrEnum):
    """Why a candidate is tied; the order here is the order in which ties are told."""

    IS_PROMISER = "is_promiser"
    OWNS_PART = "owns_part"
    CARRIED_THE_DEMAND = "carried_the_demand"
    SHARES_MANDATE_HOLDER = "shares_mandate_holder"
    PARENT_OR_CHILD = "parent_or_child"
    WORKS_FOR_MUNICIPALITY = "works_for_municipality"
    AUTHOR = "author"
    SUPPORTER = "supporter"
    COMMENTER = "commenter"


@dataclass(frozen=True, kw_only=True)
class Body:
    """An organisation, or a registered monitor, who is a body of one person."""

    id: str
    people: frozenset[str] = frozenset()  # keys of those who act for it now
    ancestors: frozenset[str] = frozenset()  # ids of every body above it


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that a reviewer of one commitment must stand apart from."""

    promisers: tuple[Body, ...]
    part_owners: tuple[Body, ...] = ()
    carried_by: tuple[Body, ...] = ()  # organisations that brought the demand on behalf of people
    authors: frozenset[str] = frozenset()  # persons who wrote the demand, and those merged into it
    supporters: frozenset[str] = frozenset()
    commenters: frozenset[str] = frozenset()
    municipal_units: tuple[Body, ...] = ()


@dataclass(frozen=True)
class Tie:
    """One reason, and the body (its id) or the person (their key) that the candidate is tied to."""

    reason: Reason
    whom: str


def ties_of(candidate: Body, case: Case) -> tuple[Tie, ...]:
    """Every tie of `candidate` to `case`, in the order of Reason and then of whom; empty for one who may judge."""
    found: set[Tie] = set()
    roles = (
        (Reason.IS_PROMISER, case.promisers),
        (Reason.OWNS_PART, case.part_owners),
        (Reason.CARRIED_THE_DEMAND, case.carried_by),
    )
    for reason, bodies in roles:
        found |= {Tie(reason, body.id) for body in bodies if body.id == candidate.id}
    for body in chain(case.promisers, case.part_owners, case.carried_by):
        if body.id == candidate.id:
            continue  # told already; that it shares its own people says nothing more
        if body.people & candidate.people:
            found.add(Tie(Reason.SHARES_MANDATE_HOLDER, body.id))
        if body.id in candidate.ancestors or candidate.id in body.ancestors:
            found.add(Tie(Reason.PARENT_OR_CHILD, body.id))
    for unit in case.municipal_units:
        if unit.id in candidate.ancestors | {candidate.id} or unit.people & candidate.people:
            found.add(Tie(Reason.WORKS_FOR_MUNICIPALITY, unit.id))
    persons = (
        (Reason.AUTHOR, case.authors),
        (Reason.SUPPORTER, case.supporters),
        (Reason.COMMENTER, case.commenters),
    )
    for reason, keys in persons:
        found |= {Tie(reason, person) for person in keys & candidate.people}
    told = list(Reason)
    return tuple(sorted(found, key=lambda tie: (told.index(tie.reason), tie.whom)))
