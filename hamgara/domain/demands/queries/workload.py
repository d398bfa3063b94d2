"""How the work of a unit lies on its officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DateTimeField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce

from hamgara import clock
from hamgara.domain.demands.models import Demand
from hamgara.domain.demands.queries.desk import colleagues, nobodys
from hamgara.domain.organisations.models import Mandate, Organisation

LATELY = timedelta(days=30)
WAITING = (Demand.State.RECEIVED, Demand.State.ADMITTED)


class _Median(Aggregate):
    """The value in the middle; between the two in the middle where their number is even."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()
    allow_distinct = False


@dataclass(frozen=True)
class Workload:
    """What lies on one officer, or on nobody (`mandate` is None)."""

    mandate: Mandate | None
    waiting: int
    overdue: int
    ended: int
    median: timedelta | None


def workload(unit: Organisation) -> list[Workload]:
    """Officers of the unit and of those below it, by unit and name; at last what nobody deals with."""
    units = list(Organisation.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
    officers = list(colleagues(units).order_by("organisation__path", "person__name", "pk"))
    since = clock.now() - LATELY
    waiting = Q(state__in=WAITING)
    lately = Q(answered_at__gte=since) | Q(ended_at__gte=since)
    answered_at = Coalesce("answered_at", "ended_at", output_field=DateTimeField())
    counted = {
        each["handler"]: each
        for each in Demand.objects.filter(lately | waiting, handler__in=officers)
        .order_by()
        .values("handler")
        .annotate(
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(deadline__lt=clock.today())),
            ended=Count("pk", filter=Q(ended_at__gte=since)),
            median=_Median(
                ExpressionWrapper(answered_at - F("submitted_at"), output_field=DurationField()),
                filter=Q(answered_at__gte=since) | Q(answered_at=None, ended_at__gte=since),
            ),
        )
    }
    nothing = {"waiting": 0, "overdue": 0, "ended": 0, "median": None}
    lying = Demand.objects.filter(waiting, nobodys(), unit__in=units).order_by()
    nobody = lying.aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(deadline__lt=clock.today())))
    rows = [_row(each, counted.get(each.pk, nothing)) for each in officers]
    return [*rows, Workload(None, nobody["waiting"], nobody["overdue"], 0, None)]


def _row(mandate: Mandate, counts: dict[str, object]) -> Workload:
    return Workload(mandate, **{name: counts[name] for name in ("waiting", "overdue", "ended", "median")})  # type: ignore[arg-type]
