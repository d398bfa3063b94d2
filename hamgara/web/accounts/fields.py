"""Fields for phone numbers and codes, in whatever digits people type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian import digits
from hamgara.integrations import phones


def to_e164(text: str) -> str:
    """A mobile number in E.164, from however people write it; ValidationError if it is none."""
    number = phones.mobile(text)
    if number is None:
        raise ValidationError(_("This is not a mobile number. Write it like 0913 123 4567."), code="invalid_phone")
    return number


class PhoneField(forms.CharField):
    """A mobile number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "dir": "ltr"}),
        )
        kwargs.setdefault("max_length", 32)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return to_e164(value) if value else ""


class CodeField(forms.CharField):
    """The digits of a code that was sent."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Code"))
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return digits.to_ascii(super().to_python(value) or "").replace(" ", "").replace("-", "")
