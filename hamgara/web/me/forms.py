"""The forms of one's own name and wishes, and of the wish to be erased."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian import digits
from hamgara.algorithms.persian.text import key
from hamgara.domain.people.commands import NAME_LENGTH
from hamgara.web.accounts.fields import CodeField
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


class MailField(forms.EmailField):
    """A mail address, in whatever digits and letters' size it was typed."""

    def to_python(self, value: Any) -> str:
        return digits.to_ascii(str(super().to_python(value) or "")).lower()


class MailForm(Form):
    """A mail address of one's own."""

    # Not an input of type «email»: browsers refuse the digits that people here type.
    email = MailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "email", "autocomplete": "email"}),
        error_messages={"invalid": _("This is not an e-mail address. Write it like name@example.org.")},
    )


class MailCodeForm(Form):
    """The code that was sent to that address."""

    code = CodeField()


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
