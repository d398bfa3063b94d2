"""The list of commitments as a file: what is claimed and what reviewers found, in columns of their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments import queries
from hamgara.domain.commitments.models import Commitment
from hamgara.web import exports
from hamgara.web.commitments.forms import FilterForm
from hamgara.web.commitments.views import TABS
from hamgara.web.looks import TEXTS


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of commitments; `root` begins the addresses of their pages."""
    return exports.Sheet(
        "commitments",
        _("Commitments"),
        (
            exports.Column("code", _("code")),
            exports.Column("title", _("commitment")),
            exports.Column("what", _("what will be done")),
            exports.Column("demand", _("demand"), "demand.title"),
            exports.Column("demand_code", _("tracking code of the demand"), "demand.shown_code"),
            exports.Named("field", _("field"), "demand.field"),
            exports.Named("place", _("place"), "demand.place"),
            exports.Column("promised_by", _("promised by"), lambda each: "، ".join(body.label for body in each.bodies)),
            exports.Number("budget_rial", _("budget in rials")),
            exports.Number("hours", _("hours of work")),
            exports.Choice("state", _("state"), dict(Commitment.State.choices)),
            exports.Day("promised", _("promised on"), "promised_at"),
            exports.Day("due", _("due date")),
            exports.Truth("overdue", _("overdue"), "is_overdue"),
            exports.Truth("claimed_done", _("claimed done"), "reported_at", means=exports.CLAIM),
            exports.Day("claimed", _("claimed done on"), "reported_at"),
            exports.Column("claim", _("what the promiser reports")),
            exports.Choice("outcome", _("verified outcome"), TEXTS["outcome"], means=exports.FOUND),
            exports.Day("verified", _("verified on"), "settled_at"),
            exports.Column("review", _("review"), "settled_by"),
            exports.Column("page", _("page"), lambda each: f"{root}/commitments/{each.code}/"),
        ),
    )


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same list as a file."""
    form = FilterForm(request.GET)
    exports.understood(form)
    tab = exports.one_of(
        TABS, request.GET.get("tab", ""), _("By state"), exports.states(TABS, Commitment.State.choices)
    )
    rows = queries.for_a_file(queries.listing(form.wanted(TABS[tab])))
    return exports.answer(request, sheet(exports.root(request)), written, rows)
