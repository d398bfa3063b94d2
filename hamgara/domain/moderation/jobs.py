"""What moderation does by itself: it lets go of people who are erased."""

from __future__ import annotations

from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


@follower("moderation.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: what they reported stays reported."""
    erasure = people.erasure(entry.data["erasure"])
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
