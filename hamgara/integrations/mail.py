"""E-mail through an SMTP server named by one URL."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

TIMEOUT = 15  # seconds


class MailFailed(Exception):
    """The server did not take the mail; it may be tried again."""


def deliver(*, gateway: str, sender: str, to: str, subject: str, text: str, key: str) -> None:
    """Hand one mail to `gateway`, «smtp://user:secret@host:587» (STARTTLS where offered) or «smtps://…».

    The mail bears the same Message-ID each time the same `key` is tried, so that a mailbox can tell it came twice.
    Raises `MailFailed` with no word of the message or the address in it.
    """
    where = urlsplit(gateway)
    context = ssl.create_default_context()
    try:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, " ".join(subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{key}@{parseaddr(sender)[1].rpartition('@')[2] or where.hostname}>"
        message.set_content(text)
        server: smtplib.SMTP
        if where.scheme == "smtps":
            server = smtplib.SMTP_SSL(where.hostname or "", where.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(where.hostname or "", where.port or 25, timeout=TIMEOUT)
        with server:
            if where.scheme != "smtps" and server.has_extn("starttls"):
                server.starttls(context=context)
            if where.username:
                server.login(unquote(where.username), unquote(where.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address that is none
        raise MailFailed(f"the mail server could not take it: {type(error).__name__}") from None
