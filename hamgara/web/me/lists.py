"""The whole of what my page shows a few of: my demands, what I follow, and all news."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.channels import notices
from hamgara.channels.models import Notice
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.people.models import Person
from hamgara.web import telling
from hamgara.web.views import reading

A_PAGE = 20


def news(found: list[Notice], person: Person) -> list[dict[str, Any]]:
    """Each notice in words, with what it is about and whether it is new."""
    entries = [notice.entry for notice in found]
    told = zip(telling.told(entries, linked=True), _subjects(entries, person), found, strict=True)
    return [{**item, "about": about, "new": notice.read_at is None} for item, about, notice in told]


def _subjects(entries: list[Entry], reader: Person) -> list[str]:
    """What each entry is about, by name: a demand if there is one, else an organisation."""
    codes = {subject.partition(":")[::2] for entry in entries for subject in entry.subjects}
    bodies = organisations.bodies().by_code
    named = {
        bodies[code].subject: bodies[code].label for kind, code in codes if kind == "organisation" and code in bodies
    }
    readable = Q(author=reader) | ~Q(state__in=Demand.UNPUBLISHED)
    asked = Demand.objects.filter(readable, code__in=[code for kind, code in codes if kind == "demand"])
    named |= {demand.subject: demand.title for demand in asked}
    return [next((named[subject] for subject in sorted(entry.subjects) if subject in named), "") for entry in entries]


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


@reading
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every demand that the reader made, whatever became of it."""
    page = _page(request, demands.of_author(request.user))  # type: ignore[arg-type]
    return render(request, "me/list.html", {"what": "mine", "page": page})


@reading
@login_required
def following(request: HttpRequest) -> HttpResponse:
    """Every demand that the reader follows."""
    page = _page(request, demands.followed_by(request.user))  # type: ignore[arg-type]
    return render(request, "me/list.html", {"what": "following", "page": page})


@reading
@login_required
def all_news(request: HttpRequest) -> HttpResponse:
    """All that the reader was told, the newest first."""
    person: Person = request.user  # type: ignore[assignment]
    page = _page(request, notices.of(person))
    here = {
        "what": "news",
        "page": page,
        "notices": news(list(page), person),
        "unread": notices.unread(person).exists(),
    }
    return render(request, "me/list.html", here)
