"""Who acts in this request, and in whose name: chosen per act, carried by the form, shown on the act."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import ActingPerson, Mandate


def mandates(request: HttpRequest) -> list[Mandate]:
    """The mandates that the signed-in person holds today; asked for once a request."""
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_mandates"):
        request._mandates = list(queries.mandates_of(request.user))  # type: ignore[attr-defined]
    return request._mandates  # type: ignore[attr-defined, no-any-return]


def once_of(request: HttpRequest) -> uuid.UUID | None:
    """The form's own key; a form without a readable one is simply not protected against being sent twice."""
    try:
        return uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None


def actor(request: HttpRequest, *, fits: Callable[[Mandate], bool] | None = None) -> ActingPerson:
    """The person, under the mandate that the form names («acting», a mandate's key, empty for oneself).

    Without the field, a view that needs a mandate names which `fits`, and the first of those is taken.
    A mandate that is not the person's own, or has ended, is looked up all the same: the policy says so in words.
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
    return ActingPerson(person=request.user, mandate=mandate, once=once_of(request))  # type: ignore[arg-type]


def acting_field(request: HttpRequest, *, fits: Callable[[Mandate], bool], oneself: bool = True) -> forms.ChoiceField:
    """The form field in which people choose in whose name they act."""
    options = [("", _("in my own name"))] if oneself else []
    options += [
        (str(each.key), f"{each.organisation.label} ({each.get_role_display()})")
        for each in mandates(request)
        if fits(each)
    ]
    return forms.ChoiceField(label=_("I act"), choices=options, required=not oneself)


def works_for_municipality(mandate: Mandate) -> bool:
    return mandate.organisation.is_unit and mandate.role in {Mandate.Role.HEAD, Mandate.Role.OFFICER}


def works_for_office(mandate: Mandate) -> bool:
    return mandate.organisation.is_participation_office and mandate.role in {Mandate.Role.HEAD, Mandate.Role.OFFICER}


def speaks_for_body(mandate: Mandate) -> bool:
    return not mandate.organisation.is_unit and mandate.role in {Mandate.Role.HEAD, Mandate.Role.REPRESENTATIVE}
