"""What waits for the signed-in person, counted in one question for the menu of every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import CharField, Count, Value
from django.http import HttpRequest

from hamgara.domain.commitments.models import Commitment, Promiser
from hamgara.domain.commitments.policies import BODY_ROLES, UNIT_ROLES
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.oversight import queries as oversight
from hamgara.web import acting


@dataclass(frozen=True)
class Waiting:
    """How much there is to do, and whether the lot has ever called the person."""

    to_do: int = 0
    is_reviewer: bool = False


def waiting(request: HttpRequest) -> Waiting:
    """Seats to answer, words to give, joint promises to agree to; asked once a request."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return Waiting()
    if not hasattr(request, "_waiting"):
        request._waiting = _asked(request)  # type: ignore[attr-defined]
    return request._waiting  # type: ignore[attr-defined, no-any-return]


def _binds(mandate: Mandate) -> bool:
    return mandate.role in (UNIT_ROLES if mandate.organisation.is_unit else BODY_ROLES)


def _asked(request: HttpRequest) -> Waiting:
    person, mandates = request.user, acting.mandates(request)

    def counted(found: object, kind: str) -> object:
        named = found.order_by().annotate(what=Value(kind, CharField()))  # type: ignore[attr-defined]
        return named.values_list("what").annotate(count=Count("pk"))

    bodies = [each.organisation_id for each in mandates if _binds(each)]
    asked = Promiser.objects.filter(
        organisation__in=bodies, joined_at=None, commitment__state=Commitment.State.PROPOSED
    )
    bodies_done, own_done = oversight.answered_for(person)  # type: ignore[arg-type]
    counts = dict(
        counted(oversight.seats_to_do(person), "seats").union(  # type: ignore[arg-type, attr-defined]
            counted(bodies_done, "done"),
            counted(own_done, "done as monitor"),
            counted(oversight.words_to_give(person), "words"),  # type: ignore[arg-type]
            counted(asked, "joining"),
            all=True,
        )
    )
    called = any(counts.get(what) for what in ("seats", "done", "done as monitor"))
    return Waiting(
        to_do=counts.get("seats", 0) + counts.get("words", 0) + counts.get("joining", 0),
        is_reviewer=called or any(each.role == Mandate.Role.REVIEWER for each in mandates),
    )
