"""My page: what waits for me, what I hear of, in whose names I act, and what I wish."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamgara import charter, clock
from hamgara.channels import notices
from hamgara.domain.demands import queries as demands
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.people import commands, queries
from hamgara.web import acting
from hamgara.web.doing import WRONG, do, sent
from hamgara.web.me.forms import ProfileForm
from hamgara.web.me.lists import news
from hamgara.web.me.todo import todos
from hamgara.web.views import reading, writing

A_FEW = 5
NOTICES = 15


@reading
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everything about the reader, and for the reader."""
    person = request.user
    # One more than is shown, to know whether there are more.
    recent = list(notices.of(person)[: NOTICES + 1])  # type: ignore[arg-type]
    mine = list(demands.of_author(person)[: A_FEW + 1])  # type: ignore[arg-type]
    following = list(demands.followed_by(person)[: A_FEW + 1])  # type: ignore[arg-type]
    here = {
        "todos": todos(request),
        "notices": news(recent[:NOTICES], person),  # type: ignore[arg-type]
        "more_news": len(recent) > NOTICES,
        "unread": sum(1 for notice in recent if notice.read_at is None),
        "mine": mine[:A_FEW],
        "more_mine": len(mine) > A_FEW,
        "following": following[:A_FEW],
        "more_following": len(following) > A_FEW,
        "to_be_erased": queries.wish_to_be_erased(person),  # type: ignore[arg-type]
        "soon": clock.today() + charter.period("organisations.mandate_warning"),
        "protected": is_mfa_enabled(person, types=[Authenticator.Type.TOTP]),
        "needs_protection": any(each.organisation.is_unit for each in acting.mandates(request)),
    }
    return render(request, "me/home.html", here)


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
