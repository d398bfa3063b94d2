"""What the office does with bodies: founds and moves units; renames, merges and closes units and organisations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hamgara.domain.ledger.commands import require
from hamgara.domain.organisations import commands, policies
from hamgara.domain.organisations.models import Organisation
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.office.forms import AboutBody, CloseForm, FoundForm, MergeForm, MoveForm, RenameForm
from hamgara.web.office.views import acts
from hamgara.web.officers import office_only
from hamgara.web.organisations.views import RESERVED, unit_tree
from hamgara.web.views import reading, writing


@reading
@office_only
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units, each with what may be done with it."""
    return render(request, "office/units.html", {"tree": unit_tree()})


@writing
@office_only
def found(request: HttpRequest) -> HttpResponse:
    """Enter a new unit of the municipality."""
    form = FoundForm(sent(request), initial={"parent": request.GET.get("parent")})
    if form.is_valid():
        wished = slugify(form.cleaned_data["name_en"])[:40].strip("-")
        code = wished if wished and wished not in RESERVED else "unit"
        if unit := do(form, commands.found, by=acts(request), code=code, **form.cleaned_data):
            messages.success(request, _("The unit is in the tree. Now give somebody the mandate to lead it."))
            return redirect("organisations:mandates", unit.code)
    return render(request, "office/found.html", {"form": form}, status=WRONG if form.errors else 200)


def _changing(
    request: HttpRequest, code: str, form_class: type[AboutBody], command: Callable[..., Any], page: dict[str, Any]
) -> HttpResponse:
    """A form about one body, and the command behind it."""
    body = get_object_or_404(Organisation.objects.select_related("parent"), code=code)
    by = acts(request)
    require(policies.may_manage_units(by, body))
    initial = {"name": body.name, "name_en": body.name_en, "parent": body.parent}
    form = form_class(sent(request), organisation=body, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and do(form, command, by=by, organisation=body, **form.cleaned_data)
    ):
        messages.success(request, page["success"])
        return redirect("organisations:detail", code)
    return render(
        request, "office/body.html", {"form": form, "organisation": body, **page}, status=WRONG if form.errors else 200
    )


@writing
@office_only
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Give a body a new name."""
    page = {
        "title": _("Rename"),
        "lead": _("The old name stays in its history, and whoever looks for it still finds it."),
        "symbol": "pencil",
        "success": _("It has its new name."),
    }
    return _changing(request, code, RenameForm, commands.rename, page)


@writing
@office_only
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Hang a unit elsewhere in the tree."""
    page = {
        "title": _("Move in the tree"),
        "lead": _("Everything below it moves along."),
        "symbol": "move",
        "success": _("The unit stands in its new place."),
    }
    return _changing(request, code, MoveForm, commands.move, page)


@writing
@office_only
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Let a body go up in another one."""
    page = {
        "title": _("Merge into another"),
        "lead": _("It ends, and the other one takes over its work. This cannot be undone."),
        "symbol": "merge",
        "success": _("It has been merged; its work has gone to the other one."),
        "danger": True,
    }
    return _changing(request, code, MergeForm, commands.merge, page)


@writing
@office_only
def close(request: HttpRequest, code: str) -> HttpResponse:
    """End a body."""
    page = {
        "title": _("Close this body"),
        "lead": _("It ends; its history stays readable. This cannot be undone."),
        "symbol": "archive",
        "success": _("It has been closed."),
        "danger": True,
    }
    return _changing(request, code, CloseForm, commands.close, page)
