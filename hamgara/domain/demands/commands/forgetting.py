"""Letting go of somebody who is being erased: what was said in public stays, and nothing says by whom."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from hamgara.domain.demands import events
from hamgara.domain.demands.models import Attachment, Comment, Demand, Note, Question
from hamgara.domain.ledger.commands import command, record, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.people.models import Person
from hamgara.domain.people.policies import may_forget_person

NO_WORDS = "—"  # a demand has a title even when its words are gone


@command
def forget_person(*, by: Actor, person: Person, erasure: str) -> None:
    """Their demands lose the address and the mandate, and those that nobody may read lose their words and files.

    Support, followings and calls stay as numbers do: the rows go on pointing to a person in whom nothing is left.
    """
    require(may_forget_person(by))
    theirs = Demand.objects.filter(author=person)
    demands = theirs.update(address="", mandate_key=None)
    unread = theirs.filter(state__in=Demand.UNPUBLISHED)
    for attachment in Attachment.objects.filter(demand__in=unread):
        transaction.on_commit(partial(attachment.file.storage.delete, attachment.file.name))
        attachment.delete()
    unread.update(title=NO_WORDS, title_key="", text="", search_key="", latitude=None, longitude=None)
    Demand.objects.filter(declined_by=person).update(declined_by=None)
    Question.objects.filter(demand__author=person).update(text="", reply="", replied_by=None)
    Question.objects.filter(replied_by=person).update(reply="", replied_by=None)
    # Officers' notes on a demand are about its author, whoever wrote them.
    Note.objects.filter(demand__author=person).update(text="")
    comments = Comment.objects.filter(author=person)
    comments.exclude(hiding=None).update(text="")
    record(events.PersonForgotten(erasure=erasure, demands=demands, comments=comments.count()), by=by)
