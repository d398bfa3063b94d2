"""Making a demand: first the five nearest open ones, then, if none is the same, a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson, Place
from hamgara.web import acting
from hamgara.web.demands.forms import DemandForm
from hamgara.web.doing import WRONG, ask_in_whose_name, do, given
from hamgara.web.forms import PointField
from hamgara.web.places.fields import around_city
from hamgara.web.places.views import points
from hamgara.web.reading import in_line, to_reader
from hamgara.web.views import reading, writing

WHATEVER_COMES = "on"


@writing
def new(request: HttpRequest) -> HttpResponse:
    """The form. Where like demands are open, it is answered with them first; «it is new» goes on."""
    form = DemandForm(
        request.POST or None,
        request.FILES or None,
        bounds=around_city(),
        initial={"place": request.GET.get("place", ""), "field": request.GET.get("field", "")},
    )
    ask_in_whose_name(form, request, fits=acting.speaks_for_body)
    near: list[queries.Near] = []
    referred: Field | None = None
    if request.method == "POST" and form.is_valid():
        data = given(form)
        if not data["field"].takes_demands:
            referred = data["field"]
        else:
            if WHATEVER_COMES not in _said_to_be_new(request.POST):
                near = queries.nearest(data["title"], place=data["place"], field=data["field"], point=data["point"])
            if _answered(request.POST, near):
                near = []  # whatever else is wrong, nobody is asked twice
                demand = do(form, _submit, request=request, data=data)
                if demand is not None:
                    received = _("Received. Its tracking code is %(code)s: keep it. You will hear what becomes of it.")
                    messages.success(request, received % {"code": in_line(to_reader(demand.shown_code))})
                    return redirect("demands:detail", demand.code)
    made_today = queries.made_today(request.user)  # type: ignore[arg-type]
    city = organisations.city()
    return render(
        request,
        "demands/new.html",
        {
            "form": form,
            "near": near,
            "referred": referred,
            "may": policies.may_submit(ActingPerson(request.user), made_today=made_today),  # type: ignore[arg-type]
            "fields": [each for each in queries.field_tree() if each.parent_id is None],
            "centre": (city.latitude, city.longitude) if city and city.latitude is not None else None,
            "places": points(organisations.place_tree()),
        },
        status=WRONG if form.errors or referred else 200,
    )


def _submit(request: HttpRequest, data: dict[str, Any]) -> Demand:
    """Photos are made safe first: that takes a second, in which no row should be locked."""
    files = commands.made_safe(data.pop("files"))
    return commands.submit(by=acting.actor(request), files=files, **data)


def _answered(given: QueryDict, near: list[queries.Near]) -> bool:
    """Whoever asks has seen all of these, and says that theirs is new."""
    seen = _said_to_be_new(given)
    return WHATEVER_COMES in seen or all(each.demand.code in seen for each in near)


def _said_to_be_new(given: QueryDict) -> list[str]:
    """The codes of the demands from which theirs differs, or that it differs from whatever comes."""
    return " ".join(given.getlist("is_new")).split()


@reading
def near(request: HttpRequest) -> HttpResponse:
    """While the title is typed: the five nearest open demands, as a fragment of the form's page."""
    found = queries.nearest(
        request.GET.get("title", "")[:400],
        place=Place.objects.filter(code=request.GET.get("place", "")).first(),
        field=Field.objects.filter(code=request.GET.get("field", "")).first(),
        point=_point(request.GET),
    )
    return render(request, "demands/near.html", {"near": found, "answered": _answered(request.GET, found)})


def _point(given: QueryDict) -> tuple[float, float] | None:
    """The point, once it is whole: it is typed number by number."""
    try:
        return PointField(required=False).clean([given.get("point_lat", ""), given.get("point_lng", "")])  # type: ignore[no-any-return]
    except ValidationError:
        return None
