"""Forms of reviews: searching them, the words for the draw, an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara.domain.oversight.models import REASON_LENGTH, WORDS_LENGTH
from hamgara.web.choices import ChoiceField
from hamgara.web.forms import Form, TextField
from hamgara.web.looks import TEXTS

OUTCOMES = ("confirmed", "partly_kept", "contested")


class FilterForm(Form):
    """Search and filters of the list; all of it stands in the address."""

    q = forms.CharField(label=_("Search in reviews"), required=False, max_length=200)
    outcome = ChoiceField(label=_("Outcome"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each, TEXTS["outcome"][each]) for each in OUTCOMES]
        self.fields["outcome"].choices = [("", _("any")), *known]  # type: ignore[attr-defined]

    def active(self) -> int:
        """How many filters are on, the search box left out."""
        return int(bool(self.cleaned_data.get("outcome")))


class WordsForm(Form):
    words = TextField(label=_("Your words, in one line"), max_length=WORDS_LENGTH)


class AppealForm(Form):
    reason = TextField(
        label=_("What did the panel overlook?"),
        lines=4,
        max_length=REASON_LENGTH,
        help_text=_("Write what somebody can go and see. Your name is not shown."),
    )
