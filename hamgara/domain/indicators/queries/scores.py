"""Reading the scorecards: sums, medians and what is late, for many scopes at once and in few questions.

A unit, place or field answers for all that stands below it, and a body for those that it took over. The tree is the one
of today: `above` says for each code in whose scorecards it is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from hamgara import charter, clock
from hamgara.domain.demands.queries import Rate
from hamgara.domain.indicators.models import Cell, Duration, Scope
from hamgara.domain.indicators.queries.counting import month_of

# For each code, the codes of the scorecards in which it is counted; its own is one of them.
Above = Mapping[str, Iterable[str]]
CITY: Above = {"": ("",)}
NO_YEARS = (0, 9999)


@dataclass(frozen=True)
class Spread:
    """How long something took: a median with the number of cases behind it."""

    cases: int = 0
    middle: float = 0.0

    @property
    def median(self) -> float | None:
        """None where the charter finds the cases too few."""
        return self.middle if self.cases >= charter.number("scorecards.medians_from") else None


@dataclass
class Score:
    """The scorecard of one scope. What a promiser claims and what reviewers found are nowhere one number."""

    counts: dict[str, int] = field(default_factory=dict)
    waits: dict[str, Spread] = field(default_factory=dict)
    late: int = 0
    promises_late: int = 0

    def _sum(self, *names: str) -> int:
        return sum(self.counts.get(name, 0) for name in names)

    def __getitem__(self, name: str) -> int:
        """The count of one column: «kept», «promises_claimed»."""
        return self.counts.get(name, 0)

    @property
    def asked(self) -> int:
        """All that people asked and did not take back."""
        return self._sum(*Cell.DEMANDS)

    @property
    def own(self) -> int:
        """What stands for itself: not merged into another, not ended before this system."""
        return self.asked - self._sum("merged", "filed_done", "filed_other")

    @property
    def admitted(self) -> int:
        """What was taken in, whatever became of it."""
        return self._sum("admitted", "broken", "answered", "kept", "partly", "refused", "not_doable")

    @property
    def waiting(self) -> int:
        """What nobody has answered yet, or not in a way that held."""
        return self._sum("received", "admitted", "broken")

    @property
    def promised(self) -> int:
        """What a commitment has answered, verified or not."""
        return self._sum("answered", "kept", "partly")

    @property
    def fixed(self) -> Rate:
        """Verified as wholly done, of all that stands for itself: what was refused or not taken in is in the whole.

        So nobody has a better rate for saying no.
        """
        return Rate(self["kept"], self.own)

    @property
    def promises(self) -> int:
        """All promises that ever stood."""
        return self._sum(*Cell.PROMISES)

    @property
    def promises_reviewed(self) -> int:
        return self._sum("promises_kept", "promises_partly", "promises_broken")

    @property
    def promises_kept(self) -> Rate:
        """Promises that reviewers found wholly kept, of all that they have examined."""
        return Rate(self["promises_kept"], self.promises_reviewed)

    def took(self, wait: str) -> Spread:
        return self.waits.get(wait, Spread())

    @property
    def to_answer(self) -> Spread:
        return self.took(Duration.Wait.ANSWER)

    @property
    def to_verified(self) -> Spread:
        return self.took(Duration.Wait.VERIFIED)

    @property
    def to_keep(self) -> Spread:
        return self.took(Duration.Wait.KEEPING)

    @property
    def may_be_ranked(self) -> bool:
        """Enough was asked for a place in an order to mean something."""
        return self.own >= charter.number("scorecards.ranked_from")

    def joined(self, promises: Score) -> Score:
        """This card of demands with what the same body promised."""
        return Score(self.counts | promises.counts, self.waits | promises.waits, self.late, promises.promises_late)

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())


@dataclass(frozen=True)
class Month:
    """The sums of what was asked and promised in one month of the city's calendar."""

    year: int
    month: int
    score: Score


def scores(scope: str, above: Above, year: int | None = None) -> dict[str, Score]:
    """The scorecards of the codes in `above`, of what was asked or promised in a Jalali year or ever."""
    found: dict[str, Score] = {top: Score() for tops in above.values() for top in tops}
    up = [(code, top) for code, tops in above.items() for top in tops]
    if not up:
        return found
    given = {
        "scope": scope,
        "codes": [code for code, _top in up],
        "tops": [top for _code, top in up],
        "first": (year or NO_YEARS[0]) * 100,
        "last": (year or NO_YEARS[1]) * 100 + 99,
        "year": year or Duration.EVER,
        "today": clock.today(),
    }
    for top, *sums in _asked(_SUMS, given):
        found[top].counts = {name: n for name, n in zip(Cell.MEASURES, sums, strict=True) if n}
    spread: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for code, wait, days, count in _asked(_WAITS, given):
        for top in above[code]:
            spread[top, wait][days] += count
    for (top, wait), counts in spread.items():
        found[top].waits[wait] = Spread(counts.total(), _median(counts))
    late = {"late": _LATE.get(scope), "promises_late": _PROMISES_LATE.get(scope)}
    asked = [f"SELECT '{name}', late.* FROM ({query}) AS late" for name, query in late.items() if query]  # noqa: S608
    for name, top, count in _asked(" UNION ALL ".join(asked), given) if asked else ():
        setattr(found[top], name, count)
    return found


