"""Answers that units keep ready: officers read them, heads word them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import AnswerTemplate
from hamgara.domain.ledger.commands import Refused, require
from hamgara.domain.organisations.models import Mandate
from hamgara.web import acting, exports
from hamgara.web.doing import TOO_LATE, WRONG, ask_in_whose_name, do, done, given, sent
from hamgara.web.inbox.forms import TemplateForm
from hamgara.web.inbox.verbs import actors_of
from hamgara.web.officers import officers_only
from hamgara.web.views import reading, writing

SHEET = exports.Sheet(
    "answers-kept-ready",
    gettext_lazy("Answers kept ready"),
    (
        exports.Column("title", gettext_lazy("title")),
        exports.Column("text", gettext_lazy("text")),
        exports.Named("unit", gettext_lazy("municipal unit")),
        exports.Column("key", gettext_lazy("code")),
    ),
)


def _leads(mandate: Mandate) -> bool:
    return acting.works_for_municipality(mandate) and mandate.role == Mandate.Role.HEAD


@reading
@officers_only
def listing(request: HttpRequest) -> HttpResponse:
    """What the officer's units and those above them keep ready."""
    actors = actors_of(request)
    kept = queries.templates_for([by.organisation for by in actors if by.organisation is not None])
    rows = [
        {"template": each, "may": any(policies.may_manage_templates(by, each.unit) for by in actors)} for each in kept
    ]
    leads = any(_leads(each) for each in acting.mandates(request))
    return render(request, "inbox/templates.html", {"rows": rows, "leads": leads})


@exports.exporting
@officers_only
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same as a file."""
    units = [by.organisation for by in actors_of(request) if by.organisation is not None]
    return exports.answer(request, SHEET, written, queries.templates_for(units))


@writing
@officers_only
def add(request: HttpRequest) -> HttpResponse:
    """Keep another answer ready."""
    by = acting.actor(request, fits=_leads)
    if by.organisation is None:
        by = actors_of(request)[0]
    assert by.organisation is not None
    require(policies.may_manage_templates(by, by.organisation))
    form = TemplateForm(sent(request))
    ask_in_whose_name(form, request, fits=_leads, oneself=False)
    if form.is_valid() and do(form, commands.add_template, by=by, unit=by.organisation, **given(form)):
        messages.success(request, _("Your officers find this answer beside the form now."))
        return redirect("inbox:templates")
    return render(request, "inbox/template.html", {"form": form}, status=WRONG if form.errors else 200)


@writing
@officers_only
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Word a kept answer anew, or keep it no longer."""
    template = AnswerTemplate.objects.select_related("unit").filter(key=key).first()
    if template is None or (template.removed_at is not None and request.method != "POST"):
        raise Http404
    actors = actors_of(request)
    by = next((each for each in actors if policies.may_manage_templates(each, template.unit)), actors[0])
    require(policies.may_manage_templates(by, template.unit))
    removing = request.POST.get("do") == "remove"
    form = TemplateForm(None if removing else sent(request), initial={"title": template.title, "text": template.text})
    if template.removed_at is not None:
        messages.error(request, _("Somebody removed this answer meanwhile. What you wrote is still here; add it anew."))
        return render(request, "inbox/template.html", {"form": form}, status=TOO_LATE)
    if removing and done(request, commands.remove_template, by=by, template=template):
        messages.success(request, _("This answer is kept ready no longer."))
        return redirect("inbox:templates")
    seen = request.POST.get("seen", "") if request.method == "POST" else template.wording
    here = {"form": form, "template": template, "seen": seen}
    try:
        if form.is_valid() and do(form, commands.change_template, by=by, template=template, seen=seen, **given(form)):
            messages.success(request, _("The answer is worded anew. Those that were given stay as they are."))
            return redirect("inbox:templates")
    except Refused as refused:
        now = AnswerTemplate.objects.select_related("unit").get(pk=template.pk)
        if not refused.overtaken or now.removed_at is not None:
            raise
        # What both wrote: the form holds this one's words, and is sent over the other's only by whoever saw those.
        messages.error(request, refused.reason)
        here |= {"template": now, "seen": now.wording, "meanwhile": now}
        return render(request, "inbox/template.html", here, status=TOO_LATE)
    return render(request, "inbox/template.html", here, status=WRONG if form.errors else 200)
