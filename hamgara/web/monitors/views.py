"""What the office does for oversight: registers monitors, and opens reviews that waited for more reviewers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.oversight import commands, policies, queries
from hamgara.domain.oversight.models import Monitor
from hamgara.web import ability
from hamgara.web.doing import WRONG, do, done, sent
from hamgara.web.monitors.forms import EndMonitorForm, MonitorForm, latest_monitor
from hamgara.web.officers import office_only
from hamgara.web.reviews.views import by_code
from hamgara.web.views import writing

A_PAGE = 25
ONE_YEAR = timedelta(days=365)


@writing
@office_only
def monitors(request: HttpRequest) -> HttpResponse:
    """Every registration, the reviews that wait, and a form for one more monitor."""
    form = MonitorForm(sent(request), initial={"until": min(clock.today() + ONE_YEAR, latest_monitor())})
    if form.is_valid():
        data = form.cleaned_data
        registered = do(
            form,
            commands.register_monitor,
            names={"person": "contact"},
            by=ability.actor(request, policies.may_register_monitor),
            person=data["contact"],
            known_as=data["known_as"],
            until=data["until"],
        )
        if registered:
            messages.success(request, _("«%(name)s» is registered as a monitor.") % {"name": registered.known_as})
            return redirect("monitors:list")
    here = {
        "form": form,
        "page": Paginator(queries.monitors_registered(), A_PAGE).get_page(request.GET.get("page")),
        "waiting": list(queries.waiting()),
        "needed": max(charter.number("oversight.pool_at_least"), charter.number("oversight.panel_seats")),
    }
    return render(request, "monitors/list.html", here, status=WRONG if form.errors else 200)


@writing
@office_only
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a registration before its date."""
    monitor = get_object_or_404(Monitor.objects.select_related("person"), code=code)
    by = ability.actor(request, policies.may_end_monitor, monitor)
    form = EndMonitorForm(sent(request))
    if form.is_valid() and do(form, commands.end_monitor, by=by, monitor=monitor, **form.cleaned_data):
        messages.success(request, _("The registration has ended."))
        return redirect("monitors:list")
    here = {"form": form, "monitor": monitor, "may": policies.may_end_monitor(by, monitor)}
    return render(request, "monitors/end.html", here, status=WRONG if form.errors else 200)


@writing
@office_only
def open_waiting(request: HttpRequest, code: str) -> HttpResponse:
    """Try again whether there are enough reviewers without a tie now."""
    review = by_code(code)
    if request.method != "POST":
        return redirect("monitors:list")
    by = ability.actor(request, policies.may_open_waiting, review)
    if done(request, commands.open_waiting, by=by, review=review):
        messages.success(request, _("The review is open; the draw awaits the people's words."))
        return redirect("reviews:detail", review.code)
    return redirect("monitors:list")
