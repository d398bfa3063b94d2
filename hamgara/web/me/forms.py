"""The form of one's own name and wishes."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hamgara.domain.people.commands import NAME_LENGTH
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
    language = forms.ChoiceField(label=_("Language of pages and messages"), choices=settings.LANGUAGES)
    sms_notices = forms.BooleanField(label=_("Tell me news by SMS"), required=False)
    mail_notices = forms.BooleanField(label=_("Tell me news by e-mail"), required=False)
