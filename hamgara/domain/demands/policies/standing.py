"""What several policies of demands ask: who is this, whose is the demand, in which state is it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamgara.algorithms.persian import calendar, digits
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import HEAD, REPRESENTATIVE, acts_for_office, acts_for_unit, mandate_stands


def shown(number: int) -> str:
    return digits.to_persian(str(number)) if get_language() == "fa" else str(number)


def _when(demand: Demand) -> str:
    """The moment of the last change of state, as the reader writes it."""
    local = timezone.localtime(demand.state_since)
    if get_language() == "fa":
        return digits.to_persian(f"{calendar.format_date(local.date())}، {local:%H:%M}")
    return date_format(local, "j F Y, H:i")


def state_stands_against(demand: Demand) -> Denied:
    """Somebody was here before: who, what and when, so that the second one need not ask around."""
    facts = {"state": demand.get_state_display(), "when": _when(demand)}  # type: ignore[attr-defined]
    if demand.state_by is None:
        return Denied(_("This demand is now «%(state)s», since %(when)s. Nothing was changed.") % facts, overtaken=True)
    return Denied(
        _("%(who)s acted before you: since %(when)s this demand is «%(state)s». Nothing was changed.")
        % (facts | {"who": demand.state_by.label}),
        overtaken=True,
    )


def signed_in(by: Actor | None) -> Decision:
    """`by` is somebody who is signed in, and whose mandate stands if they act under one."""
    if not isinstance(by, ActingPerson):
        return Denied(_("Sign in first; a code by SMS or mail is enough."))
    return mandate_stands(by)


def for_oneself(by: Actor | None) -> Decision:
    """Support is of persons alone: a body adds nothing to the counts."""
    if not (decision := signed_in(by)):
        return decision
    if isinstance(by, ActingPerson) and by.mandate is not None:
        return Denied(_("Only people count here, not organisations. Choose «in my own name» under «acting as»."))
    return Allowed


def is_author(by: Actor | None, demand: Demand) -> bool:
    return isinstance(by, ActingPerson) and by.person.pk == demand.author_id


def speaks_for(by: Actor | None, demand: Demand) -> bool:
    """`by` made the demand, or acts now for the organisation that carries it."""
    if is_author(by, demand):
        return True
    return (
        isinstance(by, ActingPerson)
        and demand.on_behalf_id is not None
        and by.mandate is not None
        and by.mandate.organisation_id == demand.on_behalf_id
        and by.mandate.role in {HEAD, REPRESENTATIVE}
        and bool(mandate_stands(by))
    )


def handles(by: Actor | None, demand: Demand) -> bool:
    """`by` acts for the demand's unit, for one above it, or for the participation office."""
    if by is None or not isinstance(by, ActingPerson) or by.mandate is None:
        return False
    if acts_for_office(by):
        return True
    return acts_for_unit(by) and organisations.standing_for(demand.unit).is_within(by.mandate.organisation)


def covering(by: Actor | None, demand: Demand) -> Decision:
    """`by` works for a unit that the demand is with, whether or not it waits for that unit now."""
    if isinstance(by, House):
        return Allowed
    if not (decision := signed_in(by)):
        return decision
    if not handles(by, demand):
        return Denied(
            _("This demand is with %(unit)s. Only its officers, those above it and the participation office do this.")
            % {"unit": demand.unit.label}
        )
    if is_author(by, demand):
        return Denied(_("You made this demand yourself, so another officer decides about it."))
    return Allowed


def handling(by: Actor | None, demand: Demand) -> Decision:
    """`by` may act on the demand now. An appeal is out of the hands of the unit against which it is."""
    if not (decision := covering(by, demand)) or isinstance(by, House):
        return decision
    if demand.is_appeal and not (by is not None and acts_for_office(by)):
        return Denied(_("This is an appeal, so the participation office decides."))
    return Allowed


def in_state(demand: Demand, verb: str) -> Decision:
    return Allowed if Demand.LIFE.allows(Demand.State(demand.state), verb) else state_stands_against(demand)


def decides(by: Actor | None, demand: Demand, verb: str) -> Decision:
    if not (decision := handling(by, demand)):
        return decision
    return in_state(demand, verb)


def house_only(by: Actor | None, demand: Demand, verb: str) -> Decision:
    if not isinstance(by, House):
        return Denied(_("No person does this: it follows from a commitment or from a settled review."))
    return in_state(demand, verb)
