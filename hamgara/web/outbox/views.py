"""The outbox: what would have gone to telephones and mailboxes, while no gateway takes it."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hamgara.channels import outbox as channel
from hamgara.domain.ledger.commands import Refused
from hamgara.web import acting
from hamgara.web.context import city
from hamgara.web.views import reading

A_PAGE = 30
SAMPLE_MAIL = "@hamgara.example"  # the reserved domain of the sample city's made-up people


@reading
def outbox(request: HttpRequest) -> HttpResponse:
    """Open to all in a sample city, whose people are made up; elsewhere to the participation office alone."""
    sample = bool(city().get("sample"))
    if not sample:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not any(acting.works_for_office(each) for each in acting.mandates(request)):
            raise Refused(_("The messages of the city are seen by the participation office alone."))
    page = Paginator(channel.shown(), A_PAGE).get_page(request.GET.get("page"))
    here = {"page": page, "apps": _authenticator_apps() if sample else [], "sample": sample}
    response = render(request, "outbox/outbox.html", here)
    response["Cache-Control"] = "no-store"
    return response


def _authenticator_apps() -> list[dict[str, Any]]:
    """What the authenticator apps of the sample city's made-up people would show now."""
    now = int(time.time())
    found = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__email__endswith=SAMPLE_MAIL)
    return [
        {
            "person": each.user.display_name,
            "code": format_hotp_value(hotp_value(decrypt(each.data["secret"]), now // mfa.TOTP_PERIOD)),
            "seconds": mfa.TOTP_PERIOD - now % mfa.TOTP_PERIOD,
        }
        for each in found.select_related("user").order_by("user__name_sort")
    ]
