"""The founding gathering: who met, who said what, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.demands import queries as demands
from hamgara.domain.organisations import queries
from hamgara.web.reading import language
from hamgara.web.views import reading

A_FEW = 4


def in_readers_language(record: Any) -> Any:
    """The record with each {language: words} as the words that the reader understands."""
    if isinstance(record, dict):
        if record.keys() <= {"fa", "en"} and record:
            return record.get(language()) or next(iter(record.values()))
        return {name: in_readers_language(value) for name, value in record.items()}
    if isinstance(record, list):
        return [in_readers_language(each) for each in record]
    return record


@reading
def gathering(request: HttpRequest) -> HttpResponse:
    """The record on which the city's way of working rests."""
    founding = queries.founding_gathering()
    if founding is None:
        raise Http404
    carried = demands.published().filter(on_behalf__isnull=False).select_related("field", "place", "on_behalf")
    here = {
        "record": in_readers_language(founding.record),
        # What organisations asked for first, once the city had begun to work in this way.
        "first": carried.order_by("submitted_at", "pk")[:A_FEW],
    }
    return render(request, "gathering/gathering.html", here)
