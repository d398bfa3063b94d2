"""The scorecards once more, the slow way: the whole ledger read into plain dictionaries and looked at backwards.

Nothing of the app is used here: neither its tables, nor its way of counting, nor the rows of demands and promises.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from hamgara.domain.ledger.models import Entry

TEHRAN = ZoneInfo("Asia/Tehran")
Told = tuple[str, date, dict[str, Any]]
ANSWERS = ("demands.answered", "demands.refused", "demands.found_not_doable")
STATES = {
    "demands.submitted": "received",
    "demands.admitted": "admitted",
    "demands.appealed": "received",
    "demands.declined": "declined",
    "demands.withdrawn": "withdrawn",
    "demands.answered": "answered",
    "demands.refused": "refused",
    "demands.found_not_doable": "not_doable",
    "demands.closed": "closed",
    "demands.went_back": "admitted",
    "demands.looked_at_again": "answered",
    "demands.reopened": "admitted",
    "demands.merged": "merged",
}
PROMISE_STATES = {
    "commitments.promised": "owed",
    "commitments.started": "owed",
    "commitments.resumed": "owed",
    "commitments.reported_done": "claimed",
    "commitments.under_appeal": "claimed",
    "commitments.withdrawn": "withdrawn",
}
OUTCOMES = {"confirmed": "kept", "partly_kept": "partly", "contested": "broken"}


def month(day: date) -> int:
    jalali = JalaliDate(day)
    return jalali.year * 100 + jalali.month


def ledger() -> list[Told]:
    """(kind, day, data) of every act, in the ledger's order."""
    entries = Entry.objects.order_by("position__number")
    return [(entry.kind, entry.at.astimezone(TEHRAN).date(), entry.body["data"]) for entry in entries]


def lives(acts: list[Told], thing: str, chapter: str) -> dict[str, list[Told]]:
    """What was done about each demand or promise, by its code."""
    found: dict[str, list[Told]] = defaultdict(list)
    for kind, day, data in acts:
        if kind.startswith(chapter) and thing in data:
            found[data[thing]].append((kind, day, data))
    return dict(found)


def last(life: list[Told], *kinds: str) -> Told | None:
    return next((told for told in reversed(life) if told[0] in kinds), None)


class DemandFacts:
    """All that counts of one demand, found by looking back from its end."""

    def __init__(self, life: list[Told]) -> None:
        kind, day, first = life[0]
        self.taken_over = kind == "demands.taken_over"
        self.asked = date.fromisoformat(first["asked"]) if self.taken_over else day
        self.place, self.field, self.carrier = first["place"], first["field"], first.get("on_behalf")
        routed = last(life, "demands.routed")
        self.unit = routed[2]["unit"] if routed else first["unit"]
        self.state = self._state(life)
        answers = [day for kind, day, _data in life if kind in ANSWERS]
        self.answered = answers[0] if answers else None
        closing = last(life, "demands.closed")
        self.verified = closing[1] if self.state == "closed" and closing else None
        self.outcome = closing[2]["outcome"] if self.verified and closing else None
        turn = last(life, *ANSWERS, "demands.went_back", "demands.reopened")
        self.broken = bool(
            self.state == "admitted" and turn and turn[0] == "demands.went_back" and turn[2]["cause"] == "contested"
        )
        self.claim = first.get("claim")
        self.deadline = self._deadline(life) if self.state in ("received", "admitted") else None

    def _state(self, life: list[Told]) -> str:
        for kind, _day, data in reversed(life):
            if kind in STATES:
                return STATES[kind]
            if kind in ("demands.unmerged", "demands.taken_over"):
                return str(data["state"])
        raise AssertionError(life)

    def _deadline(self, life: list[Told]) -> date | None:
        """The last date that was named, later by the days that the demand lay merged into another."""
        stopped = timedelta(0)
        undone: date | None = None
        for kind, day, data in reversed(life):
            if kind == "demands.unmerged":
                undone = day
            elif kind == "demands.merged" and undone is not None:
                stopped += undone - day
                undone = None
            elif kind in STATES or kind == "demands.taken_over":
                return date.fromisoformat(data["deadline"]) + stopped if data.get("deadline") else None
        return None

    @property
    def column(self) -> str | None:
        if self.state == "withdrawn":
            return None
        if self.state == "closed":
            return self.outcome
        if self.state == "filed":
            return "filed_done" if self.claim == "done" else "filed_other"
        return "broken" if self.broken else self.state


class PromiseFacts:
    """All that counts of one promise."""

    def __init__(self, life: list[Told], demands: dict[str, DemandFacts]) -> None:
        stood = next(each for each in life if each[0] == "commitments.promised")
        demand = demands[stood[2]["demand"]]
        self.place, self.field, self.promisers = demand.place, demand.field, stood[2]["promisers"]
        self.promised = stood[1]
        kind, day, data = next(
            each for each in reversed(life) if each[0] in PROMISE_STATES or each[0] == "commitments.settled"
        )
        self.state = OUTCOMES[data["outcome"]] if kind == "commitments.settled" else PROMISE_STATES[kind]
        self.settled = day if kind == "commitments.settled" else None
        dated = last(life, "commitments.promised", "commitments.due_changed", "commitments.resumed")
        assert dated is not None
        self.due = date.fromisoformat(dated[2].get("new") or dated[2]["due"])


