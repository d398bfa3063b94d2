"""The participation office: what waits, the register, and decisions on accreditation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara import clock
from hamgara.algorithms.persian.text import key
from hamgara.domain.organisations import commands, policies, queries
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.web import acting
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.forms import Form
from hamgara.web.office.forms import AccreditForm, CapabilityForm, ReasonForm, RegisterForm, latest_accreditation
from hamgara.web.officers import office_only
from hamgara.web.places import line
from hamgara.web.views import reading, writing

A_PAGE = 25
A_FEW = 6
SOON = timedelta(days=60)
ONE_YEAR = timedelta(days=365)


def acts(request: HttpRequest) -> ActingPerson:
    """The reader, acting for the office."""
    return acting.actor(request, fits=acting.works_for_office)


def _ending() -> QuerySet[Organisation]:
    """Accreditations that run out soon, or have."""
    soon = clock.today() + SOON
    found = Organisation.objects.filter(
        state__in=(Organisation.State.ACCREDITED, Organisation.State.EXPIRED), accredited_until__lte=soon
    )
    return found.exclude(kind=Organisation.Kind.MUNICIPAL_UNIT).order_by("accredited_until", "pk")


@reading
@office_only
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the office, and the way to all that it keeps."""
    applied, ending, without_head = queries.waiting_for_accreditation(), _ending(), queries.headless()
    here = {
        "waiting": applied[:A_FEW],
        "waiting_count": applied.count(),
        "ending": ending[:A_FEW],
        "ending_count": ending.count(),
        "headless": without_head[:A_FEW],
        "headless_count": without_head.count(),
        "accredited_count": queries.accredited().count(),
        "unit_count": queries.units().count(),
    }
    return render(request, "office/home.html", here)


def waiting() -> QuerySet[Organisation]:
    """Who waits for accreditation, with the papers they sent."""
    return queries.waiting_for_accreditation().select_related("seat").prefetch_related("documents")


@reading
@office_only
def applications(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for a decision, the longest first."""
    page = Paginator(waiting(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/applications.html", {"page": page})


@reading
@office_only
def headless(request: HttpRequest) -> HttpResponse:
    """Every body that nobody leads, each with the way to give it a head."""
    page = Paginator(queries.headless(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/headless.html", {"page": page})


def found_by(form: RegisterForm) -> QuerySet[Organisation]:
    form.is_valid()
    found = Organisation.objects.exclude(kind=Organisation.Kind.MUNICIPAL_UNIT).select_related("seat")
    if state := form.cleaned_data.get("state"):
        found = found.filter(state=state)
    if words := key(form.cleaned_data.get("q", "")):
        found = found.filter(name_key__contains=words)
    return found.order_by("name_sort", "pk")


@reading
@office_only
def register(request: HttpRequest) -> HttpResponse:
    """All organisations, whatever their state."""
    form = RegisterForm(request.GET)
    page = Paginator(found_by(form), A_PAGE).get_page(request.GET.get("page"))
    here = {"form": form, "page": page, "filtering": int(bool(request.GET.get("state")))}
    return render(request, "office/register.html", here, status=400 if form.errors else 200)


@dataclass(frozen=True)
class Decision:
    """One thing that the office may decide about an organisation."""

    verb: str  # of the lifecycle
    form: type[Form]
    command: Callable[..., Organisation]
    success: Any


DECISIONS = {
    "accredit": Decision(
        "accredit",
        AccreditForm,
        commands.accredit,
        gettext_lazy("The organisation is accredited, and its page is public."),
    ),
    "refuse": Decision(
        "refuse_accreditation",
        ReasonForm,
        commands.refuse_accreditation,
        gettext_lazy("The application is refused; its people have been told why."),
    ),
    "withdraw": Decision(
        "withdraw_accreditation",
        ReasonForm,
        commands.withdraw_accreditation,
        gettext_lazy("The accreditation is withdrawn; its people have been told why."),
    ),
}


@writing
@office_only
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation with its papers, and what the office may decide about it now."""
    body = get_object_or_404(
        Organisation.objects.select_related("seat").exclude(kind=Organisation.Kind.MUNICIPAL_UNIT), code=code
    )
    by = acts(request)
    initial = {
        "registration_number": "" if body.has_no_licence else body.registration_number,
        "authority": body.authority,
        "until": min(clock.today() + ONE_YEAR, latest_accreditation()),
    }
    asked = request.POST.get("decision") if request.method == "POST" else None
    if request.method == "POST" and asked not in DECISIONS:
        raise BadRequest("no such decision")
    shown = {
        name: decision.form(request.POST if name == asked else None, initial=initial, prefix=None, auto_id=f"{name}_%s")
        for name, decision in DECISIONS.items()
    }
    may_lack_licence = policies.may_lack_licence(body)
    for name in ("registration_number", "authority"):
        shown["accredit"].fields[name].required = not may_lack_licence
    if asked and shown[asked].is_valid():
        decision, data = DECISIONS[asked], shown[asked].cleaned_data
        if do(shown[asked], decision.command, by=by, organisation=body, **data):
            messages.success(request, decision.success)
            return redirect("office:organisation", code)
    here = {
        "organisation": body,
        "line": line.links(body.seat),
        "papers": body.documents.order_by("pk"),
        "holders": queries.holders(body),
        "forms": shown,
        "may": {name: policies.may_decide_accreditation(by, body, each.verb) for name, each in DECISIONS.items()},
        "renewing": body.state == Organisation.State.ACCREDITED,
        "licence_optional": may_lack_licence,
    }
    wrong = asked is not None and bool(shown[asked].errors)
    return render(request, "office/organisation.html", here, status=WRONG if wrong else 200)


@writing
@office_only
def capabilities(request: HttpRequest) -> HttpResponse:
    """The city's list of kinds of help, and one more."""
    form = CapabilityForm(sent(request))
    if form.is_valid():
        code = slugify(form.cleaned_data["name_en"])[:50]
        names = {"code": "name_en"}
        if do(form, commands.add_capability, names=names, by=acts(request), code=code, **form.cleaned_data):
            messages.success(request, _("The kind of help is in the list."))
            return redirect("office:capabilities")
    here = {"form": form, "capabilities": queries.capabilities()}
    return render(request, "office/capabilities.html", here, status=WRONG if form.errors else 200)
