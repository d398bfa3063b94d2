"""Demands on a map: each at its own point; those without one together, in the middle of their neighbourhood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations.models import Place
from hamgara.web.addresses import url
from hamgara.web.reading import number


def points(demands: Iterable[Demand]) -> list[dict[str, Any]]:
    """What the map shows of a list; what concerns the whole city has no point on it."""
    marks, around = [], dict[Place, list[Demand]]()
    for demand in demands:
        if queries.point_of(demand) is None:
            continue
        if demand.latitude is None:
            around.setdefault(demand.place, []).append(demand)
        else:
            marks.append(_mark(demand, demand.title))
    return [*marks, *(_around(place, there) for place, there in around.items())]


def _mark(demand: Demand, title: str) -> dict[str, Any]:
    latitude, longitude = queries.point_of(demand) or (None, None)
    return {"lat": latitude, "lng": longitude, "title": title, "href": url("demands:detail", demand.code)}


def _around(place: Place, there: list[Demand]) -> dict[str, Any]:
    """One mark for all of them: they would lie on one another. It is drawn so that nobody looks for a spot there."""
    ring = {"around": True, "label": f"{place.label} ({number(len(there))})"}
    if len(there) == 1:
        title = _("%(title)s (about %(place)s, no exact point)") % {"title": there[0].title, "place": place.label}
        return _mark(there[0], title) | ring
    counted = ngettext(
        "%(count)s demand about %(place)s, no exact point",
        "%(count)s demands about %(place)s, no exact point",
        len(there),
    )
    title = counted % {"count": number(len(there)), "place": place.label}
    return _mark(there[0], title) | {"href": f"{url('demands:list')}?place={place.code}"} | ring