MONTHS = 12


def _median(counts: Mapping[int, int]) -> float:
    """The middle one of so many of each number; of an even number of them, what lies between the two middle ones."""
    cases, reached, low = sum(counts.values()), 0, None
    for number in sorted(counts):
        reached += counts[number]
        if low is None and reached * 2 >= cases:
            low = number
        if low is not None and reached * 2 > cases:
            return (low + number) / 2
    raise ValueError("there is no middle of nothing")


def scores_of_bodies(scope: str, above: Above, year: int | None = None) -> dict[str, Score]:
    """The cards of units, or of organisations that ask for others, together with what they promised."""
    promised = scores(Scope.PROMISER, above, year)
    return {code: card.joined(promised[code]) for code, card in scores(scope, above, year).items()}


def months(scope: str, codes: Iterable[str], year: int | None = None, last: int = MONTHS) -> list[Month]:
    """The sums of each month of a year, or of the last ones up to this; the oldest first, and empty ones too."""
    now = month_of(clock.today())
    ends = now // 100 * 12 + now % 100 - 1 if year is None else year * 12 + 11
    listed = [((ends - n) // 12, (ends - n) % 12 + 1) for n in reversed(range(last))]
    numbers = [year * 100 + month for year, month in listed]
    given = {"scope": scope, "codes": list(codes), "first": numbers[0], "last": numbers[-1]}
    sums = {month: dict(zip(Cell.MEASURES, counts, strict=True)) for month, *counts in _asked(_MONTHS, given)}
    return [Month(year, month, Score(sums.get(year * 100 + month, {}))) for year, month in listed]


def counted(*scopes: str) -> set[str]:
    """The codes in whose own card anything stands."""
    return set(Cell.objects.filter(scope__in=scopes).values_list("key", flat=True).distinct())


def years() -> list[int]:
    """The Jalali years in which anything was asked, the newest first."""
    found = Cell.objects.filter(scope=Scope.CITY).values_list("month", flat=True)
    return sorted({month // 100 for month in found}, reverse=True)


def _asked(query: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


_UP = "unnest(%(codes)s::text[], %(tops)s::text[]) AS up (code, top)"
_SUM = ", ".join(f"sum(cell.{each})" for each in Cell.MEASURES)
_SUMS = f"""
    SELECT up.top, {_SUM} FROM indicators_cell AS cell JOIN {_UP} ON up.code = cell.key
    WHERE cell.scope = %(scope)s AND cell.month BETWEEN %(first)s AND %(last)s GROUP BY up.top
"""  # noqa: S608 — only names of our own columns are put in
_MONTHS = f"""
    SELECT cell.month, {_SUM} FROM indicators_cell AS cell
    WHERE cell.scope = %(scope)s AND cell.key = ANY(%(codes)s)
          AND cell.month BETWEEN %(first)s AND %(last)s
    GROUP BY cell.month
"""  # noqa: S608
_WAITS = """
    SELECT key, wait, days, count FROM indicators_duration
    WHERE scope = %(scope)s AND key = ANY(%(codes)s) AND year = %(year)s
"""


def _late(column: str) -> str:
    return f"""
        WITH late AS (
            SELECT {column} AS code, count(*) AS n FROM indicators_counteddemand AS d
            WHERE d.deadline < %(today)s AND d.month BETWEEN %(first)s AND %(last)s GROUP BY 1
        )
        SELECT up.top, sum(late.n)::int FROM late JOIN {_UP} USING (code) GROUP BY up.top
    """  # noqa: S608


def _promises_late(column: str, rows: str = "indicators_countedpromise AS p") -> str:
    return f"""
        SELECT up.top, count(DISTINCT p.code) FROM {rows} JOIN {_UP} ON up.code = {column}
        WHERE p.counted_as IN ('promised', 'under_way') AND p.due < %(today)s AND p.month BETWEEN %(first)s AND %(last)s
        GROUP BY up.top
    """  # noqa: S608


_LATE = {
    Scope.CITY: _late("''"),
    Scope.PLACE: _late("d.place"),
    Scope.FIELD: _late("d.field"),
    Scope.UNIT: _late("d.unit"),
    Scope.CARRIER: _late("d.carrier"),
}
_PROMISES_LATE = {
    Scope.CITY: _promises_late("''"),
    Scope.PLACE: _promises_late("p.place"),
    Scope.FIELD: _promises_late("p.field"),
    Scope.PROMISER: _promises_late(
        "body.code", "indicators_countedpromise AS p CROSS JOIN unnest(p.promisers) AS body (code)"
    ),
}
