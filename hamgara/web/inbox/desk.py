"""The officers' desk: what is before their units, by deadline, filtered; its whole state stands in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.demands import policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import Mandate
from hamgara.web import acting
from hamgara.web.forms import Form
from hamgara.web.inbox.forms import DeskForm
from hamgara.web.inbox.verbs import BULK, VERB, actors_of, form_of
from hamgara.web.officers import officers_only
from hamgara.web.views import reading


@reading
@officers_only
def listing(request: HttpRequest) -> HttpResponse:
    """What is before the units that this officer acts for, the nearest deadline first."""
    return render(request, "inbox/list.html", desk_page(request))


def officers_mandates(request: HttpRequest) -> list[Mandate]:
    """The mandates of the municipality that this officer holds, the one that the desk is asked for first."""
    mandates = [each for each in acting.mandates(request) if acting.works_for_municipality(each)]
    return sorted(mandates, key=lambda each: str(each.key) != request.GET.get("acting"))


def desk_page(
    request: HttpRequest, *, bulk: Mapping[str, Form] | None = None, chosen: Collection[str] = ()
) -> dict[str, Any]:
    """What the desk's page shows; `bulk` are forms for many demands that were sent wrong, `chosen` their codes."""
    mandates = officers_mandates(request)
    mandate = mandates[0]
    form = DeskForm(request.GET)
    form.is_valid()
    wanted = form.wanted(mandate, whole=acting.works_for_office(mandate))
    counts = queries.desk_counts(wanted)
    page = _page(request, wanted, counts)
    return {
        "page": page,
        "mandate": mandate,
        "leads": any(policies.may_see_workload(by, by.organisation) for by in actors_of(request) if by.organisation),
        "bulk": _for_many(request, page, bulk or {}) if wanted.is_open else [],
        "chosen": chosen,
        "choices": sorted(mandates, key=lambda each: each.organisation.label),
        "form": form,
        "wanted": wanted,
        "counts": counts,
        "keep": {name: request.GET.get(name, "") for name in ("acting", "all", "tab", "due")},
    }


def _for_many(request: HttpRequest, page: Page[Demand], wrong: Mapping[str, Form]) -> list[dict[str, Any]]:
    """The verbs for many demands at once, each with its form."""
    if not page.object_list:
        return []
    actors = actors_of(request)
    forms = {name: wrong.get(name) or form_of(VERB[name], list(page), actors, prefix=name) for name in BULK}
    return [{"verb": VERB[name], "form": form, "open": name in wrong} for name, form in forms.items()]


def _page(request: HttpRequest, wanted: queries.Desk, counts: dict[str, int]) -> Page[Demand]:
    count = counts[wanted.due or "every"] if wanted.is_open else None  # of what is open, counted with the tabs
    return queries.page(queries.desk(wanted), request.GET.get("page", 1), queries.PER_DESK_PAGE, count=count)
