"""My page: what waits for me, what I hear of, in whose names I act, and what I wish."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamgara import charter, clock
from hamgara.channels import notices
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.people import commands
from hamgara.domain.people.models import Person
from hamgara.web import acting, telling
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.me.forms import ProfileForm
from hamgara.web.me.todo import todos
from hamgara.web.views import reading, writing

A_FEW = 5
NOTICES = 15


@reading
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everything about the reader, and for the reader."""
    person = request.user
    recent = notices.recent(person, NOTICES)  # type: ignore[arg-type]
    entries = [notice.entry for notice in recent]
    news = zip(telling.told(entries, linked=True), _subjects(entries, person), recent, strict=True)  # type: ignore[arg-type]
    here = {
        "todos": todos(request),
        "notices": [{**item, "about": about, "new": notice.read_at is None} for item, about, notice in news],
        "unread": sum(1 for notice in recent if notice.read_at is None),
        "mine": demands.of_author(person)[:A_FEW],  # type: ignore[arg-type]
        "following": demands.followed_by(person)[:A_FEW],  # type: ignore[arg-type]
        "soon": clock.today() + charter.period("organisations.mandate_warning"),
        "protected": is_mfa_enabled(person, types=[Authenticator.Type.TOTP]),
        "needs_protection": any(each.organisation.is_unit for each in acting.mandates(request)),
    }
    return render(request, "me/home.html", here)


def _subjects(entries: list[Entry], reader: Person) -> list[str]:
    """What each entry is about, by name: a demand if there is one, else an organisation."""
    named: dict[str, str] = {}
    codes = {subject.partition(":")[::2] for entry in entries for subject in entry.subjects}
    bodies = Organisation.objects.filter(code__in=[code for kind, code in codes if kind == "organisation"])
    named |= {body.subject: body.label for body in bodies}
    readable = Q(author=reader) | ~Q(state__in=Demand.UNPUBLISHED)
    asked = Demand.objects.filter(readable, code__in=[code for kind, code in codes if kind == "demand"])
    named |= {demand.subject: demand.title for demand in asked}
    return [next((named[subject] for subject in sorted(entry.subjects) if subject in named), "") for entry in entries]


@writing
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The notices up to now have been seen."""
    notices.mark_read(request.user)  # type: ignore[arg-type]
    return redirect("me:home")


@writing
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's name, language and wishes about messages."""
    person = request.user
    form = ProfileForm(sent(request), initial={name: getattr(person, name) for name in ProfileForm.base_fields})
    if form.is_valid():
        by = ActingPerson(person=person, once=acting.once_of(request))  # type: ignore[arg-type]
        if do(form, commands.change_profile, by=by, person=person, **form.cleaned_data):
            language = form.cleaned_data["language"]
            with translation.override(language):
                messages.success(request, _("Your wishes have been noted."))
            response = redirect("me:home")
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=timedelta(seconds=settings.LANGUAGE_COOKIE_AGE),
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
                secure=settings.HTTPS,
            )
            return response
    return render(request, "me/profile.html", {"form": form}, status=WRONG if form.errors else 200)
