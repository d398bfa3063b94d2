"""The register of organisations, their profiles, and what they change about themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries as demands
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.commands import require
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands, policies, queries
from hamgara.domain.organisations.models import ActingPerson, Capability, Mandate, Organisation
from hamgara.domain.oversight import queries as oversight
from hamgara.web import acting
from hamgara.web.doing import WRONG, ask_in_whose_name, do, done, given, sent
from hamgara.web.officers import second_factor
from hamgara.web.organisations.forms import ApplicationForm, DescriptionForm, DirectoryForm, OfferForm
from hamgara.web.places import line
from hamgara.web.telling import told
from hamgara.web.views import reading, writing

A_PAGE = 20
HISTORY = 20
LATEST = 5
RESERVED = {"new", "units"}  # codes that are addresses of other pages


def found_by(form: DirectoryForm) -> QuerySet[Organisation]:
    """What the filters let through; a filter that cannot be understood holds nothing back."""
    form.is_valid()
    asked = form.cleaned_data
    return queries.directory(
        kind=asked.get("kind", ""),
        place=asked.get("place"),
        capability=asked.get("capability", ""),
        words=asked.get("q", ""),
    )


@reading
def directory(request: HttpRequest) -> HttpResponse:
    """The public register of organisations."""
    form = DirectoryForm(request.GET)
    found = found_by(form).prefetch_related("offers__capability")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    active = sum(1 for name in ("kind", "place", "capability") if request.GET.get(name))
    here = {"form": form, "page": page, "filtering": active, "searched": active or request.GET.get("q")}
    return render(request, "organisations/list.html", here, status=400 if form.errors else 200)


@reading
def units(request: HttpRequest) -> HttpResponse:
    """The tree of the municipality's units."""
    return render(request, "organisations/units.html", {"tree": unit_tree()})


def unit_tree() -> list[dict[str, Any]]:
    """Each unit with those below it, by name."""
    below: dict[int | None, list[Organisation]] = {}
    found = sorted(queries.units().select_related("seat"), key=lambda unit: unit.name_sort)
    known = {unit.pk for unit in found}
    for unit in found:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)

    def branch(parent: int | None) -> list[dict[str, Any]]:
        return [{"unit": unit, "below": branch(unit.pk)} for unit in below.get(parent, [])]

    return branch(None)


def seen_by(request: HttpRequest, code: str) -> Organisation:
    """The organisation; an application that is not decided is seen by its own people and the office alone."""
    found = get_object_or_404(Organisation.objects.select_related("seat", "parent", "successor"), code=code)
    own = any(each.organisation_id == found.pk or acting.works_for_office(each) for each in acting.mandates(request))
    if found.state == Organisation.State.APPLIED and not own:
        raise Http404
    return found


def describing(organisation: Organisation) -> Any:
    """Which mandates let somebody say what this organisation is."""

    def fits(mandate: Mandate) -> bool:
        own = mandate.organisation_id == organisation.pk
        return (own and mandate.role in {Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE}) or acting.works_for_office(
            mandate
        )

    return fits


@reading
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation's public page."""
    organisation = seen_by(request, code)
    about = ledger.about(organisation.subject).order_by("-id")
    entries = list(about if "all" in request.GET else about[: HISTORY + 1])
    by = acting.actor(request, fits=describing(organisation))
    here = {
        "organisation": organisation,
        "offers": organisation.offers.select_related("capability").order_by("capability__name_sort"),
        "line": line.links(organisation.seat),
        "roles": _roles(organisation),
        "below": organisation.children.exclude(state__in=queries.GONE) if organisation.is_unit else [],
        "predecessors": [each for each in queries.bodies().rows if each.successor_id == organisation.pk],
        "figures": commitments.figures(organisation=organisation),
        **({} if organisation.is_unit else _carried(organisation)),
        "judging": None if organisation.is_unit else oversight.figures(organisation),
        "may_describe": policies.may_describe(by, organisation),
        "manages": _manages(request, organisation),
        "history": _history(entries if "all" in request.GET else entries[:HISTORY], organisation),
        "more": "all" not in request.GET and len(entries) > HISTORY,
    }
    return render(request, "organisations/detail.html", here)


def _carried(organisation: Organisation) -> dict[str, Any]:
    """What it asks for on behalf of people, the newest first, and how much that is."""
    wanted = demands.Wanted(on_behalf=organisation)
    page = demands.page(demands.listing(wanted), 1, LATEST, count=demands.counted(wanted))
    return {"carried": list(page), "carried_count": page.paginator.count}


