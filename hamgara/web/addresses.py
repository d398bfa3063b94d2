"""Where the page of a subject of the ledger is."""

from __future__ import annotations

from django.urls import reverse

from hamgara.domain.ledger.models import Entry

PAGES = {
    "demand": "demands:detail",
    "commitment": "commitments:detail",
    "review": "reviews:detail",
    "case": "moderation:case",
    "organisation": "organisations:detail",
    "place": "places:detail",
}


def of_subject(subject: str) -> str | None:
    """The address of «kind:code», or None where it has no page of its own."""
    kind, _colon, code = subject.partition(":")
    if kind == "gathering":
        return reverse("gathering")
    return reverse(PAGES[kind], args=[code]) if kind in PAGES else None


def of_entry(entry: Entry) -> str | None:
    """The page of what the entry is first of all about."""
    return next((address for subject in entry.subjects if (address := of_subject(subject))), None)
