"""What every page may show: the city, who is signed in, and what waits for them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hamgara.domain.organisations import queries
from hamgara.web import acting
from hamgara.web.waiting import waiting

_city: dict[str, Any] = {}


def city() -> dict[str, Any]:
    """The city's name and whether it is a sample; read once a process, for it is founded once."""
    if not _city and (gathering := queries.founding_gathering()) is not None:
        _city.update(place=gathering.city, sample=bool(gathering.record.get("sample")))
    return _city


def forget_city() -> None:
    """Read it anew: for tests, where cities come and go."""
    _city.clear()


def page(request: HttpRequest) -> dict[str, Any]:
    """For every template. Nothing here asks the database unless the page uses it, or somebody is signed in."""
    here = city()
    mandates = acting.mandates(request) if hasattr(request, "user") else []
    return {
        "LANGUAGE_CODE": get_language(),
        "user": getattr(request, "user", None),
        "city": here.get("place"),
        "city_name": here["place"].label if here else "",
        "is_sample_city": here.get("sample", False),
        "mandates": mandates,
        "is_officer": any(acting.works_for_municipality(each) for each in mandates),
        "is_office": any(acting.works_for_office(each) for each in mandates),
        "is_reviewer": SimpleLazyObject(lambda: waiting(request).is_reviewer),
        "todo_count": SimpleLazyObject(lambda: waiting(request).to_do),
        "map_tiles": settings.MAP_TILES,
        "once": SimpleLazyObject(uuid.uuid4),
    }
