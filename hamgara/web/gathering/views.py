"""The founding gathering: who met, who said what, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations import queries
from hamgara.web.reading import language
from hamgara.web.views import reading


def in_readers_language(record: Any) -> Any:
    """The record with each {language: words} as the words that the reader understands."""
    if isinstance(record, dict):
        if record.keys() <= {"fa", "en"} and record:
            return record.get(language()) or next(iter(record.values()))
        return {name: in_readers_language(value) for name, value in record.items()}
    if isinstance(record, list):
        return [in_readers_language(each) for each in record]
    return record


def _asked(named: list[Any]) -> list[tuple[str, Demand | None]]:
    """What was asked there, in the reader's words, each with the demand by which an organisation carries it."""
    wordings = [list(each.values()) if isinstance(each, dict) else [each] for each in named]
    carried = demands.carried_as([title for titles in wordings for title in titles])
    return [
        (in_readers_language(each), next((carried[title] for title in titles if title in carried), None))
        for each, titles in zip(named, wordings, strict=True)
    ]


@reading
def gathering(request: HttpRequest) -> HttpResponse:
    """The record on which the city's way of working rests."""
    founding = queries.founding_gathering()
    if founding is None:
        raise Http404
    here = {
        "record": in_readers_language(founding.record),
        "asked": _asked(founding.record.get("asked", [])),
    }
    return render(request, "gathering/gathering.html", here)
