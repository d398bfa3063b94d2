"""Words that are hidden leave their row, and what opens them leaves the ledger: no list, file or search shows them."""

from __future__ import annotations

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Answer, Demand
from hamgara.domain.ledger.commands import seal, unseal
from hamgara.domain.moderation.models import Case

NO_WORDS = "—"  # a demand has a title even when its words are hidden
_ENDINGS = (Answer.Kind.REFUSAL, Answer.Kind.NOT_DOABLE)


def _column(case: Case) -> str:
    return Case.TAKEN[Case.Kind(case.kind)]


def _field(case: Case) -> str:
    """Where an entry commits to these words."""
    reasoned = case.answer is not None and case.answer.kind in _ENDINGS
    return "data.reason" if reasoned else f"data.{_column(case)}"


def take_away(case: Case) -> None:
    """Move the words, and what opens them, from where everybody finds them to the case."""
    case.kept_words = getattr(case.thing, _column(case))
    case.sealed = seal(case.demand.subject, _field(case), case.kept_words)
    case.save(update_fields=["kept_words", "sealed"])
    _put(case, NO_WORDS if case.kind == Case.Kind.DEMAND_TITLE else "")


def give_back(case: Case) -> None:
    """The other way round."""
    words, taken = case.kept_words, case.sealed
    case.kept_words, case.sealed = "", []
    case.save(update_fields=["kept_words", "sealed"])
    unseal(taken, words)
    _put(case, words)


def let_go(case: Case) -> int:
    """Keep neither; how many commitments nobody opens any more."""
    gone = len(case.sealed)
    case.kept_words, case.sealed = "", []
    case.save(update_fields=["kept_words", "sealed"])
    return gone


def _put(case: Case, words: str) -> None:
    thing, column = case.thing, _column(case)
    before = getattr(thing, column)
    setattr(thing, column, words)
    if not isinstance(thing, Demand):
        thing.save(update_fields=[column, case.hidden_by_field])
        _in_state(case, before, words)
        return
    thing.save(update_fields=[column, case.hidden_by_field, "title_key", "search_key"])
    for promise in Commitment.objects.filter(demand=thing).select_related("demand"):
        promise.save(update_fields=["title", "title_key", "search_key"])  # found by the demand's title too


def _in_state(case: Case, before: str, words: str) -> None:
    """The reason for which a demand has ended stands on the demand as well, as long as it is its latest answer."""
    demand, answer = case.demand, case.answer
    ended = {Answer.Kind.REFUSAL: Demand.State.REFUSED, Answer.Kind.NOT_DOABLE: Demand.State.NOT_DOABLE}
    if answer is None or ended.get(Answer.Kind(answer.kind)) != demand.state or demand.state_reason != before:
        return
    if answer == demand.answers.filter(kind=answer.kind).order_by("at", "pk").last():
        demand.state_reason = words
        demand.save(update_fields=["state_reason"])
