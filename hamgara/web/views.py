"""The two kinds of view: a reading one, in which the database refuses to write, and a writing one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from hamgara.domain.ledger import queries as ledger
from hamgara.integrations.read_only import asked_again_if_lost, read_only

View = Callable[..., HttpResponse]


def reading(view: View) -> View:
    """A view that only reads. It runs in a read-only transaction, which is thrown away at the end."""

    @functools.wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})

        def answer() -> HttpResponse:
            with read_only(), ledger.one_moment():
                return view(request, *args, **kwargs)

        return asked_again_if_lost(answer)

    read.access = "reading"  # type: ignore[attr-defined]
    return read


def writing(view: View) -> View:
    """A view for signed-in people that shows a form and calls one command with what comes back."""
    guarded = login_required(view)

    @functools.wraps(view)
    def write(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with ledger.one_moment():  # until the command has recorded something
            return guarded(request, *args, **kwargs)

    write.access = "writing"  # type: ignore[attr-defined]
    return write


def openly_writing(view: View) -> View:
    """A writing view for people who have not signed in, such as the one that signs them in."""
    view.access = "writing"  # type: ignore[attr-defined]
    return view
