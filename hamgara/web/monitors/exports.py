"""The register of monitors as a file, by the names under which the public knows them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.oversight import queries
from hamgara.web import exports
from hamgara.web.officers import office_only

SHEET = exports.Sheet(
    "monitors",
    _("Registered monitors"),
    (
        exports.Column("code", _("code")),
        exports.Column("known_as", _("known in public as")),
        exports.Day("since", _("since")),
        exports.Day("until", _("until")),
        exports.Truth("standing", _("registered today"), "is_live"),
        exports.Day("ended", _("ended on"), "ended_at"),
        exports.Column("end_reason", _("reason")),
    ),
)


@exports.exporting
@office_only
def export(request: HttpRequest, written: str) -> HttpResponse:
    """Every registration, the standing ones first. Who a monitor is stays on the page."""
    return exports.answer(request, SHEET, written, queries.monitors_registered())
