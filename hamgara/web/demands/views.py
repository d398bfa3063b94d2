"""Reading demands, and the small acts of everybody on one: support, follow, comment, appeal, reopen."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.web import acting, evidence
from hamgara.web.demands.forms import AppealForm, CommentForm, FilterForm, ReopenForm, TellMoreForm
from hamgara.web.demands.points import points
from hamgara.web.doing import WRONG, ask_among, ask_in_whose_name, do, done, given
from hamgara.web.forms import Form
from hamgara.web.reading import language
from hamgara.web.telling import told
from hamgara.web.views import reading, writing

F = TypeVar("F", bound=Form)
State = Demand.State
TABS: dict[str, tuple[str, ...]] = {
    "": (),
    "waiting": (State.RECEIVED, State.ADMITTED),
    "promised": (State.ANSWERED,),
    "verified": (State.CLOSED,),
    "refused": (State.REFUSED,),
    "not_doable": (State.NOT_DOABLE,),
}


def near_point(request: HttpRequest) -> tuple[float, float] | None:
    """The reader's own point, where the page was asked with one."""
    try:
        point = float(request.GET.get("lat", "")), float(request.GET.get("lng", ""))
    except ValueError:
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def by_code(code: str) -> Demand:
    demand = queries.by_code(code)
    if demand is None:
        raise Http404
    return demand


@reading
def listing(request: HttpRequest) -> HttpResponse:
    """Demands, searched and filtered."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else ""
    form, filters = _asked(request.GET, tab)
    near = near_point(request)
    wanted = form.wanted(near, TABS[tab])
    page = queries.page(
        queries.listing(wanted),
        request.GET.get("page", 1),
        count=queries.counted(wanted),
        narrowed=bool(wanted.words),
    )
    return render(
        request,
        "demands/list.html",
        {"form": form, "filters": filters, "page": page, "tab": tab, "near": near, "points": points(page)},
    )


def _asked(given: QueryDict, tab: str) -> tuple[FilterForm, str]:
    """What is searched and filtered for, and the form for it as it is shown."""
    if given.keys() <= {"tab", "page"}:  # as most readers come
        registers = (queries.fields(), organisations.places(), organisations.bodies(), organisations.unit_tree())
        return _without_a_choice(tab, language(), *registers)
    return _with(FilterForm(given), tab)


@lru_cache(maxsize=2 * len(TABS))
def _without_a_choice(tab: str, _language: str, *_choices: object) -> tuple[FilterForm, str]:
    return _with(FilterForm({}), tab)


def _with(form: FilterForm, tab: str) -> tuple[FilterForm, str]:
    form.is_valid()
    shown = render_to_string("demands/filters.html", {"form": form, "active": form.active(), "tab": tab})
    return form, mark_safe(shown)  # noqa: S308 - made by a template, which escapes


@reading
def track(request: HttpRequest) -> HttpResponse:
    """To a demand by its code, in any digits."""
    typed = request.GET.get("code", "")
    demand = queries.by_code(typed) if typed else None
    if demand is not None:
        return redirect("demands:detail", demand.code)
    return render(request, "demands/track.html", {"typed": typed}, status=404 if typed else 200)


@reading
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One demand, as far as this reader may see it."""
    return page_of(request, by_code(code))


