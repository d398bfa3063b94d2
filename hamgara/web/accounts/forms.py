"""allauth's forms, with our fields: any digits, numbers as people write them."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian import digits
from hamgara.domain.people.commands import NAME_LENGTH
from hamgara.web.accounts.fields import CodeField, to_e164


class LoginForm(account.LoginForm):  # type: ignore[misc]
    """A mobile number or a mail address; a code goes there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"] = forms.CharField(
            label=_("Mobile number or e-mail address"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "dir": "ltr", "autofocus": True}),
        )

    def clean_login(self) -> str:
        given = digits.to_ascii(self.cleaned_data["login"]).strip()
        given = given.lower() if "@" in given else to_e164(given)
        self.cleaned_data["login"] = given
        return super().clean_login()  # type: ignore[no-any-return]


class SignupForm(account.SignupForm):  # type: ignore[misc]
    """Name, if one likes, and a mobile number."""

    name = forms.CharField(
        label=_("What shall we call you?"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Others do not see it unless you show it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("email", None)
        self.fields["phone"].required = True
        self.order_fields(["name", "phone"])


class RequestLoginCodeForm(account.RequestLoginCodeForm):  # type: ignore[misc]
    """allauth's own other door to the same room."""


class _CodeMixin(forms.Form):
    code = CodeField()


class ConfirmLoginCodeForm(_CodeMixin, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that was sent."""


class VerifyPhoneForm(_CodeMixin, account.VerifyPhoneForm):  # type: ignore[misc]
    """The code that was sent to a new number."""


class AuthenticateForm(_CodeMixin, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code that an authenticator app shows, or a recovery code."""


class ActivateTOTPForm(_CodeMixin, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""
