"""My mail address: one's own only when the code that went there has come back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamgara import clock
from hamgara.channels import outbox
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people import commands, queries
from hamgara.domain.people.models import Person
from hamgara.web import acting
from hamgara.web.doing import WRONG, do, done, sent
from hamgara.web.me.forms import MailCodeForm, MailForm
from hamgara.web.officers import to_second_factor
from hamgara.web.views import writing

ASKED = "mail_asked"  # in the session: which address, until when, the code's seal, and how often it was tried
LASTS = timedelta(minutes=15)
TRIES = 3


@writing
def mail(request: HttpRequest) -> HttpResponse:
    """Which address is known, and another one; it counts when its code comes back."""
    person: Person = request.user  # type: ignore[assignment]
    if acting.has_app(request) and not acting.has_second_factor(request):
        return to_second_factor(request)
    form = MailForm(sent(request))
    if form.is_valid():
        email = form.cleaned_data["email"]
        if email == person.email:
            form.add_error("email", _("This is your address already."))
        elif too_often := ratelimit.consume_or_429(request, action="manage_email", user=person):
            return too_often
        else:
            _ask(request, person, email)
            return redirect("me:mail_code")
    removable = bool(person.email and person.phone and person.phone_verified)
    here = {"form": form, "email": person.email, "removable": removable}
    return render(request, "me/mail.html", here, status=WRONG if form.errors else 200)


def _ask(request: HttpRequest, person: Person, email: str) -> None:
    """Send a code there. Whoever it belongs to already is told so, where nobody else can read it."""
    code = f"{secrets.randbelow(1_000_000):06}"
    request.session[ASKED] = {
        "email": email,
        "until": (clock.now() + LASTS).timestamp(),
        "seal": _seal(person, email, code),
        "tries": 0,
    }
    if queries.by_email(email) is None:
        text = _("Hamgara: your code is %(code)s. Give it to nobody.") % {"code": code}
    else:
        text = _(
            "Hamgara: somebody wished to add this address to another account, but it belongs to yours. "
            "If it was you, sign in with it instead; if not, nothing needs to be done."
        )
    outbox.send_mail(email, _("Confirm your e-mail address"), text)


def _seal(person: Person, email: str, code: str) -> str:
    return salted_hmac(ASKED, f"{person.key} {email} {code}").hexdigest()


@writing
def code(request: HttpRequest) -> HttpResponse:
    """The code that went to the address; with it the address is taken up."""
    person: Person = request.user  # type: ignore[assignment]
    asked: dict[str, Any] | None = request.session.get(ASKED)
    if asked is None or asked["until"] < clock.now().timestamp():
        request.session.pop(ASKED, None)
        messages.info(request, _("This code is too old. Ask for another one."))
        return redirect("me:mail")
    form = MailCodeForm(sent(request))
    if form.is_valid():
        if constant_time_compare(asked["seal"], _seal(person, asked["email"], form.cleaned_data["code"])):
            before = person.email
            by = ActingPerson(person=person, once=acting.once_of(request))
            if do(form, commands.set_email, names={"email": "code"}, by=by, person=person, email=asked["email"]):
                del request.session[ASKED]
                _tell_of_change(person, before)
                messages.success(request, _("The address is yours. You can sign in with it, and get notices there."))
                return redirect("me:home")
        else:
            asked["tries"] += 1
            request.session[ASKED] = asked
            if asked["tries"] >= TRIES:
                del request.session[ASKED]
                messages.warning(request, _("The code was wrong too often. Ask for another one."))
                return redirect("me:mail")
            form.add_error("code", _("This is not the code that we sent. Look at the newest mail."))
    here = {"form": form, "email": asked["email"]}
    return render(request, "me/mail_code.html", here, status=WRONG if form.errors else 200)


@writing
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Let go of the address; the mobile number stays to sign in with."""
    person: Person = request.user  # type: ignore[assignment]
    if acting.has_app(request) and not acting.has_second_factor(request):
        return to_second_factor(request)
    before = person.email
    by = ActingPerson(person=person, once=acting.once_of(request))
    if not done(request, commands.set_email, by=by, person=person, email=None):
        return redirect("me:mail")
    _tell_of_change(person, before)
    messages.success(request, _("The address is no longer yours here."))
    return redirect("me:home")


def _tell_of_change(person: Person, before: str | None) -> None:
    """An address is a way in: whoever reads the other ones hears of it, so that nobody changes it unseen."""
    text = _(
        "Hamgara: the e-mail address of your account was changed. "
        "If it was not you, sign in and change it back, and tell the participation office."
    )
    if before:
        outbox.send_mail(before, _("Your e-mail address was changed"), text)
    if person.phone and person.phone_verified:
        outbox.send_sms(person.phone, text)
