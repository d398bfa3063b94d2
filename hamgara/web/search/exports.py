"""What a search found as a file: of every kind, or of the one asked for, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Answer, Demand
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.search import queries
from hamgara.domain.search.models import Document
from hamgara.web import exports
from hamgara.web.reading import number
from hamgara.web.search.forms import SearchForm

Kind = Document.Kind
STATES = {**dict(Demand.State.choices), **dict(Organisation.State.choices), **dict(Commitment.State.choices)}


@dataclass(frozen=True)
class Line:
    """One thing that was found, whatever its kind."""

    kind: str
    code: str
    title: str
    text: str
    state: str
    place: Any
    field: Any
    at: datetime | None
    page: str


def _demand(row: Demand, kind: str) -> Line:
    text: str = row.said  # type: ignore[attr-defined]
    page = f"/demands/{row.leads_to or row.code}/"  # type: ignore[attr-defined]
    return Line(kind, row.shown_code, row.title, text, row.state, row.place, row.field, row.submitted_at, page)


def _organisation(row: Organisation, kind: str) -> Line:
    return Line(kind, row.code, row.label, row.about, row.state, row.seat, None, None, f"/organisations/{row.code}/")


def _commitment(row: Commitment, kind: str) -> Line:
    demand, page = row.demand, f"/commitments/{row.code}/"
    return Line(kind, row.code, row.title, row.what, row.state, demand.place, demand.field, row.created_at, page)


def _answer(row: Answer, kind: str) -> Line:
    demand, page = row.demand, f"/demands/{row.demand.code}/"
    return Line(kind, demand.shown_code, demand.title, row.text, demand.state, demand.place, demand.field, row.at, page)


LINES = {
    Kind.DEMAND: _demand,
    Kind.ORGANISATION: _organisation,
    Kind.COMMITMENT: _commitment,
    Kind.ANSWER: _answer,
}


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of a search; `root` begins the addresses of the pages."""
    return exports.Sheet(
        "search",
        _("Search"),
        (
            exports.Choice("kind", _("kind"), dict(Kind.choices)),
            exports.Column("code", _("code")),
            exports.Column("title", _("title")),
            exports.Column("text", _("text")),
            exports.Choice("state", _("state"), STATES),
            exports.Named("place", _("place")),
            exports.Named("field", _("field")),
            exports.Day("at", _("date")),
            exports.Column("page", _("page"), lambda line: root + line.page),
        ),
    )


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same search as a file; none where it finds more than it puts in order, which would pass for all."""
    form = SearchForm(request.GET)
    exports.understood(form)
    kind = request.GET.get("kind", "")
    asked = form.asked(exports.one_of(["", *Kind.values], kind, _("By kind")))
    try:
        found = queries.find(asked, count=queries.LOOKED_AT)
    except queries.TooSlow:
        raise exports.Unfit(str(_("This search takes too long")), 503) from None
    if any(found.totals.get(each, 0) > queries.LOOKED_AT for each in ([kind] if kind else Kind.values)):
        message = _("This search finds more than %(count)s of a kind. Narrow it by one more word or a filter.")
        raise exports.Unfit(str(message) % {"count": number(queries.LOOKED_AT)}, 422)
    lines = [LINES[Kind(each)](row, each) for each, rows in found.rows.items() for row in rows]  # type: ignore[operator]
    return exports.answer(request, sheet(exports.root(request)), written, exports.AtHand(lines))
