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


@dataclass(frozen=True, kw_only=True)
class SessionsForgotten(Event, kind="people.sessions_forgotten"):
    """What was left of devices on which nobody is signed in any more was deleted."""

    count: int

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Event, kind="people.erasure_asked", personal={"person"}, about="person"):
    """Somebody wishes to be erased; by themselves, or on a letter at which others looked."""

    person: str
    erasure: str
    due: str
    by_letter: bool
    seen_by: list[str]

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ErasureCancelled(Event, kind="people.erasure_cancelled", personal={"person"}, about="person"):
    """Somebody has thought better of being erased."""

    person: str
    erasure: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class ErasureBegun(Event, kind="people.erasure_begun"):
    """The waiting is over: every floor lets go of the person, whom its followers find by the key of the erasure."""

    erasure: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Erased(Event, kind="people.erased"):
    """Somebody is gone: their row is empty, and nothing opens their commitments any more."""

    erasure: str
    openings: int

    def subjects(self) -> tuple[str, ...]:
        return ()
