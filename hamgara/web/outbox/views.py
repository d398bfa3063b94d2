"""The outbox: what would have gone to telephones and mailboxes, while no gateway takes it."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamgara.channels import outbox as channel
from hamgara.web.context import city
from hamgara.web.officers import office_only
from hamgara.web.views import reading

A_PAGE = 30
SAMPLE_MAIL = "@hamgara.example"  # the reserved domain of the sample city's made-up people


@reading
def outbox(request: HttpRequest) -> HttpResponse:
    """Open to all in a sample city, whose people are made up; elsewhere to the participation office alone."""
    return _show(request, sample=True) if city().get("sample") else office_only(_show)(request, sample=False)


def _show(request: HttpRequest, *, sample: bool) -> HttpResponse:
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
