"""What officers do with one demand."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hamgara.domain.commitments import policies as commitment_policies
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import acts_for_office
from hamgara.web.demands.views import by_code
from hamgara.web.doing import TOO_LATE, WRONG, do, given
from hamgara.web.forms import Form
from hamgara.web.inbox import presence
from hamgara.web.inbox.desk import came_from, query_of
from hamgara.web.inbox.verbs import VERB, VERBS, Verb, able, actor, actors_of, form_of
from hamgara.web.officers import officers_only
from hamgara.web.telling import told
from hamgara.web.views import writing


@writing
@officers_only
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One demand with all that this officer may do with it now."""
    demand = by_code(code)
    actors = actors_of(request)
    verb = VERB.get(request.POST.get("verb", ""))
    if request.method == "POST" and verb is None:
        raise Http404
    if able(actors, policies.handles, demand) is None:
        if verb is None or not demand.is_open:
            raise Http404
        return _gone(request, demand, actors, verb)
    wrong: Form | None = None
    came = came_from(request)
    onward = queries.next_on_desk(came, demand) if came is not None else None
    if verb is not None:
        wrong = form_of(verb, [demand], actors, request.POST)
        if wrong.is_valid():
            by = actor(request, actors, verb.policy, demand)
            try:
                if do(wrong, verb.command, by=by, demand=demand, **given(wrong)) is not None:
                    messages.success(request, verb.success)
                    return _onward(request, demand, came, onward)
            except Refused as refused:
                # Somebody was faster, most often: the page as it is now, with what was written.
                messages.error(request, refused.reason)
                wrong.add_error(None, refused.reason)
                with ledger.one_moment():
                    return _page(request, by_code(code), actors, (verb, wrong), onward, status=TOO_LATE)
    with ledger.one_moment():
        sent = (verb, wrong) if verb is not None and wrong is not None else None
        return _page(request, demand, actors, sent, onward, status=WRONG if wrong is not None and wrong.errors else 200)


def _gone(request: HttpRequest, demand: Demand, actors: list[ActingPerson], verb: Verb) -> HttpResponse:
    """A colleague passed the demand on while this officer wrote: what they wrote is theirs to take along."""
    form = form_of(verb, [demand], actors, request.POST)
    here = {"demand": demand, "reason": verb.policy(actors[0], demand).reason, "form": form}
    return render(request, "inbox/gone.html", here, status=TOO_LATE)


def _onward(request: HttpRequest, demand: Demand, came: queries.Desk | None, onward: str | None) -> HttpResponse:
    """Where the officer goes on: to the next of the list they came from, once this demand is in it no more."""
    query = query_of(request)
    if came is None or queries.on_desk(came, demand):
        return redirect(reverse("inbox:detail", args=[demand.code]) + query)
    if onward is None:
        messages.info(request, _("That was the last demand of the list."))
        return redirect(reverse("inbox:list") + query)
    return redirect(reverse("inbox:detail", args=[onward]) + query)


def _page(
    request: HttpRequest,
    demand: Demand,
    actors: list[ActingPerson],
    sent: tuple[Verb, Form] | None,
    onward: str | None,
    *,
    status: int,
) -> HttpResponse:
    units = [demand.unit, *(by.organisation for by in actors if by.organisation is not None)]
    templates = list(queries.templates_for(units))
    wished = next((each for each in templates if str(each.key) == request.GET.get("template")), None)
    offered = []
    looked = queries.has_looked(demand, actors[0].person)
    for verb in VERBS:
        mine = sent[1] if sent is not None and sent[0] is verb and sent[1].fields else None
        kept = mine is not None and status == TOO_LATE  # what was written, though it may be done no more
        if not kept and (able(actors, verb.policy, demand) is None or (verb.name == "look" and looked)):
            continue
        words = {}
        if mine is None and wished is not None and verb.worded and request.GET.get("verb") == verb.name:
            words = {"initial": {verb.worded: queries.filled(wished, demand)}}
        form = mine or form_of(verb, [demand], actors, **words)
        offered.append({"verb": verb, "form": form, "open": mine is not None or bool(words)})
    private = able(actors, partial(policies.may_see_private, looked=looked), demand) is not None
    shown = queries.detail(demand, None, words=True, private=private, concerned=True)
    may_promise = any(commitment_policies.may_promise(each, demand) for each in actors)
    return render(
        request,
        "inbox/detail.html",
        {
            "demand": demand,
            "desk": reverse("inbox:list") + query_of(request),
            "onward": reverse("inbox:detail", args=[onward]) + query_of(request) if onward else None,
            "shown": shown,
            "notes": queries.notes(demand) if able(actors, policies.may_note, demand) is not None else [],
            "offered": offered,
            "templates": templates,
            "others": presence.others(request, demand),
            "may_promise": may_promise,
            "near": queries.nearest(
                demand.title, place=demand.place, field=demand.field, point=_point(demand), but=demand
            )
            if demand.is_open
            else [],
            "commitments": list(commitments.of_demand(demand)) if shown.may_hold("commitments.") else [],
            "timeline_items": told(shown.steps),
            "may_hide": any(acts_for_office(each) for each in actors),
        },
        status=status,
    )


def _point(demand: Demand) -> tuple[float, float] | None:
    return None if demand.latitude is None or demand.longitude is None else (demand.latitude, demand.longitude)
