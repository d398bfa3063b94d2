"""What promisers do with a commitment: make, join, work on, report, change and take back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.commitments import commands, policies
from hamgara.domain.commitments.models import Commitment, Promiser
from hamgara.domain.ledger.commands import require
from hamgara.web import ability
from hamgara.web.commitments import forms
from hamgara.web.commitments.offering import VERBS, form_of, may_decline, offers, part_of
from hamgara.web.commitments.views import by_code, page_of
from hamgara.web.demands.views import by_code as demand_by_code
from hamgara.web.doing import WRONG, do, done, given, sent
from hamgara.web.officers import second_factor
from hamgara.web.views import writing


@writing
@second_factor
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One of the promisers' acts; a form that is wrong comes back in its place on the page."""
    commitment = by_code(code)
    chosen = next((each for each in VERBS if each.name == verb), None)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return redirect("commitments:detail", commitment.code)
    form = form_of(request, chosen, commitment, sent=True)
    if form.is_valid():
        by = ability.actor(request, chosen.policy, commitment)
        if do(form, chosen.command, by=by, commitment=commitment, **form.terms()) is not None:
            messages.success(request, chosen.success)
            return redirect("commitments:detail", commitment.code)
    else:
        require(chosen.policy(ability.actor(request, chosen.policy, commitment), commitment))
    return page_of(request, commitment, offered=offers(request, commitment, form), status=WRONG)


@writing
@second_factor
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Agree to a joint commitment."""
    commitment = by_code(code)
    promiser = _asked(request, commitment)
    if promiser is not None:
        by = ability.actor(request, policies.may_join, promiser)
        if done(request, commands.join, by=by, commitment=commitment, organisation=promiser.organisation):
            messages.success(request, _("«%(name)s» has agreed.") % {"name": promiser.organisation.label})
    return redirect("commitments:detail", commitment.code)


@writing
@second_factor
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Say no to a joint commitment, or take one's own proposal back."""
    commitment = by_code(code)
    promiser = _asked(request, commitment)
    if promiser is None:
        return redirect("commitments:detail", commitment.code)
    form = forms.DeclineForm(request.POST)
    by = ability.actor(request, may_decline, promiser)
    if form.is_valid():
        body = promiser.organisation
        if do(form, commands.decline_to_join, by=by, commitment=commitment, organisation=body, **given(form)):
            messages.success(request, _("The proposal has ended; your reason stands in public."))
            return redirect("commitments:detail", commitment.code)
    return page_of(request, commitment, offered=offers(request, commitment, form), status=WRONG)


def _asked(request: HttpRequest, commitment: Commitment) -> Promiser | None:
    """The promiser for which the form answers; None where no form was sent."""
    if request.method != "POST":
        return None
    for promiser in commitment.promisers.all():
        if promiser.organisation.code == request.POST.get("organisation"):
            promiser.commitment = commitment
            return promiser
    raise Http404


@writing
@second_factor
def complete_part(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """Say that a part of the work is done."""
    commitment = by_code(code)
    part = next((each for each in commitment.parts.all() if each.key == key), None)
    if part is None:
        raise Http404
    if request.method == "POST":
        by = ability.actor(request, policies.may_complete_part, part_of(part, commitment))
        if done(request, commands.complete_part, by=by, part=part):
            messages.success(request, _("The part is reported done."))
    return redirect("commitments:detail", commitment.code)


@writing
@second_factor
def new(request: HttpRequest) -> HttpResponse:
    """Promise something on a demand."""
    demand = demand_by_code(request.GET.get("demand", ""))
    by = ability.actor(request, policies.may_promise, demand)
    may = policies.may_promise(by, demand)
    form = forms.PromiseForm(sent(request))
    ability.ask(form, request, policies.may_promise, demand)
    if form.is_valid():
        made = do(form, commands.promise, names=form.names(), by=by, demand=demand, **form.terms())
        if made is not None:
            messages.success(request, _proposed() if made.state == Commitment.State.PROPOSED else _promised())
            return redirect("commitments:detail", made.code)
    rows = [[form[f"indicators_{row}_{name}"] for name in ("text", "target", "unit")] for row in form.rows]
    here = {
        "form": form,
        "demand": demand,
        "may": may,
        "by": by,
        "rows": rows,
        "more_rows": any(bound.errors or bound.value() for row in rows[1:] for bound in row),
        "joining_days": charter.number("commitments.joining_lasts"),
    }
    return render(request, "commitments/new.html", here, status=WRONG if form.errors else 200 if may else 403)


def _promised() -> str:
    return _("Your commitment stands. Whoever asked has been told.")


def _proposed() -> str:
    return _("Your proposal has been sent to those you named. It becomes a commitment when all have agreed.")
