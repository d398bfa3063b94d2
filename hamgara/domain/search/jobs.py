"""Keeping what is searched as things are: a follower of the ledger, the first fill, and the words of every day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from hamgara.algorithms.persian.text import ZWNJ, key
from hamgara.domain.commitments import events as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import events as demands
from hamgara.domain.demands.models import Answer, Demand
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.events import KINDS
from hamgara.domain.ledger.jobs import reader_in_bulk
from hamgara.domain.ledger.models import Bookmark, Entry
from hamgara.domain.moderation import events as moderation
from hamgara.domain.organisations import events as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.search.models import Document, Word
from hamgara.domain.search.queries import shadows

CHAPTERS = {module.__name__.split(".")[2] for module in (commitments, demands, organisations)}
# They change nothing by which anything is found. Whatever is not named here is read, also what is added later.
IDLE = (
    demands.Supported,
    demands.SupportWithdrawn,
    demands.Followed,
    demands.Unfollowed,
    demands.Commented,
    demands.RouteSet,
    demands.Routed,
    demands.ReopeningCalled,
    demands.DeadlinePassed,
    demands.DeadlineNear,
    demands.Escalated,
    demands.AuthorAsked,
    demands.AuthorConfirmed,
    demands.AuthorDenied,
    organisations.MandateGranted,
    organisations.MandateEnded,
    organisations.MandateExpiring,
    organisations.MandateExpired,
)
READ = [
    *(event for kind, event in KINDS.items() if kind.partition(".")[0] in CHAPTERS and event not in IDLE),
    *(moderation.Hidden, moderation.Restored, moderation.AppealGranted),
]
AT_ONCE = 500
FOLLOWER = "search.documents"
FILL = 5000
RENAMING = {organisations.PlaceChanged.KIND, demands.FieldChanged.KIND}
WORD = re.compile(rf"[^\W\d_]+(?:{ZWNJ}[^\W\d_]+)*")
Kind = Document.Kind
LEAST = 2  # rows in which a word must stand before it is proposed to anybody
LONGEST_WORD = 30


@reader_in_bulk(FOLLOWER, *READ, at_once=AT_ONCE)
def keep_current(entries: list[Entry]) -> None:
    """Whatever the acts were about is read again as it is now, so that a second reading changes nothing."""
    codes: dict[str, set[str]] = {}
    for subject in {subject for entry in entries for subject in entry.subjects}:
        kind, _colon, code = subject.partition(":")
        codes.setdefault(kind, set()).add(code)
    renamed = [entry for entry in entries if entry.kind in RENAMING]
    asked = Demand.objects.filter(Q(code__in=codes.get("demand", ())) | _within(renamed, "place", "field"))
    bodies = Organisation.objects.filter(Q(code__in=codes.get("organisation", ())) | _within(renamed, "seat", None))
    names = shadows.Names.now()
    _renew(Kind.DEMAND, asked, names)
    _renew(Kind.ANSWER, Answer.objects.filter(demand__in=asked), names)
    promised = Commitment.objects.filter(Q(demand__in=asked) | Q(promisers__organisation__in=bodies)).distinct()
    _renew(Kind.COMMITMENT, promised, names)
    _renew(Kind.ORGANISATION, bodies, names)


def _within(renamed: list[Entry], place: str, field: str | None) -> Q:
    """What lies in a place, or belongs to a field, that has another name now."""
    found = Q(pk__in=[])
    for entry in renamed:
        if entry.kind == organisations.PlaceChanged.KIND:
            found |= Q(**{f"{place}__path__contains": f"/{entry.data['place']}/"})
        elif field is not None:
            found |= Q(**{f"{field}__path__contains": f"/{entry.data['field']}/"})
    return found


def _renew(kind: str, rows: QuerySet[Any], names: shadows.Names) -> None:
    """Make the documents of these rows what the rows are now; what is not published has none."""
    keys = list(rows.values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        made = shadows.documents(kind, shadows.PUBLISHED[kind]().filter(pk__in=some), names)
        Document.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=[kind],
            update_fields=["stems", "at", "version"],
        )
        there = [getattr(each, f"{kind}_id") for each in made]
        Document.objects.filter(**{f"{kind}__in": some}).exclude(**{f"{kind}__in": there}).delete()


def fill(say: Callable[[str], None], *, anew: bool = False) -> int:
    """Make every document that is missing or made by older rules; all of them, if `anew`. How many were made.

    A few thousand are a transaction of their own: whoever breaks it off goes on where it stood. A city that has years
    behind it need not let the follower read its whole ledger: it starts where the ledger stood when this began.
    """
    if anew:
        Document.objects.update(version=0)
    head, count = ledger.head(), 0
    names = shadows.Names.now()
    for kind in Kind.values:
        while some := list(shadows.missing(kind).values_list("pk", flat=True)[:FILL]):
            with transaction.atomic():
                _renew(kind, shadows.PUBLISHED[kind]().filter(pk__in=some), names)
            count += len(some)
            say(f"{kind}: {count}")
    Bookmark.objects.bulk_create([Bookmark(follower=FOLLOWER, position=head)], ignore_conflicts=True)
    gather_words()
    return count


def gather_words() -> None:
    """Count the words of what is published anew; a word that stood in one row alone is nobody's proposal."""
    written: dict[str, Counter[str]] = {}
    for text in shadows.published_titles():
        for word in {word for word in WORD.findall(text) if len(word) <= LONGEST_WORD}:
            if (plain := key(word)).isalpha() and len(plain) > 1:
                written.setdefault(plain, Counter())[word] += 1
    words = [
        Word(key=plain, written=forms.most_common(1)[0][0], count=forms.total())
        for plain, forms in written.items()
        if forms.total() >= LEAST
    ]
    with transaction.atomic():
        Word.objects.all().delete()
        Word.objects.bulk_create(words, batch_size=5000)


@app.periodic(cron="41 * * * *")
@app.task(name="search.gather_words", queueing_lock="search.gather_words")
def hourly(timestamp: int) -> None:
    """Every hour, so that a new word may be meant, and one that is no longer published may not."""
    gather_words()
