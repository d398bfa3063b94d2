"""One box for everything that is public: a code leads straight to its page, words to what fits them."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hamgara.algorithms import tracking
from hamgara.algorithms.persian.stems import stems
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries as demands
from hamgara.domain.organisations.models import Place
from hamgara.domain.organisations.queries import place_tree
from hamgara.domain.search import queries
from hamgara.domain.search.models import Document
from hamgara.web.doing import WRONG
from hamgara.web.search.forms import SearchForm
from hamgara.web.search.marking import Marker
from hamgara.web.views import reading

OF_EACH = 5  # rows of a kind while all kinds are shown
A_PAGE = 20
PAGES = queries.LOOKED_AT // A_PAGE
MOST_PLACES = 3


@reading
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words and filters in the address."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=WRONG)
    typed = form.cleaned_data["q"]
    if (way := _by_code(typed)) is not None:
        return way
    kind = request.GET.get("kind", "")
    asked = form.asked(kind if kind in Document.Kind.values else "")
    number = _number(request) if asked.kind else 1
    try:
        found = queries.find(asked, first=(number - 1) * A_PAGE, count=A_PAGE if asked.kind else OF_EACH)
        if number > 1 and asked.kind not in found.totals:  # fewer pages than that
            number = 1
            found = queries.find(asked, count=A_PAGE)
        hints = [] if found.totals else queries.hints(asked)
    except queries.TooSlow:
        return _page(request, form, asked=asked, too_slow=True, status=503)
    page = Paginator(range(min(found.totals.get(asked.kind, 0), queries.LOOKED_AT)), A_PAGE).get_page(number)
    return _page(
        request,
        form,
        asked=asked,
        found=found,
        page=page,
        hints=hints,
        marker=Marker(asked.wishes),
        places=_named(place_tree(), typed),
        no_such_code=tracking.looks_like_one(typed),
    )


def _page(request: HttpRequest, form: SearchForm, *, status: int = 200, **more: object) -> HttpResponse:
    kinds = [(kind.value, kind.label) for kind in Document.Kind]
    here = {"form": form, "kinds": kinds, "looked_at": queries.LOOKED_AT}
    return render(request, "search/search.html", here | more, status=status)


def _by_code(typed: str) -> HttpResponse | None:
    """To the demand or promise whose code was typed."""
    demand = demands.by_code(typed)
    if demand is not None:
        return redirect("demands:detail", demand.code)
    code = commitments.code_in(typed)
    if code is not None and "-" in code and commitments.by_code(code) is not None:
        return redirect("commitments:detail", code)
    return None


def _number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "")
    return min(max(int(typed), 1), PAGES) if typed.isdecimal() and len(typed) < 5 else 1


def _named(places: Iterable[Place], typed: str) -> list[Place]:
    """The places whose whole name stands in what was typed, the longest names first."""
    words = set(stems(typed))
    named = [place for place in places if (name := set(stems(place.name))) and name <= words]
    return sorted(named, key=lambda place: -len(place.name))[:MOST_PLACES]
