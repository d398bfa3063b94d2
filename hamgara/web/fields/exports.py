"""The city's fields as a file, each with the units that deal with it."""

from __future__ import annotations

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Field
from hamgara.web import exports
from hamgara.web.officers import office_only


def _routes(field: Field) -> str:
    return "، ".join(f"{route.place.label}: {route.unit.label}" for route in field.routed)  # type: ignore[attr-defined]


FIELDS = exports.Sheet(
    "fields",
    _("Fields"),
    (
        exports.Column("code", _("code")),
        exports.Column("name", _("name"), "label"),
        exports.Named("parent", _("part of")),
        exports.Truth("takes_demands", _("the municipality's task")),
        exports.Column("referral", _("whose task it is"), "referral_label"),
        exports.Column("routes", _("which unit deals with it where"), _routes),
        exports.Number("demands", _("demands"), "asked"),
    ),
)


@exports.exporting
@office_only
def export(request: HttpRequest, written: str) -> HttpResponse:
    """Every field, in the order of the tree."""
    found = Field.objects.select_related("parent").annotate(asked=Count("demands"))
    routed = Prefetch("routes", queries.routes(), to_attr="routed")
    return exports.answer(request, FIELDS, written, found.prefetch_related(routed).order_by("path"))
