"""What the office does with fields: adds and changes them, and says which unit deals with each where."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations.models import Place
from hamgara.web import ability
from hamgara.web.doing import WRONG, do, done, sent
from hamgara.web.fields.forms import FieldForm, NewFieldForm, RouteForm, initial
from hamgara.web.officers import office_only
from hamgara.web.views import reading, writing

RESERVED = {"new"}  # codes that are addresses of other pages
FIRST_RANK = 100


@reading
@office_only
def listing(request: HttpRequest) -> HttpResponse:
    """Every field with its routes."""
    routes: dict[int, list[object]] = {}
    for route in queries.routes():
        routes.setdefault(route.field_id, []).append(route)
    # Of the demands alone, which their index by field counts; beside the fields, every demand would be read.
    asked = dict(Demand.objects.order_by().values_list("field").annotate(asked=Count("*")))
    rows = [
        {
            "field": each,
            "depth": each.path.count("/") - 2,
            "routes": routes.get(each.pk, []),
            "asked": asked.get(each.pk, 0),
        }
        for each in queries.field_tree()
    ]
    return render(request, "fields/list.html", {"rows": rows})


@writing
@office_only
def add(request: HttpRequest) -> HttpResponse:
    """Add a field, or a part of one."""
    form = NewFieldForm(sent(request), initial={"parent": request.GET.get("parent", ""), "rank": FIRST_RANK})
    if form.is_valid():
        code = slugify(form.cleaned_data["name_en"])[:50].strip("-")
        field = do(
            form,
            commands.add_field,
            names={"code": "name_en"},
            by=ability.actor(request, policies.may_manage_fields),
            code=f"{code}-field" if code in RESERVED or not code else code,
            **form.cleaned_data,
        )
        if field:
            messages.success(request, _("The field is in the list. Now say which unit deals with it."))
            return redirect("fields:change", field.code)
    return render(request, "fields/new.html", {"form": form}, status=WRONG if form.errors else 200)


@writing
@office_only
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change a field, and say which unit deals with it in which part of the city."""
    field = get_object_or_404(Field, code=code)
    routing = request.POST.get("what") == "route"
    form = FieldForm(None if routing else sent(request), initial=initial(field))
    route_form = RouteForm(sent(request) if routing else None, auto_id="id_route_%s")
    by = ability.actor(request, policies.may_manage_fields)
    if form.is_valid() and do(form, commands.change_field, by=by, field=field, **form.cleaned_data):
        messages.success(request, _("The field has been changed."))
        return redirect("fields:change", code)
    if route_form.is_valid() and do(route_form, commands.set_route, by=by, field=field, **route_form.cleaned_data):
        messages.success(request, _("Demands of this field in that part of the city now go to that unit."))
        return redirect("fields:change", code)
    here = {
        "field": field,
        "form": form,
        "route_form": route_form,
        "routes": queries.routes().filter(field=field),
        "line": queries.field_line(field),
    }
    return render(request, "fields/change.html", here, status=WRONG if form.errors or route_form.errors else 200)


@writing
@office_only
def end_route(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Take a route away: the next larger one holds again."""
    field, where = get_object_or_404(Field, code=code), get_object_or_404(Place, code=place)
    if request.method == "POST":
        by = ability.actor(request, policies.may_manage_fields)
        if done(request, commands.set_route, by=by, field=field, place=where, unit=None):
            messages.success(request, _("The route is gone; the next larger one holds again."))
    return redirect("fields:change", code)
