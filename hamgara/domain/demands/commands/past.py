"""Taking over the demands of a city's past: many at once, each with its own event, its end as a claim and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands import events, policies
from hamgara.domain.demands.commands.rows import start_clock
from hamgara.domain.demands.models import Answer, Demand, Field, new_code
from hamgara.domain.ledger.commands import Act, batch, record_all, require
from hamgara.domain.ledger.events import House
from hamgara.domain.organisations.models import ActingPerson, Organisation, Place
from hamgara.domain.people.models import Person

ANSWERS = {Demand.Claim.REFUSED: Answer.Kind.REFUSAL, Demand.Claim.NOT_DOABLE: Answer.Kind.NOT_DOABLE}


@dataclass(frozen=True)
class PastDemand:
    """A demand as earlier records have it, read and checked; `once` is the same whenever the same row comes again."""

    once: UUID
    author: Person
    title: str
    field: Field
    place: Place
    unit: Organisation
    asked: datetime
    kind: str = Demand.Kind.REQUEST
    text: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    number: str = ""
    admitted: bool = False  # somebody deals with it already; for one that has not ended
    claim: str = Demand.Claim.NONE  # what the records say became of it; empty for one that has not ended
    ended: datetime | None = None
    answer: str = ""


@batch
def take_over(*, by: ActingPerson | House, past: Sequence[PastDemand], source: str) -> list[Demand]:
    """Take demands over from earlier records, of which `source` names the import.

    One that has not ended awaits, from today, what the charter promises. One that has ended is filed with the
    municipality's claim: no reviewer has verified it, and it counts in no rate.
    """
    require(policies.may_take_over(by))
    demands = [_demand(each, code) for each, code in zip(past, _free_codes(len(past)), strict=True)]
    Demand.objects.bulk_create(demands)
    Answer.objects.bulk_create(
        Answer(
            demand=demand,
            kind=ANSWERS.get(Demand.Claim(each.claim), Answer.Kind.EXPLANATION),
            unit=each.unit,
            text=each.answer,
            at=each.ended or each.asked,
        )
        for demand, each in zip(demands, past, strict=True)
        if each.answer
    )
    now = clock.now()
    record_all(
        Act(_taken_over(demand, each, source), replace(by, once=each.once), now)
        for demand, each in zip(demands, past, strict=True)
    )
    return demands


def _free_codes(count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_code() for _n in range(count - len(codes))}
        codes |= drawn - set(Demand.objects.filter(code__in=drawn).values_list("code", flat=True))
    return list(codes)


def _demand(each: PastDemand, code: str) -> Demand:
    received, now = Demand.State.RECEIVED, clock.now()
    ended = each.claim != Demand.Claim.NONE
    verb = "file" if ended else "admit" if each.admitted else None
    title_key = key(each.title)
    demand = Demand(
        code=code,
        kind=each.kind,
        title=each.title,
        title_key=title_key,
        search_key=f"{title_key} {key(each.text)}".strip(),
        text=each.text,
        field=each.field,
        place=each.place,
        latitude=each.point[0] if each.point else None,
        longitude=each.point[1] if each.point else None,
        address=each.address,
        author=each.author,
        unit=each.unit,
        state=Demand.LIFE.after(received, verb) if verb else received,
        state_since=(each.ended or each.asked) if ended else now,
        claim=each.claim,
        submitted_at=each.asked,
        ended_at=(each.ended or each.asked) if ended else None,
    )
    if not ended:
        start_clock(demand, Demand.Clock.ANSWER if each.admitted else Demand.Clock.TRIAGE)
    return demand


def _taken_over(demand: Demand, each: PastDemand, source: str) -> events.TakenOver:
    return events.TakenOver(
        demand=demand.code,
        author=str(each.author.key),
        demand_kind=demand.kind,
        title=demand.title,
        text=demand.text,
        field=each.field.code,
        place=each.place.code,
        point=None if each.point is None else f"{each.point[0]:.6f},{each.point[1]:.6f}",
        address=demand.address or None,
        unit=each.unit.code,
        asked=timezone.localdate(each.asked).isoformat(),
        ended=None if demand.ended_at is None else timezone.localdate(demand.ended_at).isoformat(),
        state=str(demand.state),
        claim=str(demand.claim),
        deadline=None if demand.deadline is None else demand.deadline.isoformat(),
        source=source,
        number=each.number or None,
    )
