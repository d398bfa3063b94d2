"""What happens in moderation. Why something was hidden is public; who reported it, and in what words, is not."""

from __future__ import annotations

from dataclasses import dataclass

from hamgara.domain.ledger.events import Event


@dataclass(frozen=True, kw_only=True)
class _AboutCase:
    """`thing` is the kind of what the case is about; what it says is no part of the entry."""

    case: str
    thing: str
    demand: str
    commitment: str | None
    review: str | None

    def subjects(self) -> tuple[str, ...]:
        more = (("commitment", self.commitment), ("review", self.review))
        above = tuple(f"{kind}:{code}" for kind, code in more if code is not None)
        return (f"case:{self.case}", f"demand:{self.demand}", *above)


@dataclass(frozen=True, kw_only=True)
class _Quiet(_AboutCase):
    """On no page but the case's own: that something was reported, and left as it is, is no stain on anybody."""

    def subjects(self) -> tuple[str, ...]:
        return (f"case:{self.case}",)


@dataclass(frozen=True, kw_only=True)
class _Ruled:
    """What the office decided. `waited`: seconds since the first report or the appeal, None where nobody had asked."""

    explanation: str
    reports: int
    waited: int | None


@dataclass(frozen=True, kw_only=True)
class Reported(_Quiet, Event, kind="moderation.reported", personal={"words"}):
    """Somebody holds that a comment, a file or a shown name breaks the charter."""

    reason: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Hidden(_Ruled, _AboutCase, Event, kind="moderation.hidden"):
    reason: str


@dataclass(frozen=True, kw_only=True)
class Left(_Ruled, _Quiet, Event, kind="moderation.left"):
    """It stays as it is."""


@dataclass(frozen=True, kw_only=True)
class Restored(_Ruled, _AboutCase, Event, kind="moderation.restored"):
    """The office corrects itself: what was hidden is shown again."""


@dataclass(frozen=True, kw_only=True)
class Appealed(_Quiet, Event, kind="moderation.appealed", personal={"words"}):
    """Whoever wrote or brought it asks another officer to look again."""

    words: str


@dataclass(frozen=True, kw_only=True)
class AppealGranted(_Ruled, _AboutCase, Event, kind="moderation.appeal_granted"):
    by_another: bool  # than who had hidden it


@dataclass(frozen=True, kw_only=True)
class AppealDismissed(_Ruled, _AboutCase, Event, kind="moderation.appeal_dismissed"):
    by_another: bool


@dataclass(frozen=True, kw_only=True)
class WordsDestroyed(_AboutCase, Event, kind="moderation.words_destroyed"):
    """Personal data that stood in hidden words are gone for good, with so many openings of commitments."""

    openings: int


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(_Quiet, Event, kind="moderation.deadline_near"):
    """Those who decide are reminded, once for each report or appeal that awaits them."""

    deadline: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePassed(_Quiet, Event, kind="moderation.deadline_passed"):
    """The charter's time for a decision is over, and there is none."""

    deadline: str


@dataclass(frozen=True, kw_only=True)
class PersonForgotten(Event, kind="moderation.person_forgotten"):
    """Somebody is being erased: that something was reported stays, and nothing says by whom."""

    erasure: str
    reports: int

    def subjects(self) -> tuple[str, ...]:
        return ()
