"""Under which of their mandates the reader may do something: what a page offers, and in whose name it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from hamgara.domain.organisations.models import ActingPerson
from hamgara.web import acting
from hamgara.web.doing import ask_in_whose_name

Policy = Callable[..., Any]


def actors(request: HttpRequest) -> list[ActingPerson]:
    """The reader in their own name and under each of their mandates; nobody for a reader who has not signed in."""
    if not request.user.is_authenticated:
        return []
    once = acting.once_of(request)
    mandates = [None, *acting.mandates(request)]
    return [ActingPerson(request.user, each, once=once) for each in mandates]  # type: ignore[arg-type]


def able(request: HttpRequest, policy: Policy, *things: Any) -> ActingPerson | None:
    """The reader under the first mandate with which the policy allows it; None if there is none."""
    return next((each for each in actors(request) if _allows(request, policy, each, *things)), None)


def said(request: HttpRequest, policy: Policy, by: ActingPerson, *things: Any) -> Any:
    """What the policy says, asked once while a page is made: it is needed for the button and again for its form."""
    answers: dict[Any, tuple[Any, Any]] = request.__dict__.setdefault("_answers", {})
    question = (policy, by.mandate and by.mandate.pk, *map(id, things))
    if question not in answers:
        answers[question] = policy(by, *things), things  # kept, so that no other thing gets the same id
    return answers[question][0]


def _allows(request: HttpRequest, policy: Policy, by: ActingPerson, *things: Any) -> bool:
    return bool(said(request, policy, by, *things))


def actor(request: HttpRequest, policy: Policy, *things: Any) -> ActingPerson:
    """Who does it: under the mandate that the form names, else under the first with which it is allowed.

    Where none allows it, the command says why, in the words of the policy.
    """
    if "acting" in request.POST:
        return acting.actor(request)
    every = actors(request)
    chosen = next((each for each in every if policy(each, *things)), every[-1])
    return acting.under(request, chosen.mandate)


def ask(form: forms.Form, request: HttpRequest, policy: Policy, *things: Any) -> None:
    """Let the form ask in whose name it is done, where more than one name is possible."""
    person = request.user
    ask_in_whose_name(
        form,
        request,
        fits=lambda mandate: _allows(request, policy, ActingPerson(person, mandate), *things),  # type: ignore[arg-type]
        oneself=_allows(request, policy, ActingPerson(person), *things),  # type: ignore[arg-type]
    )
