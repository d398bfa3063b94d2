"""To be erased: what goes and what stays, the wish, and thinking better of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamgara import charter
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people import commands, policies, queries
from hamgara.domain.people.models import Person
from hamgara.web import acting
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.me.forms import EraseForm
from hamgara.web.officers import to_second_factor
from hamgara.web.views import writing


@writing
def erase(request: HttpRequest) -> HttpResponse:
    """Say plainly what goes and what stays, and take the wish; whoever has a second factor shows it first."""
    person: Person = request.user  # type: ignore[assignment]
    asked = queries.wish_to_be_erased(person)
    form = EraseForm(sent(request))
    if asked is None and acting.has_app(request) and not acting.has_second_factor(request):
        return to_second_factor(request)
    by = ActingPerson(person=person, once=acting.once_of(request))
    if form.is_valid() and do(form, commands.ask_erasure, by=by, person=person):
        messages.success(request, _("Your wish has been noted. You can stop it here until the day comes."))
        return redirect("me:erase")
    here = {
        "form": form,
        "asked": asked,
        "free": policies.is_free_to_go(person),
        "days": charter.number("people.erasure_waits"),
    }
    return render(request, "me/erase.html", here, status=WRONG if form.errors else 200)


@writing
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Stop the erasing."""
    person: Person = request.user  # type: ignore[assignment]
    asked = queries.wish_to_be_erased(person)
    if asked is None:
        raise Refused(_("Nothing is to be erased: you have not asked for it, or have stopped it already."))
    commands.cancel_erasure(by=ActingPerson(person=person, once=acting.once_of(request)), erasure=asked)
    messages.success(request, _("It has been stopped. Your data stay as they are."))
    return redirect("me:home")
