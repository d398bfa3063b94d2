"""Commands of officers among themselves: who deals with a demand, and notes about it."""

from __future__ import annotations

from hamgara.domain.demands import events, policies
from hamgara.domain.demands.commands.rows import locked, message_words
from hamgara.domain.demands.models import Demand, Note
from hamgara.domain.ledger.commands import command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Mandate


@command
def take(*, by: Actor, demand: Demand) -> Demand:
    """Deal with a demand oneself from now on; colleagues see whose it is."""
    [demand] = locked(demand)
    require(policies.may_take(by, demand))
    assert isinstance(by, ActingPerson)
    assert by.mandate is not None
    demand.handler = by.mandate
    demand.save(update_fields=["handler"])
    record(events.Taken(demand=demand.code, mandate=str(by.mandate.key)), by=by)
    return demand


@command
def hand_over(*, by: Actor, demand: Demand, to: Mandate) -> Demand:
    """Let a colleague deal with a demand from now on."""
    [demand] = locked(demand)
    to = Mandate.objects.select_related("organisation", "person").get(pk=to.pk)
    require(policies.may_hand_over(by, demand, to))
    demand.handler = to
    demand.save(update_fields=["handler"])
    record(events.HandedOver(demand=demand.code, mandate=str(to.key)), by=by)
    return demand


@command
def give_back(*, by: Actor, demand: Demand) -> Demand:
    """Let the demand be nobody's in particular again: whoever of the unit has time takes it."""
    [demand] = locked(demand)
    require(policies.may_give_back(by, demand))
    assert demand.handler is not None
    former, demand.handler = demand.handler, None
    demand.save(update_fields=["handler"])
    record(events.GivenBack(demand=demand.code, mandate=str(former.key)), by=by)
    return demand


@command
def note(*, by: Actor, demand: Demand, text: str) -> Note:
    """Write something about a demand for those alone who deal with it."""
    refuse_replay(by)
    [demand] = locked(demand)
    require(policies.may_note(by, demand))
    said = message_words("text", text)
    assert isinstance(by, ActingPerson)
    assert by.organisation is not None
    made = Note.objects.create(demand=demand, writer=by.person, unit=by.organisation, text=said)
    record(events.Noted(note=str(made.key), author=str(demand.author.key), demand=demand.code, text=said), by=by)
    return made
