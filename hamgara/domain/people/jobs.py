"""What the calendar does to sign-in links and sessions, and to those who wish to be erased."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK
from hamgara.domain.ledger.jobs import everybody_has_read
from hamgara.domain.people import commands, queries


def let_time_pass() -> None:
    """Forget the links that were spent long ago, and the sessions that have run out."""
    if queries.forgettable_links().exists():
        commands.forget_links(by=CLOCK)
    if queries.forgettable_sessions().exists():
        commands.forget_sessions(by=CLOCK)


@app.periodic(cron="10 3 * * *")
@app.task(name="people.let_time_pass", queueing_lock="people.let_time_pass")
def nightly(timestamp: int) -> None:
    """Every night."""
    let_time_pass()


def erase_whose_time_has_come() -> None:
    """Begin with those whose waiting is over, and end with those of whom every floor has let go.

    Each is an act of its own: killed midway, the next run goes on. Whoever is bound to something by now stays, and
    reads on their page why.
    """
    for erasure in queries.erasures_due():
        with suppress(Refused):
            commands.begin_erasure(by=CLOCK, erasure=erasure)
    for erasure in queries.erasures_begun():
        if erasure.begun is not None and everybody_has_read(erasure.begun):
            with suppress(Refused):
                commands.erase(by=CLOCK, erasure=erasure)


@app.periodic(cron="*/5 * * * *")
@app.task(name="people.erase_whose_time_has_come", queueing_lock="people.erase_whose_time_has_come")
def often(timestamp: int) -> None:
    """Every few minutes: the next run ends what this one began."""
    erase_whose_time_has_come()
