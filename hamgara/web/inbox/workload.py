"""How the work of a unit lies on its officers, for those who lead it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.demands import policies, queries
from hamgara.domain.ledger.commands import require
from hamgara.domain.organisations import queries as organisations
from hamgara.web.inbox.verbs import able, actors_of
from hamgara.web.officers import officers_only
from hamgara.web.views import reading


@reading
@officers_only
def page(request: HttpRequest) -> HttpResponse:
    """The table of one unit and those below it; without a choice, of the first that the reader leads."""
    actors = actors_of(request)
    led = [by.organisation for by in actors if by.organisation and policies.may_see_workload(by, by.organisation)]
    if not led:
        require(policies.may_see_workload(actors[0], actors[0].organisation))  # type: ignore[arg-type]
    choices = [each for each in organisations.units() if able(actors, policies.may_see_workload, each) is not None]
    unit = next((each for each in choices if each.code == request.GET.get("unit")), None)
    if unit is None and request.GET.get("unit"):
        raise Http404
    unit = unit or led[0]
    return render(request, "inbox/workload.html", {"unit": unit, "choices": choices, "rows": queries.workload(unit)})
