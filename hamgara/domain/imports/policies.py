"""Who may bring files into the house: the participation office, and those who set the city up at its console."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.imports import queries
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.organisations.policies import acts_for_office


def may_import(by: Actor | None) -> Decision:
    if isinstance(by, House) or (isinstance(by, ActingPerson) and acts_for_office(by)):
        return Allowed
    return Denied(_("Only the participation office brings files in. If you work there, your mandate may have ended."))


def may_change(by: Actor | None, run: Import, verb: str) -> Decision:
    """Start, stop, carry on, throw away: by the office, in a state in which it can be done."""
    if not (decision := may_import(by)):
        return decision
    if not Import.LIFE.allows(Import.State(run.state), verb):
        return Denied(
            _("This import is now «%(state)s». Nothing was changed.") % {"state": run.get_state_display()},  # type: ignore[attr-defined]
            overtaken=True,
            about=run.subject,
        )
    return Allowed


def may_work(by: Actor | None, run: Import) -> Decision:
    """The house goes on with an import as long as whoever started it may do so: a leaver's import stops that day."""
    if not isinstance(by, House):
        return Denied(_("Imports go on by themselves."))
    if run.state != Import.State.UNDER_WAY:
        return Denied(_("This import was stopped."))
    who = queries.starter(run)
    if who is None or not may_import(who):
        return Denied(_("The mandate of whoever started this import has ended. Somebody else may carry it on."))
    return Allowed


def may_end(by: Actor | None, run: Import) -> Decision:
    """Every row was dealt with, or it cannot go on."""
    if not isinstance(by, House):
        return Denied(_("Imports end by themselves."))
    return Allowed if run.state == Import.State.UNDER_WAY else Denied(_("This import was stopped."))


def may_forget(by: Actor | None) -> Decision:
    return Allowed if isinstance(by, House) else Denied(_("Files are forgotten by themselves."))
