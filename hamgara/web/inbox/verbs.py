"""What officers may do with demands: each verb with its form, its policy and its command, and who of them may."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import ActingPerson
from hamgara.web import acting
from hamgara.web.doing import ask_among
from hamgara.web.forms import Form
from hamgara.web.inbox import forms


@dataclass(frozen=True)
class Verb:
    """One thing an officer may do with a demand: its form, the policy and the command behind it."""

    name: str
    title: Any
    symbol: str
    form: type[Form]
    policy: Callable[..., Any]
    command: Callable[..., Any]
    success: Any
    look: str = "plain"
    aside: bool = False  # who deals with it, not what becomes of it
    worded: str = ""  # the field into which a template of answers goes
    many: type[Form] | None = None  # the form for many demands, where that asks for something else
    key: str = ""  # the letter on an English keyboard where the key for it lies


VERBS = (
    Verb(
        "take",
        gettext_lazy("I deal with it"),
        "user-check",
        forms.NothingToFillIn,
        policies.may_take,
        commands.take,
        gettext_lazy("You deal with this demand now; your colleagues see it."),
        aside=True,
        key="T",
    ),
    Verb(
        "give-back",
        gettext_lazy("Give it back to the unit"),
        "undo-2",
        forms.NothingToFillIn,
        policies.may_give_back,
        commands.give_back,
        gettext_lazy("Nobody in particular deals with this demand now; whoever has time takes it."),
        "quiet",
        aside=True,
        key="B",
    ),
    Verb(
        "hand-over",
        gettext_lazy("Hand it over"),
        "users",
        forms.HandOverForm,
        policies.may_hand_over,
        commands.hand_over,
        gettext_lazy("Your colleague deals with this demand now and has been told."),
        aside=True,
        key="H",
    ),
    Verb(
        "look",
        gettext_lazy("See the hidden name and address"),
        "eye",
        forms.LookForm,
        policies.may_look,
        commands.look,
        gettext_lazy("You see them for now; this stands on the record, and the author reads of it."),
        aside=True,
        key="S",
    ),
    Verb(
        "admit",
        gettext_lazy("Admit it"),
        "check",
        forms.NothingToFillIn,
        policies.may_admit,
        commands.admit,
        gettext_lazy("The demand is admitted; the clock for the answer runs."),
        "strong",
        key="A",
    ),
    Verb(
        "note",
        gettext_lazy("Keep the note"),
        "notebook-pen",
        forms.NoteForm,
        policies.may_note,
        commands.note,
        gettext_lazy("Your note is kept; only officers read it."),
        aside=True,
        key="N",
    ),
    Verb(
        "ask-back",
        gettext_lazy("Ask its author something"),
        "message-circle-question-mark",
        forms.AskBackForm,
        policies.may_ask_back,
        commands.ask_back,
        gettext_lazy("Your question is on the author's page, and they are told of it."),
        key="Q",
    ),
    Verb(
        "explain",
        gettext_lazy("Answer in words"),
        "message-square-reply",
        forms.ExplainForm,
        policies.may_explain,
        commands.explain,
        gettext_lazy("Your answer stands on the demand's page, in your unit's name."),
        worded="text",
        key="E",
    ),
    Verb(
        "decline",
        gettext_lazy("Do not admit it"),
        "x",
        forms.DeclineForm,
        policies.may_decline,
        commands.decline,
        gettext_lazy("The demand is not admitted; its author has been told and may appeal once."),
        "danger",
        worded="reason",
        key="D",
    ),
    Verb(
        "refuse",
        gettext_lazy("Refuse it"),
        "ban",
        forms.RefuseForm,
        policies.may_refuse,
        commands.refuse,
        gettext_lazy("The demand is refused; the reason stands in public."),
        "danger",
        worded="reason",
        key="F",
    ),
    Verb(
        "not-doable",
        gettext_lazy("It cannot be done"),
        "construction",
        forms.NotDoableForm,
        policies.may_find_not_doable,
        commands.find_not_doable,
        gettext_lazy("The demand is found not doable; the reason stands in public."),
        "danger",
        worded="reason",
        key="C",
    ),
    Verb(
        "route",
        gettext_lazy("Pass it to another unit"),
        "route",
        forms.RouteForm,
        policies.may_route,
        commands.route,
        gettext_lazy("The demand is with the other unit now."),
        key="R",
    ),
    Verb(
        "merge",
        gettext_lazy("Merge it with a like demand"),
        "merge",
        forms.MergeForm,
        policies.may_merge,
        commands.merge,
        gettext_lazy("The two demands go on as one; this can be undone."),
        many=forms.MergeManyForm,
        key="M",
    ),
    Verb(
        "unmerge",
        gettext_lazy("Undo the merge"),
        "split",
        forms.UnmergeForm,
        policies.may_unmerge,
        commands.unmerge,
        gettext_lazy("The demands are separate again."),
        key="U",
    ),
)


VERB = {verb.name: verb for verb in VERBS}
# What makes sense for many demands at once: the one that does least stands first, where an Enter would go.
BULK = ("take", "give-back", "hand-over", "route", "admit", "merge", "decline")


def actors_of(request: HttpRequest) -> list[ActingPerson]:
    """The officer under each of their mandates of the municipality."""
    return [acting.under(request, each) for each in acting.mandates(request) if acting.works_for_municipality(each)]


def actor(request: HttpRequest, actors: list[ActingPerson], policy: Callable[..., Any], thing: Any) -> ActingPerson:
    """Who does it: under the mandate that the form names, else the one that there is.

    Where no mandate allows it, the command says why, under the mandate that was overtaken if somebody was faster.
    """
    if "acting" in request.POST:
        return acting.actor(request)
    overtaken = (each for each in actors if getattr(policy(each, thing), "overtaken", False))
    return able(actors, policy, thing) or next(overtaken, actors[0])


def able(actors: list[ActingPerson], policy: Callable[..., Any], thing: Any) -> ActingPerson | None:
    """The first of the officer's mandates under which the policy allows it."""
    return next((each for each in actors if policy(each, thing)), None)


def form_of(verb: Verb, demands: Collection[Demand], actors: list[ActingPerson], data: Any = None, **more: Any) -> Form:
    """The verb's form for these demands, with the choices that there are for them.

    Where the officer may do it in more than one name, the form asks in which; a form for many demands does not, because
    the desk asks once for all its verbs.
    """
    kind = verb.many if verb.many is not None and "prefix" in more else verb.form
    if kind is forms.MergeManyForm:
        more["demands"] = demands
    elif verb.form is forms.RouteForm:
        more["but"] = {each.unit_id for each in demands} if len(demands) == 1 else set()
    elif verb.form is forms.HandOverForm:
        units = {each.unit_id for each in demands} | {
            by.organisation.pk for by in actors if by.organisation is not None
        }
        handlers = {each.handler_id for each in demands} if len(demands) == 1 else set()
        more["colleagues"] = [each for each in queries.colleagues(units) if each.pk not in handlers]
    form = kind(data, auto_id=f"id_{verb.name}_%s", **more)
    # Where several verbs share a form, only the one whose button is pressed needs its fields.
    form.use_required_attribute = "prefix" not in more
    if "prefix" not in more:
        [demand] = demands
        fitting = [by for by in actors if verb.policy(by, demand)]
        ask_among(form, sorted(fitting, key=lambda by: by.organisation is None or by.organisation.pk != demand.unit_id))
    return form
