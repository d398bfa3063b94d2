"""What happens to the witnesses of the public log."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class WitnessRegistered(Event, kind="publication.witness_registered"):
    """The participation office took in the key of an organisation that cosigns the log."""

    witness: str
    vkey: str
    url: str

    def subjects(self) -> tuple[str, ...]:
        return (f"witness:{self.witness}",)


@dataclass(frozen=True, kw_only=True)
class WitnessWithdrawn(Event, kind="publication.witness_withdrawn"):
    """A key counts no more: it was lost, or its owner stopped."""

    witness: str
    vkey: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"witness:{self.witness}",)
