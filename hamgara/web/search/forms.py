"""The one box and its filters; all of it stands in the address."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hamgara.domain.demands.models import Field
from hamgara.domain.search.queries import Asked
from hamgara.web.choices import ChoiceField
from hamgara.web.demands.forms import field_choices
from hamgara.web.forms import Form, TextField
from hamgara.web.places.fields import PlaceField

LONGEST = 200  # characters: a search is words, not a letter
STANDINGS = [
    ("", _("any state")),
    ("waiting", _("awaiting an answer")),
    ("promised", _("promised")),
    ("verified", _("verified")),
    ("refused", _("refused or not doable")),
    ("past", _("ended before this system")),
]
DAYS = [
    ("", _("at any time")),
    ("30", _("in the last month")),
    ("365", _("in the last year")),
    ("1095", _("in the last three years")),
]


class SearchForm(Form):
    q = TextField(label=_("Search in everything that is public"), required=False, max_length=LONGEST)
    place = PlaceField(nothing=_("the whole city"), required=False)
    field = ChoiceField(label=_("Field"), required=False)
    state = ChoiceField(label=_("State"), required=False, choices=STANDINGS)
    days = ChoiceField(label=_("Time"), required=False, choices=DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
        self.fields["field"].choices = field_choices(_("every field"))  # type: ignore[attr-defined]

    @property
    def filtering(self) -> int:
        """How many filters are on, the box left out."""
        return sum(bool(self.cleaned_data.get(name)) for name in ("place", "field", "state", "days"))

    def asked(self, kind: str) -> Asked:
        given = self.cleaned_data
        return Asked(
            words=given.get("q", ""),
            kind=kind,
            place=given.get("place") or None,
            field=Field.objects.filter(code=given["field"]).first() if given.get("field") else None,
            standing=given.get("state", ""),
            days=int(given.get("days") or 0),
        )
