"""What happens to the city, its places, its organisations and their mandates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutOrganisation:
    organisation: str

    def subjects(self) -> tuple[str, ...]:
        return (f"organisation:{self.organisation}",)


@dataclass(frozen=True, kw_only=True)
class CityFounded(Event, kind="organisations.city_founded"):
    """The city takes up this way of working, with the gathering that it rests on."""

    city: str
    gathering: dict[str, Any]

    def subjects(self) -> tuple[str, ...]:
        return (f"place:{self.city}", "gathering:founding")


@dataclass(frozen=True, kw_only=True)
class PlaceAdded(Event, kind="organisations.place_added"):
    place: str
    name: str
    level: str
    within: str | None

    def subjects(self) -> tuple[str, ...]:
        return (f"place:{self.place}",)


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Event, kind="organisations.place_changed"):
    place: str
    changed: dict[str, Any]

    def subjects(self) -> tuple[str, ...]:
        return (f"place:{self.place}",)


@dataclass(frozen=True, kw_only=True)
class Founded(_AboutOrganisation, Event, kind="organisations.founded"):
    """An organisation or a municipal unit entered the register."""

    name: str
    organisation_kind: str
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class Applied(_AboutOrganisation, Event, kind="organisations.applied"):
    """People asked for their organisation to be entered and accredited."""

    name: str
    organisation_kind: str


@dataclass(frozen=True, kw_only=True)
class TakenOver(_AboutOrganisation, Event, kind="organisations.taken_over"):
    """An organisation came over from the register that the city kept before."""

    name: str
    organisation_kind: str
    state: str
    registration_number: str | None
    authority: str | None
    expires: str | None
    source: str


@dataclass(frozen=True, kw_only=True)
class Described(_AboutOrganisation, Event, kind="organisations.described"):
    """An organisation changed what it says of itself."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class Accredited(_AboutOrganisation, Event, kind="organisations.accredited"):
    """An organisation was accredited; without an authority, the number is the participation office's own."""

    registration_number: str
    authority: str
    expires: str


@dataclass(frozen=True, kw_only=True)
class AccreditationRefused(_AboutOrganisation, Event, kind="organisations.accreditation_refused"):
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccreditationWithdrawn(_AboutOrganisation, Event, kind="organisations.accreditation_withdrawn"):
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccreditationExpired(_AboutOrganisation, Event, kind="organisations.accreditation_expired"):
    expired: str


@dataclass(frozen=True, kw_only=True)
class Renamed(_AboutOrganisation, Event, kind="organisations.renamed"):
    old_name: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Moved(_AboutOrganisation, Event, kind="organisations.moved"):
    old_parent: str | None
    parent: str | None


@dataclass(frozen=True, kw_only=True)
class Merged(Event, kind="organisations.merged"):
    organisation: str
    into: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"organisation:{self.organisation}", f"organisation:{self.into}")


@dataclass(frozen=True, kw_only=True)
class Closed(Event, kind="organisations.closed"):
    organisation: str
    successor: str | None
    reason: str

    def subjects(self) -> tuple[str, ...]:
        about = (f"organisation:{self.organisation}",)
        return about if self.successor is None else (*about, f"organisation:{self.successor}")


@dataclass(frozen=True, kw_only=True)
class CapabilityAdded(Event, kind="organisations.capability_added"):
    """The city's list of capabilities grew."""

    capability: str
    name: str
    unit: str

    def subjects(self) -> tuple[str, ...]:
        return (f"capability:{self.capability}",)


@dataclass(frozen=True, kw_only=True)
class CapabilityOffered(_AboutOrganisation, Event, kind="organisations.capability_offered"):
    capability: str
    amount: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class CapabilityWithdrawn(_AboutOrganisation, Event, kind="organisations.capability_withdrawn"):
    capability: str


@dataclass(frozen=True, kw_only=True)
class MandateGranted(
    _AboutOrganisation, Event, kind="organisations.mandate_granted", personal={"person"}, about="person"
):
    mandate: str
    person: str
    role: str
    until: str


@dataclass(frozen=True, kw_only=True)
class MandateEnded(
    _AboutOrganisation, Event, kind="organisations.mandate_ended", personal={"person", "reason"}, about="person"
):
    mandate: str
    person: str
    role: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MandateExpiring(_AboutOrganisation, Event, kind="organisations.mandate_expiring"):
    """A mandate ends soon: its holder and the organisation are warned once."""

    mandate: str
    until: str


@dataclass(frozen=True, kw_only=True)
class MandateExpired(_AboutOrganisation, Event, kind="organisations.mandate_expired"):
    mandate: str
    until: str


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="organisations.person_forgotten"):
    """Somebody is being erased: how many of their mandates went."""

    erasure: str
    mandates: int

    def subjects(self) -> tuple[str, ...]:
        return ()
