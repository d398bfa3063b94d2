"""Who acts in this request, and in whose name: chosen per act, carried by the form, shown on the act."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.web.choices import ChoiceField


class SecondFactorMissing(Exception):
    """Somebody would act for the municipality without having shown their second factor in this session."""


def has_app(request: HttpRequest) -> bool:
    """The person has an authenticator app."""
    return bool(is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP]))


def has_second_factor(request: HttpRequest) -> bool:
    """The person has an authenticator app, and its code was given in this session."""
    return has_app(request) and any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def mandates(request: HttpRequest) -> list[Mandate]:
    """The mandates that the signed-in person holds today; asked for once a request."""
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_mandates"):
        request._mandates = queries.held_by(request.user)  # type: ignore[attr-defined]
    return request._mandates  # type: ignore[attr-defined, no-any-return]


def once_of(request: HttpRequest) -> uuid.UUID | None:
    """The key of this act: the page's own, with where the form went and what it said.

    All forms of a page carry one key, and whoever goes back to the page sends it again: only the same words to the
    same place are the same act. A form without a readable key is simply not protected against being sent twice.
    """
    try:
        key = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    said = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    brought = sorted((name, [(each.name, each.size) for each in files]) for name, files in request.FILES.lists())
    return uuid.uuid5(key, json.dumps([request.path, said, brought]))


def actor(request: HttpRequest, *, fits: Callable[[Mandate], bool] | None = None) -> ActingPerson:
    """The person, under the mandate that the form names («acting», a mandate's key, empty for oneself).

    Without the field, a view that needs a mandate names which `fits`, and the first of those is taken.
    A mandate that is not the person's own, or has ended, is looked up all the same: the policy says so in words.
    Raises `SecondFactorMissing`, as `under` does.
    """
    mandate = None
    named = request.POST.get("acting", request.GET.get("acting"))
    if named:
        try:
            mandate = Mandate.objects.select_related("organisation", "person").get(
                key=uuid.UUID(named), person=request.user
            )
        except (ValueError, Mandate.DoesNotExist):
            raise Http404 from None
    elif named is None and fits is not None:
        mandate = next((each for each in mandates(request) if fits(each)), None)
    return under(request, mandate)


def under(request: HttpRequest, mandate: Mandate | None) -> ActingPerson:
    """The person as they act in this request: nobody acts for the municipality without their second factor."""
    municipal = mandate is not None and mandate.organisation.is_unit
    if municipal and request.method == "POST" and not has_second_factor(request):
        raise SecondFactorMissing
    return ActingPerson(person=request.user, mandate=mandate, once=once_of(request))  # type: ignore[arg-type]


def acting_field(actors: Iterable[ActingPerson]) -> forms.ChoiceField:
    """The form field in which people choose in whose name they act; the first stands chosen."""
    mandates = [each.mandate for each in actors]
    options = [
        ("", _("in my own name"))
        if each is None
        else (str(each.key), f"{each.organisation.label} ({each.get_role_display()})")
        for each in mandates
    ]
    return ChoiceField(label=_("I act"), choices=options, required=None not in mandates)


def works_for_municipality(mandate: Mandate) -> bool:
    return mandate.organisation.is_unit and mandate.role in {Mandate.Role.HEAD, Mandate.Role.OFFICER}


def works_for_office(mandate: Mandate) -> bool:
    return mandate.organisation.is_participation_office and mandate.role in {Mandate.Role.HEAD, Mandate.Role.OFFICER}


def speaks_for_body(mandate: Mandate) -> bool:
    return not mandate.organisation.is_unit and mandate.role in {Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE}
