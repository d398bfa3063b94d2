"""Commands by which a promise comes about: proposed, joined by each body that is named, or not agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.domain.commitments import events, policies
from hamgara.domain.commitments.commands.wording import MOST_HOURS, Problems, plain
from hamgara.domain.commitments.models import (
    REASON_LENGTH,
    TITLE_LENGTH,
    WHAT_LENGTH,
    Commitment,
    Indicator,
    Promiser,
)
from hamgara.domain.commitments.queries import promisers
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Organisation


def locked(commitment: Commitment) -> Commitment:
    """The row as it is now, held until the command ends."""
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("demand")
        .prefetch_related(promisers())
        .get(pk=commitment.pk)
    )


def about(commitment: Commitment) -> dict[str, Any]:
    """What every event of a promise says first."""
    return {
        "commitment": commitment.code,
        "demand": commitment.demand.code,
        "promisers": [body.code for body in commitment.bodies],
    }


def _terms(commitment: Commitment) -> dict[str, Any]:
    return about(commitment) | {
        "title": commitment.title,
        "what": commitment.what,
        "indicators": [
            {"text": each.text, "target": plain(each.target), "unit": each.unit} for each in commitment.indicators.all()
        ],
        "due": commitment.due.isoformat(),
        "budget_rial": commitment.budget_rial,
        "hours": commitment.hours,
    }


@command
def promise(
    *,
    by: Actor,
    demand: Demand,
    title: str,
    what: str,
    indicators: Sequence[Mapping[str, Any]],
    due: date,
    budget_rial: int | None = None,
    hours: int | None = None,
    partners: Sequence[Organisation] = (),
) -> Commitment:
    """Promise something on a demand, in the name of one's body.

    Alone, the promise stands at once. With partners it is a proposal until each of them has agreed: nobody is bound
    by somebody else's word. `indicators` are maps of text, target and unit.
    """
    demand = Demand.objects.select_for_update(of=("self",)).select_related("unit").get(pk=demand.pk)
    refuse_replay(by)
    require(policies.may_promise(by, demand))
    assert isinstance(by, ActingPerson)
    assert by.organisation is not None
    lead = by.organisation
    problems = Problems()
    commitment = Commitment(
        code=f"{demand.code}-{Commitment.objects.filter(demand=demand).count() + 1}",
        demand=demand,
        title=problems.words("title", title, TITLE_LENGTH, _("Write in one line what you promise."), lines=False),
        what=problems.words("what", what, WHAT_LENGTH, _("Write what will be done, so that others can check it.")),
        due=problems.day_ahead("due", due),
        budget_rial=problems.rial("budget_rial", budget_rial),
        hours=problems.amount("hours", hours, MOST_HOURS),
        created_by=by.person,
    )
    measured = problems.indicators(indicators)
    others = {body.pk: body for body in partners if body.pk != lead.pk}
    most = charter.number("commitments.partners_at_most")
    if len(others) > most:
        problems["partners"] = _("A promise is made together by at most %(count)s others.") % {
            "count": policies.shown(most)
        }
    if unfit := [body.label for body in others.values() if not policies.can_bind_itself(body)]:
        problems["partners"] = _("These cannot promise now, because their accreditation does not stand: %(names)s") % {
            "names": "، ".join(unfit)
        }
    problems.check()
    if not others:
        commitment.state = Commitment.LIFE.after(commitment.state, "join")
        commitment.promised_at = clock.now()
    commitment.save()
    Promiser.objects.create(commitment=commitment, organisation=lead, is_lead=True, joined_at=clock.now())
    Promiser.objects.bulk_create(Promiser(commitment=commitment, organisation=body) for body in others.values())
    Indicator.objects.bulk_create(Indicator(commitment=commitment, **each) for each in measured)
    kind = events.Proposed if others else events.Promised
    record(kind(**_terms(commitment)), by=by)
    return commitment


def _asked(commitment: Commitment, organisation: Organisation) -> Promiser:
    for promiser in commitment.promisers.all():
        if promiser.organisation_id == organisation.pk:
            promiser.commitment = commitment
            return promiser
    raise Invalid({"organisation": _("This organisation was not asked to join this promise.")})


@command
def join(*, by: Actor, commitment: Commitment, organisation: Organisation) -> Commitment:
    """Agree to a joint promise in the name of `organisation`; with the last one's agreement the promise stands."""
    commitment = locked(commitment)
    promiser = _asked(commitment, organisation)
    refuse_replay(by)
    require(policies.may_join(by, promiser))
    promiser.joined_at = clock.now()
    promiser.save(update_fields=["joined_at"])
    if any(each.joined_at is None for each in commitment.promisers.all()):
        record(events.Joined(**about(commitment), organisation=organisation.code), by=by)
        return commitment
    demand = Demand.objects.select_for_update(of=("self",)).get(pk=commitment.demand_id)
    if demand.state not in policies.OPEN_DEMANDS:
        raise Invalid(
            {
                "demand": _("The demand is now «%(state)s», so the promise cannot come into being.")
                % {"state": demand.get_state_display()}
            }
        )
    if commitment.due < clock.today():
        raise Invalid({"due": _("The date of the promise passed before all had agreed. Let it be proposed anew.")})
    commitment.state = Commitment.LIFE.after(commitment.state, "join")
    commitment.promised_at = clock.now()
    commitment.save()
    record(events.Promised(**_terms(commitment)), by=by)
    return commitment


def _drop(commitment: Commitment, verb: str, reason: str) -> None:
    commitment.state = Commitment.LIFE.after(commitment.state, verb)
    commitment.ended_at, commitment.end_reason = clock.now(), reason
    commitment.save()


@command
def decline_to_join(*, by: Actor, commitment: Commitment, organisation: Organisation, reason: str) -> Commitment:
    """Say no to a joint promise, or take one's own proposal back: what was to stand by all, stands by none."""
    commitment = locked(commitment)
    promiser = _asked(commitment, organisation)
    refuse_replay(by)
    require(policies.may_join(by, promiser, "decline_to_join"))
    problems = Problems()
    reason = problems.words("reason", reason, REASON_LENGTH, _("Give the reason; it is public."))
    problems.check()
    _drop(commitment, "decline_to_join", reason)
    record(events.JoiningDeclined(**about(commitment), organisation=organisation.code, reason=reason), by=by)
    return commitment


@command
def let_proposal_lapse(*, by: Actor, commitment: Commitment) -> Commitment:
    """Not everybody agreed in the charter's time: the proposal is gone."""
    commitment = locked(commitment)
    require(policies.may_follow_the_rules(by, commitment, "let_proposal_lapse"))
    if clock.now() < commitment.created_at + charter.period("commitments.joining_lasts"):
        raise Invalid({"commitment": _("The time to agree has not passed.")})
    _drop(commitment, "let_proposal_lapse", "")
    record(events.ProposalLapsed(**about(commitment)), by=by)
    return commitment
