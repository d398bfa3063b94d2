"""Who acts for an organisation: given and ended by its head or the participation office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.policies import Decision
from hamgara.domain.organisations import commands, policies, queries
from hamgara.domain.organisations.models import ActingPerson, Mandate, Organisation
from hamgara.web import acting
from hamgara.web.doing import WRONG, ask_in_whose_name, do, given, sent
from hamgara.web.officers import second_factor
from hamgara.web.organisations.forms import EndMandateForm, MandateForm, latest_mandate
from hamgara.web.organisations.views import seen_by
from hamgara.web.views import writing

ONE_YEAR = timedelta(days=365)


def _granting(organisation: Organisation) -> Any:
    """Which mandates let somebody give and end mandates here."""

    def fits(mandate: Mandate) -> bool:
        own = mandate.organisation_id == organisation.pk and mandate.role == Mandate.Role.HEAD
        return own or acting.works_for_office(mandate)

    return fits


def _may_end(by: ActingPerson, mandate: Mandate, holders: list[Mandate]) -> Decision:
    """What the command will say, said before anybody presses a button."""
    heads = [each for each in holders if each.role == Mandate.Role.HEAD]
    last_head = mandate in heads and len(heads) == 1 and mandate.organisation.is_live
    return policies.may_end_mandate(by, mandate, last_head=last_head)


def _sees(mandates: list[Mandate], organisation: Organisation) -> bool:
    """With these mandates one sees who acts for the organisation."""
    return any(each.organisation_id == organisation.pk or acting.works_for_office(each) for each in mandates)


@writing
@second_factor
def mandates(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who acts for the organisation, and a form to give one more mandate."""
    organisation = seen_by(request, code)
    fits = _granting(organisation)
    by = acting.actor(request, fits=fits)
    if not _sees(acting.mandates(request), organisation):
        raise Refused(_("Only people who act for this organisation, and the participation office, see its mandates."))
    form = MandateForm(
        sent(request),
        organisation=organisation,
        initial={"until": min(clock.today() + ONE_YEAR, latest_mandate())},
    )
    ask_in_whose_name(form, request, fits=fits, oneself=False)
    if form.is_valid():
        data = given(form)
        person = data.pop("contact")
        mandate = do(
            form,
            commands.grant_mandate,
            names={"person": "contact"},
            by=by,
            organisation=organisation,
            person=person,
            **data,
        )
        if mandate:
            messages.success(request, _("The mandate has been given."))
            return redirect("organisations:mandates", code)
    holders = list(queries.holders(organisation))
    here = {
        "form": form,
        "organisation": organisation,
        "soon": clock.today() + charter.period("organisations.mandate_warning"),
        "may_grant": policies.may_grant_mandate(by, organisation),
        "holders": [{"mandate": each, "may_end": _may_end(by, each, holders)} for each in holders],
    }
    return render(request, "organisations/mandates.html", here, status=WRONG if form.errors else 200)


@writing
@second_factor
def end(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """End a mandate, or lay one's own down."""
    organisation = get_object_or_404(Organisation, code=code)
    mandate = get_object_or_404(organisation.mandates.select_related("person", "organisation"), key=key)
    fits = _granting(organisation)
    own = mandate.person_id == request.user.pk
    if not own and not any(fits(each) for each in acting.mandates(request)):
        raise Http404
    by = acting.actor(request, fits=fits)
    form = EndMandateForm(sent(request))
    ask_in_whose_name(form, request, fits=fits, oneself=own)
    if (
        request.method == "POST"
        and form.is_valid()
        and do(form, commands.end_mandate, by=by, mandate=mandate, **given(form))
    ):
        messages.success(request, _("The mandate has ended."))
        others = [each for each in acting.mandates(request) if each != mandate]
        return redirect("organisations:mandates", code) if _sees(others, organisation) else redirect("me:home")
    here = {
        "form": form,
        "organisation": organisation,
        "mandate": mandate,
        "own": own,
        "may_end": _may_end(by, mandate, list(queries.holders(organisation))),
    }
    return render(request, "organisations/end_mandate.html", here, status=WRONG if form.errors else 200)
