"""Each view either reads or writes, and the database refuses to write in one that reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from hamgara.domain.people.models import Person
from hamgara.web.views import reading


def views(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """(address, view) of every page; those of libraries keep their own ways."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from views(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern), each.callback


OURS = [pytest.param(view, id=address or "/") for address, view in views() if view.__module__.startswith("hamgara.")]


def test_there_are_views() -> None:
    assert len(OURS) > 40


@pytest.mark.parametrize("view", OURS)
def test_a_view_is_marked_as_reading_or_writing(view: Callable[..., Any]) -> None:
    assert getattr(view, "access", None) in {"reading", "writing"}, f"{view.__module__}.{view.__name__}"


@pytest.mark.parametrize("view", OURS)
def test_a_view_stands_with_the_pages(view: Callable[..., Any]) -> None:
    assert view.__module__.startswith("hamgara.web.")


@pytest.mark.django_db
def test_the_database_refuses_to_write_in_a_reading_view(rf: RequestFactory) -> None:
    @reading
    def sly(request: HttpRequest) -> HttpResponse:
        Person.objects.create(name="nobody")
        return HttpResponse()

    with pytest.raises(InternalError, match="read-only transaction"):
        sly(rf.get("/"))


@pytest.mark.django_db
def test_a_reading_view_answers_no_form(rf: RequestFactory) -> None:
    @reading
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("read")

    assert page(rf.get("/")).content == b"read"
    assert page(rf.post("/")).status_code == 405
    Person.objects.create(name="the ban is lifted again")