def page_of(request: HttpRequest, demand: Demand, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a demand; a form that was wrong comes back in its place on it."""
    reader = ActingPerson(request.user) if request.user.is_authenticated else None  # type: ignore[arg-type]
    every = [reader, *(ActingPerson(reader.person, each) for each in acting.mandates(request))] if reader else []

    def any_may(policy: Callable[..., Any], **facts: Any) -> bool:
        return any(policy(each, demand, **facts) for each in every)

    words = bool(policies.may_read_words(reader, demand)) or any_may(policies.may_read_words)
    handles, speaks_for = any_may(policies.handles), any_may(policies.speaks_for)
    looked = handles and queries.has_looked(demand, reader.person if reader else None)
    private = any_may(policies.may_see_private, looked=looked)
    shown = queries.detail(
        demand, reader.person if reader else None, words=words, private=private, concerned=handles or speaks_for
    )
    if "comment_form" not in forms and reader is not None and policies.may_comment(reader, demand):
        forms["comment_form"] = _comment_form(request)
    if "appeal_form" not in forms and any_may(policies.may_appeal):
        forms["appeal_form"] = _ask_speaker(AppealForm(), request, demand)
    if "reopen_form" not in forms and any_may(policies.may_reopen):
        forms["reopen_form"] = _ask_speaker(ReopenForm(), request, demand)
    if "tell_form" not in forms and any_may(policies.may_tell_more):
        forms["tell_form"] = _ask_speaker(TellMoreForm(), request, demand)
    return render(
        request,
        "demands/detail.html",
        {
            "demand": demand,
            "shown": shown,
            "place_crumbs": [(each.label, f"/places/{each.code}/") for each in organisations.place_line(demand.place)],
            "commitments": list(commitments.of_demand(demand)) if shown.may_hold("commitments.") else [],
            "files": evidence.listed(
                shown.attachments,
                lambda number: reverse("demands:file", args=[demand.code, number]),
                Case.Kind.DEMAND_FILE,
            ),
            "timeline_items": told(shown.steps),
            "may_support": policies.may_support(reader, demand, already=shown.supports),
            "may_follow": policies.may_follow(reader, demand, already=shown.follows),
            "may_withdraw": any_may(policies.may_withdraw),
            "withdraw_form": _ask_speaker(Form(auto_id="id_withdraw_%s"), request, demand) if reader else None,
            "may_call": policies.may_call_for_reopening(reader, demand, supports=shown.supports, already=shown.called),
            "handles": handles,
            "speaks_for": speaks_for,
            "may_say_whether_done": any_may(policies.may_say_whether_done),
            **forms,
        },
        status=status,
    )


@reading
def file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A photo or paper of a demand, to those who may read its words."""
    demand = by_code(code)
    reader = ActingPerson(request.user) if request.user.is_authenticated else None  # type: ignore[arg-type]
    every = [reader, *(ActingPerson(reader.person, each) for each in acting.mandates(request))] if reader else [None]
    attachment = demand.attachments.select_related("hiding__unit").filter(pk=number).first()
    if attachment is None or not any(policies.may_read_words(each, demand) for each in every):
        raise Http404
    return evidence.served(request, attachment)


def _one_press(request: HttpRequest, code: str, command: Callable[..., Any], success: str) -> HttpResponse:
    """An act behind a single button, in one's own name; whoever was sent here by the sign-in page goes on reading."""
    demand = by_code(code)
    if request.method == "POST" and done(request, command, by=_oneself(request), demand=demand):
        messages.success(request, success)
    return redirect("demands:detail", demand.code)


def _oneself(request: HttpRequest) -> ActingPerson:
    return ActingPerson(request.user, once=acting.once_of(request))  # type: ignore[arg-type]


@writing
def support(request: HttpRequest, code: str) -> HttpResponse:
    return _one_press(request, code, commands.support, _("Thank you: your support counts now."))


@writing
def withdraw_support(request: HttpRequest, code: str) -> HttpResponse:
    return _one_press(request, code, commands.withdraw_support, _("Your support no longer counts."))


@writing
def follow(request: HttpRequest, code: str) -> HttpResponse:
    return _one_press(request, code, commands.follow, _("You will hear what becomes of it."))


@writing
def unfollow(request: HttpRequest, code: str) -> HttpResponse:
    return _one_press(request, code, commands.unfollow, _("You will not be told of it any more."))


@writing
def call_for_reopening(request: HttpRequest, code: str) -> HttpResponse:
    return _one_press(request, code, commands.call_for_reopening, _("Your call for reopening counts now."))


def _may_carry(mandate: Mandate) -> bool:
    return acting.speaks_for_body(mandate) or acting.works_for_municipality(mandate)


def _comment_form(request: HttpRequest) -> CommentForm:
    form = CommentForm(request.POST if request.method == "POST" else None)
    ask_in_whose_name(form, request, fits=_may_carry)
    return form


@writing
def comment(request: HttpRequest, code: str) -> HttpResponse:
    """Say something about a demand."""
    demand = by_code(code)
    if request.method != "POST":
        return redirect("demands:detail", demand.code)
    form = _comment_form(request)
    if form.is_valid():
        said = do(form, commands.comment, by=acting.actor(request), demand=demand, **given(form))
        if said is not None:
            messages.success(request, _("Your comment stands on the page now."))
            return redirect("demands:detail", demand.code)
    return page_of(request, demand, status=WRONG, comment_form=form)


def _ask_speaker(form: F, request: HttpRequest, demand: Demand) -> F:
    """Whoever made the demand and leads what carries it says in whose name they speak for it."""
    ask_among(form, _speakers(request, demand))
    return form


def _speakers(request: HttpRequest, demand: Demand) -> list[ActingPerson]:
    """The reader as author, and under each mandate of the organisation that carries the demand."""
    carrying = [
        ActingPerson(request.user, each)  # type: ignore[arg-type]
        for each in acting.mandates(request)
        if each.organisation_id == demand.on_behalf_id and acting.speaks_for_body(each)
    ]
    return [*([_oneself(request)] if demand.author_id == request.user.pk else []), *carrying]


def _speaking_for(request: HttpRequest, demand: Demand) -> ActingPerson:
    """In the name that the form names; else in one's own if the demand is one's own, else for what carries it."""
    if "acting" in request.POST:
        chosen = acting.actor(request)
        if chosen.mandate is not None and chosen.mandate.organisation_id != demand.on_behalf_id:
            raise Http404
        return chosen
    speakers = _speakers(request, demand)
    return acting.under(request, speakers[0].mandate if speakers else None)


@writing
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's demand back."""
    demand = by_code(code)
    if request.method == "POST" and done(request, commands.withdraw, by=_speaking_for(request, demand), demand=demand):
        messages.success(request, _("You have taken your demand back."))
    return redirect("demands:detail", demand.code)


@writing
def appeal(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the participation office to look again."""
    demand = by_code(code)
    if request.method != "POST":
        return redirect("demands:detail", demand.code)
    form = _ask_speaker(AppealForm(request.POST), request, demand)
    if form.is_valid() and do(form, commands.appeal, by=_speaking_for(request, demand), demand=demand, **given(form)):
        messages.success(request, _("Another officer of the participation office will look at it again."))
        return redirect("demands:detail", demand.code)
    return page_of(request, demand, status=WRONG, appeal_form=form)


@writing
def tell_more(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what the officers asked about one's demand."""
    demand = by_code(code)
    if request.method != "POST":
        return redirect("demands:detail", demand.code)
    form = _ask_speaker(TellMoreForm(request.POST), request, demand)
    if form.is_valid() and do(
        form, commands.tell_more, by=_speaking_for(request, demand), demand=demand, **given(form)
    ):
        messages.success(request, _("Thank you. The officers have your answer now."))
        return redirect("demands:detail", demand.code)
    return page_of(request, demand, status=WRONG, tell_form=form)


@writing
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's ended demand up again."""
    demand = by_code(code)
    if request.method != "POST":
        return redirect("demands:detail", demand.code)
    form = _ask_speaker(ReopenForm(request.POST), request, demand)
    if form.is_valid() and do(form, commands.reopen, by=_speaking_for(request, demand), demand=demand, **given(form)):
        messages.success(request, _("Your demand is open again and awaits an answer."))
        return redirect("demands:detail", demand.code)
    return page_of(request, demand, status=WRONG, reopen_form=form)


@writing
@login_required
def really_done(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whoever made a demand whether it is really done: yes, or no and what is missing."""
    demand = by_code(code)
    by = _speaking_for(request, demand)
    decision = policies.may_say_whether_done(by, demand)
    answer = request.POST.get("answer")
    yes = _ask_speaker(Form(request.POST if answer == "yes" else None, auto_id="id_yes_%s"), request, demand)
    form = _ask_speaker(ReopenForm(request.POST if answer == "no" else None), request, demand)
    if yes.is_bound and yes.is_valid():
        commands.confirm_done(by=by, demand=demand)
        messages.success(request, _("Thank you. Your answer stands on the page of your demand."))
        return redirect("demands:detail", demand.code)
    if form.is_bound and form.is_valid() and do(form, commands.deny_done, by=by, demand=demand, **given(form)):
        messages.success(request, _("Thank you. Your demand will be opened again and await an answer."))
        return redirect("demands:detail", demand.code)
    return render(
        request,
        "demands/done.html",
        {"demand": demand, "form": form, "yes": yes, "decision": decision},
        status=WRONG if form.errors or yes.errors else 200 if decision else 403,
    )
