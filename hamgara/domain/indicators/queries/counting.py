"""What an act of the ledger makes of a counted demand or promise, and what each of them adds to the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from hamgara import clock
from hamgara.algorithms.persian import calendar
from hamgara.domain.commitments import events as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands import events as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.indicators.models import OWED, CountedDemand, CountedPromise, Duration, Scope
from hamgara.domain.ledger.events import Event
from hamgara.domain.ledger.models import Entry

State, Promise = Demand.State, Commitment.State
# (scope, key, month, column of the cell) → how many
Cells = Counter[tuple[str, str, int, str]]
# (scope, key, year, wait, days) → how many
Durations = Counter[tuple[str, str, int, str, int]]
Data = dict[str, Any]


@lru_cache(maxsize=4096)
def month_of(day: date) -> int:
    """140509 for a day in Azar 1405."""
    parts = calendar.parts(day)
    return parts.year * 100 + parts.month


def day_of(entry: Entry) -> date:
    """The city's calendar day on which it was done."""
    return clock.day_of(entry.at)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# --- demands ---------------------------------------------------------------------------------------------------------


def asked(entry: Entry) -> CountedDemand:
    """A demand as it is first counted: asked here, or taken over from earlier records."""
    data = entry.data
    if entry.kind == demands.TakenOver.KIND:
        day, state, claim, carrier = date.fromisoformat(data["asked"]), data["state"], data["claim"], ""
    else:
        day, state, claim, carrier = day_of(entry), State.RECEIVED, "", data["on_behalf"] or ""
    return CountedDemand(
        code=data["demand"],
        asked_on=day,
        month=month_of(day),
        place=data["place"],
        field=data["field"],
        unit=data["unit"],
        carrier=carrier,
        counted_as=state,
        claim=claim,
        deadline=_day(data["deadline"]),
    )


def _waits(row: CountedDemand, state: str, deadline: date | None) -> None:
    row.counted_as, row.deadline = state, deadline


def _ends(row: CountedDemand, state: str) -> None:
    row.counted_as, row.deadline = state, None


def _answers(row: CountedDemand, state: str, day: date) -> None:
    _ends(row, state)
    row.broken = False
    row.answered_on = row.answered_on or day


def _not_verified(row: CountedDemand) -> None:
    row.outcome, row.verified_on = Demand.Outcome.NONE, None


def _admitted(row: CountedDemand, data: Data, day: date) -> None:
    _waits(row, State.ADMITTED, _day(data["deadline"]))


def _appealed(row: CountedDemand, data: Data, day: date) -> None:
    _waits(row, State.RECEIVED, _day(data["deadline"]))


def _declined(row: CountedDemand, data: Data, day: date) -> None:
    _ends(row, State.DECLINED)


def _withdrawn(row: CountedDemand, data: Data, day: date) -> None:
    _ends(row, State.WITHDRAWN)


def _routed(row: CountedDemand, data: Data, day: date) -> None:
    row.unit = data["unit"]


def _merged(row: CountedDemand, data: Data, day: date) -> None:
    row.former_state, row.former_deadline, row.merged_on = row.counted_as, row.deadline, day
    _ends(row, State.MERGED)


def _unmerged(row: CountedDemand, data: Data, day: date) -> None:
    # The days that were left when the merge was made are left again.
    deadline = row.former_deadline
    if deadline is not None and row.merged_on is not None:
        deadline += day - row.merged_on
    row.former_state, row.former_deadline, row.merged_on = "", None, None
    _waits(row, data["state"], deadline)


def _answered(row: CountedDemand, data: Data, day: date) -> None:
    _answers(row, State.ANSWERED, day)


def _refused(row: CountedDemand, data: Data, day: date) -> None:
    _answers(row, State.REFUSED, day)


def _not_doable(row: CountedDemand, data: Data, day: date) -> None:
    _answers(row, State.NOT_DOABLE, day)


def _closed(row: CountedDemand, data: Data, day: date) -> None:
    _ends(row, State.CLOSED)
    row.outcome, row.verified_on = data["outcome"], day


def _went_back(row: CountedDemand, data: Data, day: date) -> None:
    _waits(row, State.ADMITTED, _day(data["deadline"]))
    row.broken = data["cause"] == Demand.Return.CONTESTED


def _looked_at_again(row: CountedDemand, data: Data, day: date) -> None:
    _ends(row, State.ANSWERED)
    _not_verified(row)


def _reopened(row: CountedDemand, data: Data, day: date) -> None:
    _waits(row, State.ADMITTED, _day(data["deadline"]))
    _not_verified(row)
    row.broken = False


ASKING: tuple[type[Event], ...] = (demands.Submitted, demands.TakenOver)
OF_DEMANDS: dict[type[Event], Callable[[CountedDemand, Data, date], None]] = {
    demands.Admitted: _admitted,
    demands.Appealed: _appealed,
    demands.Declined: _declined,
    demands.Withdrawn: _withdrawn,
    demands.Routed: _routed,
    demands.Merged: _merged,
    demands.Unmerged: _unmerged,
    demands.Answered: _answered,
    demands.Refused: _refused,
    demands.FoundNotDoable: _not_doable,
    demands.Closed: _closed,
    demands.WentBack: _went_back,
    demands.LookedAtAgain: _looked_at_again,
    demands.Reopened: _reopened,
}


