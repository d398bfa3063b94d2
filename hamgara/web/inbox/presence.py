"""Who else of the officers has a demand open: a hint that lasts minutes, kept beside the house and in no record.

The open page says every minute that it is still open (desk.js); a page that is only read writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara import clock
from hamgara.domain.demands import policies
from hamgara.domain.demands.models import Demand
from hamgara.domain.people.models import Person
from hamgara.web.demands.views import by_code
from hamgara.web.inbox.verbs import able, actors_of
from hamgara.web.officers import officers_only
from hamgara.web.views import writing

LASTS = timedelta(minutes=3)  # after the last word of the page: closed, asleep or without a network


@dataclass(frozen=True)
class Present:
    """Somebody who has the demand open, and since when."""

    name: str
    since: datetime


def _key(demand: Demand) -> str:
    return f"open:{demand.code}"


def _open(demand: Demand) -> dict[int, tuple[datetime, datetime]]:
    """Persons by number: since when they have it open, and when their page last said so."""
    known: dict[int, tuple[datetime, datetime]] = cache.get(_key(demand), {})
    return {person: times for person, times in known.items() if clock.now() - times[1] < LASTS}


def others(request: HttpRequest, demand: Demand) -> list[Present]:
    """Who but the reader has the demand open, the first one first. Names are looked up, not kept."""
    known = _open(demand)
    known.pop(request.user.pk or 0, None)
    names = {each.pk: each.display_name for each in Person.objects.filter(pk__in=known)} if known else {}
    found = [Present(names[person], since) for person, (since, _seen) in known.items() if person in names]
    return sorted(found, key=lambda each: each.since)


@writing
@officers_only
def still_open(request: HttpRequest, code: str) -> HttpResponse:
    """The reader's page is still open; the answer says who else's is."""
    demand = by_code(code)
    if able(actors_of(request), policies.handles, demand) is None:
        raise Http404
    if request.method == "POST" and request.user.pk is not None:
        known, now = _open(demand), clock.now()
        known[request.user.pk] = known.get(request.user.pk, (now, now))[0], now
        cache.set(_key(demand), known, timeout=LASTS.total_seconds())
    return render(request, "inbox/open.html", {"others": others(request, demand)})
