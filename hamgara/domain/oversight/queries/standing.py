"""Who could judge a commitment, and what ties each candidate to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from hamgara import clock
from hamgara.algorithms.ties import Body, Case, Reason, Tie, ties_of
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Comment, Demand, Support
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.domain.organisations.queries import accredited, live_mandates, standing_for, units
from hamgara.domain.oversight.models import Bar, Monitor, Review, Seat
from hamgara.domain.people.models import Person

JUDGING_ROLES = (Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE, Mandate.Role.REVIEWER)
Acting = Iterable[tuple[int, Any]]  # a body, and the key of whoever acts for it
PERSONAL = {Reason.AUTHOR, Reason.SUPPORTER, Reason.COMMENTER}


def monitors() -> list[Monitor]:
    """The monitors whose registration stands today."""
    standing = Monitor.objects.filter(ended_at=None, until__gte=clock.today())
    return list(standing.select_related("person").order_by("code"))


def _bodies(organisations: Iterable[Organisation], acting: Acting | None = None) -> tuple[Body, ...]:
    """Organisations as the rule on ties sees them: who acts for each, and what stands above it.

    `acting` are the mandates to look at, where they have been read already.
    """
    found = list({each.pk: each for each in organisations}.values())
    people: dict[int, set[str]] = {each.pk: set() for each in found}
    mandates = live_mandates().filter(organisation__in=found).values_list("organisation_id", "person__key")
    for body, person in mandates if acting is None else acting:
        if body in people:
            people[body].add(str(person))
    return tuple(
        Body(
            id=each.subject,
            people=frozenset(people[each.pk]),
            ancestors=frozenset(f"organisation:{code}" for code in each.path.strip("/").split("/")[:-1]),
        )
        for each in found
    )


def case_of(commitment: Commitment, of: Person | None = None) -> Case:
    """All that a judge of this commitment must stand apart from, as things are now; `of` one person, if one is named.

    Then nobody else is looked for among supporters, commenters and those who act for somebody.
    """
    acting = None
    if of is not None:
        acting = list(live_mandates().filter(person=of).values_list("organisation_id", "person__key"))
    parts = commitment.parts.select_related("owner")
    # A demand that was merged into another brought its author and its voices along.
    demand = commitment.demand
    related = list(
        Demand.objects.filter(Q(pk=demand.pk) | Q(merged_into=demand.pk) | Q(pk=demand.merged_into_id)).select_related(
            "author", "on_behalf"
        )
    )
    supports, comments = Support.objects.filter(demand__in=related), Comment.objects.filter(demand__in=related)
    if of is not None:
        supports, comments = supports.filter(person=of), comments.filter(author=of)
    supporters = supports.values_list("person__key", flat=True)
    commenters = comments.order_by().values_list("author__key", flat=True)
    return Case(
        promisers=_bodies((each for body in commitment.bodies for each in (body, standing_for(body))), acting),
        part_owners=_bodies((part.owner for part in parts), acting),
        carried_by=_bodies((each.on_behalf for each in related if each.on_behalf is not None), acting),
        authors=frozenset(str(each.author.key) for each in related),
        supporters=frozenset(map(str, supporters)),
        commenters=frozenset(map(str, commenters)),
        municipal_units=_bodies(units(), acting),
    )


def personal_ties(person: Person, commitment: Commitment) -> tuple[Tie, ...]:
    """What ties one person to the commitment, whomever they act for."""
    return ties_of(Body(id="somebody", people=frozenset({str(person.key)})), case_of(commitment, person))


def serves_a_side(person: Person, commitment: Commitment) -> bool:
    """The person works for the municipality, or acts for somebody who promised or owns a part of the work."""
    promised = Q(organisation__in=[body.pk for body in commitment.bodies])
    owns_a_part = Q(organisation__in=commitment.parts.order_by().values("owner"))
    works_for_the_city = Q(organisation__kind=Organisation.Kind.MUNICIPAL_UNIT)
    return live_mandates().filter(person=person).filter(promised | owns_a_part | works_for_the_city).exists()


def _public(tie: Tie) -> dict[str, Any]:
    if tie.reason in PERSONAL:
        return {"reason": Bar.PERSONAL.value, "whom": None}
    return {"reason": tie.reason.value, "whom": tie.whom}


def _bars_of_earlier_rounds(commitment: Commitment, appeal_of: Review | None) -> dict[str, str]:
    """Who may not be called again: the first panel in its appeal, and whoever let the last round lapse."""
    lapsed = Seat.objects.filter(review__commitment=commitment, review__state=Review.State.LAPSED)
    absent = lapsed.filter(state=Seat.State.ABSENT)
    bars = dict.fromkeys(absent.values_list("candidate", flat=True), Bar.WAS_ABSENT.value)
    if appeal_of is not None:
        bars |= dict.fromkeys(appeal_of.seats.values_list("candidate", flat=True), Bar.SAT_BEFORE.value)
    return bars


def candidates_for(commitment: Commitment, appeal_of: Review | None = None) -> list[dict[str, Any]]:
    """Every accredited organisation and monitor, with what bars it; those without any bar are the pool.

    The form is the one that the review keeps and publishes: ids and reasons, no names, no persons.
    """
    case, earlier = case_of(commitment), _bars_of_earlier_rounds(commitment, appeal_of)
    bodies = list(accredited().order_by("code"))
    mandates = live_mandates().filter(organisation__in=bodies, role__in=JUDGING_ROLES)
    able = set(mandates.values_list("organisation__code", flat=True))
    found = [(body, "organisation") for body in _bodies(bodies)]
    found += [(Body(id=each.subject, people=frozenset({str(each.person.key)})), "monitor") for each in monitors()]
    listed = []
    for candidate, kind in found:
        bars: list[dict[str, Any]] = []
        for tie in map(_public, ties_of(candidate, case)):
            if tie not in bars:
                bars.append(tie)
        if kind == "organisation" and candidate.id.partition(":")[2] not in able:
            bars.append({"reason": Bar.NOBODY_ACTS.value, "whom": None})
        if candidate.id in earlier:
            bars.append({"reason": earlier[candidate.id], "whom": None})
        listed.append({"id": candidate.id, "kind": kind, "ties": bars})
    return listed


def still_stands(candidate: str) -> bool:
    """A candidate of the frozen pool can still be called: accredited, or registered, today."""
    kind, _colon, code = candidate.partition(":")
    if kind == "monitor":
        return Monitor.objects.filter(code=code, ended_at=None, until__gte=clock.today()).exists()
    return accredited().filter(code=code).exists()
