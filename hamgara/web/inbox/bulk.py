"""One verb for many demands of the desk: each is an act of its own, and one that is refused stops no other."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara.domain.demands import policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, Refused, Replayed
from hamgara.domain.organisations.models import ActingPerson
from hamgara.web.doing import WRONG, given
from hamgara.web.forms import Form
from hamgara.web.inbox.desk import desk_page
from hamgara.web.inbox.verbs import BULK, VERB, Verb, able, actor, actors_of, form_of
from hamgara.web.officers import officers_only
from hamgara.web.reading import number
from hamgara.web.views import writing


@dataclass
class Outcome:
    """What became of the demands that were chosen."""

    done: int = 0
    again: int = 0  # done before, by the same form
    refused: dict[str, list[Demand]] = field(default_factory=lambda: defaultdict(list))


@writing
@officers_only
def act(request: HttpRequest) -> HttpResponse:
    """Do one verb with every chosen demand, and say what was done and what was refused, and why."""
    back = f"{reverse('inbox:list')}?{request.GET.urlencode()}"
    if request.method != "POST":
        return HttpResponseRedirect(back)
    if (name := request.POST.get("act", "")) not in BULK:
        raise Http404
    verb, actors = VERB[name], actors_of(request)
    chosen = list(dict.fromkeys(request.POST.getlist("chosen")))
    if not 0 < len(chosen) <= queries.PER_DESK_PAGE:
        messages.warning(
            request,
            _("You have chosen more demands than a page shows. Choose fewer.")
            if chosen
            else _("Nothing was done: first tick the demands that it is about."),
        )
        return HttpResponseRedirect(back)
    found = [each for each in queries.by_codes(chosen) if able(actors, policies.handles, each) is not None]
    form = form_of(verb, found, actors, request.POST, prefix=verb.name)
    wanted = _without_target(form, found)
    if not form.is_valid():
        shown = desk_page(request, bulk={verb.name: form}, chosen=set(chosen))
        return render(request, "inbox/list.html", shown, status=WRONG)
    outcome = _each(request, verb, wanted, actors, form)
    if missing := len(chosen) - len(found):
        gone = ngettext(
            "%(count)s chosen demand is not before your unit any more; nothing was done with it.",
            "%(count)s chosen demands are not before your unit any more; nothing was done with them.",
            missing,
        )
        messages.warning(request, gone % {"count": number(missing)})
    _say(request, verb, outcome)
    return HttpResponseRedirect(back)


def _without_target(form: Form, demands: list[Demand]) -> list[Demand]:
    """Whoever merges many into one of them has chosen that one too; it stays as it is."""
    target = form.cleaned_data.get("into") if form.is_valid() else None
    others = [each for each in demands if target is None or each.pk != target.pk]
    if target is not None and not others:
        form.add_error("into", _("Choose at least one more demand, which goes into this one."))
    return others


def _each(request: HttpRequest, verb: Verb, demands: list[Demand], actors: list[ActingPerson], form: Form) -> Outcome:
    outcome = Outcome()
    for demand in demands:
        by = actor(request, actors, verb.policy, demand)
        once = uuid.uuid5(by.once, demand.code) if by.once is not None else None
        try:
            verb.command(by=replace(by, once=once), demand=demand, **given(form))
        except Replayed:
            outcome.again += 1
        except Refused as refused:
            outcome.refused[refused.reason].append(demand)
        except Invalid as invalid:
            outcome.refused[" ".join(invalid.problems.values())].append(demand)
        else:
            outcome.done += 1
    return outcome


def _say(request: HttpRequest, verb: Verb, outcome: Outcome) -> None:
    words: dict[str, Any] = {"act": verb.title}
    if outcome.done:
        said = ngettext("%(act)s: done for %(count)s demand.", "%(act)s: done for %(count)s demands.", outcome.done)
        messages.success(request, said % (words | {"count": number(outcome.done)}))
    if outcome.again:
        said = ngettext(
            "%(act)s: %(count)s demand had been done already and was not done twice.",
            "%(act)s: %(count)s demands had been done already and were not done twice.",
            outcome.again,
        )
        messages.info(request, said % (words | {"count": number(outcome.again)}))
    for reason, demands in outcome.refused.items():
        titles = " · ".join(f"«{demand.title}»" for demand in demands)
        messages.warning(
            request,
            _("%(act)s: not done for %(demands)s. %(reason)s") % (words | {"demands": titles, "reason": reason}),
        )