# --- promises --------------------------------------------------------------------------------------------------------


def promised(entry: Entry, demand: CountedDemand) -> CountedPromise:
    """A promise as it is first counted: where its demand is, whoever promises."""
    day = day_of(entry)
    return CountedPromise(
        code=entry.data["commitment"],
        promised_on=day,
        month=month_of(day),
        place=demand.place,
        field=demand.field,
        promisers=sorted(entry.data["promisers"]),
        counted_as=Promise.PROMISED,
        due=date.fromisoformat(entry.data["due"]),
    )


def _under_way(row: CountedPromise, data: Data, day: date) -> None:
    row.counted_as = Promise.UNDER_WAY


def _due_changed(row: CountedPromise, data: Data, day: date) -> None:
    row.due = date.fromisoformat(data["new"])


def _reported_done(row: CountedPromise, data: Data, day: date) -> None:
    row.counted_as, row.settled_on = Promise.REPORTED_DONE, None


def _settled(row: CountedPromise, data: Data, day: date) -> None:
    row.counted_as, row.settled_on = data["outcome"], day


def _resumed(row: CountedPromise, data: Data, day: date) -> None:
    row.counted_as, row.settled_on, row.due = Promise.UNDER_WAY, None, date.fromisoformat(data["new"])


def _promise_withdrawn(row: CountedPromise, data: Data, day: date) -> None:
    row.counted_as, row.settled_on = Promise.WITHDRAWN, None


OF_PROMISES: dict[type[Event], Callable[[CountedPromise, Data, date], None]] = {
    commitments.Started: _under_way,
    commitments.DueChanged: _due_changed,
    commitments.ReportedDone: _reported_done,
    commitments.Settled: _settled,
    commitments.UnderAppeal: _reported_done,
    commitments.Resumed: _resumed,
    commitments.Withdrawn: _promise_withdrawn,
}


# --- what they add ---------------------------------------------------------------------------------------------------


def _column(row: CountedDemand) -> str | None:
    """The one column of the cells in which a demand stands; none, once its author has taken it back."""
    match row.counted_as:
        case State.WITHDRAWN:
            return None
        case State.CLOSED:
            return str(row.outcome)
        case State.ADMITTED if row.broken:
            return "broken"
        case State.FILED:
            return "filed_done" if row.claim == Demand.Claim.DONE else "filed_other"
    return str(row.counted_as)


# What is counted elsewhere, or on the municipality's word alone, waited for nothing that is measured here.
UNMEASURED = (State.WITHDRAWN, State.MERGED, State.FILED)


def scopes_of(row: CountedDemand) -> list[tuple[str, str]]:
    """In which scorecards a demand stands."""
    found: list[tuple[str, str]] = [
        (Scope.CITY, ""),
        (Scope.PLACE, row.place),
        (Scope.FIELD, row.field),
        (Scope.UNIT, row.unit),
    ]
    return [*found, (Scope.CARRIER, row.carrier)] if row.carrier else found


def add_demand(row: CountedDemand, sign: int, cells: Cells, durations: Durations) -> None:
    """Add to the sums what this demand is worth as it stands, or take it away (`sign` −1)."""
    column = _column(row)
    if column is None:
        return
    scopes, year = scopes_of(row), row.month // 100
    for scope, key in scopes:
        cells[scope, key, row.month, column] += sign
    if row.counted_as in UNMEASURED:
        return
    for wait, day in ((Duration.Wait.ANSWER, row.answered_on), (Duration.Wait.VERIFIED, row.verified_on)):
        if day is not None:
            _last(scopes, year, wait, (day - row.asked_on).days, sign, durations)


PROMISE_COLUMNS = {
    **dict.fromkeys(OWED, "promises_owed"),
    Promise.REPORTED_DONE: "promises_claimed",
    Promise.CONFIRMED: "promises_kept",
    Promise.PARTLY_KEPT: "promises_partly",
    Promise.CONTESTED: "promises_broken",
    Promise.WITHDRAWN: "promises_withdrawn",
}


def add_promise(row: CountedPromise, sign: int, cells: Cells, durations: Durations) -> None:
    """Add to the sums what this promise is worth as it stands, or take it away (`sign` −1)."""
    scopes: list[tuple[str, str]] = [
        (Scope.CITY, ""),
        (Scope.PLACE, row.place),
        (Scope.FIELD, row.field),
        *((Scope.PROMISER, code) for code in row.promisers),
    ]
    for scope, key in scopes:
        cells[scope, key, row.month, PROMISE_COLUMNS[Promise(row.counted_as)]] += sign
    if row.settled_on is not None and row.counted_as != Promise.CONTESTED:
        days = (row.settled_on - row.promised_on).days
        _last(scopes, row.month // 100, Duration.Wait.KEEPING, days, sign, durations)


def _last(scopes: Iterable[tuple[str, str]], year: int, wait: str, days: int, sign: int, durations: Durations) -> None:
    for scope, key in scopes:
        for when in (year, Duration.EVER):
            durations[scope, key, when, wait, max(0, days)] += sign  # two servers' clocks may differ around midnight
