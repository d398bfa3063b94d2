"""The office's own lists as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.web import exports
from hamgara.web.office.forms import RegisterForm
from hamgara.web.office.views import found_by
from hamgara.web.officers import office_only
from hamgara.web.organisations.exports import COLUMNS

REGISTER = exports.Sheet(
    "register",
    _("Register of organisations"),
    (*COLUMNS, exports.Column("reason", _("reason"), "state_reason"), exports.Day("since", _("since"))),
)


@exports.exporting
@office_only
def register(request: HttpRequest, written: str) -> HttpResponse:
    """All organisations, whatever their state."""
    form = RegisterForm(request.GET)
    exports.understood(form)
    return exports.answer(request, REGISTER, written, found_by(form))
