"""What was asked, promised, verified and late: every rate with the two numbers it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from hamgara import charter, clock
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.ledger.queries import Counted
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place

State, Outcome = Demand.State, Demand.Outcome


@dataclass(frozen=True)
class Rate:
    """A part of a whole. `share` is None where the charter finds the whole too small for a rate."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        if self.whole == 0 or self.whole < charter.number("demands.rates_from"):
            return None
        return self.part / self.whole


@dataclass(frozen=True)
class Figures:
    """The counts of one part of the city's work. A claim of the municipality is nowhere in them."""

    asked: int
    supports: int
    received: int
    admitted: int
    answered: int
    kept: int
    partly: int
    refused: int
    not_doable: int
    declined: int
    merged: int
    late: int

    @property
    def open(self) -> int:
        return self.received + self.admitted + self.answered

    @property
    def verified(self) -> int:
        """What independent reviewers found done, wholly or in part."""
        return self.kept + self.partly

    @property
    def promised(self) -> int:
        """What a commitment has answered, verified or not yet."""
        return self.answered + self.verified

    @property
    def ended(self) -> int:
        return self.verified + self.refused + self.not_doable

    @property
    def verified_rate(self) -> Rate:
        return Rate(self.verified, self.ended)


_figures: Counted[Figures] = Counted("demands.", "organisations.")


def figures(
    *,
    place: Place | None = None,
    field: Field | None = None,
    unit: Organisation | None = None,
    on_behalf: Organisation | None = None,
) -> Figures:
    """The counts of the whole city, or of a part of it. What its author took back is not counted."""
    asked = (place, field, unit, on_behalf, clock.today())
    return _figures.once(asked, lambda: _counted_anew(place, field, unit, on_behalf))


def _counted_anew(
    place: Place | None, field: Field | None, unit: Organisation | None, on_behalf: Organisation | None
) -> Figures:
    demands = Demand.objects.exclude(state=State.WITHDRAWN)
    if place is not None:
        demands = demands.filter(place__in=organisations.places().keys_below(place.path))
    if field is not None:
        demands = demands.filter(field__path__startswith=field.path)
    if unit is not None:
        demands = demands.filter(unit__in=organisations.bodies().keys_below(unit.path))
    if on_behalf is not None:
        demands = demands.filter(on_behalf=on_behalf)
    today = clock.today()
    groups = demands.values("state", "outcome").annotate(
        # Of the whole row nothing is needed, so that an index is enough (demand_state).
        n=Count("*"),
        late=Count("deadline", filter=Q(deadline__lt=today)),
        voices=Sum("support_count"),
    )
    rows = list(groups.order_by())

    def count(state: str, outcome: str | None = None) -> int:
        return sum(row["n"] for row in rows if row["state"] == state and outcome in (None, row["outcome"]))

    return Figures(
        asked=sum(row["n"] for row in rows),
        supports=sum(row["voices"] or 0 for row in rows if row["state"] != State.MERGED),
        received=count(State.RECEIVED),
        admitted=count(State.ADMITTED),
        answered=count(State.ANSWERED),
        kept=count(State.CLOSED, Outcome.KEPT),
        partly=count(State.CLOSED, Outcome.PARTLY),
        refused=count(State.REFUSED),
        not_doable=count(State.NOT_DOABLE),
        declined=count(State.DECLINED),
        merged=count(State.MERGED),
        late=sum(row["late"] for row in rows),
    )
