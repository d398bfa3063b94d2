"""What the office does with places: adds them, and corrects their names, points and outlines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hamgara.domain.organisations import commands, queries
from hamgara.domain.organisations.models import Place
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.office.forms import ChangePlaceForm, NewPlaceForm
from hamgara.web.office.views import acts
from hamgara.web.officers import office_only
from hamgara.web.places import line
from hamgara.web.places.views import branches, points
from hamgara.web.views import reading, writing

RESERVED = {"new"}  # codes that are addresses of other pages


@reading
@office_only
def listing(request: HttpRequest) -> HttpResponse:
    """Every place, each with the way to correct it."""
    return render(request, "office/places.html", {"tree": branches(queries.place_tree())})


@writing
@office_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a part of the city."""
    initial = {"within": request.GET.get("within")}
    form = NewPlaceForm(sent(request), initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        latitude, longitude = data.pop("point")
        code = slugify(data["name_en"])[:50].strip("-")
        place = do(
            form,
            commands.add_place,
            names={"code": "name_en"},
            by=acts(request),
            code=f"{code}-place" if code in RESERVED else code,
            latitude=latitude,
            longitude=longitude,
            **data,
        )
        if place:
            messages.success(request, _("The place is in the list."))
            return redirect("places:detail", place.code)
    here = {"form": form, "city": queries.city(), "places": points(queries.place_tree())}
    return render(request, "office/add_place.html", here, status=WRONG if form.errors else 200)


@writing
@office_only
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a place."""
    place = get_object_or_404(Place, code=code)
    point = (place.latitude, place.longitude) if place.latitude is not None else None
    initial = {"name": place.name, "name_en": place.name_en, "point": point}
    form = ChangePlaceForm(sent(request), request.FILES or None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        wished = {"name": data["name"], "name_en": data["name_en"]}
        wished["latitude"], wished["longitude"] = data["point"]
        if data["outline"] is not None:
            wished["outline"] = data["outline"]
        if do(form, commands.change_place, by=acts(request), place=place, **wished):
            messages.success(request, _("The place has been corrected."))
            return redirect("places:detail", code)
    here = {
        "form": form,
        "place": place,
        "line": line.links(place),
        "city": queries.city(),
        "places": points(queries.place_tree()),
    }
    return render(request, "office/place.html", here, status=WRONG if form.errors else 200)
