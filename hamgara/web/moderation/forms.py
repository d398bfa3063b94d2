"""Forms of reports, decisions and appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.moderation.models import REASONS
from hamgara.web.forms import Form, TextField
from hamgara.web.reading import language


class _WordsForm(Form):
    words = TextField(lines=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_fields["words"].max_length = charter.number("moderation.words_length")  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)


class _ReasonForm(_WordsForm):
    reason = forms.ChoiceField(widget=forms.RadioSelect)
    field_order = ("reason", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, each[language()]) for code, each in charter.choices(REASONS).items()]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class ReportForm(_ReasonForm):
    reason = forms.ChoiceField(label=_("What is wrong with it?"), widget=forms.RadioSelect)
    words = TextField(
        label=_("In a few words"), lines=3, required=False, help_text=_("Only those who decide about it read this.")
    )


class HideForm(_ReasonForm):
    reason = forms.ChoiceField(label=_("Why is it hidden? The reason is public."), widget=forms.RadioSelect)
    words = TextField(
        label=_("In your own words, for everybody to read"),
        lines=3,
        required=False,
        help_text=_("Please do not repeat here what is to be hidden."),
    )


class ReasonForm(_WordsForm):
    words = TextField(label=_("In your own words, for everybody to read"), lines=3)


class AppealForm(_WordsForm):
    words = TextField(label=_("Why should it be shown?"), lines=4)
