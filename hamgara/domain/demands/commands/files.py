"""Photos and papers that come with a form, made safe before any command begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.demands.commands.rows import shown
from hamgara.domain.ledger.commands import Invalid
from hamgara.integrations.storage import MEGABYTE, MEGAPIXEL, FileRefused, Limits, SafeFile, safe_file


def limits() -> Limits:
    """How much the charter lets in."""
    return Limits(
        size=charter.number("attachments.file_size") * MEGABYTE,
        side=charter.number("attachments.picture_side"),
        pixels=charter.number("attachments.picture_pixels") * MEGAPIXEL,
        pages=charter.number("attachments.pdf_pages"),
    )


def made_safe(uploads: Iterable[Any], *, name: str = "files") -> tuple[SafeFile, ...]:
    """The uploads of a form field, each made anew; raises `Invalid({name: …})` that says which one and why.

    Called before the command: a large picture takes a second, in which nobody should wait for a locked row.
    """
    uploads = list(uploads)
    most = charter.number("attachments.most_files")
    if len(uploads) > most:
        raise Invalid({name: _("At most %(count)s files at once, please.") % {"count": shown(most)}})
    allowed, safe = limits(), []
    for number, upload in enumerate(uploads, start=1):
        try:
            safe.append(safe_file(upload, allowed))
        except FileRefused as refusal:
            which = _("File %(number)s: %(problem)s") % {"number": shown(number), "problem": refusal.message}
            raise Invalid({name: which if len(uploads) > 1 else str(refusal.message)}) from None
    return tuple(safe)
