"""The forms of one's own name and wishes, and of the wish to be erased."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian.text import key
from hamgara.domain.people.commands import NAME_LENGTH
from hamgara.web.choices import ChoiceField
from hamgara.web.forms import Form, TextField


class ProfileForm(Form):
    """What a person wishes to be called, and how they wish to hear of news."""

    name = TextField(
        label=_("What shall we call you?"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Others do not see it unless you show it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = ChoiceField(label=_("Language of pages and messages"), choices=settings.LANGUAGES)
    sms_notices = forms.BooleanField(label=_("Tell me news by SMS"), required=False)
    mail_notices = forms.BooleanField(label=_("Tell me news by e-mail"), required=False)


class EraseForm(Form):
    """The word by which somebody says that they mean it."""

    word = TextField(
        label=_("Write the word «erase» here"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_word(self) -> str:
        """Any of the languages will do, however it was typed."""
        word = key(self.cleaned_data["word"])
        if word not in {key(each) for each in ("erase", "پاک کن", "پاک‌کن", gettext("erase"))}:
            raise forms.ValidationError(_("Write exactly the word «erase», so that it does not happen by mistake."))
        return word
