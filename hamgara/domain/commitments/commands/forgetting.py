"""Letting go of somebody who is being erased: what a body promised and reported stays the body's."""

from __future__ import annotations

from django.db.models import F

from hamgara.domain.commitments import events
from hamgara.domain.commitments.models import Commitment, Progress
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Nothing says any more who wrote a promise or a report down, nor words that are published no more."""
    require(may_forget_person(by))
    promises = Commitment.objects.filter(created_by=person).update(created_by=None)
    reports = Progress.objects.filter(by=person).update(by=None)
    unread = Commitment.objects.filter(demand__author=person, demand__state__in=Demand.UNPUBLISHED)
    unread.update(search_key=F("title_key"))
    record(events.PersonForgotten(erasure=erasure, promises=promises, reports=reports), by=by)
