"""The pages of the seeded city, asked for one after the other in this process, each time at another address.

No network and no kept pages: what is measured is the making. Whoever is signed in is so by a session of their own, as
the web would make it; so it runs on a copy of the city.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

TIMES = 40  # each page, at another address each time
COUNTED = 5  # of them, once more, for their queries
MOST_QUERIES = 12  # of what everybody reads
PUBLIC, SEARCH, DESK = 60, 80, 100  # milliseconds, p95
NOT_KEPT = {"HTTP_COOKIE": "measured=1"}  # somebody who brings a cookie gets a page of their own
WORDS = ("آسفالت", "زباله", "چراغ", "کوچهٔ ۱۲", "درخت", "اتوبوس", "پیاده‌رو شکسته", "سگ ولگرد")

Address = Callable[[], str]
Ask = Callable[[str], Any]


@dataclass
class Figures:
    """Of one page: milliseconds, and the most queries."""

    name: str
    bar: int
    queries: int
    p50: float
    p95: float

    @property
    def problems(self) -> list[str]:
        slow = [f"{self.name}: {self.p95:.0f} ms, not {self.bar}"] if self.p95 > self.bar else []
        many = self.bar != DESK and self.queries > MOST_QUERIES
        return slow + ([f"{self.name}: {self.queries} queries"] if many else [])


def table(pages: list[Figures]) -> list[str]:
    head = ["| page | queries | p50 ms | p95 ms | at most |", "|---|---|---|---|---|"]
    return head + [f"| {each.name} | {each.queries} | {each.p50:.0f} | {each.p95:.0f} | {each.bar} |" for each in pages]


def addresses(chance: random.Random) -> dict[str, Address]:
    """Every public page by what it is; each call gives another address of it."""
    from hamgara.domain.commitments.models import Commitment
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.ledger.queries import head, public_acts
    from hamgara.domain.organisations.models import Organisation, Place
    from hamgara.domain.oversight.models import Review

    page, pick = chance.randrange, chance.choice
    demands = some(chance, Demand.objects.exclude(state__in=Demand.UNPUBLISHED))
    most = list(Demand.objects.order_by("-support_count").values_list("code", flat=True)[:TIMES])
    promises, reviews = some(chance, Commitment.objects.all()), some(chance, Review.objects.all())
    # The others are not public.
    bodies = some(chance, Organisation.objects.exclude(state__in=("applied", "refused")))
    units = some(chance, Organisation.objects.filter(kind="municipal_unit"))
    places = some(chance, Place.objects.all())
    acts = [position.number for position in public_acts(before=page(head() // 2, head()), limit=TIMES)]
    fields = ("roads", "cleanliness", "green", "social", "culture")
    pages = Demand.objects.count() // 20
    return {
        "home": lambda: "/",
        "demands": lambda: f"/demands/?page={page(1, 50)}",
        "demands, far back": lambda: f"/demands/?page={page(pages // 2, pages)}",
        "demands of a field": lambda: f"/demands/?field={pick(fields)}&page={page(1, 5)}",
        "demands of a place, by support": lambda: f"/demands/?place={pick(places)}&sort=supported&page={page(1, 4)}",
        "demands of a unit": lambda: f"/demands/?unit={pick(units)}&page={page(1, 4)}",
        "demands with words": lambda: f"/demands/?q={pick(WORDS)}&page={page(1, 3)}",
        "demands past a deadline": lambda: f"/demands/?overdue=on&sort=deadline&page={page(1, 4)}",
        "demands near a point": lambda: "/demands/?sort=near&lat=33.98&lon=51.44",
        "one demand": lambda: f"/demands/{pick(demands)}/",
        "one demand, much supported": lambda: f"/demands/{pick(most)}/",
        "commitments": lambda: f"/commitments/?page={page(1, 50)}",
        "commitments, far back": lambda: f"/commitments/?page={page(pages // 4, pages // 2)}",
        "commitments past their date": lambda: f"/commitments/?overdue=on&page={page(1, 4)}",
        "commitments of a body": lambda: f"/commitments/?organisation={pick(units)}&page={page(1, 4)}",
        "commitments with words": lambda: f"/commitments/?q={pick(WORDS)}",
        "one commitment": lambda: f"/commitments/{pick(promises)}/",
        "reviews": lambda: f"/reviews/?page={page(1, 50)}",
        "settled reviews": lambda: f"/reviews/?tab=settled&page={page(1, 50)}",
        "one review": lambda: f"/reviews/{pick(reviews)}/",
        "organisations": lambda: f"/organisations/?page={page(1, 20)}",
        "one organisation": lambda: f"/organisations/{pick(bodies)}/",
        "one municipal unit": lambda: f"/organisations/{pick(units)}/",
        "municipal units": lambda: "/organisations/units/",
        "places": lambda: "/places/",
        "one place": lambda: f"/places/{pick(places)}/",
        "ledger": lambda: f"/ledger/?before={page(head() // 10, head())}",
        "one act": lambda: f"/ledger/{pick(acts)}/",
        "charter": lambda: "/charter/",
        "moderation": lambda: "/moderation/",
    }


def searches(chance: random.Random) -> dict[str, Address]:
    page, pick = chance.randrange, chance.choice
    return {
        "search": lambda: f"/search/?q={pick(WORDS)}",
        "likest demands to a title": lambda: f"/demands/near/?title={pick(WORDS)} خیابان علوی کوچه {page(60)}",
    }


def some(chance: random.Random, rows: Any, column: str = "code") -> list[str]:
    """The codes of some of the rows."""
    count = rows.count()
    places = {chance.randrange(count) for _ in range(min(TIMES, count))} if count else set()
    return [str(rows.order_by("pk").values_list(column, flat=True)[place]) for place in sorted(places)]


def desks(chance: random.Random) -> Iterator[tuple[str, Any, Address]]:
    """The desks of those who work in the city: a name, whose it is, and its addresses."""
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.organisations.models import Organisation
    from hamgara.domain.organisations.queries import live_mandates
    from hamgara.domain.oversight.models import Review, Seat

    def address(path: str, codes: list[str]) -> Address:
        return lambda: path.format(chance.choice(codes))

    heads = live_mandates().filter(role="head").select_related("person")
    office = heads.filter(organisation__is_participation_office=True)[0].person
    waiting = Demand.objects.filter(state__in=(Demand.State.RECEIVED, Demand.State.ADMITTED))
    top = Organisation.objects.filter(kind="municipal_unit").order_by("path")[0]
    busy = heads.filter(organisation=top)[0].person
    codes = some(chance, waiting.filter(unit__path__startswith=top.path))
    for path in ("/inbox/", "/me/"):
        yield f"head of the municipality: {path}", busy, address(path, [""])
    yield "head of the municipality: one demand", busy, address("/inbox/{}/", codes)
    for path in ("/inbox/?all=1", "/office/", "/office/register/", "/office/moderation/", "/office/monitors/"):
        yield f"participation office: {path}", office, address(path, [""])
    seats = Seat.objects.filter(state=Seat.State.CALLED, review__state=Review.State.DRAWN)
    seat = seats.exclude(organisation=None).order_by("pk").first()
    if seat is not None:
        judge = heads.filter(organisation=seat.organisation)[0].person
        yield "reviewer: all seats", judge, address("/reviewer/", [""])
        yield "reviewer: one seat", judge, address("/reviewer/{}/", some(chance, seats.filter(pk=seat.pk), "key"))
    author = Demand.objects.order_by("pk")[0].author
    yield "citizen: own pages", author, address("/me/", [""])
    yield "citizen: a new demand", author, address("/demands/new/", [""])


def signed_in(who: Any) -> Ask:
    """A browser in which `who` has signed in and shown the second factor."""
    from allauth.account.internal.flows.login import (
        _AUTHENTICATION_METHODS_USER_SESSION_KEY,
        AUTHENTICATION_METHODS_SESSION_KEY,
    )
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.test import Client

    browser = Client(raise_request_exception=True)
    browser.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    if not who.authenticator_set.exists():
        TOTP.activate(who, generate_totp_secret())
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
    session.save()
    return lambda path: browser.get(path, headers={"host": "127.0.0.1"})


def stranger() -> Ask:
    from django.test import Client

    browser = Client(raise_request_exception=True)
    return lambda path: browser.get(path, headers={"host": "127.0.0.1"}, **NOT_KEPT)


def measure(name: str, bar: int, ask: Ask, address: Address) -> Figures:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken, most = [], 0
    for number in range(TIMES + 1):
        path = address()
        began = time.perf_counter()
        answer = ask(path)
        if number:  # what is read once for all, at the first asking, is not the page's
            taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {path} answered {answer.status_code}")
    for _ in range(COUNTED):
        with CaptureQueriesContext(connection) as queries:
            ask(address())
        most = max(most, sum("SELECT" in each["sql"] for each in queries))
    return Figures(name, bar, most, median(taken), quantiles(taken, n=20)[18])


def everything() -> list[Figures]:
    """Every page of the city."""
    chance = random.Random(3)  # noqa: S311 - which page is asked for
    anybody = stranger()
    made = [measure(name, PUBLIC, anybody, address) for name, address in addresses(chance).items()]
    made += [measure(name, SEARCH, anybody, address) for name, address in searches(chance).items()]
    return made + [measure(name, DESK, signed_in(who), address) for name, who, address in desks(chance)]
