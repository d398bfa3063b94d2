"""Forms about witnesses: taking in a key, and withdrawing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara.web.forms import Form, TextField


class WitnessForm(Form):
    """The key of an organisation that cosigns the log."""

    vkey = forms.CharField(
        label=_("Public key of the witness"),
        max_length=2500,
        help_text=_("Its program prints it. Have the organisation confirm it by another way, such as by telephone."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    url = forms.CharField(
        label=_("Address at which it is asked"),
        max_length=300,
        required=False,
        help_text=_("Leave this empty for a laptop that fetches the log and sends its signature by itself."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    outside = forms.BooleanField(
        label=_("From outside the city"),
        required=False,
        help_text=_("Such as a university, or an organisation of another city: nobody here can press it."),
    )


class WithdrawForm(Form):
    """Why a key counts no more."""

    reason = TextField(label=_("Reason"), lines=2, max_length=500)
