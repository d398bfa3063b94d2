"""Django's way of sending mail, led into the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from hamgara.channels import outbox


class OutboxBackend(BaseEmailBackend):
    """Mails that Django or allauth send wait in the outbox like all others."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                outbox.send_mail(address, message.subject, str(message.body))
        return len(email_messages)
