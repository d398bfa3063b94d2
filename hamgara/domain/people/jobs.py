"""What the calendar does to sign-in links."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hamgara.domain.ledger.events import CLOCK
from hamgara.domain.people import commands, queries


def let_time_pass() -> None:
    """Forget the links that were spent long ago."""
    if queries.forgettable_links().exists():
        commands.forget_links(by=CLOCK)


@app.periodic(cron="10 3 * * *")
@app.task(name="people.let_time_pass", queueing_lock="people.let_time_pass")
def nightly(timestamp: int) -> None:
    """Every night."""
    let_time_pass()
