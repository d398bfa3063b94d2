"""The way from the city down to a place, as links for the component `place_path`."""

from __future__ import annotations

from django.urls import reverse

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place


def links(place: Place | None) -> list[tuple[str, str]]:
    """(name, address) of each step; nothing for no place."""
    if place is None:
        return []
    return [(each.label, reverse("places:detail", args=[each.code])) for each in queries.place_line(place)]
