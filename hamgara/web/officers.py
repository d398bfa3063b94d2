"""Pages for those who work for the municipality: they must have shown their second factor in this session."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hamgara.domain.ledger.commands import Refused
from hamgara.domain.organisations.models import Mandate
from hamgara.web import acting
from hamgara.web.views import View


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead on to what is missing: the app, or its code."""
    if not acting.has_app(request):
        messages.warning(
            request,
            _("Whoever acts for the municipality needs an authenticator app. Switch it on here first."),
        )
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    messages.info(request, _("Enter the code of your authenticator app to go on."))
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


def second_factor(view: View) -> View:
    """For a view where a municipal unit may act beside others: its people need the second factor, others do not."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        works_there = any(each.organisation.is_unit for each in acting.mandates(request))
        if works_there and not acting.has_second_factor(request):
            return to_second_factor(request)
        return view(request, *args, **kwargs)

    return guarded


def _only(fits: Callable[[Mandate], bool], reason: Callable[[], str]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(fits(each) for each in acting.mandates(request)):
                raise Refused(reason())
            if not acting.has_second_factor(request):
                return to_second_factor(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


# Under @reading or @writing: a page for officers of any municipal unit, and one for the participation office alone.
officers_only = _only(
    acting.works_for_municipality,
    lambda: _("Only officers of the municipality see this page. If you are one, your mandate may have ended."),
)
office_only = _only(
    acting.works_for_office,
    lambda: _("Only the participation office sees this page. If you work there, your mandate may have ended."),
)
