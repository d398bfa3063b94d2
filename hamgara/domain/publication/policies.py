"""Who decides whose cosignature counts, and who keeps the log itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hamgara.domain.ledger.events import Actor, House
from hamgara.domain.ledger.policies import Allowed, Decision, Denied
from hamgara.domain.organisations.policies import acts_for_office
from hamgara.domain.publication.models import Witness


def may_register_witness(by: Actor) -> Decision:
    """Whoever keeps the register of organisations."""
    if isinstance(by, House) or acts_for_office(by):
        return Allowed
    return Denied(_("Only the participation office does this. Choose its name under «acting as», if you work there."))


def may_withdraw_witness(by: Actor, witness: Witness) -> Decision:
    """The same, as long as it counts."""
    if not (decision := may_register_witness(by)):
        return decision
    if witness.withdrawn_at is not None:
        return Denied(_("This witness was withdrawn before."), overtaken=True, about=witness.subject)
    return Allowed


def may_keep_the_log(by: Actor) -> Decision:
    """Whoever runs the machine on which the log is published, where its keys lie; no page leads there."""
    if isinstance(by, House):
        return Allowed
    return Denied(_("Only whoever runs the city's server does this, at its console: hamgara ledger."))
