"""Who cosigns the public log: the office takes in keys of organisations, and withdraws those that are lost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.publication import commands, policies, queries
from hamgara.domain.publication.models import Witness
from hamgara.web import ability
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.officers import office_only
from hamgara.web.views import writing
from hamgara.web.witnesses.forms import WithdrawForm, WitnessForm


@writing
@office_only
def witnesses(request: HttpRequest) -> HttpResponse:
    """Those that count, and a form for one more."""
    form = WitnessForm(sent(request))
    if form.is_valid():
        by = ability.actor(request, policies.may_register_witness)
        witness = do(form, commands.register_witness, by=by, **form.cleaned_data)
        if witness:
            messages.success(request, _("«%(name)s» is a witness of the ledger now.") % {"name": witness.name})
            return redirect("witnesses:list")
    here = {
        "form": form,
        "witnesses": queries.witnesses(),
        "local": charter.number("publication.local_witnesses_needed"),
        "outside": charter.number("publication.outside_witnesses_needed"),
    }
    return render(request, "witnesses/list.html", here, status=WRONG if form.errors else 200)


@writing
@office_only
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let a key count no more."""
    witness = get_object_or_404(Witness, pk=number)
    by = ability.actor(request, policies.may_withdraw_witness, witness)
    form = WithdrawForm(sent(request))
    if form.is_valid() and do(form, commands.withdraw_witness, by=by, witness=witness, **form.cleaned_data):
        messages.success(request, _("The witness is withdrawn."))
        return redirect("witnesses:list")
    here = {"form": form, "witness": witness, "may": policies.may_withdraw_witness(by, witness)}
    return render(request, "witnesses/withdraw.html", here, status=WRONG if form.errors else 200)
