"""What officers do with one demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from hamgara.domain.commitments import policies as commitment_policies
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import acts_for_office
from hamgara.web import acting
from hamgara.web.demands.views import NOISE, by_code
from hamgara.web.doing import WRONG, do, given
from hamgara.web.forms import Form
from hamgara.web.inbox import forms
from hamgara.web.officers import officers_only
from hamgara.web.telling import told
from hamgara.web.views import writing


@dataclass(frozen=True)
class Verb:
    """One thing an officer may do with a demand: its form, the policy and the command behind it."""

    name: str
    title: Any
    symbol: str
    form: type[Form]
    policy: Callable[..., Any]
    command: Callable[..., Any]
    success: Any
    look: str = "plain"
    aside: bool = False  # who deals with it, not what becomes of it


VERBS = (
    Verb(
        "take",
        gettext_lazy("I deal with it"),
        "user-check",
        forms.NothingToFillIn,
        policies.may_take,
        commands.take,
        gettext_lazy("You deal with this demand now; your colleagues see it."),
        aside=True,
    ),
    Verb(
        "give-back",
        gettext_lazy("Give it back to the unit"),
        "undo-2",
        forms.NothingToFillIn,
        policies.may_give_back,
        commands.give_back,
        gettext_lazy("Nobody in particular deals with this demand now; whoever has time takes it."),
        "quiet",
        aside=True,
    ),
    Verb(
        "hand-over",
        gettext_lazy("Hand it over"),
        "users",
        forms.HandOverForm,
        policies.may_hand_over,
        commands.hand_over,
        gettext_lazy("Your colleague deals with this demand now and has been told."),
        aside=True,
    ),
    Verb(
        "admit",
        gettext_lazy("Admit it"),
        "check",
        forms.NothingToFillIn,
        policies.may_admit,
        commands.admit,
        gettext_lazy("The demand is admitted; the clock for the answer runs."),
        "strong",
    ),
    Verb(
        "explain",
        gettext_lazy("Answer in words"),
        "message-square-reply",
        forms.ExplainForm,
        policies.may_explain,
        commands.explain,
        gettext_lazy("Your answer stands on the demand's page, in your unit's name."),
    ),
    Verb(
        "decline",
        gettext_lazy("Do not admit it"),
        "x",
        forms.DeclineForm,
        policies.may_decline,
        commands.decline,
        gettext_lazy("The demand is not admitted; its author has been told and may appeal once."),
        "danger",
    ),
    Verb(
        "refuse",
        gettext_lazy("Refuse it"),
        "ban",
        forms.RefuseForm,
        policies.may_refuse,
        commands.refuse,
        gettext_lazy("The demand is refused; the reason stands in public."),
        "danger",
    ),
    Verb(
        "not-doable",
        gettext_lazy("It cannot be done"),
        "construction",
        forms.NotDoableForm,
        policies.may_find_not_doable,
        commands.find_not_doable,
        gettext_lazy("The demand is found not doable; the reason stands in public."),
        "danger",
    ),
    Verb(
        "route",
        gettext_lazy("Pass it to another unit"),
        "route",
        forms.RouteForm,
        policies.may_route,
        commands.route,
        gettext_lazy("The demand is with the other unit now."),
    ),
    Verb(
        "merge",
        gettext_lazy("Merge it with a like demand"),
        "merge",
        forms.MergeForm,
        policies.may_merge,
        commands.merge,
        gettext_lazy("The two demands go on as one; this can be undone."),
    ),
    Verb(
        "unmerge",
        gettext_lazy("Undo the merge"),
        "split",
        forms.UnmergeForm,
        policies.may_unmerge,
        commands.unmerge,
        gettext_lazy("The demands are separate again."),
    ),
)


def _actors(request: HttpRequest) -> list[ActingPerson]:
    """The officer under each of their mandates of the municipality."""
    return [acting.under(request, each) for each in acting.mandates(request) if acting.works_for_municipality(each)]


def _able(actors: list[ActingPerson], policy: Callable[..., Any], demand: Demand) -> ActingPerson | None:
    """The first of the officer's mandates under which the policy allows it."""
    return next((each for each in actors if policy(each, demand)), None)


@writing
@officers_only
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One demand with all that this officer may do with it now."""
    demand = by_code(code)
    actors = _actors(request)
    if _able(actors, policies.handles, demand) is None:
        raise Http404
    wrong: Form | None = None
    if request.method == "POST":
        verb = next((each for each in VERBS if each.name == request.POST.get("verb")), None)
        if verb is None:
            raise Http404
        wrong = _form(verb, demand, actors, request.POST)
        if wrong.is_valid():
            # Where no mandate allows it, the command says why: somebody may have been faster.
            by = _able(actors, verb.policy, demand) or actors[0]
            try:
                if do(wrong, verb.command, by=by, demand=demand, **given(wrong)) is not None:
                    messages.success(request, verb.success)
                    return redirect("inbox:detail", demand.code)
            except Refused as refused:
                messages.error(request, refused.reason)
                return redirect("inbox:detail", demand.code)
    return _page(request, demand, actors, wrong)


def _form(verb: Verb, demand: Demand, actors: list[ActingPerson], data: Any = None) -> Form:
    more: dict[str, Any] = {}
    if verb.form is forms.RouteForm:
        more = {"but": demand.unit_id}
    elif verb.form is forms.HandOverForm:
        units = {demand.unit_id, *(by.organisation.pk for by in actors if by.organisation is not None)}
        more = {"colleagues": [each for each in queries.colleagues(units) if each.pk != demand.handler_id]}
    return verb.form(data, prefix=None, auto_id=f"id_{verb.name}_%s", **more)


def _page(request: HttpRequest, demand: Demand, actors: list[ActingPerson], wrong: Form | None) -> HttpResponse:
    offered = []
    for verb in VERBS:
        if _able(actors, verb.policy, demand) is None:
            continue
        mine = wrong if wrong is not None and isinstance(wrong, verb.form) and wrong.fields else None
        offered.append({"verb": verb, "form": mine or _form(verb, demand, actors), "open": mine is not None})
    shown = queries.detail(demand, None, words=True, private=True)
    may_promise = any(commitment_policies.may_promise(each, demand) for each in actors)
    return render(
        request,
        "inbox/detail.html",
        {
            "demand": demand,
            "shown": shown,
            "offered": offered,
            "may_promise": may_promise,
            "near": queries.nearest(
                demand.title, place=demand.place, field=demand.field, point=_point(demand), but=demand
            )
            if demand.is_open
            else [],
            "commitments": list(commitments.of_demand(demand)),
            "timeline_items": told(ledger.about(demand.subject).exclude(kind__in=NOISE)[:200]),
            "may_hide": any(acts_for_office(each) for each in actors),
        },
        status=WRONG if wrong is not None and wrong.errors else 200,
    )


def _point(demand: Demand) -> tuple[float, float] | None:
    return None if demand.latitude is None or demand.longitude is None else (demand.latitude, demand.longitude)
