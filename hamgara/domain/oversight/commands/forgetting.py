"""Letting go of somebody who is being erased: what was found stays, and nothing says by whom."""

from __future__ import annotations

from hamgara.domain.ledger.commands import command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.oversight import events
from hamgara.domain.oversight.models import AppealVoice, Monitor, Review, Seat, Verdict
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Their registrations as a monitor go, with why they stepped back; verdicts stay with the seat."""
    require(may_forget_person(by))
    monitors = Monitor.objects.filter(person=person)
    Seat.objects.filter(monitor__in=monitors).update(reason="")
    verdicts = Verdict.objects.filter(by=person).update(by=None)
    Review.objects.filter(words_by=person).update(words_by=None)
    AppealVoice.objects.filter(person=person).update(reason="")
    registrations = monitors.count()
    monitors.delete()
    record(events.PersonForgotten(erasure=erasure, registrations=registrations, verdicts=verdicts), by=by)
