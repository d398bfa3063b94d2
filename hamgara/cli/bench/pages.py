"""Every page of the city that can be asked for, with addresses of it that are there; a test holds the list complete."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

TIMES = 40  # each page, at another address each time
PUBLIC, SEARCH, DESK = 60, 80, 100  # milliseconds, p95
WORDS = ("آسفالت", "زباله", "چراغ", "کوچهٔ ۱۲", "درخت", "اتوبوس", "پیاده‌رو شکسته", "سگ ولگرد")
SPOKEN = ("چراغ کوچمون خرابه", "آشغالا رو نمیبرن", "درختا خشک شدن", "آسفالت خیابون داغونه")
FIELDS = ("roads", "cleanliness", "green", "social", "culture")

Asked = Callable[[], dict[str, Any]]


def nothing() -> dict[str, Any]:
    return {}


@dataclass
class Page:
    """One page: what it is called, which view makes it, and what may stand in its address and after its «?»."""

    name: str
    route: str
    given: Sequence[Any] | None = None  # one of these stands in the address; None: nothing does
    asked: Asked = nothing
    bar: int = PUBLIC
    reader: Any = None  # the person who asks; None: a stranger
    first: tuple[Any, ...] = field(default=())  # what stands in the address before it
    answer: int = 200

    @property
    def is_there(self) -> bool:
        """Whether this city has anything that the page could show."""
        return self.given is None or bool(self.given)

    def address(self, chance: random.Random) -> str:
        from django.urls import reverse
        from django.utils.http import urlencode

        last = () if self.given is None else (chance.choice(self.given),)
        query = urlencode(self.asked())
        return reverse(self.route, args=[*self.first, *last]) + (f"?{query}" if query else "")


def some(chance: random.Random, rows: Any, column: str = "code") -> list[Any]:
    """The codes of some of the rows."""
    count = rows.count()
    places = {chance.randrange(count) for _ in range(min(TIMES, count))} if count else set()
    return [rows.order_by("pk").values_list(column, flat=True)[place] for place in sorted(places)]


def everything(chance: random.Random) -> Iterator[Page]:
    """All pages, those of everybody first."""
    yield from _lists(chance)
    yield from _things(chance)
    yield from _figures(chance)
    yield from _searches(chance)
    yield from _officers(chance)
    yield from _office(chance)
    yield from _people(chance)


def _lists(chance: random.Random) -> Iterator[Page]:
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.organisations.models import Organisation, Place

    page, pick = chance.randrange, chance.choice
    units = some(chance, Organisation.objects.filter(kind="municipal_unit"))
    places = some(chance, Place.objects.all())
    pages = max(8, Demand.objects.count() // 20)
    yield Page("home", "home")
    for name, asked in {
        "": lambda: {"page": page(1, 50)},
        ", far back": lambda: {"page": page(pages // 2, pages)},
        " of a field": lambda: {"field": pick(FIELDS), "page": page(1, 5)},
        " of a place, by support": lambda: {"place": pick(places), "sort": "supported", "page": page(1, 4)},
        " of a unit": lambda: {"unit": pick(units), "page": page(1, 4)},
        " with words": lambda: {"q": pick(WORDS), "page": page(1, 3)},
        " past a deadline": lambda: {"overdue": "on", "sort": "deadline", "page": page(1, 4)},
        " near a point": lambda: {"sort": "near", "lat": "33.98", "lon": "51.44"},
    }.items():
        yield Page(f"demands{name}", "demands:list", asked=asked)
    for name, asked in {
        "": lambda: {"page": page(1, 50)},
        ", far back": lambda: {"page": page(pages // 4, pages // 2)},
        " past their date": lambda: {"overdue": "on", "page": page(1, 4)},
        " of a body": lambda: {"organisation": pick(units), "page": page(1, 4)},
        " with words": lambda: {"q": pick(WORDS)},
    }.items():
        yield Page(f"commitments{name}", "commitments:list", asked=asked)
    yield Page("reviews", "reviews:list", asked=lambda: {"page": page(1, 50)})
    yield Page("settled reviews", "reviews:list", asked=lambda: {"tab": "settled", "page": page(1, 50)})
    yield Page("organisations", "organisations:list", asked=lambda: {"page": page(1, 20)})
    yield Page("municipal units", "organisations:units")
    yield Page("places", "places:list")
    yield Page("following by a code", "demands:track")
    yield Page("moderation", "moderation:figures")
    yield Page("moderation of comments", "moderation:figures", asked=lambda: {"kind": "comment"})
    for name in ("charter", "privacy", "gathering"):
        yield Page(name, name)
    yield Page("about", "about")


def _things(chance: random.Random) -> Iterator[Page]:
    from django.db.models import Exists, OuterRef

    from hamgara.domain.commitments.models import Commitment
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.ledger.queries import head, public_acts
    from hamgara.domain.moderation.models import Case, Ruling
    from hamgara.domain.organisations.models import Organisation, Place
    from hamgara.domain.oversight.models import Review

    page = chance.randrange
    most = list(Demand.objects.order_by("-support_count").values_list("code", flat=True)[:TIMES])
    acts = [each.number for each in public_acts(before=page(head() // 2, head()))[:TIMES]]
    # The others are not public.
    bodies = Organisation.objects.exclude(state__in=("applied", "refused"))
    reviews = some(chance, Review.objects.all())
    ruled = Case.objects.filter(Exists(Ruling.objects.filter(case=OuterRef("pk")))).exclude(
        demand__state__in=Demand.UNPUBLISHED
    )
    yield Page("one demand", "demands:detail", some(chance, Demand.objects.exclude(state__in=Demand.UNPUBLISHED)))
    yield Page("one demand, much supported", "demands:detail", most)
    yield Page("one commitment", "commitments:detail", some(chance, Commitment.objects.all()))
    yield Page("one review", "reviews:detail", reviews)
    yield Page("certificate of a review", "reviews:certificate", reviews)
    yield Page("one organisation", "organisations:detail", some(chance, bodies))
    yield Page("one municipal unit", "organisations:detail", some(chance, bodies.filter(kind="municipal_unit")))
    yield Page("one place", "places:detail", some(chance, Place.objects.all()))
    yield Page("ledger", "ledger", asked=lambda: {"before": page(head() // 10, head())})
    yield Page("how to check the ledger", "check")
    yield Page("one act", "act", acts)
    yield Page("one case of moderation", "moderation:case", some(chance, ruled))


def _figures(chance: random.Random) -> Iterator[Page]:
    from hamgara.domain.demands.models import Field
    from hamgara.domain.organisations.models import Organisation, Place

    of = {
        "units": Organisation.objects.filter(kind="municipal_unit"),
        "places": Place.objects.all(),
        "fields": Field.objects.all(),
        "organisations": Organisation.objects.exclude(kind="municipal_unit").filter(state="accredited"),
    }
    year = _a_year()
    yield Page("figures of the city", "figures:city")
    yield Page("figures of the city, one year", "figures:city", asked=lambda: {"year": year})
    for name, rows in of.items():
        yield Page(f"figures of {name}", "figures:list", [name])
        yield Page(f"figures of {name}, in an order", "figures:list", [name], lambda: {"order": "done", "year": year})
        yield Page(f"figures of one of the {name}", "figures:card", some(chance, rows), first=(name,))


def _a_year() -> int:
    """Last year, as the calendar of the city has it."""
    from hamgara import clock
    from hamgara.algorithms.persian import calendar

    return calendar.parts(clock.today())[0] - 1


def _searches(chance: random.Random) -> Iterator[Page]:
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.organisations.models import Place

    page, pick = chance.randrange, chance.choice
    places = some(chance, Place.objects.exclude(level="city"))
    codes = some(chance, Demand.objects.exclude(state__in=Demand.UNPUBLISHED))
    for name, asked in {
        "one word": lambda: {"q": pick(WORDS)},
        "two words": lambda: {"q": f"{pick(WORDS)} {pick(('خیابان', 'محله', 'بوستان'))}"},
        "as people speak": lambda: {"q": pick(SPOKEN)},
        "in a place, awaiting an answer": lambda: {"q": pick(WORDS), "place": pick(places), "state": "waiting"},
        "of a field, in the last year": lambda: {"q": pick(WORDS), "field": pick(FIELDS), "days": "365"},
        "demands alone, a later page": lambda: {"q": pick(WORDS), "kind": "demand", "page": page(1, 5)},
    }.items():
        yield Page(f"search: {name}", "search:all", asked=asked, bar=SEARCH)
    yield Page("search: a tracking code", "search:all", asked=lambda: {"q": pick(codes)}, bar=SEARCH, answer=302)
    near = lambda: {"title": f"{pick(WORDS)} خیابان علوی کوچه {page(60)}"}  # noqa: E731
    yield Page("likest demands to a title", "demands:near", asked=near, bar=SEARCH)


def _head(**of: Any) -> Any:
    from hamgara.domain.organisations.queries import live_mandates

    return live_mandates().filter(role="head", **of).order_by("pk").select_related("person")[0].person


def _officers(chance: random.Random) -> Iterator[Page]:
    """The desks of the municipality, as the one sees them who has all of it before them."""
    from hamgara.domain.demands.models import AnswerTemplate, Demand
    from hamgara.domain.organisations.models import Place
    from hamgara.domain.organisations.queries import live_mandates

    pick = chance.choice
    mandates = live_mandates().filter(role="head", organisation__kind="municipal_unit")
    mandate = mandates.exclude(organisation__is_participation_office=True).order_by("organisation__path")[0]
    top, head = mandate.organisation, mandate.person
    waiting = Demand.objects.filter(state__in=(Demand.State.RECEIVED, Demand.State.ADMITTED))
    before_them = some(chance, waiting.filter(unit__path__startswith=top.path))
    admitted = some(chance, waiting.filter(unit__path__startswith=top.path, state=Demand.State.ADMITTED))
    places = some(chance, Place.objects.all())
    for name, asked in {
        "": nothing,
        ", all": lambda: {"all": "1", "page": chance.randrange(1, 5)},
        ", admitted": lambda: {"tab": "admitted"},
        ", late": lambda: {"due": "late"},
        ", of a place and field": lambda: {"place": pick(places), "field": pick(FIELDS)},
        ", with words": lambda: {"q": pick(WORDS)},
    }.items():
        yield Page(f"desk{name}", "inbox:list", asked=asked, bar=DESK, reader=head)
    yield Page("desk: one demand", "inbox:detail", before_them, bar=DESK, reader=head)
    yield Page("desk: workload", "inbox:workload", bar=DESK, reader=head)
    yield Page("desk: templates", "inbox:templates", bar=DESK, reader=head)
    yield Page("desk: a new template", "inbox:add_template", bar=DESK, reader=head)
    ours = some(chance, AnswerTemplate.objects.filter(unit=top, removed_at=None), "key")
    yield Page("desk: one template", "inbox:change_template", ours, bar=DESK, reader=head)
    yield Page(
        "desk: a new promise", "commitments:new", asked=lambda: {"demand": pick(admitted)}, bar=DESK, reader=head
    )
    yield Page("head of the municipality: my page", "me:home", bar=DESK, reader=head)
    yield Page("head of the municipality: all news", "me:news", bar=DESK, reader=head)


def _office(chance: random.Random) -> Iterator[Page]:
    """The participation office."""
    from hamgara.domain.demands.models import Field
    from hamgara.domain.imports.models import Import
    from hamgara.domain.moderation.models import Case
    from hamgara.domain.organisations.models import Organisation, Place

    office = _head(organisation__is_participation_office=True)
    page = chance.randrange

    def at(name: str, route: str, given: Sequence[Any] | None = None, asked: Asked = nothing) -> Page:
        return Page(f"office: {name}", route, given, asked, bar=DESK, reader=office)

    bodies = Organisation.objects.exclude(kind="municipal_unit")
    units = Organisation.objects.filter(kind="municipal_unit", is_participation_office=False)
    live = some(chance, units.exclude(parent=None).exclude(state__in=("closed", "merged")))
    yield at("home", "office:home")
    yield at("desk", "inbox:list")
    yield at("desk, the whole city", "inbox:list", asked=lambda: {"all": "1", "page": page(1, 5)})
    yield at("applications", "office:applications")
    yield at("bodies that nobody leads", "office:headless")
    yield at("register", "office:register", asked=lambda: {"page": page(1, 20)})
    yield at("register, with words", "office:register", asked=lambda: {"q": "انجمن", "state": "accredited"})
    yield at("one organisation", "office:organisation", some(chance, bodies))
    yield at("capabilities", "office:capabilities")
    yield at("units", "office:units")
    yield at("a new unit", "office:found")
    for verb in ("rename", "move", "merge", "close"):
        yield at(f"{verb} a unit", f"office:{verb}", live)
    yield at("places", "office:places")
    yield at("a new place", "office:add_place")
    yield at("one place", "office:place", some(chance, Place.objects.all()))
    yield at("fields", "fields:list")
    yield at("a new field", "fields:add")
    yield at("one field", "fields:change", some(chance, Field.objects.all()))
    yield at("imports", "imports:list")
    yield at("one import", "imports:run", some(chance, Import.objects.all(), "key"))
    yield at("moderation", "moderating:queue")
    yield at("one report", "moderating:decide", some(chance, Case.objects.all()))
    yield at("monitors", "monitors:list")
    yield at("witnesses", "witnesses:list")


def _people(chance: random.Random) -> Iterator[Page]:
    """Reviewers, citizens and the people of organisations."""
    from hamgara.domain.demands.models import Demand
    from hamgara.domain.oversight.models import Review, Seat

    seats = Seat.objects.filter(state=Seat.State.CALLED, review__state=Review.State.DRAWN).exclude(organisation=None)
    seat = seats.order_by("pk").first()
    judge = None if seat is None else _head(organisation=seat.organisation)
    called = [] if seat is None else [seat.key]
    yield Page("reviewer: all seats", "reviewer:list", None if called else (), bar=DESK, reader=judge)
    yield Page("reviewer: one seat", "reviewer:seat", called, bar=DESK, reader=judge)
    author = Demand.objects.filter(on_behalf=None, author__isnull=False).order_by("pk")[0].author
    for name, route in {
        "my page": "me:home",
        "all my demands": "me:mine",
        "all that I follow": "me:following",
        "all my news": "me:news",
        "profile": "me:profile",
        "what is held about me": "me:held",
        "leaving": "me:erase",
        "mail": "me:mail",
        "a new demand": "demands:new",
        "a new organisation": "organisations:new",
    }.items():
        yield Page(f"citizen: {name}", route, bar=DESK, reader=author)
    head = _head(organisation__kind="ngo", organisation__state="accredited")
    theirs = head.mandates.get(role="head", organisation__kind="ngo", ended_at=None).organisation
    for name in ("edit", "offers", "mandates"):
        yield Page(f"organisation's head: {name}", f"organisations:{name}", [theirs.code], bar=DESK, reader=head)
