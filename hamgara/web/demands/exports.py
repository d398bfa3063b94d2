"""The list of demands as a file. What the city claims and what reviewers found are never one column."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms import tracking
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand
from hamgara.web import exports
from hamgara.web.demands.forms import FilterForm
from hamgara.web.demands.views import TABS, near_point
from hamgara.web.looks import TEXTS

CLAIMS = {"reported_done": _("done, the promiser says"), **dict(Demand.Claim.choices)}
OUTCOMES = {**dict(Demand.Outcome.choices), "contested": TEXTS["outcome"]["contested"]}


def _claim(demand: Demand) -> str:
    return demand.claim or ("reported_done" if demand.claimed_at else "")  # type: ignore[attr-defined]


def _claimed_at(demand: Demand) -> datetime | None:
    return demand.ended_at if demand.claim else demand.claimed_at  # type: ignore[attr-defined]


def _outcome(demand: Demand) -> str:
    """What reviewers settled; a demand goes back when they found its promise broken, and says no more of it itself."""
    if demand.outcome == Demand.Outcome.NONE and demand.last_found == "contested":  # type: ignore[attr-defined]
        return "contested"
    return demand.outcome


def _found_at(demand: Demand) -> datetime | None:
    return None if _outcome(demand) == Demand.Outcome.NONE else demand.found_at  # type: ignore[attr-defined]


def _merged_into(demand: Demand) -> str:
    code = demand.merged_into_code  # type: ignore[attr-defined]
    return tracking.show(code) if code else ""


def sheet(name: str, title: exports.Text, root: str) -> exports.Sheet:
    """What everybody may take away of demands; `root` begins the addresses of their pages."""
    return exports.Sheet(
        name,
        title,
        (
            exports.Column("code", _("tracking code"), "shown_code"),
            exports.Choice("kind", _("kind"), dict(Demand.Kind.choices)),
            exports.Column("title", _("title")),
            exports.Column("text", _("description")),
            exports.Named("field", _("field")),
            exports.Named("place", _("place")),
            exports.Number("latitude", _("latitude")),
            exports.Number("longitude", _("longitude")),
            exports.Named("unit", _("municipal unit")),
            exports.Column("author", _("asked by"), "author_shown"),
            exports.Named("on_behalf", _("carried by")),
            exports.Choice("state", _("state"), dict(Demand.State.choices)),
            exports.Moment("submitted", _("received"), "submitted_at"),
            exports.Day("deadline", _("deadline")),
            exports.Day("answered", _("answered on"), "answered_at"),
            exports.Choice("claim", _("claim of the city or the promiser"), CLAIMS, _claim, means=exports.CLAIM),
            exports.Day("claimed", _("claimed on"), _claimed_at),
            exports.Choice("outcome", _("verified outcome"), OUTCOMES, _outcome, means=exports.FOUND),
            exports.Day("verified", _("verified on"), _found_at),
            exports.Day("ended", _("ended"), "ended_at"),
            exports.Number("reopened", _("times reopened"), "times_reopened"),
            exports.Number("supporters", _("supporters"), "support_count"),
            exports.Number("followers", _("followers"), "follow_count"),
            exports.Number("comments", _("comments"), "comment_count"),
            exports.Column("merged_into", _("merged into"), _merged_into),
            exports.Column("page", _("page"), lambda demand: f"{root}/demands/{demand.code}/"),
        ),
    )


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same list as a file."""
    form, tab = FilterForm(request.GET), request.GET.get("tab", "")
    exports.understood(form)
    exports.one_of(TABS, tab, _("By state"), exports.states(TABS, Demand.State.choices))
    near = near_point(request)
    if near is None and {"lat", "lng"} & request.GET.keys():
        exports.one_of((), request.GET.get("lat", "") + " " + request.GET.get("lng", ""), _("Exact point"))
    if near is not None:
        exports.asked(_("Exact point"), "{:.6f}, {:.6f}".format(*near))
    found = queries.listing(form.wanted(near, TABS[tab]))
    rows = commitments.with_claims(queries.for_a_file(found))
    return exports.answer(request, sheet("demands", _("Demands"), exports.root(request)), written, rows)
