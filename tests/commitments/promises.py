"""Makers of promises for tests: through the commands, so that all is as in life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hamgara import clock
from hamgara.domain.commitments import commands
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make

INDICATORS = ({"text": "چراغ‌های روشن", "target": "۱۲", "unit": "چراغ"},)


def terms(**more: Any) -> dict[str, Any]:
    """What a promise says, if nothing else is said."""
    return {
        "title": "روشن کردن کوچه",
        "what": "همهٔ چراغ‌های سوختهٔ کوچه تعویض می‌شود.",
        "indicators": list(INDICATORS),
        "due": clock.today() + timedelta(days=60),
    } | more


def unit_officer(demand: Demand) -> ActingPerson:
    """An officer of the unit that is responsible for the demand."""
    return make.officer(demand.unit)


def promised(demand: Demand | None = None, by: ActingPerson | None = None, **more: Any) -> Commitment:
    """A promise that stands, by the responsible unit if nobody else is named."""
    demand = demand or make.admitted(unit=make.unit())
    return commands.promise(by=by or unit_officer(demand), demand=demand, **terms(**more))


def leader(commitment: Commitment) -> ActingPerson:
    """Somebody who acts for the body that leads the promise."""
    lead = commitment.lead
    return make.officer(lead) if lead.is_unit else make.head_of(lead)


def under_way(commitment: Commitment | None = None, by: ActingPerson | None = None, **more: Any) -> Commitment:
    commitment = commitment or promised(**more)
    return commands.start(by=by or leader(commitment), commitment=commitment)


def reported(commitment: Commitment | None = None, by: ActingPerson | None = None, **more: Any) -> Commitment:
    """A promise whose promiser claims that it is kept."""
    commitment = commitment or under_way(**more)
    return commands.report_done(
        by=by or leader(commitment),
        commitment=commitment,
        text="همهٔ چراغ‌ها روشن شد.",
        claims=[each.target for each in commitment.indicators.all()],
    )


def in_state(state: str, commitment: Commitment | None = None) -> Commitment:
    """A promise put straight into a state, for tables of who may do what in which state."""
    commitment = commitment or promised()
    verified = state in Commitment.VERIFIED
    Commitment.objects.filter(pk=commitment.pk).update(state=state, outcome=state if verified else "")
    return Commitment.objects.select_related("demand").get(pk=commitment.pk)
