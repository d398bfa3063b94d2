"""The public register as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations.models import Organisation
from hamgara.web import exports
from hamgara.web.organisations.forms import DirectoryForm
from hamgara.web.organisations.views import found_by

# What every list of bodies has.
COLUMNS = (
    exports.Column("code", _("code")),
    exports.Column("name", _("name"), "label"),
    exports.Choice("kind", _("kind"), dict(Organisation.Kind.choices)),
    exports.Choice("state", _("state"), dict(Organisation.State.choices)),
    exports.Column("registration_number", _("registration number")),
    exports.Column("authority", _("issuing authority")),
    exports.Day("accredited_until", _("accredited until")),
    exports.Named("seat", _("seat")),
)


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of organisations; `root` begins the addresses of their pages."""
    public = (
        exports.Column("website", _("website")),
        exports.Column("public_phone", _("public telephone")),
        exports.Column("about", _("about")),
        exports.Column("page", _("page"), lambda each: f"{root}/organisations/{each.code}/"),
    )
    return exports.Sheet("organisations", _("Organisations"), COLUMNS + public)


UNITS = exports.Sheet(
    "units",
    _("Municipal units"),
    (
        exports.Column("code", _("code")),
        exports.Column("name", _("name"), "label"),
        exports.Named("parent", _("part of")),
        exports.Choice("state", _("state"), dict(Organisation.State.choices)),
        exports.Named("successor", _("its work is done by")),
        exports.Named("seat", _("seat")),
        exports.Truth("office", _("participation office"), "is_participation_office"),
        exports.Day("since", _("since")),
    ),
)


@exports.exporting
def units(request: HttpRequest, written: str) -> HttpResponse:
    """Every unit that the municipality ever had, in the order of its tree; those that ended with who took over."""
    found = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPAL_UNIT).select_related(
        "parent", "successor", "seat"
    )
    return exports.answer(request, UNITS, written, found.order_by("path"))


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """The same list as a file."""
    form = DirectoryForm(request.GET)
    exports.understood(form)
    return exports.answer(request, sheet(exports.root(request)), written, found_by(form))
