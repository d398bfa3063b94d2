"""A place chosen from the city's tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations import queries
from hamgara.domain.organisations.models import Place

INDENT = "\u2003"  # an em space for each step down the tree


class PlaceField(forms.ChoiceField):
    """A list of all places, each under the one that holds it; gives the place itself."""

    def __init__(self, *, nothing: str | Promise = "–", **kwargs: Any) -> None:
        self.nothing = nothing
        self._places: dict[str, Place] | None = None
        kwargs.setdefault("label", _("Place"))
        super().__init__(choices=self._options, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> PlaceField:
        # Each form asks for the places once, and anew.
        copied: PlaceField = super().__deepcopy__(memo)
        copied._places = None
        copied.choices = copied._options
        return copied

    def places(self) -> dict[str, Place]:
        """Every place by its code, in the order of the tree."""
        if self._places is None:
            self._places = {place.code: place for place in queries.place_tree()}
        return self._places

    def _options(self) -> Iterator[tuple[str, str | Promise]]:
        yield "", self.nothing
        for code, place in self.places().items():
            yield code, INDENT * (place.path.count("/") - 2) + place.label

    def clean(self, value: Any) -> Place | None:
        code = super().clean(value)
        return self.places()[code] if code else None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Place) else value
