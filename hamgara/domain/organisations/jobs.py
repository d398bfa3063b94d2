"""What the calendar does to mandates and accreditations, and what follows when somebody is erased."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hamgara import charter, clock
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, queries
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


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


@follower("organisations.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: they act for nobody any more."""
    erasure = people.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
