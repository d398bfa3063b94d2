"""The public ledger as a file: each act in words, and to the byte, so that anybody can recheck its hash."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hamgara.channels import words
from hamgara.domain.ledger import queries
from hamgara.domain.ledger.models import Position
from hamgara.web import exports


def _hash(position: Position) -> str:
    return hashlib.sha256(position.entry.canonical).hexdigest()


def sheet(root: str) -> exports.Sheet:
    """What everybody may take away of the ledger; `root` begins the addresses of its pages."""
    return exports.Sheet(
        "ledger",
        _("Public ledger"),
        (
            exports.Number("number", _("number")),
            exports.Moment("at", _("recorded"), "entry.at"),
            exports.Column("kind", _("kind"), "entry.kind"),
            exports.Column("act", _("act"), lambda position: words.sentence(position.entry)),
            exports.Column("body", _("in the name of"), lambda position: position.entry.body["by"]["body"]),
            exports.Column("about", _("about"), lambda position: " ".join(position.entry.subjects)),
            exports.Column("sha256", _("SHA-256 of the entry"), _hash),
            exports.Column("entry", _("entry"), lambda position: bytes(position.entry.canonical).decode()),
            exports.Column("page", _("page"), lambda position: f"{root}/ledger/{position.number}/"),
        ),
    )


@exports.exporting
def acts(request: HttpRequest, written: str) -> HttpResponse:
    """The same list as a file: whole, or what is older than the act `before`."""
    typed = request.GET.get("before", "")
    if typed and not (typed.isascii() and typed.isdecimal()):
        exports.one_of((), typed, _("number"))
    if typed:
        exports.asked(_("before the act"), typed)
    found = queries.public_acts(int(typed) if typed else None)
    return exports.answer(request, sheet(exports.root(request)), written, found)
