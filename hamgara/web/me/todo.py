"""What waits for a person: in their own name, and in the names of those for whom they act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara import charter, clock
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.moderation import queries as moderation
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.oversight import queries as oversight
from hamgara.domain.people.models import Person
from hamgara.web import acting
from hamgara.web.reading import number

A_FEW = 5  # of one kind; the page behind the link has them all


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, where, and until when."""

    text: str
    href: str
    symbol: str
    about: str = ""
    due: date | None = None


def todos(request: HttpRequest) -> list[Todo]:
    """Everything that waits for the person of this request; what has a date first, the nearest before the others."""
    person: Person = request.user  # type: ignore[assignment]
    mandates = acting.mandates(request)
    found = [*_as_reviewer(person), *_as_author(person), *_ending(mandates)]
    for mandate in mandates:
        found += _for_body(mandate)
    return sorted(found, key=lambda todo: (todo.due is None, todo.due))


def _as_reviewer(person: Person) -> list[Todo]:
    return [
        Todo(
            text=_("The lot has fallen on you: look at what was promised and say what you find"),
            href=reverse("reviewer:list"),
            symbol="search-check",
            about=seat.review.commitment.demand.title,
            due=seat.due,
        )
        for seat in oversight.seats_to_do(person)[:A_FEW]
    ]


def _as_author(person: Person) -> list[Todo]:
    words = [
        Todo(
            text=_("Give the words for the draw of your demand's reviewers"),
            href=reverse("reviews:detail", args=[review.code]),
            symbol="dices",
            about=review.commitment.demand.title,
        )
        for review in oversight.words_to_give(person)[:A_FEW]
    ]
    open_again = [
        Todo(
            text=_("The city asks you something about your demand")
            if demand.is_open
            else _("You may appeal")
            if demand.appeal_until
            else _("If it is not in order, you may reopen it")
            if demand.state == Demand.State.CLOSED
            else _("If you do not accept the answer, you may reopen it"),
            href=reverse("demands:detail", args=[demand.code]),
            symbol="message-circle-question-mark"
            if demand.is_open
            else "scale"
            if demand.appeal_until
            else "rotate-ccw",
            about=demand.title,
            due=demand.appeal_until or demand.reopen_until,
        )
        for demand in demands.to_do(person)[:A_FEW]
    ]
    asked = [
        Todo(
            text=_("Say whether it is really done"),
            href=reverse("demands:really_done", args=[demand.code]),
            symbol="message-circle",
            about=demand.title,
            due=demand.author_answers_until,
        )
        for demand in demands.asked(person)[:A_FEW]
    ]
    return words + asked + open_again


def _ending(mandates: list[Mandate]) -> list[Todo]:
    soon = clock.today() + charter.period("organisations.mandate_warning")
    return [
        Todo(
            text=_("Your mandate ends soon; have it renewed"),
            href=reverse("organisations:mandates", args=[mandate.organisation.code]),
            symbol="id-card",
            about=f"{mandate.organisation.label} ({mandate.get_role_display()})",
            due=mandate.until,
        )
        for mandate in mandates
        if mandate.until <= soon
    ]


def _in_one_question(**found: QuerySet[Any]) -> dict[str, int]:
    """How many there are of each."""
    first, *others = (
        each.order_by().annotate(what=Value(name, CharField())).values_list("what").annotate(count=Count("pk"))
        for name, each in found.items()
    )
    return dict(first.union(*others, all=True))


def _for_unit(mandate: Mandate) -> list[Todo]:
    """What waits for everybody who works for a municipal unit."""
    body = mandate.organisation
    waiting = {"demands": demands.inbox(body), "reports": moderation.queue(body)}
    if acting.works_for_office(mandate):
        waiting["applications"] = organisations.waiting_for_accreditation()
        waiting["unattended"] = demands.unattended()
    counts = _in_one_question(**waiting)
    return [
        *_counted(
            counts.get("demands", 0),
            lambda n: ngettext("%(count)s demand in the inbox", "%(count)s demands in the inbox", n),
            reverse("inbox:list"),
            "inbox",
            body.label,
        ),
        *_counted(
            counts.get("reports", 0),
            lambda n: ngettext("%(count)s report or appeal", "%(count)s reports and appeals", n),
            reverse("moderating:queue"),
            "flag",
            body.label,
        ),
        *_counted(
            counts.get("applications", 0),
            lambda n: ngettext(
                "%(count)s organisation waits for accreditation", "%(count)s organisations wait for accreditation", n
            ),
            reverse("office:applications"),
            "stamp",
            body.label,
        ),
        *_counted(
            counts.get("unattended", 0),
            lambda n: ngettext(
                "%(count)s demand lies with a unit for which nobody acts",
                "%(count)s demands lie with units for which nobody acts",
                n,
            ),
            f"{reverse('inbox:list')}?all=1&only={demands.UNATTENDED}",
            "user-x",
            body.label,
        ),
    ]


def _for_body(mandate: Mandate) -> list[Todo]:
    body = mandate.organisation
    found = _for_unit(mandate) if acting.works_for_municipality(mandate) else []
    if mandate.role == Mandate.Role.REVIEWER:
        return found
    found += [
        Todo(
            text=_("You are asked to promise this together with others"),
            href=reverse("commitments:detail", args=[commitment.code]),
            symbol="handshake",
            about=f"{commitment.title} ({body.label})",
        )
        for commitment in commitments.asked_to_join(body)[:A_FEW]
    ]
    near = clock.today() + timedelta(days=30)
    found += [
        Todo(
            text=_("Promised, and past its date") if commitment.due < clock.today() else _("Promised and due"),
            href=reverse("commitments:detail", args=[commitment.code]),
            symbol="hammer",
            about=f"{commitment.title} ({body.label})",
            due=commitment.due,
        )
        for commitment in commitments.to_do(body).filter(due__lte=near)[:A_FEW]
    ]
    return found


def _counted(count: int, words: Any, href: str, symbol: str, about: str) -> list[Todo]:
    return [Todo(text=words(count) % {"count": number(count)}, href=href, symbol=symbol, about=about)] if count else []
