"""Pages for what went wrong: each says what happened and what to do, in the reader's language."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg.errors import DiskFull, OutOfMemory

NO_ROOM, NO_MEMORY = 507, 503


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is at hand; what is no fault of the program has a page of its own."""
    status = status_of(sys.exc_info()[1])
    if status == NO_ROOM:
        _let_go_of_files(request)
    name = "500.html" if status == 500 else "507.html"
    try:
        answer = render(request, name, status=status)
    except Exception:  # whatever broke may break the head of the page too, which asks who is signed in
        answer = HttpResponse(render_to_string(name), status=status)
    if status != 500:
        answer["Retry-After"] = "300"
    return answer


def _let_go_of_files(request: HttpRequest) -> None:
    """A file that was on its way takes room until somebody closes it; Django leaves that to chance."""
    for handler in request.upload_handlers:
        if (file := getattr(handler, "file", None)) is not None:
            file.close()


def status_of(error: BaseException | None) -> int:
    """507 where a disk is full, ours or the database's; 503 where the database has no memory; else 500."""
    for each in _behind(error):
        if isinstance(each, DiskFull) or (isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT)):
            return NO_ROOM
        if isinstance(each, OutOfMemory):
            return NO_MEMORY
    return 500


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
