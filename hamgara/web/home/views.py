"""The first page: what was asked, promised, verified and late, and the way to say something."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations import queries as organisations
from hamgara.web.demands.views import near_point
from hamgara.web.views import reading

A_FEW = 5
SHOWN = (*Demand.OPEN, *Demand.ENDED)  # a merged demand is found where it goes on


@reading
def home(request: HttpRequest) -> HttpResponse:
    near = near_point(request)
    fresh = queries.Wanted(sort="near" if near else "new", near=near, states=SHOWN)
    return render(
        request,
        "home/home.html",
        {
            "asked": queries.figures(),
            "promised": commitments.figures(),
            "near": near,
            "fresh": list(queries.listing(fresh)[:A_FEW]),
            "strong": list(queries.listing(queries.Wanted(sort="supported", states=Demand.OPEN))[:A_FEW]),
            "claims": list(commitments.latest_claims()[:3]),
            "gathering": organisations.founding_gathering(),
        },
    )
