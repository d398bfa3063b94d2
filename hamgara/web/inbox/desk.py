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

FROM_THE_DESK = "desk"


@reading
@officers_only
def listing(request: HttpRequest) -> HttpResponse:
    """What is before the units that this officer acts for, the nearest deadline first."""
    return render(request, "inbox/list.html", desk_page(request))


def officers_mandates(request: HttpRequest) -> list[Mandate]:
    """The mandates of the municipality that this officer holds, the one that the desk is asked for first."""
    mandates = [each for each in acting.mandates(request) if acting.works_for_municipality(each)]
    return sorted(mandates, key=lambda each: str(each.key) != request.GET.get("acting"))


def _wanted(request: HttpRequest, mandate: Mandate) -> tuple[DeskForm, queries.Desk]:
    form = DeskForm(request.GET)
    form.is_valid()
    return form, form.wanted(mandate, whole=acting.works_for_office(mandate))


def came_from(request: HttpRequest) -> queries.Desk | None:
    """The list of the desk from which the officer opened this demand: its address came along with the link."""
    return _wanted(request, officers_mandates(request)[0])[1] if FROM_THE_DESK in request.GET else None


def query_of(request: HttpRequest) -> str:
    """What leads back to that list, and on through it."""
    kept = request.GET.copy()
    for name in ("template", "verb", "page"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if FROM_THE_DESK in kept else ""


def desk_page(
    request: HttpRequest, *, bulk: Mapping[str, Form] | None = None, chosen: Collection[str] = ()
) -> dict[str, Any]:
    """What the desk's page shows; `bulk` are forms for many demands that were sent wrong, `chosen` their codes."""
    mandates = officers_mandates(request)
    mandate = mandates[0]
    form, wanted = _wanted(request, mandate)
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
