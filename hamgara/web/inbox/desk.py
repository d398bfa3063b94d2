"""The officers' desk: what is before their units, by deadline, filtered; its whole state stands in the address."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import Mandate
from hamgara.web import acting
from hamgara.web.inbox.forms import DeskForm
from hamgara.web.officers import officers_only
from hamgara.web.views import reading


@reading
@officers_only
def listing(request: HttpRequest) -> HttpResponse:
    """What is before the units that this officer acts for, the nearest deadline first."""
    return render(request, "inbox/list.html", _shown(request))


def officers_mandates(request: HttpRequest) -> list[Mandate]:
    """The mandates of the municipality that this officer holds, the one that the desk is asked for first."""
    mandates = [each for each in acting.mandates(request) if acting.works_for_municipality(each)]
    return sorted(mandates, key=lambda each: str(each.key) != request.GET.get("acting"))


def _shown(request: HttpRequest) -> dict[str, Any]:
    mandates = officers_mandates(request)
    chosen = mandates[0]
    form = DeskForm(request.GET)
    form.is_valid()
    wanted = form.wanted(chosen, whole=acting.works_for_office(chosen))
    counts = queries.desk_counts(wanted)
    return {
        "page": _page(request, wanted, counts),
        "chosen": chosen,
        "choices": sorted(mandates, key=lambda each: each.organisation.label),
        "form": form,
        "wanted": wanted,
        "counts": counts,
        "keep": {name: request.GET.get(name, "") for name in ("acting", "all", "tab", "due")},
    }


def _page(request: HttpRequest, wanted: queries.Desk, counts: dict[str, int]) -> Page[Demand]:
    page = queries.page(queries.desk(wanted), 1, queries.PER_DESK_PAGE)
    if wanted.is_open:  # counted already, with the tabs
        page.paginator.count = counts[wanted.due or "every"]
    return page.paginator.get_page(request.GET.get("page", 1))
