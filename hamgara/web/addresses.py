"""Where pages are, by their names and by what they are about."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
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


# Finding an address takes longer than all the rest of a link, and a page has forty of them.
@lru_cache(maxsize=8192)
def _address(root: str, name: str, args: tuple[object, ...], kwargs: tuple[tuple[str, object], ...]) -> str:
    return reverse(name, args=args, kwargs=dict(kwargs))


def url(name: str, *args: object, **kwargs: object) -> str:
    """{{ url("demands:detail", demand.code) }}: the address of a page."""
    return _address(settings.ROOT_URLCONF, name, args, tuple(kwargs.items()))


def of_subject(subject: str) -> str | None:
    """The address of «kind:code», or None where it has no page of its own."""
    kind, _colon, code = subject.partition(":")
    if kind == "gathering":
        return url("gathering")
    return url(PAGES[kind], code) if kind in PAGES else None


def of_entry(entry: Entry) -> str | None:
    """The page of what the entry is first of all about."""
    return next((address for subject in entry.subjects if (address := of_subject(subject))), None)