class Trees:
    """Who stands below whom, as the ledger tells it: places and fields for good, units as they were moved and ended."""

    def __init__(self, acts: list[Told]) -> None:
        self.up: dict[str, dict[str, str | None]] = {"place": {}, "field": {}, "unit": {}}
        self.heirs: dict[str, str] = {}
        for kind, _day, data in acts:
            match kind:
                case "organisations.city_founded":
                    self.up["place"][data["city"]] = None
                case "organisations.place_added":
                    self.up["place"][data["place"]] = data["within"]
                case "demands.field_added":
                    self.up["field"][data["field"]] = data["within"]
                case "organisations.founded":
                    self.up["unit"][data["organisation"]] = data["parent"]
                case "organisations.moved":
                    self.up["unit"][data["organisation"]] = data["parent"]
                case "organisations.merged" | "organisations.closed":
                    gone, heir = data["organisation"], data.get("into") or data.get("successor")
                    if heir:
                        self.heirs[gone] = heir
                    for code, parent in self.up["unit"].items():
                        if parent == gone:
                            self.up["unit"][code] = heir or self.up["unit"].get(gone)

    def above(self, tree: str, code: str) -> set[str]:
        """The code and all that it is a part of; what a gone body did counts for its heir as well."""
        found, ahead = set(), [code]
        while ahead:
            each = ahead.pop()
            if each in found:
                continue
            found.add(each)
            if (parent := self.up.get(tree, {}).get(each)) is not None:
                ahead.append(parent)
            if each in self.heirs and tree in ("unit", "body"):
                ahead.append(self.heirs[each])
        return found


class Twin:
    """The figures of the whole ledger."""

    def __init__(self, today: date) -> None:
        acts = ledger()
        self.today, self.trees = today, Trees(acts)
        self.demands = {code: DemandFacts(life) for code, life in lives(acts, "demand", "demands.").items()}
        told = lives(acts, "commitment", "commitments.")
        stood = {c: life for c, life in told.items() if any(each[0] == "commitments.promised" for each in life)}
        self.promises = [PromiseFacts(life, self.demands) for life in stood.values()]

    def _demand_keys(self, scope: str, one: DemandFacts) -> set[str]:
        match scope:
            case "city":
                return {""}
            case "carrier":
                return self.trees.above("body", one.carrier) if one.carrier else set()
            case "promiser":
                return set()
        return self.trees.above(scope, getattr(one, scope))

    def _promise_keys(self, scope: str, one: PromiseFacts) -> set[str]:
        match scope:
            case "city":
                return {""}
            case "place" | "field":
                return self.trees.above(scope, getattr(one, scope))
            case "promiser":
                return set().union(*(self.trees.above("unit", code) for code in one.promisers))
        return set()

    def card(self, scope: str, key: str, year: int | None = None) -> dict[str, Any]:
        """What the scorecard of this scope must say."""
        counts: dict[str, int] = defaultdict(int)
        waits: dict[str, list[int]] = defaultdict(list)
        late = promises_late = 0
        for one in self.demands.values():
            if key not in self._demand_keys(scope, one) or (year and month(one.asked) // 100 != year):
                continue
            if one.column is not None:
                counts[one.column] += 1
            late += one.deadline is not None and one.deadline < self.today
            if one.state not in ("withdrawn", "merged", "filed"):
                if one.answered:
                    waits["answer"].append((one.answered - one.asked).days)
                if one.verified:
                    waits["verified"].append((one.verified - one.asked).days)
        for promise in self.promises:
            if key not in self._promise_keys(scope, promise) or (year and month(promise.promised) // 100 != year):
                continue
            counts[f"promises_{promise.state}"] += 1
            promises_late += promise.state == "owed" and promise.due < self.today
            if promise.state in ("kept", "partly") and promise.settled:
                waits["keeping"].append((promise.settled - promise.promised).days)
        return {
            "counts": dict(counts),
            "waits": {name: (len(days), median(days)) for name, days in waits.items()},
            "late": late,
            "promises_late": promises_late,
        }

    def by_month(self, scope: str, key: str) -> dict[int, dict[str, int]]:
        """The counts of each month."""
        found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for one in self.demands.values():
            if key in self._demand_keys(scope, one) and one.column is not None:
                found[month(one.asked)][one.column] += 1
        for promise in self.promises:
            if key in self._promise_keys(scope, promise):
                found[month(promise.promised)][f"promises_{promise.state}"] += 1
        return {each: dict(counts) for each, counts in found.items()}

    def keys(self, scope: str) -> set[str]:
        """Every scorecard of this kind in which anything stands."""
        found = [self._demand_keys(scope, one) for one in self.demands.values()]
        found += [self._promise_keys(scope, one) for one in self.promises]
        return set().union(*found)
