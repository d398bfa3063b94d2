"""How a page calls a command: in whose name, and with what the command finds wrong beside the form's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict

from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.organisations.models import ActingPerson, Mandate
from hamgara.domain.people.models import Person
from hamgara.web import acting

R = TypeVar("R")

WRONG = 422  # the status of a page whose form says what is wrong
TOO_LATE = 409  # of one whose form was right until somebody else acted


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: all that came by POST, even if it is nothing; None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def do(
    form: forms.Form, command: Callable[..., R], *, names: Mapping[str, str] | None = None, **kwargs: Any
) -> R | None:
    """Call the command and return what it returns; None if it found the form wrong, which then says why.

    The command's own words for a field are the form's, unless `names` says otherwise (command's → form's). A problem
    with something that the form has no field for stands at its top. Refused and Replayed pass through: the middleware
    makes pages of them. A command that returns nothing has worked if `form.is_valid()` still holds.
    """
    try:
        return command(**kwargs)
    except Invalid as invalid:
        for name, problem in invalid.problems.items():
            field = (names or {}).get(name, name)
            form.add_error(field if field in form.fields else None, problem)
        return None


def done(request: HttpRequest, command: Callable[..., Any], **kwargs: Any) -> bool:
    """Call a command behind a single button, which has no fields to write beside: a problem becomes a message."""
    try:
        command(**kwargs)
    except Invalid as invalid:
        for problem in invalid.problems.values():
            messages.error(request, problem)
        return False
    return True


def ask_among(form: forms.Form, actors: Sequence[ActingPerson]) -> None:
    """Put the choice of the actor first in the form, where there is more than one; `acting.actor` reads it."""
    if len(actors) > 1:
        form.fields = {"acting": acting.acting_field(actors), **form.fields}


def ask_in_whose_name(
    form: forms.Form, request: HttpRequest, *, fits: Callable[[Mandate], bool], oneself: bool = True
) -> None:
    """The same among the reader's own name, if it is one, and those of their mandates that fit."""
    person: Person = request.user  # type: ignore[assignment]
    own = [ActingPerson(person)] if oneself else []
    ask_among(form, own + [ActingPerson(person, each) for each in acting.mandates(request) if fits(each)])


def given(form: forms.Form) -> dict[str, Any]:
    """What the form holds for the command: everything but the choice of the actor."""
    return {name: value for name, value in form.cleaned_data.items() if name != "acting"}
