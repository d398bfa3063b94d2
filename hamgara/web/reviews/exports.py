"""The list of reviews as a file: what was examined, by how many, and what the panel found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.oversight import queries
from hamgara.domain.oversight.models import Review
from hamgara.web import exports
from hamgara.web.looks import TEXTS
from hamgara.web.reviews.forms import FilterForm
from hamgara.web.reviews.views import TABS


def _appeal_of(review: Review) -> str:
    return review.appeal_of_code or ""  # type: ignore[attr-defined]


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of reviews; `root` begins the addresses of their pages."""
    return exports.Sheet(
        "reviews",
        _("Reviews"),
        (
            exports.Column("code", _("code")),
            exports.Column("commitment", _("commitment"), "commitment.title"),
            exports.Column("commitment_code", _("code of the commitment"), "commitment.code"),
            exports.Column("demand_code", _("tracking code of the demand"), "commitment.demand.shown_code"),
            exports.Named("place", _("place"), "commitment.demand.place"),
            exports.Column(
                "promised_by", _("promised by"), lambda each: "، ".join(body.label for body in each.commitment.bodies)
            ),
            exports.Number("round", _("round")),
            exports.Column("appeal_of", _("appeal against"), _appeal_of),
            exports.Choice("state", _("state"), dict(Review.State.choices)),
            exports.Number("seats", _("seats on the panel"), "seats_wanted"),
            exports.Day("begun", _("begun on"), "begun_at"),
            exports.Day("drawn", _("panel drawn on"), "drawn_at"),
            exports.Choice("outcome", _("verified outcome"), TEXTS["outcome"], means=exports.FOUND),
            exports.Day("settled", _("verified on"), "settled_at"),
            exports.Column("page", _("page"), lambda each: f"{root}/reviews/{each.code}/"),
        ),
    )


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same list as a file."""
    form = FilterForm(request.GET)
    exports.understood(form)
    tab = exports.one_of(TABS, request.GET.get("tab", ""), _("By state"), exports.states(TABS, Review.State.choices))
    found = queries.listing(
        states=TABS[tab], outcome=form.cleaned_data.get("outcome", ""), words=form.cleaned_data.get("q", "")
    )
    return exports.answer(request, sheet(exports.root(request)), written, queries.for_a_file(found))