def _history(entries: list[Entry], organisation: Organisation) -> list[dict[str, Any]]:
    """What happened, each with the way to what it is about, unless that is this very page."""
    here = reverse("organisations:detail", args=[organisation.code])
    return [item | {"href": item["href"] if item["href"] != here else None} for item in told(entries, linked=True)]


def _roles(organisation: Organisation) -> list[tuple[str, int]]:
    """How many people act for it, role by role; who they are is not public."""
    counts = dict(
        queries.live_mandates()
        .filter(organisation=organisation)
        .order_by()
        .values_list("role")
        .annotate(people=Count("pk"))
    )
    return [(role.label, counts[role.value]) for role in Mandate.Role if role.value in counts]


def _manages(request: HttpRequest, organisation: Organisation) -> bool:
    """The reader acts for it, or for the participation office: they see who holds its mandates."""
    return any(
        each.organisation_id == organisation.pk or acting.works_for_office(each) for each in acting.mandates(request)
    )


@writing
def apply(request: HttpRequest) -> HttpResponse:
    """Bring an organisation to the city."""
    form = ApplicationForm(sent(request), request.FILES or None)
    if form.is_valid():
        by = ActingPerson(person=request.user, once=acting.once_of(request))  # type: ignore[arg-type]
        code = _code(form.cleaned_data["name_en"], form.cleaned_data["kind"])
        if organisation := do(form, commands.apply, by=by, code=code, **form.cleaned_data):
            messages.success(
                request,
                _("Your organisation has been handed to the participation office. You are its head."),
            )
            return redirect("organisations:detail", organisation.code)
    return render(request, "organisations/new.html", {"form": form}, status=WRONG if form.errors else 200)


def _code(name_en: str, kind: str) -> str:
    """What stands in the address: the English name if there is one, else the kind; the command makes it unique."""
    wished = slugify(name_en)[:40].strip("-")
    return wished if wished and wished not in RESERVED else slugify(kind.replace("_", "-"))


@writing
@second_factor
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """Change what an organisation says of itself."""
    organisation = seen_by(request, code)
    fits = describing(organisation)
    by = acting.actor(request, fits=fits)
    require(policies.may_describe(by, organisation))
    initial = {name: getattr(organisation, name) for name in DescriptionForm.base_fields}
    form = DescriptionForm(sent(request), initial=initial)
    ask_in_whose_name(form, request, fits=fits, oneself=False)
    if form.is_valid() and do(form, commands.describe, by=by, organisation=organisation, **given(form)):
        messages.success(request, _("The page now says what you wrote."))
        return redirect("organisations:detail", code)
    here = {"form": form, "organisation": organisation}
    return render(request, "organisations/edit.html", here, status=WRONG if form.errors else 200)


@writing
@second_factor
def offers(request: HttpRequest, code: str) -> HttpResponse:
    """Say with what, and how much, an organisation can help."""
    organisation = seen_by(request, code)
    fits = describing(organisation)
    by = acting.actor(request, fits=fits)
    require(policies.may_describe(by, organisation))
    form = OfferForm(sent(request))
    ask_in_whose_name(form, request, fits=fits, oneself=False)
    if form.is_valid() and do(form, commands.offer_capability, by=by, organisation=organisation, **given(form)):
        messages.success(request, _("Noted. It stands on the public page."))
        return redirect("organisations:offers", code)
    here = {
        "form": form,
        "organisation": organisation,
        "offers": organisation.offers.select_related("capability").order_by("capability__name_sort"),
    }
    return render(request, "organisations/offers.html", here, status=WRONG if form.errors else 200)


@writing
@require_POST
@second_factor
def withdraw_offer(request: HttpRequest, code: str, capability: str) -> HttpResponse:
    """Take an offer back."""
    organisation = seen_by(request, code)
    by = acting.actor(request, fits=describing(organisation))
    offered = get_object_or_404(Capability, code=capability)
    if done(request, commands.withdraw_capability, by=by, organisation=organisation, capability=offered):
        messages.success(request, _("The offer has been taken back."))
    return redirect("organisations:offers", code)


@reading
@second_factor
def paper(request: HttpRequest, code: str, number: int) -> HttpResponse | FileResponse:
    """A paper of an application, for those who may see it; for everybody else there is none."""
    organisation = get_object_or_404(Organisation, code=code)
    document = get_object_or_404(organisation.documents, pk=number)

    def fits(mandate: Mandate) -> bool:
        own = mandate.organisation_id == organisation.pk and mandate.role == Mandate.Role.HEAD
        return own or acting.works_for_office(mandate)

    if not policies.may_see_documents(acting.actor(request, fits=fits), organisation):
        raise Http404
    return FileResponse(document.file.open("rb"), as_attachment=True, filename=document.title)
