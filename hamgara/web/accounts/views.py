"""Signing in by a one-time link, and the way from allauth's own pages about mail to ours."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hamgara.domain.ledger.events import RULES
from hamgara.domain.people import commands
from hamgara.web.views import openly_writing, reading


@openly_writing
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for one press of a button, so that a mail program that looks at links does not use them up."""
    if request.method != "POST":
        return render(request, "account/by_link.html", {"token": token})
    person = commands.use_sign_in_link(by=RULES, token=token)
    request.by_link = True  # type: ignore[attr-defined]
    return perform_login(request, person, email_verification="none")  # type: ignore[no-any-return]


@reading
def to_my_mail(request: HttpRequest, key: str = "") -> HttpResponse:
    """A mail address is added, shown to be one's own and let go of on my page."""
    return redirect("me:mail")
