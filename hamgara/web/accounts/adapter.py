"""How allauth finds, makes and reaches people here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hamgara.channels import outbox
from hamgara.domain.people import commands, queries
from hamgara.domain.people.commands import Self
from hamgara.domain.people.models import Person
from hamgara.web.accounts.fields import PhoneField


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Phones are ours to keep: the number stands on the person, in E.164."""

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

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

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        data = form.cleaned_data
        registered = commands.register(
            by=Self(str(user.key)), key=user.key, name=data.get("name", ""), phone=data.get("phone") or None
        )
        user.__dict__.update(registered.__dict__)
        return user


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What an authenticator app shows beside the code."""

    def get_totp_label(self, user: Person) -> str:
        return user.phone or user.email or str(user.key)
