"""The city's places as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations.models import Place
from hamgara.web import exports


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of places; `root` begins the addresses of their pages."""
    return exports.Sheet(
        "places",
        _("Places"),
        (
            exports.Column("code", _("code")),
            exports.Column("name", _("name"), "label"),
            exports.Choice("level", _("kind"), dict(Place.Level.choices)),
            exports.Named("within", _("part of")),
            exports.Number("latitude", _("latitude")),
            exports.Number("longitude", _("longitude")),
            exports.Truth("outline", _("outline is known"), lambda place: place.outline is not None),
            exports.Column("source", _("source of the point")),
            exports.Column("page", _("page"), lambda place: f"{root}/places/{place.code}/"),
        ),
    )


@exports.exporting
def export(request: HttpRequest, written: str) -> HttpResponse:
    """Every place, in the order of the tree."""
    found = Place.objects.select_related("within").order_by("path")
    return exports.answer(request, sheet(exports.root(request)), written, found)
