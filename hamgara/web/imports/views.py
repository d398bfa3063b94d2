"""Bring a file in, say which column holds what, watch the rows land, and fetch those that came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara.domain.imports import commands, queries
from hamgara.domain.imports.models import Import
from hamgara.web.doing import WRONG, do, done, sent
from hamgara.web.exports import exporting, plain_table
from hamgara.web.imports.forms import ColumnsForm, FileForm
from hamgara.web.office.views import acts
from hamgara.web.officers import office_only
from hamgara.web.reading import number
from hamgara.web.views import reading, writing

A_PAGE = 25
A_FEW = 20
A_GLANCE, PREVIEWED = 32, 6  # letters of a cell, and columns, of which a preview shows the first

# The single buttons of an import's page: what each does, and what is said when it worked.
BUTTONS: dict[str, tuple[Callable[..., Import], Any]] = {
    "stop": (commands.stop, gettext_lazy("The import is stopped. What has been taken over stays.")),
    "carry_on": (commands.carry_on, gettext_lazy("The import goes on from where it ended.")),
    "discard": (commands.discard, gettext_lazy("The file is thrown away. What has been taken over stays.")),
}


@writing
@office_only
def listing(request: HttpRequest) -> HttpResponse:
    """All imports, and a form for one more."""
    form = FileForm(sent(request), request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        run = do(
            form, commands.receive, by=acts(request), kind=form.cleaned_data["kind"], name=upload.name, upload=upload
        )
        if run:
            return redirect("imports:run", run.key)
    page = Paginator(queries.listed(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"form": form, "page": page}, status=WRONG if form.errors else 200)


@writing
@office_only
def run(request: HttpRequest, key: UUID) -> HttpResponse:
    """One import: its columns and a preview before it starts, then its progress and its report."""
    found = get_object_or_404(Import, key=key)
    asked = request.POST.get("decision", "") if request.method == "POST" else None
    if asked in BUTTONS:
        command, success = BUTTONS[asked]
        if done(request, command, by=acts(request), run=found):
            messages.success(request, success)
        return redirect("imports:run", key)
    if asked is not None and asked not in ("preview", "start"):
        raise BadRequest("no such decision")
    here: dict[str, Any] = {"run": found, "waits": _waits(found)}
    if found.state == Import.State.RECEIVED or asked:
        remembered = queries.chosen_before(found)
        form = ColumnsForm(found, sent(request), initial=remembered or queries.guessed(found.kind, found.titles))
        columns = form.initial if asked is None else form.columns if form.is_valid() else {}
        if (
            asked == "start"
            and form.is_valid()
            and do(form, commands.start, by=acts(request), run=found, columns=columns)
        ):
            messages.success(request, _("The rows are being taken over. You may leave this page; the work goes on."))
            return redirect("imports:run", key)
        here |= {"form": form, "remembered": remembered is not None, **_preview(found, columns)}
        return render(request, "imports/run.html", here, status=WRONG if form.errors else 200)
    here["returned"] = [(number(each.number), each.reason) for each in found.bad_rows.all()[:A_FEW]]
    return render(request, "imports/run.html", here)


def _preview(found: Import, columns: Mapping[str, str]) -> dict[str, Any]:
    """The first rows by this choice of columns, and what would become of each."""
    preview = queries.preview(found, columns)
    if preview is None:
        return {}
    rows = [
        [
            number(each.number),
            each.reason or _("is taken over"),
            *(Truncator(cell).chars(A_GLANCE) for cell in each.cells[:PREVIEWED]),
        ]
        for each in preview.rows
    ]
    heads = [_("row"), _("what becomes of it"), *preview.heads[:PREVIEWED]]
    return {"preview_heads": heads, "preview_rows": rows}


def _waits(found: Import) -> bool:
    """Another import is being worked on, and this one comes after it."""
    first = queries.next_to_work() if found.state == Import.State.UNDER_WAY else None
    return first is not None and first.pk != found.pk


@reading
@office_only
def progress(request: HttpRequest, key: UUID) -> HttpResponse:
    """The part of an import's page that moves; when the import has ended, the whole page comes anew."""
    found = get_object_or_404(Import, key=key)
    response = render(request, "imports/progress.html", {"run": found, "waits": _waits(found)})
    if found.state != Import.State.UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@exporting
@office_only
def returned(request: HttpRequest, key: UUID) -> HttpResponse:
    """The rows that came back, as a file to correct and send again."""
    found = get_object_or_404(Import, key=key)
    return plain_table(request, "returned", lambda: queries.returned_rows(found))
