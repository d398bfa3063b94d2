"""What happens to the public log itself, and to its witnesses."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class WitnessRegistered(Event, kind="publication.witness_registered"):
    """The participation office took in the key of an organisation that cosigns the log."""

    witness: str
    vkey: str
    url: str
    outside: bool

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


@dataclass(frozen=True, kw_only=True)
class Restored(Event, kind="publication.restored"):
    """The database had lost acts that were published; they were put back as they stand in the log, and nothing more."""

    log: str
    first: int
    size: int
    root: str

    def subjects(self) -> tuple[str, ...]:
        return (f"log:{self.log}",)


@dataclass(frozen=True, kw_only=True)
class KeyRotated(Event, kind="publication.key_rotated"):
    """The log is signed by a new key too; by the old one until a moment that is named."""

    log: str
    old: str
    new: str
    until: str

    def subjects(self) -> tuple[str, ...]:
        return (f"log:{self.log}",)


@dataclass(frozen=True, kw_only=True)
class KeyCompromised(Event, kind="publication.key_compromised"):
    """Others had a key of the log: what it signed since then is nobody's word. The log stood at this size and root."""

    log: str
    key: str
    since: str
    size: int
    root: str
    new: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"log:{self.log}",)
