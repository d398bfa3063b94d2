"""What happens to demands. People's words, names and points are personal, and so are answers; reasons are public."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutDemand:
    demand: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}",)


@dataclass(frozen=True, kw_only=True)
class Submitted(Event, kind="demands.submitted", personal={"author", "title", "text", "address", "point"}):
    """Somebody asked for something."""

    demand: str
    author: str
    on_behalf: str | None
    demand_kind: str
    title: str
    text: str
    field: str
    place: str
    point: str | None
    address: str | None
    unit: str
    deadline: str
    files: list[str]  # their SHA-256

    def subjects(self) -> tuple[str, ...]:
        about = (f"demand:{self.demand}", f"place:{self.place}", f"field:{self.field}")
        return about if self.on_behalf is None else (*about, f"organisation:{self.on_behalf}")


@dataclass(frozen=True, kw_only=True)
class TakenOver(
    Event, kind="demands.taken_over", personal={"author", "title", "text", "address", "point", "number"}, about="author"
):
    """A demand of the city's past came over from its earlier records; `claim` is what they say became of it."""

    demand: str
    author: str
    demand_kind: str
    title: str
    text: str
    field: str
    place: str
    point: str | None
    address: str | None
    unit: str
    asked: str
    ended: str | None
    state: str
    claim: str
    deadline: str | None
    source: str
    number: str | None  # by which the earlier records know it

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"place:{self.place}", f"field:{self.field}")


@dataclass(frozen=True, kw_only=True)
class Withdrawn(_AboutDemand, Event, kind="demands.withdrawn"):
    """Its author took the demand back."""


@dataclass(frozen=True, kw_only=True)
class Supported(_AboutDemand, Event, kind="demands.supported"):
    pass


@dataclass(frozen=True, kw_only=True)
class SupportWithdrawn(_AboutDemand, Event, kind="demands.support_withdrawn"):
    pass


@dataclass(frozen=True, kw_only=True)
class Followed(_AboutDemand, Event, kind="demands.followed"):
    pass


@dataclass(frozen=True, kw_only=True)
class Unfollowed(_AboutDemand, Event, kind="demands.unfollowed"):
    pass


@dataclass(frozen=True, kw_only=True)
class Commented(_AboutDemand, Event, kind="demands.commented", personal={"text"}):
    comment: str
    text: str
    official: bool


@dataclass(frozen=True, kw_only=True)
class Admitted(_AboutDemand, Event, kind="demands.admitted"):
    unit: str
    deadline: str


@dataclass(frozen=True, kw_only=True)
class Taken(_AboutDemand, Event, kind="demands.taken"):
    """An officer deals with the demand from now on; `mandate` is theirs."""

    mandate: str


@dataclass(frozen=True, kw_only=True)
class HandedOver(_AboutDemand, Event, kind="demands.handed_over"):
    """A colleague deals with the demand from now on; `mandate` is the colleague's."""

    mandate: str


@dataclass(frozen=True, kw_only=True)
class GivenBack(_AboutDemand, Event, kind="demands.given_back"):
    """Nobody in particular deals with the demand; `mandate` is of the one who did."""

    mandate: str


@dataclass(frozen=True, kw_only=True)
class AskedBack(_AboutDemand, Event, kind="demands.asked_back", personal={"author", "text"}, about="author"):
    """A unit asked the author what it must know; `deadline` is the one that holds from now on."""

    author: str
    unit: str
    text: str
    deadline: str | None


@dataclass(frozen=True, kw_only=True)
class ToldMore(_AboutDemand, Event, kind="demands.told_more", personal={"text"}):
    """The author answered the question; `deadline` is the one that holds from now on."""

    text: str
    deadline: str | None


