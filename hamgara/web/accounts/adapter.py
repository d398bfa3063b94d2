"""How allauth finds, makes and reaches people here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hamgara.channels import outbox
from hamgara.domain.people import commands, queries
from hamgara.domain.people.commands import Self
from hamgara.domain.people.models import Person
from hamgara.web.accounts.fields import PhoneField

SAID = {
    "account/messages/logged_in.txt": gettext_lazy("You are signed in."),
    "account/messages/logged_out.txt": gettext_lazy("You are signed out."),
    "account/messages/login_code_sent.txt": gettext_lazy("The code is on its way."),
    "account/messages/phone_verification_sent.txt": gettext_lazy("The code is on its way."),
    "account/messages/phone_verified.txt": gettext_lazy("Your mobile number is confirmed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "New recovery codes were made. The old ones no longer work."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is switched on."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is switched off."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Phones are ours to keep: the number stands on the person, in E.164."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This is not the code. Look at the last message that we sent you."),
        "rate_limited": gettext_lazy("That was too often. Please wait a few minutes."),
        "too_many_login_attempts": gettext_lazy(
            "That was wrong too often. Please wait a few minutes and ask for a new code."
        ),
    }

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**{"label": _("Mobile number")} | {"required": kwargs.get("required", True)})

    def clean_phone(self, phone: str) -> str:
        return phone

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        # Whoever comes by a link made at the console may have a number that no SMS reaches: the link is enough.
        if getattr(self.request, "by_link", False) and not user.phone_verified:
            return None
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        stored = commands.set_phone(by=Self(str(user.key)), person=user, phone=phone, verified=verified)
        user.phone, user.phone_verified = stored.phone, stored.phone_verified

    def set_phone_verified(self, user: Person, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return queries.by_phone(phone)

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs: Any) -> None:
        outbox.send_sms(phone, _("Hamgara: your code is %(code)s. Give it to nobody.") % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        outbox.send_sms(
            phone, _("Hamgara: somebody asked to sign in with this number, but it is not registered. Sign up first.")
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        outbox.send_sms(phone, _("Hamgara: this number is registered already. Sign in with it instead."))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """allauth's messages, in our words: those of its own name an account and say «تو»."""
        if message_template in SAID:
            message_template, more["message"] = None, str(SAID[message_template])
        super().add_message(request, level, message_template, message_context, **more)

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        data = form.cleaned_data
        registered = commands.register(
            by=Self(str(user.key)), key=user.key, name=data.get("name", ""), phone=data.get("phone") or None
        )
        user.__dict__.update(registered.__dict__)
        return user


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What an authenticator app shows beside the code."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This is not the code. It changes twice a minute: type the one that shows now."),
    }

    def get_totp_label(self, user: Person) -> str:
        return user.phone or user.email or str(user.key)
