"""Single transferable vote with weighted inclusive Gregory transfers: Scotland's rule, and the same in exact numbers.

SSI 2011/399, schedule 1, rules 46–53. Whoever has the quota is elected. One surplus a stage, the largest first: all
papers of that candidate move to their next continuing preference, each at its value times surplus over total; Scotland
cuts that to five decimals for each paper, the exact rule keeps the fraction. Without a surplus the lowest candidate is
excluded and their papers move at the value they have. When as many continue as seats are left, they are elected.

The exact numbers are Python's own; NumPy only finds which papers go where. Papers of one value lie in one pile, and
there are few values, so exactness costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hamgara.algorithms.tally.ballots import RankedBallots
from hamgara.algorithms.tally.counting import CountError, Result, Stage, Tie, TieBreaker, check_seats
from hamgara.algorithms.tally.papers import Papers, Pile, together
from hamgara.algorithms.tally.quotas import Quota, Quotas
from hamgara.algorithms.tally.rules import Rule


def count(
    ballots: RankedBallots,
    rule: Rule,
    seats: int,
    lots: Sequence[int] | None = None,
    quotas: Sequence[Quota] = (),
) -> Result:
    """Count by a rule of the method «gregory». Raises CountError, and LotNeeded where only lots can settle a tie.

    With quotas of seats, whoever has become impossible is excluded before anything else is done, and nobody who has
    become indispensable is excluded.
    """
    check_seats(ballots, seats)
    reserved = Quotas(quotas, seats, ballots.standing)
    return _Count(ballots, rule, seats, TieBreaker(lots, ballots.standing), reserved).run()


class _Count:
    """One count while it runs. Values are whole numbers of the last decimal, or fractions where the rule is exact."""

    def __init__(self, ballots: RankedBallots, rule: Rule, seats: int, ties: TieBreaker, reserved: Quotas) -> None:
        self.reserved = reserved
        self.doomed: list[int] = []
        self.guarded: list[int] = []
        self.ballots, self.rule, self.seats, self.ties = ballots, rule, seats, ties
        self.unit = 1 if rule.decimals is None else 10**rule.decimals
        self.papers = Papers(ballots)
        self.hopeful = list(ballots.standing)
        self.elected: list[int] = []
        self.surpluses: list[int] = []  # elected, with papers still to be moved
        self.piles: dict[int, dict[int | Fraction, list[Pile]]] = {each: {} for each in ballots.standing}
        self.totals: dict[int, int | Fraction] = dict.fromkeys(ballots.standing, 0)
        self.rounding: int | Fraction = 0
        self.stages: list[Stage] = []
        self.past: list[dict[int, Fraction]] = []
        self.unsaid: list[Tie] = []

    def run(self) -> Result:
        firsts = self.papers.first(self.hopeful)
        self.valid = sum(pile.sheets for candidate, pile in firsts.items() if candidate)
        if self.valid == 0:
            raise CountError("no paper names a candidate who stands: there is nothing to count")
        self.quota = self.valid // (self.seats + 1) + 1
        self._receive(firsts, self.unit)
        self._end_stage("first_preferences", None)
        while len(self.elected) < self.seats:
            over = [each for each in self.surpluses if self.totals[each] > self.quota * self.unit]
            if self.doomed:
                self._exclude(self._extreme(self.doomed, lowest=True))
            elif over:
                self._transfer_surplus(self._extreme(over, lowest=False))
            else:
                self._exclude(self._extreme([e for e in self.hopeful if e not in self.guarded], lowest=True))
        return Result(
            self.rule,
            self.seats,
            self.valid,
            self.ballots.papers,
            Fraction(self.quota),
            tuple(self.stages),
            tuple(self.elected),
        )

    def _extreme(self, candidates: Sequence[int], *, lowest: bool) -> int:
        best = (min if lowest else max)(self.totals[each] for each in candidates)
        level = [each for each in candidates if self.totals[each] == best]
        taken, tie = self.ties.settle(level, self.past, lowest=lowest)
        if tie is not None:
            self.unsaid.append(tie)
        return taken

    def _transfer_surplus(self, candidate: int) -> None:
        total, quota = self.totals[candidate], self.quota * self.unit
        surplus = total - quota
        self.surpluses.remove(candidate)
        self.totals[candidate] = quota
        lost = surplus
        for value, piles in self.piles.pop(candidate).items():
            moved = value * surplus
            worth = Fraction(moved) / total if self.rule.decimals is None else moved // total
            pile = together(piles)
            lost -= worth * pile.sheets
            if worth:
                self._receive(self.papers.next(pile, self.hopeful), worth)
        self.rounding += lost
        self._end_stage("surplus", candidate)

    def _exclude(self, candidate: int) -> None:
        self.hopeful.remove(candidate)
        self.totals[candidate] = 0
        for value, piles in self.piles.pop(candidate).items():
            self._receive(self.papers.next(together(piles), self.hopeful), value)
        self._end_stage("exclusion", candidate)

    def _receive(self, sorted_piles: dict[int, Pile], value: int | Fraction) -> None:
        for candidate, pile in sorted_piles.items():
            if candidate:
                self.piles[candidate].setdefault(value, []).append(pile)
                self.totals[candidate] += value * pile.sheets

    def _end_stage(self, action: str, candidate: int | None) -> None:
        totals = {each: Fraction(value) / self.unit for each, value in self.totals.items()}
        self.past.append(totals)
        new = self._elect([each for each in self.hopeful if totals[each] >= self.quota])
        if len(self.elected) < self.seats and len(self.hopeful) == self.seats - len(self.elected):
            new += self._elect(self.hopeful)
        witness = None
        if self.reserved.quotas:
            self.doomed = self.reserved.doomed(self.elected, self.hopeful)
            self.guarded = self.reserved.guarded(self.elected, self.hopeful)
            witness = self.reserved.witness(self.elected, self.hopeful)
        self.stages.append(
            Stage(
                action,
                candidate,
                totals,
                self.valid - sum(totals.values(), Fraction(0)),
                Fraction(self.rounding) / self.unit,
                tuple(new),
                Fraction(self.quota),
                tuple(self.unsaid),
                tuple(self.doomed),
                tuple(self.guarded),
                witness,
            )
        )
        self.unsaid.clear()

    def _elect(self, candidates: Sequence[int]) -> list[int]:
        new = []
        for each in self.ties.order(candidates, self.past):
            others = [one for one in self.hopeful if one != each]
            if self.reserved.quotas and not self.reserved.possible([*self.elected, each], others):
                continue  # has the quota of votes, but no seat is left for them
            self.hopeful = others
            self.elected.append(each)
            self.surpluses.append(each)
            new.append(each)
        return new
