"""One demand as its page shows it, to this reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from hamgara import charter, clock
from hamgara.domain.demands import events
from hamgara.domain.demands.models import (
    Answer,
    Attachment,
    Comment,
    Demand,
    Follow,
    Hiding,
    Look,
    Merge,
    Question,
    ReopenCall,
    Support,
)
from hamgara.domain.demands.queries.finding import listed
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person

# Many and alike: they are counted on the page, not listed; and that a deadline is near, or that an officer
# looked at a hidden name, is no step of its way.
_MANY = (events.Supported, events.SupportWithdrawn, events.Followed, events.Unfollowed, events.Commented)
_NO_STEPS = [event.KIND for event in (*_MANY, events.DeadlineNear, events.Looked)]
MOST_STEPS = 500
_ANSWERING = (events.Explained, events.Answered, events.Refused, events.FoundNotDoable, events.TakenOver)
MOST_LOOKS = 50


@dataclass(frozen=True)
class Moment:
    """One step of a demand's way, as recorded. `data` holds its public values only."""

    kind: str
    at: datetime
    body: Organisation | None
    role: str | None
    by_person: bool
    data: Mapping[str, Any]
    number: int

    @property
    def verb(self) -> str:
        """The kind without its chapter: «admitted», «promised»."""
        return self.kind.partition(".")[2]


def steps(demand: Demand) -> list[Entry]:
    """What was recorded of its way, oldest first."""
    return list(ledger.about(demand.subject).exclude(kind__in=_NO_STEPS)[:MOST_STEPS])


def timeline(demand: Demand) -> list[Moment]:
    """What happened to a demand, oldest first, whichever floor it happened on."""
    bodies = organisations.bodies().by_code
    return [
        Moment(
            kind=entry.kind,
            at=entry.at,
            body=bodies.get(entry.body["by"]["body"]),
            role=entry.body["by"]["role"],
            by_person=entry.body["by"]["person"] is not None,
            data={name: value for name, value in entry.data.items() if not _is_commitment(value)},
            number=entry.pk,
        )
        for entry in steps(demand)
    ]


def _is_commitment(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"commitment"}


@dataclass(frozen=True)
class Detail:
    """A demand with what belongs to it.

    Pages show `title`, `text`, `author_name` and `address` of this, never of the demand itself: they are empty where
    this reader may not see them.
    """

    demand: Demand
    words_shown: bool
    private_shown: bool
    concerned: bool
    supports: bool
    follows: bool
    called: bool

    @property
    def title(self) -> str:
        return self.demand.title if self.words_shown else ""

    @property
    def text(self) -> str:
        return self.demand.text if self.words_shown else ""

    @property
    def address(self) -> str:
        return self.demand.address if self.private_shown else ""

    @property
    def author_name(self) -> str | None:
        """None where the name is not shown to this reader."""
        if self.private_shown:
            return self.demand.author.display_name
        return self.demand.public_name if self.words_shown else None

    @cached_property
    def attachments(self) -> list[Attachment]:
        return (
            list(self.demand.attachments.select_related("hiding__unit"))
            if self.words_shown and self.demand.attachment_count
            else []
        )

    @cached_property
    def steps(self) -> list[Entry]:
        return steps(self.demand)

    def may_hold(self, *kinds: str) -> bool:
        """Something whose kind begins so was recorded of the demand, or more than was read.

        Every act is recorded: for what nobody did, the page need not ask.
        """
        return len(self.steps) == MOST_STEPS or any(entry.kind.startswith(kinds) for entry in self.steps)

    @cached_property
    def answers(self) -> list[Answer]:
        if not self.may_hold(*(event.KIND for event in _ANSWERING)):
            return []
        return list(organisations.naming(self.demand.answers.all(), unit=organisations.bodies))

    @cached_property
    def comments(self) -> list[Comment]:
        """Oldest first; a hidden one stays as a place with its reason and without its words."""
        if not self.words_shown or not self.demand.comment_count:
            return []
        comments = list(organisations.naming(self.demand.comments.all(), organisation=organisations.bodies))
        hidings = organisations.naming(Hiding.objects.all(), unit=organisations.bodies)
        prefetch_related_objects([each for each in comments if each.show_name], "author")
        prefetch_related_objects([each for each in comments if each.hiding_id], Prefetch("hiding", hidings))
        prefetch_related_objects([each for each in comments if each.name_hiding_id], Prefetch("name_hiding", hidings))
        for comment in comments:
            if comment.hiding is not None:
                comment.text = ""
        return comments

    @cached_property
    def questions(self) -> list[Question]:
        """What officers and the author asked and told each other; nothing to anybody else."""
        if not self.concerned or not self.may_hold(events.AskedBack.KIND):
            return []
        return list(self.demand.questions.select_related("unit"))

    @cached_property
    def looks(self) -> list[Look]:
        """Which units looked at what the author keeps from the public, when and why, the newest first."""
        return list(self.demand.looks.select_related("unit").order_by("-at")[:MOST_LOOKS])

    @cached_property
    def merged_here(self) -> list[Demand]:
        if not self.may_hold(events.Merged.KIND):
            return []
        return list(listed(Demand.objects.filter(merged_into=self.demand)))

    @cached_property
    def merge(self) -> Merge | None:
        """The merge that stands, if the demand was merged."""
        if self.demand.state != Demand.State.MERGED:
            return None
        return self.demand.merges.select_related("target").filter(undone_at=None).first()

    @cached_property
    def timeline(self) -> list[Moment]:
        return timeline(self.demand)


def has_looked(demand: Demand, person: Person | None) -> bool:
    """Whether an officer has said why they look, so lately that they still see it."""
    since = clock.now() - charter.period("demands.look_lasts")
    return person is not None and Look.objects.filter(demand=demand, person=person, at__gt=since).exists()


def detail(demand: Demand, person: Person | None, *, words: bool, private: bool, concerned: bool) -> Detail:
    """What `person` sees of a demand. `words` and `private` are what the policies `may_read_words` and
    `may_see_private` say, and `concerned` is who speaks for the demand or deals with it; they have no default, so that
    no page forgets to ask."""
    if person is None:
        return Detail(demand, words, private, concerned, supports=False, follows=False, called=False)
    mine = {"demand": OuterRef("pk"), "person": person}
    supports, follows, called = (
        Demand.objects.filter(pk=demand.pk)
        .values_list(
            Exists(Support.objects.filter(**mine)),
            Exists(Follow.objects.filter(**mine)),
            Exists(ReopenCall.objects.filter(**mine)),
        )
        .get()
    )
    return Detail(demand, words, private, concerned, supports=supports, follows=follows, called=called)
