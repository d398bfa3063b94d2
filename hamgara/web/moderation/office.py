"""Moderation in the office: what awaits a decision, the most reported first, and deciding it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara.domain.ledger.commands import Refused, require
from hamgara.domain.moderation import commands, policies, queries
from hamgara.domain.moderation.models import Case, Report
from hamgara.domain.organisations.models import Organisation
from hamgara.web import ability, evidence
from hamgara.web.doing import TOO_LATE, WRONG, do, given
from hamgara.web.forms import Form
from hamgara.web.moderation.forms import HideForm, ReasonForm
from hamgara.web.moderation.views import by_code, entries, stands_on
from hamgara.web.officers import officers_only
from hamgara.web.telling import told
from hamgara.web.views import reading, writing

A_PAGE = 15


@dataclass(frozen=True)
class Verb:
    """One decision, its form and how its button looks."""

    name: str
    title: Promise
    symbol: str
    look: str
    form: type[Form]
    success: Promise

    @property
    def command(self) -> Callable[..., Case]:
        return getattr(commands, self.name)  # type: ignore[no-any-return]

    @property
    def policy(self) -> Callable[..., Any]:
        return getattr(policies, f"may_{self.name}")  # type: ignore[no-any-return]


VERBS = (
    Verb("hide", _("Hide it"), "eye-off", "danger", HideForm, _("It is hidden; the reason stands in its place.")),
    Verb("leave", _("Leave it as it is"), "eye", "plain", ReasonForm, _("It stays as it is.")),
    Verb(
        "grant_appeal",
        _("The appeal is right: show it again"),
        "eye",
        "plain",
        ReasonForm,
        _("It is shown again, and its author is told."),
    ),
    Verb(
        "dismiss_appeal",
        _("It stays hidden"),
        "eye-off",
        "danger",
        ReasonForm,
        _("It stays hidden, and its author is told why."),
    ),
    Verb(
        "restore",
        _("Show it again"),
        "eye",
        "plain",
        ReasonForm,
        _("It is shown again, and its author is told."),
    ),
)


def _counted(reports: list[Report]) -> list[tuple[str, int]]:
    """The reasons that were given, the most frequent first."""
    return Counter(each.reason_label for each in reports).most_common()


def unit_of(request: HttpRequest) -> Organisation:
    """The unit for which the reader decides; those who decide for none are refused."""
    every = ability.actors(request)
    by = next((each for each in every if policies.may_see_queue(each)), every[-1])
    require(policies.may_see_queue(by))
    assert by.organisation is not None
    return by.organisation


@reading
@officers_only
def queue(request: HttpRequest) -> HttpResponse:
    """What awaits a decision of the reader's unit, and what is hidden now."""
    unit = unit_of(request)
    hidden = request.GET.get("show") == "hidden"
    waiting = queries.queue(unit)
    found = Paginator(queries.hidden_now() if hidden else waiting, A_PAGE).get_page(request.GET.get("page"))
    here = {
        "unit": unit,
        "page": found,
        "hidden": hidden,
        "waiting_count": waiting.count() if hidden else found.paginator.count,
        "rows": [
            {"case": each, "reasons": [] if hidden else _counted(queries.awaiting(each)), "stands_on": stands_on(each)}
            for each in found
        ],
    }
    return render(request, "moderation/queue.html", here)


@writing
@officers_only
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """One thing in its context, with the reports, and what may be decided about it now."""
    case = by_code(code)
    unit_of(request)
    asked = next((verb for verb in VERBS if verb.name == request.POST.get("verb")), None)
    if request.method == "POST" and asked is None:
        raise BadRequest("no such decision")
    wrong = None
    if asked is not None:
        form = _form(request, asked, case, request.POST)
        by = ability.actor(request, asked.policy, case)
        try:
            if form.is_valid() and do(form, asked.command, by=by, case=case, **given(form)):
                messages.success(request, asked.success)
                return redirect("moderating:queue")
        except Refused as refused:
            now = by_code(code)
            if Case.LIFE.allows(Case.State(now.state), asked.name):
                raise
            # Another officer was faster: what they decided, and what this one wrote.
            messages.error(request, refused.reason)
            form.add_error(None, refused.reason)
            return _page(request, now, asked, form, status=TOO_LATE)
        wrong = form
    return _page(request, case, asked, wrong, status=WRONG if wrong is not None else 200)


def _form(request: HttpRequest, verb: Verb, case: Case, data: Any = None) -> Form:
    form = verb.form(data, auto_id=f"id_{verb.name}_%s")
    ability.ask(form, request, verb.policy, case)
    return form


def _page(request: HttpRequest, case: Case, asked: Verb | None, wrong: Form | None, *, status: int) -> HttpResponse:
    offered, denied = [], None
    every = ability.actors(request)
    for verb in VERBS:
        if verb is asked and status == TOO_LATE:
            offered.append({"verb": verb, "form": wrong})
            continue
        if not Case.LIFE.allows(Case.State(case.state), verb.name):
            continue
        decisions = [verb.policy(each, case) for each in every if each.mandate is not None]
        if any(decisions):
            form = wrong if verb is asked else _form(request, verb, case)
            offered.append({"verb": verb, "form": form})
        elif denied is None:
            denied = next((each.reason for each in reversed(decisions)), None)
    reports = queries.awaiting(case)
    here = {
        "case": case,
        "stands_on": stands_on(case),
        "reports": reports,
        "reasons": _counted(reports),
        "offered": offered,
        "denied": denied if not offered else None,
        "history": told(entries(case)),
    }
    return render(request, "moderation/decide.html", here, status=status)


@reading
@officers_only
def file(request: HttpRequest, code: str) -> FileResponse:
    """A photo or paper for those who decide about it, hidden or not; no browser keeps it."""
    case = by_code(code)
    unit_of(request)
    if case.file is None:
        raise Http404
    response = evidence.sent(case.file)
    response["Cache-Control"] = "no-store"
    return response
