"""What the commands of this floor share: rows held until the end, states moved, words checked."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian import digits
from hamgara.algorithms.persian.text import clean
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Organisation

PERIODS = {Demand.Clock.TRIAGE: "demands.triage_within", Demand.Clock.ANSWER: "demands.answer_within"}


def locked(*demands: Demand) -> list[Demand]:
    """The rows as they are now, in the order given, held until the command ends."""
    # Always taken in one order, so that two merges crosswise wait for each other and do not lock up.
    rows = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("field", "place", "unit", "on_behalf", "state_by", "author", "handler__organisation")
        .filter(pk__in={demand.pk for demand in demands})
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    return [found[demand.pk] for demand in demands]


def officer(by: Actor) -> Organisation | None:
    """In whose name an officer acts, None for a person or the house."""
    organisation = by.organisation if isinstance(by, ActingPerson) else None
    return organisation if organisation is not None and organisation.is_unit else None


def start_clock(demand: Demand, kind: Demand.Clock) -> None:
    """From today, the demand waits for this within the time of the charter."""
    stop_clock(demand)
    demand.clock_kind = kind
    demand.deadline = charter.day_after(PERIODS[kind], clock.today())


def stop_clock(demand: Demand) -> None:
    """The demand waits for nothing that has a deadline."""
    demand.clock_kind, demand.overdue_noted_at, demand.deadline = Demand.Clock.NONE, None, None
    demand.unpaused_deadline = None
    demand.reminded_at, demand.escalated_to, demand.escalated_on = None, None, None


def forget_answer(demand: Demand) -> None:
    """What the author said of one closing says nothing of the next."""
    demand.author_asked_at, demand.author_says = None, Demand.AuthorSays.NOTHING


def go(demand: Demand, verb: str, by: Actor, *, reason_code: str = "", reason: str = "") -> None:
    """Move the demand by a verb of its lifecycle, and keep who did it, when and why."""
    demand.state = Demand.LIFE.after(Demand.State(demand.state), verb)
    demand.state_since, demand.state_by = clock.now(), officer(by)
    demand.reason_code, demand.state_reason = reason_code, reason
    demand.ended_at = demand.state_since if demand.state in Demand.ENDED else None


def shown(number: int) -> str:
    """A whole number in the reader's digits."""
    return digits.to_persian(str(number)) if get_language() == "fa" else str(number)


def words(problems: dict[str, str], name: str, typed: str, rule: str, *, lines: bool = True) -> str:
    """What was typed, cleaned; noted in `problems` if it is longer than the charter allows."""
    text = clean(typed) if lines else " ".join(clean(typed).split())
    most = charter.number(rule)
    if len(text) > most:
        problems[name] = ngettext(
            "This has %(length)s characters; please shorten it to at most %(count)s character.",
            "This has %(length)s characters; please shorten it to at most %(count)s characters.",
            most,
        ) % {"length": shown(len(text)), "count": shown(most)}
    return text


def reason_words(name: str, typed: str) -> str:
    """A public reason: not empty, not longer than an answer."""
    problems: dict[str, str] = {}
    text = words(problems, name, typed, "demands.answer_length")
    if not text:
        problems[name] = _("Give the reason in your own words; it is public.")
    if problems:
        raise Invalid(problems)
    return text


def message_words(name: str, typed: str) -> str:
    """What two write to each other: not empty, not longer than a comment."""
    problems: dict[str, str] = {}
    text = words(problems, name, typed, "demands.comment_length")
    if not text:
        problems[name] = _("Write something here.")
    if problems:
        raise Invalid(problems)
    return text


def check_choice(rule: str, code: str) -> str:
    """A reason that the charter knows."""
    if code not in charter.choices(rule):
        raise Invalid({"reason_code": _("Choose one of the charter's reasons.")})
    return code
