"""What an event is: a typed, frozen statement of one act, which names its own personal fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol
from uuid import UUID

KINDS: dict[str, type[Event]] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """One official act. Field values are JSON values (text, whole numbers, booleans, lists, maps, None).

    A subclass names its kind and those fields that hold personal data or people's own words:
    `class Submitted(Event, kind="demands.submitted", personal={"author", "text"})`. Personal fields stand in the
    entry only as salted commitments, so that a person can be erased and the entry stays valid. They are the actor's,
    and go with the actor's erasure, unless `about` names the field that holds the key of somebody else.
    """

    KIND: ClassVar[str]
    PERSONAL: ClassVar[frozenset[str]]
    ABOUT: ClassVar[str | None]

    def __init_subclass__(
        cls, *, kind: str, personal: set[str] | frozenset[str] = frozenset(), about: str | None = None
    ) -> None:
        if kind in KINDS:
            raise TypeError(f"two events are called {kind!r}")
        cls.KIND, cls.PERSONAL, cls.ABOUT = kind, frozenset(personal), about
        KINDS[kind] = cls

    def subjects(self) -> tuple[str, ...]:
        """What this act is about, as «kind:code»; a page's timeline is the entries with its subject."""
        raise NotImplementedError

    def fields(self) -> Mapping[str, Any]:
        return dict(self.__dict__)


class Actor(Protocol):
    """Who acts: a person, or a person under a mandate, or the house itself."""

    @property
    def person_key(self) -> str | None:
        """The person's pseudonymous key; enters the ledger only as a commitment."""

    @property
    def body(self) -> str | None:
        """The code of the organisation in whose name the act is done."""

    @property
    def role(self) -> str | None:
        """The role of the mandate, or the name of the part of the house."""

    @property
    def once(self) -> UUID | None:
        """The key of this one act: a form sent twice carries it twice, and is done once."""


@dataclasses.dataclass(frozen=True)
class House:
    """The house itself acting by a rule of the charter: no person decides."""

    role: str
    person_key: None = None
    body: None = None
    once: UUID | None = None


CLOCK = House("clock")  # a deadline passed
RULES = House("rules")  # a rule of the charter followed from an event
FOUNDERS = House("founders")  # the city is set up
