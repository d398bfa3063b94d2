"""The office's own lists as files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Organisation
from hamgara.web import exports
from hamgara.web.office.forms import RegisterForm
from hamgara.web.office.views import found_by, waiting
from hamgara.web.officers import office_only
from hamgara.web.organisations.exports import COLUMNS

REGISTER = exports.Sheet(
    "register",
    _("Register of organisations"),
    (*COLUMNS, exports.Column("reason", _("reason"), "state_reason"), exports.Day("since", _("since"))),
)


APPLICATIONS = exports.Sheet(
    "applications",
    _("Waiting for accreditation"),
    (
        *COLUMNS,
        exports.Number("papers", _("papers"), lambda each: len(each.documents.all())),
        exports.Day("since", _("since")),
    ),
)
HEADLESS = exports.Sheet(
    "headless",
    _("Bodies without a head"),
    (
        exports.Column("code", _("code")),
        exports.Column("name", _("name"), "label"),
        exports.Choice("kind", _("kind"), dict(Organisation.Kind.choices)),
        exports.Choice("state", _("state"), dict(Organisation.State.choices)),
        exports.Day("since", _("since")),
    ),
)


@exports.exporting
@office_only
def applications(request: HttpRequest, written: str) -> HttpResponse:
    """Everybody who waits for a decision, the longest first."""
    return exports.answer(request, APPLICATIONS, written, waiting())


@exports.exporting
@office_only
def headless(request: HttpRequest, written: str) -> HttpResponse:
    """Every body that nobody leads."""
    return exports.answer(request, HEADLESS, written, queries.headless())


@exports.exporting
@office_only
def register(request: HttpRequest, written: str) -> HttpResponse:
    """All organisations, whatever their state."""
    form = RegisterForm(request.GET)
    exports.understood(form)
    return exports.answer(request, REGISTER, written, found_by(form))
