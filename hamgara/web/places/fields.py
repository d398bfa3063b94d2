"""A place chosen from the city's tree, and where a point of the city may lie."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place
from hamgara.web.choices import ChoiceField, Choices, indented
from hamgara.web.reading import language

KM_A_DEGREE = 111.2  # of latitude; of longitude less, towards the poles


def around_city() -> tuple[float, float, float, float]:
    """South, west, north and east of what may belong to the city."""
    city = queries.city()
    if city is None or city.latitude is None or city.longitude is None:
        return (-90.0, -180.0, 90.0, 180.0)
    reach = charter.number("demands.reach") / KM_A_DEGREE
    aside = reach / math.cos(math.radians(city.latitude))
    return (city.latitude - reach, city.longitude - aside, city.latitude + reach, city.longitude + aside)


def place_choices(empty: str | Promise) -> Choices:
    """Every place, indented under the one that holds it, after one choice of none."""
    return _place_choices(queries.places(), str(empty), language())


@lru_cache(maxsize=64)
def _place_choices(places: queries.Register[Place], empty: str, _language: str) -> Choices:
    return Choices([("", empty), *((each.code, indented(each)) for each in places.rows)])


class PlaceField(ChoiceField):
    """A list of all places, each under the one that holds it; gives the place itself."""

    def __init__(self, *, nothing: str | Promise = "–", **kwargs: Any) -> None:
        self.nothing = nothing
        kwargs.setdefault("label", _("Place"))
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> PlaceField:
        # Each form asks for the places anew.
        copied: PlaceField = super().__deepcopy__(memo)
        copied.choices = place_choices(self.nothing)
        return copied

    def clean(self, value: Any) -> Place | None:
        code = super().clean(value)
        return Place.objects.get(code=code) if code else None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Place) else value
