"""What moderation did, month by month: every figure with the numbers it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from hamgara import charter, clock
from hamgara.algorithms.persian import calendar
from hamgara.domain.demands.queries import Rate
from hamgara.domain.moderation.models import REASONS, Case, Report, Ruling

MONTHS = 12
HOUR = 3600
Month = tuple[int, int]


@dataclass
class Tally:
    """The counts of one month, of one kind of thing, or of all."""

    reports: int = 0
    hidden: int = 0
    unasked: int = 0  # of those hidden, what nobody had reported
    left: int = 0
    restored: int = 0
    granted: int = 0
    dismissed: int = 0
    in_time: int = 0
    waits: list[float] = field(default_factory=list)  # hours from the first report, or the appeal, to the decision

    @property
    def happened(self) -> bool:
        """Something was reported or decided."""
        return bool(self.reports or self.hidden or self.left or self.restored or self.granted or self.dismissed)

    @property
    def of_decided(self) -> Rate:
        """What was hidden, of all that was reported and decided."""
        asked = self.hidden - self.unasked
        return Rate(asked, asked + self.left)

    @property
    def of_appeals(self) -> Rate:
        """Appeals that were granted, of all that were decided."""
        return Rate(self.granted, self.granted + self.dismissed)

    @property
    def of_waits(self) -> Rate:
        """Decisions within the charter's time, of all that somebody waited for."""
        return Rate(self.in_time, len(self.waits))

    @property
    def median_hours(self) -> float | None:
        return median(self.waits) if self.waits else None


@dataclass(frozen=True)
class Figures:
    """The last twelve months of the city's calendar, this one included, the newest first."""

    months: dict[Month, Tally]
    kinds: dict[str, Tally]
    reasons: dict[str, Tally]
    whole: Tally
    awaiting: int
    overdue: int


def _month(day: date, known: dict[date, Month]) -> Month:
    if day not in known:
        parts = calendar.parts(day)
        known[day] = parts.year, parts.month
    return known[day]


def _last_months() -> list[Month]:
    now = calendar.parts(clock.today())
    first = now.year * 12 + now.month - 1
    return [((first - n) // 12, (first - n) % 12 + 1) for n in range(MONTHS)]


class _Deadlines:
    """Until when a decision was in time, by the day on which it was asked for; each day is counted once."""

    def __init__(self) -> None:
        self._known: dict[date, date] = {}

    def kept(self, asked: datetime, decided: datetime) -> bool:
        day = timezone.localdate(asked)
        if day not in self._known:
            self._known[day] = charter.day_after("moderation.decide_within", day)
        return timezone.localdate(decided) <= self._known[day]


def _count(tallies: Iterable[Tally], verb: str, waited: float | None, in_time: bool) -> None:
    for tally in tallies:
        tally.hidden += verb == Ruling.Verb.HIDE
        tally.unasked += verb == Ruling.Verb.HIDE and waited is None
        tally.left += verb == Ruling.Verb.LEAVE
        tally.restored += verb == Ruling.Verb.RESTORE
        tally.granted += verb == Ruling.Verb.GRANT_APPEAL
        tally.dismissed += verb == Ruling.Verb.DISMISS_APPEAL
        if waited is not None:
            tally.waits.append(waited)
            tally.in_time += in_time


def figures(kind: str = "") -> Figures:
    """What was reported and decided. With `kind`, the months and reasons are of that kind of thing alone."""
    listed = _last_months()
    start = calendar.from_parts(*listed[-1], 1)
    waiting = list(Case.objects.filter(since__isnull=False).only("since"))
    found = Figures(
        months={month: Tally() for month in listed},
        kinds={each: Tally() for each in Case.Kind.values},
        reasons={code: Tally() for code in charter.choices(REASONS)},
        whole=Tally(),
        awaiting=len(waiting),
        overdue=sum(1 for case in waiting if case.is_overdue),
    )
    known: dict[date, Month] = {}

    def concerned(day: date, of: str, reason: str) -> list[Tally]:
        tallies = [found.kinds[of], found.whole]
        if not kind or of == kind:
            tallies.append(found.months[_month(day, known)])
            # A reason that the charter has no more is still counted, under its code.
            tallies += [found.reasons.setdefault(reason, Tally())] if reason else []
        return tallies

    reports = Report.objects.filter(at__date__gte=start).annotate(day=TruncDate("at")).order_by()
    for day, of, reason, count in reports.values_list("day", "case__kind", "reason").annotate(Count("pk")):
        for tally in concerned(day, of, reason):
            tally.reports += count
    deadlines = _Deadlines()
    rulings = Ruling.objects.filter(at__date__gte=start).order_by()
    for at, since, of, verb, reason in rulings.values_list("at", "since", "case__kind", "verb", "reason"):
        waited = None if since is None else (at - since).total_seconds() / HOUR
        in_time = since is not None and deadlines.kept(since, at)
        _count(concerned(timezone.localdate(at), of, reason), verb, waited, in_time)
    return found