@dataclass(frozen=True, kw_only=True)
class Noted(Event, kind="demands.noted", personal={"author", "demand", "text"}, about="author"):
    """An officer wrote an internal note; about which demand, the entry does not tell."""

    note: str
    author: str
    demand: str
    text: str

    def subjects(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Looked(_AboutDemand, Event, kind="demands.looked"):
    """An officer looked at what the author keeps from the public; the author reads of it on the demand's page."""

    reason_code: str


@dataclass(frozen=True, kw_only=True)
class Declined(_AboutDemand, Event, kind="demands.declined"):
    reason_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Appealed(_AboutDemand, Event, kind="demands.appealed", personal={"words"}):
    """The author asks the participation office to look again."""

    words: str
    deadline: str


@dataclass(frozen=True, kw_only=True)
class Routed(Event, kind="demands.routed"):
    demand: str
    from_unit: str
    unit: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"organisation:{self.from_unit}", f"organisation:{self.unit}")


@dataclass(frozen=True, kw_only=True)
class Merged(Event, kind="demands.merged"):
    demand: str
    into: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"demand:{self.into}")


@dataclass(frozen=True, kw_only=True)
class Unmerged(Event, kind="demands.unmerged"):
    demand: str
    out_of: str
    state: str
    reason: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"demand:{self.out_of}")


@dataclass(frozen=True, kw_only=True)
class Explained(_AboutDemand, Event, kind="demands.explained", personal={"text"}):
    """An official answer in words, which ends nothing."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Answered(Event, kind="demands.answered"):
    """A commitment answers the demand."""

    demand: str
    commitment: str
    promiser: str | None

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"commitment:{self.commitment}")


@dataclass(frozen=True, kw_only=True)
class Refused(_AboutDemand, Event, kind="demands.refused", personal={"reason"}):
    reason_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FoundNotDoable(_AboutDemand, Event, kind="demands.found_not_doable", personal={"reason"}):
    reason_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Closed(Event, kind="demands.closed"):
    """A settled review found the promise kept, wholly or in part."""

    demand: str
    outcome: str
    review: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"review:{self.review}")


@dataclass(frozen=True, kw_only=True)
class WentBack(_AboutDemand, Event, kind="demands.went_back"):
    """What answered the demand does not hold; it awaits an answer again."""

    cause: str
    deadline: str


@dataclass(frozen=True, kw_only=True)
class LookedAtAgain(Event, kind="demands.looked_at_again"):
    """The review that closed the demand was appealed against; another panel looks at the promise again."""

    demand: str
    review: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"review:{self.review}")


@dataclass(frozen=True, kw_only=True)
class ReopeningCalled(_AboutDemand, Event, kind="demands.reopening_called"):
    """A supporter calls for an ended demand to be taken up again."""

    calls: int


@dataclass(frozen=True, kw_only=True)
class Reopened(_AboutDemand, Event, kind="demands.reopened", personal={"words"}):
    words: str | None
    from_state: str
    calls: int
    deadline: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(_AboutDemand, Event, kind="demands.deadline_passed"):
    clock: str
    deadline: str
    unit: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"organisation:{self.unit}")


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(_AboutDemand, Event, kind="demands.deadline_near"):
    """The unit is reminded, once for each deadline."""

    clock: str
    deadline: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Escalated(Event, kind="demands.escalated"):
    """An overdue demand is put before the unit above."""

    demand: str
    from_unit: str
    unit: str
    deadline: str

    def subjects(self) -> tuple[str, ...]:
        return (f"demand:{self.demand}", f"organisation:{self.unit}")


@dataclass(frozen=True, kw_only=True)
class AuthorAsked(_AboutDemand, Event, kind="demands.author_asked"):
    """Some weeks after the closing, the author is asked whether it is really done."""


@dataclass(frozen=True, kw_only=True)
class AuthorConfirmed(_AboutDemand, Event, kind="demands.author_confirmed"):
    pass


@dataclass(frozen=True, kw_only=True)
class AuthorDenied(_AboutDemand, Event, kind="demands.author_denied", personal={"words"}):
    words: str


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="demands.person_forgotten"):
    """Somebody is being erased: how many demands and comments go on without them."""

    erasure: str
    demands: int
    comments: int

    def subjects(self) -> tuple[str, ...]:
        return ()
