"""Counting by hand: a paper at a time, in whole numbers and fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .files import Wrong

Paper = tuple[int, list[int]]  # how many alike, and the candidates in order
ONE = 10**9  # Meek's whole numbers are billionths
OMEGA = 1000  # of them


class Count:
    """One count by hand."""

    def __init__(
        self, rule: dict[str, Any], papers: list[Paper], standing: list[int], seats: int, lots: Any, quotas: list[Any]
    ) -> None:
        self.rule = rule
        self.decimals: int | None = rule.get("decimals")
        self.papers, self.standing, self.seats, self.lots, self.quotas = papers, standing, seats, lots, quotas
        self.valid = sum(weight for weight, _ in papers)
        self.quota = Fraction(self.valid // (seats + 1) + 1)
        self.hopeful = list(standing)
        self.elected: list[int] = []
        self.lines: list[dict[str, Any]] = []
        self.past: list[dict[int, Fraction]] = []
        self.ties: list[dict[str, Any]] = []
        self.doomed, self.guarded = list[int](), list[int]()

    def gregory(self) -> None:
        """Single transferable vote, weighted inclusive Gregory."""
        # held[c][value] are papers of one value, each as (how many, the rest of its order backwards, c at the end)
        held: dict[int, dict[Fraction, list[Paper]]] = {c: {} for c in self.standing}
        totals = {c: Fraction(0) for c in self.standing}
        spent: set[int] = set()  # elected, and their papers moved

        def give(bundle: list[Paper], value: Fraction) -> Fraction:
            """Move papers to the next who is hopeful; the answer is what nobody takes."""
            hopeful = set(self.hopeful)
            places: dict[int, list[Paper]] = {c: [] for c in hopeful}
            sums = dict.fromkeys(hopeful, 0)
            lost = 0
            for paper in bundle:
                weight, order = paper
                while order and order[-1] not in hopeful:
                    order.pop()
                if order:
                    places[order[-1]].append(paper)
                    sums[order[-1]] += weight
                else:
                    lost += weight
            for c, papers in places.items():
                if papers:
                    held[c].setdefault(value, []).extend(papers)
                    totals[c] += sums[c] * value
            return lost * value

        exhausted = give([(weight, order[::-1]) for weight, order in self.papers], Fraction(1))
        action, candidate = "first_preferences", None
        while True:
            self._stage(action, candidate, totals, exhausted, [c for c in self.hopeful if totals[c] >= self.quota])
            if len(self.elected) == self.seats:
                return
            over = [c for c in self.elected if c not in spent and totals[c] > self.quota]
            if self.doomed or not over:
                able = self.doomed or [c for c in self.hopeful if c not in self.guarded]
                action, candidate = "exclusion", self._pick(able, totals, lowest=True)
                self.hopeful.remove(candidate)
                totals[candidate] = Fraction(0)
                for value, bundle in held.pop(candidate).items():
                    exhausted += give(bundle, value)
            else:
                action, candidate = "surplus", self._pick(over, totals, lowest=False)
                spent.add(candidate)
                share = (totals[candidate] - self.quota) / totals[candidate]
                totals[candidate] = self.quota
                for value, bundle in held.pop(candidate).items():
                    exhausted += give(bundle, self._cut(value * share))

    def _cut(self, number: Fraction) -> Fraction:
        """Without the decimals that the rule does not keep."""
        if self.decimals is None:
            return number
        return Fraction(number * 10**self.decimals // 1, 10**self.decimals)

    def _stage(
        self, action: str, candidate: int | None, totals: dict[int, Fraction], exhausted: Fraction, able: list[int]
    ) -> None:
        """Elect whoever can be elected, and write down the stage."""
        self.past.append(dict(totals))
        new = []
        for each in self._order(able):
            if self._feasible([*self.elected, each], [c for c in self.hopeful if c != each]):
                self.hopeful.remove(each)
                self.elected.append(each)
                new.append(each)
        if len(self.elected) < self.seats and len(self.elected) + len(self.hopeful) == self.seats:
            rest = self._order(self.hopeful)
            self.elected += rest
            new += rest
            self.hopeful = []
        witness = None
        if self.quotas:
            elected, hopeful = self.elected, self.hopeful
            others = {c: [d for d in hopeful if d != c] for c in hopeful}
            self.doomed = sorted(c for c in hopeful if not self._feasible([*elected, c], others[c]))
            self.guarded = sorted(c for c in hopeful if not self._feasible(elected, others[c]))
            witness = "any that keeps the quotas"
        loose = self.valid - sum(totals.values(), Fraction(0))
        self._write(action, candidate, totals, loose, loose - exhausted, new, witness)

    def _write(self, action: str, candidate: Any, totals: Any, loose: Any, lost: Any, new: Any, witness: Any) -> None:
        self.lines.append(
            {
                "kind": "stage",
                "number": len(self.lines) + 1,
                "action": action,
                "candidate": candidate,
                "totals": {str(c): self._text(total) for c, total in totals.items()},
                "ties": self.ties,
                "non_transferable": self._text(loose),
                "rounding": self._text(lost),
                "quota": self._text(self.quota),
                "elected": new,
                "witness": witness,
                "doomed": self.doomed,
                "guarded": self.guarded,
            }
        )
        self.ties = []

    def _text(self, number: Fraction) -> str:
        if self.decimals is None:
            return str(number)
        digits = str(int(number * 10**self.decimals)).rjust(self.decimals + 1, "0")
        return f"{digits[: len(digits) - self.decimals]}.{digits[len(digits) - self.decimals :]}".rstrip(".")

    def _pick(self, able: list[int], totals: dict[int, Fraction], *, lowest: bool) -> int:
        """The lowest or the highest; ties by the latest stage at which they differed, then by lot."""
        best = (min if lowest else max)(totals[c] for c in able)
        level = sorted(c for c in able if totals[c] == best)
        if len(level) == 1:
            return level[0]
        left, settled_by = level, None
        for number in range(len(self.past), 0, -1):
            then = self.past[number - 1]
            best = (min if lowest else max)(then[c] for c in left)
            left = [c for c in left if then[c] == best]
            if len(left) == 1:
                settled_by = number
                break
        if settled_by is None:
            if self.lots is None:
                raise Wrong(f"stage {len(self.past) + 1}: only lots can settle between {left}, and there are none")
            left = sorted(left, key=lambda c: self.lots[c], reverse=lowest)  # type: ignore[index]
        self.ties.append({"level": level, "taken": left[0], "settled_by": settled_by or "lots"})
        return left[0]

    def _order(self, able: list[int]) -> list[int]:
        """The highest first; who has always been level, by lot, or as in the file where no lots were drawn."""
        ordered = sorted(able, key=lambda c: self.lots[c] if self.lots else c)
        for totals in self.past:  # sorting keeps the order of those who are level, so the latest stage is sorted last
            ordered.sort(key=lambda c, totals=totals: -totals[c])  # type: ignore[misc]
        return ordered

    def _feasible(self, elected: list[int], hopeful: list[int]) -> bool:
        """Is there a committee of all the elected and some of the hopeful that keeps every quota?"""
        if not self.quotas:
            return True
        # All numbers of members that each quota can have, one hopeful after another.
        within = [set(quota["candidates"]) for quota in self.quotas]
        seats_and_counts = {(len(elected), tuple(sum(c in group for c in elected) for group in within))}
        for c in hopeful:
            seats_and_counts |= {
                (size + 1, tuple(n + (c in group) for n, group in zip(counts, within, strict=True)))
                for size, counts in seats_and_counts
                if size < self.seats
            }
        full = [counts for size, counts in seats_and_counts if size == self.seats]
        limits = [(quota["min"], quota["max"]) for quota in self.quotas]
        return any(all(a <= n <= b for n, (a, b) in zip(counts, limits, strict=True)) for counts in full)

    def meek(self) -> None:
        """Meek's rule as the Proportional Representation Foundation wrote it down; all numbers are billionths."""
        keep = dict.fromkeys(self.standing, ONE)
        action, candidate = "first_preferences", None
        while True:
            votes, surplus = self._converge(keep)
            totals = {c: Fraction(votes.get(c, 0), ONE) for c in self.standing}
            able = [c for c in self.hopeful if totals[c] >= self.quota]
            before = len(self.elected)
            self._stage(action, candidate, totals, Fraction(self.valid) - sum(totals.values()), able)
            if len(self.elected) == self.seats:
                return
            if len(self.elected) > before:
                action, candidate = "keep_factors", None
                continue
            least = min(votes[c] for c in self.hopeful)
            now = self.past.pop()  # those within the surplus are level now, so that only what was before decides
            flat = dict(now)
            for c in self.hopeful:
                if votes[c] <= least + surplus:
                    flat[c] = Fraction(least, ONE)
            action, candidate = "exclusion", self._pick(self.hopeful, flat, lowest=True)
            self.past.append(now)
            self.hopeful.remove(candidate)

    def _converge(self, keep: dict[int, int]) -> tuple[dict[int, int], int]:
        """Votes once the surplus is next to nothing, or once somebody has the quota; and that surplus."""
        bundles: dict[tuple[int, ...], int] = {}
        active, hopeful = {*self.hopeful, *self.elected}, set(self.hopeful)
        for weight, order in self.papers:
            path = []
            for c in order:
                if c in active:
                    path.append(c)
                if c in hopeful:  # keeps all that is left
                    break
            bundles[tuple(path)] = bundles.get(tuple(path), 0) + weight
        last = None
        while True:
            votes = dict.fromkeys(active, 0)
            for way, weight in bundles.items():
                rest = ONE
                for c in way:
                    part = -(-rest * keep[c] // ONE)  # rounded up
                    votes[c] += part * weight
                    rest -= part
            quota = sum(votes.values()) // (self.seats + 1) + 1
            self.quota = Fraction(quota, ONE)
            surplus = max(0, sum(votes[c] - quota for c in self.elected))
            done = len(self.elected) + len(self.hopeful) == self.seats or any(votes[c] >= quota for c in self.hopeful)
            if done or surplus < OMEGA or (last is not None and surplus >= last):
                return votes, surplus
            last = surplus
            self._next_keep(keep, votes)

    def _next_keep(self, keep: dict[int, int], votes: dict[int, int]) -> None:
        for c in self.elected:
            share = -(-keep[c] * int(self.quota * ONE) // ONE)
            keep[c] = -(-share * ONE // votes[c])

    def committee(self) -> None:
        """Approvals, sequential Phragmén or equal shares. A load is a purse below zero."""
        method, self.quota = self.rule["method"], Fraction(self.valid, self.seats)
        action = {"approval": "approvals", "phragmen": "load", "equal-shares": "share"}[method]
        purse = 1 / self.quota if action == "share" else Fraction(0)
        voters: list[list[Any]] = [[purse, weight, set(named)] for weight, named in self.papers]
        approvals = {c: Fraction(sum(n for _, n, named in voters if c in named)) for c in self.standing}
        self.past = [approvals]
        hopeful = [c for c in self.standing if approvals[c]]
        while len(self.elected) < self.seats:
            costs: dict[int, Fraction] = {}
            for c in hopeful:
                mine = sorted((p, n) for p, n, named in voters if c in named)
                missing, payers = Fraction(1), approvals[c]
                if action == "approvals":
                    costs[c] = -approvals[c]
                elif action == "load":
                    costs[c] = (1 - sum(p * n for p, n in mine)) / payers
                else:
                    for p, n in mine:  # the poorest first: they give all, or all who are left give the same
                        if missing <= p * payers:
                            costs[c] = missing / payers
                            break
                        missing, payers = missing - p * n, payers - n
            if not costs and self.rule["completion"] == "none":
                return
            if not costs:
                action = "load"
                continue
            least = min(costs.values())
            level = [c for c in hopeful if costs.get(c) == least]
            chosen = self._pick(level, dict.fromkeys(level, Fraction(0)), lowest=False)
            for voter in voters:
                if chosen in voter[2]:
                    voter[0] = -least if action == "load" else voter[0] - min(voter[0], least)
            hopeful.remove(chosen)
            self.elected.append(chosen)
            shown = {c: abs(cost) for c, cost in costs.items() if action != "share" or cost == least}
            self._write(action, chosen, shown, Fraction(0), Fraction(0), [chosen], None)
