"""How the work of a unit lies on its officers, for those who lead it."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hamgara.domain.demands import policies, queries
from hamgara.domain.ledger.commands import require
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.web import exports
from hamgara.web.inbox.verbs import able, actors_of
from hamgara.web.officers import officers_only
from hamgara.web.views import reading

ONE_DAY = timedelta(days=1)


def _units(request: HttpRequest) -> tuple[Organisation, list[Organisation]]:
    """The unit whose table is asked for, without a choice the first that the reader leads; and all there are."""
    actors = actors_of(request)
    led = [by.organisation for by in actors if by.organisation and policies.may_see_workload(by, by.organisation)]
    if not led:
        require(policies.may_see_workload(actors[0], actors[0].organisation))  # type: ignore[arg-type]
    choices = [each for each in organisations.units() if able(actors, policies.may_see_workload, each) is not None]
    unit = next((each for each in choices if each.code == request.GET.get("unit")), None)
    if unit is None and request.GET.get("unit"):
        raise Http404
    return unit or led[0], choices


@reading
@officers_only
def page(request: HttpRequest) -> HttpResponse:
    """The table of one unit and those below it."""
    unit, choices = _units(request)
    return render(request, "inbox/workload.html", {"unit": unit, "choices": choices, "rows": queries.workload(unit)})


def _days(row: queries.Workload) -> float | None:
    return None if row.median is None else round(row.median / ONE_DAY, 1)


SHEET = exports.Sheet(
    "workload",
    _("Workload"),
    (
        exports.Column("officer", _("dealt with by"), lambda row: row.mandate and row.mandate.person.display_name),
        exports.Named("unit", _("unit"), lambda row: row.mandate and row.mandate.organisation),
        exports.Number("waiting", _("waiting")),
        exports.Number("overdue", _("overdue")),
        exports.Number("ended", _("ended in 30 days")),
        exports.Number("days", _("days to the answer"), _days),
    ),
)


@exports.exporting
@officers_only
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same table; its row without an officer is what nobody deals with."""
    unit, _choices = _units(request)
    exports.asked(_("Municipal unit"), unit.label)
    return exports.answer(request, SHEET, written, exports.AtHand(queries.workload(unit)))
