"""What moderation does by itself: it watches its deadlines, and lets go of people who are erased."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.contrib.django import app

from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands, queries
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


def let_time_pass() -> None:
    """Remind of what must soon be decided, record what was not decided in time, and let go of words that told of
    somebody and that nobody can ask back; each is an act of its own."""
    for due, act in (
        (queries.nearly_due, commands.remind),
        (queries.newly_overdue, commands.note_deadline),
        (queries.to_destroy, commands.destroy_words),
    ):
        for case in due():
            with suppress(Refused):  # decided meanwhile, or said by another run
                act(by=CLOCK, case=case)


@app.periodic(cron="23 * * * *")
@app.task(name="moderation.let_time_pass", queueing_lock="moderation.let_time_pass")
def hourly(timestamp: int) -> None:
    """Every hour, so that a missed one matters little."""
    let_time_pass()


@follower("moderation.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: what they reported stays reported."""
    erasure = people.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
