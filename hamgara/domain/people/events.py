"""What happens to persons. Every value about a person is personal; the entry holds commitments only."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class Registered(Event, kind="people.registered", personal={"person"}, about="person"):
    """Somebody became known to the house."""

    person: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class TakenOver(Event, kind="people.taken_over", personal={"person"}, about="person"):
    """Somebody whom the city's earlier records name became known to the house."""

    person: str
    source: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event, kind="people.profile_changed", personal={"person"}, about="person"):
    """Somebody changed their name, language, or how notices reach them: which, not what."""

    person: str
    changed: list[str]

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class SignInLinkIssued(Event, kind="people.sign_in_link_issued", personal={"person"}, about="person"):
    """A one-time sign-in link was made for somebody."""

    person: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class SignInLinkUsed(Event, kind="people.sign_in_link_used", personal={"person"}, about="person"):
    """A one-time sign-in link was used up."""

    person: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class LinksForgotten(Event, kind="people.links_forgotten"):
    """Links that had been used, or had run out, were deleted."""

    count: int

    def subjects(self) -> tuple[str, ...]:
        return ()
