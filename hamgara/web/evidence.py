"""Files that support what somebody says: listed beneath the words, and served so that nothing in them runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from hamgara.domain.commitments.models import KeptFile
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.demands.models import Attachment
from hamgara.domain.moderation.models import Case
from hamgara.web.reading import number

R = TypeVar("R")

GONE = 410  # the status of a file that was hidden


def listed(
    files: Iterable[KeptFile | Attachment], address: Callable[[int], str], kind: Case.Kind
) -> list[dict[str, Any]]:
    """The files as the component `attachments` shows them: a hidden one is its place and the reason, no more."""
    found = []
    for place, each in enumerate(files, start=1):
        href, picture = address(each.pk), each.kind == "image"
        name = (_("Photo %(number)s") if picture else _("Paper %(number)s")) % {"number": number(place)}
        shown = {"url": href, "size": each.size, "thumbnail": href if picture else None, "case": f"{kind}.{each.pk}"}
        found.append({"name": name, "hiding": each.hiding} | ({} if each.hiding is not None else shown))
    return found


def served(request: HttpRequest, kept: KeptFile | Attachment) -> HttpResponseBase:
    """The file itself; «gone», with the reason, where it was hidden, at its own address as everywhere."""
    if kept.hiding is not None:
        return render(request, "moderation/gone.html", {"hiding": kept.hiding}, status=GONE)
    return sent(kept)


def sent(kept: KeptFile | Attachment) -> FileResponse:
    """The bytes; a paper is saved, not opened in the page's place."""
    response = FileResponse(kept.file.open("rb"), as_attachment=kept.kind == "pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def with_safe_files(command: Callable[..., R]) -> Callable[..., R]:
    """The command, given its uploads made safe first: that takes a second, in which no row should be locked."""

    def run(*, files: Iterable[Any], **kwargs: Any) -> R:
        return command(files=made_safe(files), **kwargs)

    return run
