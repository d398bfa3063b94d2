"""What the calendar does to mandates and accreditations."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hamgara import charter, clock
from hamgara.domain.ledger.events import CLOCK
from hamgara.domain.organisations import commands, queries
from hamgara.domain.organisations.models import Mandate, Organisation


def let_time_pass() -> None:
    """Record what has run out, and warn of what soon will."""
    today = clock.today()
    for mandate in Mandate.objects.filter(ended_at=None, until__lt=today).select_related("organisation"):
        commands.expire_mandate(by=CLOCK, mandate=mandate)
    soon = today + charter.period("organisations.mandate_warning")
    for mandate in queries.live_mandates().filter(until__lte=soon, warned_at=None):
        commands.warn_of_expiry(by=CLOCK, mandate=mandate)
    for organisation in Organisation.objects.filter(
        state=Organisation.State.ACCREDITED, accredited_until__lt=today
    ).exclude(kind=Organisation.Kind.MUNICIPAL_UNIT):
        commands.expire_accreditation(by=CLOCK, organisation=organisation)


@app.periodic(cron="7 * * * *")
@app.task(name="organisations.let_time_pass", queueing_lock="organisations.let_time_pass")
def hourly(timestamp: int) -> None:
    """Every hour, so that a missed one matters little."""
    let_time_pass()
