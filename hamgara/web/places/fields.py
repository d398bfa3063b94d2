"""A place chosen from the city's tree."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place
from hamgara.web.choices import ChoiceField, Choices, indented
from hamgara.web.reading import language


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
