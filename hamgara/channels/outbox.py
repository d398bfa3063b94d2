"""The way out for SMS and mail: written with the act that causes them, handed to the gateway by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from hamgara import clock
from hamgara.channels.models import Message
from hamgara.integrations import mail, queue, sms

# How old a message is at its first, second, … try: a gateway may be down for a day, and is not stormed when it is.
TRIES_AT = [timedelta(minutes=m) for m in (0, 1, 5, 20, 60, 3 * 60, 9 * 60, 24 * 60)]
ATTEMPTS = len(TRIES_AT)
# Older than this nobody is helped by it: a city that names its first gateway would send out its whole past.
STALE = timedelta(days=3)
# Three tries have gone by: the gateway does not answer, or the worker does not run.
LONG = timedelta(hours=1)


def send_sms(phone: str, text: str) -> Message:
    """Queue an SMS."""
    return _queue(Message(channel=Message.Channel.SMS, address=phone, text=text))


def send_mail(address: str, subject: str, text: str) -> Message:
    """Queue a mail."""
    return _queue(Message(channel=Message.Channel.MAIL, address=address, subject=subject[:200], text=text))


def _queue(message: Message) -> Message:
    message.save()
    if has_gateway(message.channel):
        transaction.on_commit(queue.wake_postman)
    return message


def has_gateway(channel: str) -> bool:
    """There is somebody to hand such messages to."""
    return bool(settings.SMS_GATEWAY if channel == Message.Channel.SMS else settings.MAIL_GATEWAY)


@dataclass(frozen=True)
class Standing:
    """How it goes with the messages of one way out: what did not go lately, and when one last did."""

    failed: int
    waiting: int  # for longer than a gateway that works lets them
    last_sent: datetime | None
    failing: bool  # nothing has gone since something did not


def standing(channel: str) -> Standing:
    """How it goes with this way out. What was too old when a gateway was first named is not counted as failed."""
    now = clock.now()
    messages = Message.objects.filter(channel=channel)
    failed = messages.filter(state=Message.State.FAILED, made_at__gte=now - STALE)
    waiting = messages.filter(state=Message.State.WAITING, made_at__lt=now - LONG).count()
    last = messages.filter(state=Message.State.SENT).aggregate(last=Max("sent_at"))["last"]
    since = failed if last is None else failed.filter(made_at__gt=last)
    return Standing(failed.count(), waiting, last, bool(waiting) or since.exists())


def shown() -> QuerySet[Message]:
    """What the outbox page shows: messages that no gateway takes, newest first."""
    channels = [channel for channel in Message.Channel.values if not has_gateway(channel)]
    return Message.objects.filter(channel__in=channels).order_by("-made_at", "-pk")


def _due() -> Q:
    """Messages whose next try has come."""
    now, due = clock.now(), Q()
    for tries, age in enumerate(TRIES_AT):
        due |= Q(attempts=tries, made_at__lte=now - age)
    return due


def deliver_waiting() -> int:
    """Hand over what waits and is due, one transaction a message; return how many went.

    The row is locked while the gateway has it, so two workers never hand over the same message. If this process
    dies between the gateway's yes and our commit the message goes again, under the same key.
    """
    went = 0
    seen: set[int] = set()
    channels = [channel for channel in Message.Channel.values if has_gateway(channel)]
    waiting = Message.objects.filter(state=Message.State.WAITING, channel__in=channels)
    waiting.filter(made_at__lt=clock.now() - STALE).update(state=Message.State.FAILED)
    while True:
        with transaction.atomic():
            message = (
                waiting.select_for_update(skip_locked=True)
                .filter(_due())
                .exclude(pk__in=seen)
                .order_by("made_at")
                .first()
            )
            if message is None:
                return went
            seen.add(message.pk)
            message.attempts += 1
            try:
                _hand_over(message)
            except (sms.SmsFailed, mail.MailFailed):
                if message.attempts >= ATTEMPTS:
                    message.state = Message.State.FAILED
            else:
                message.state, message.sent_at = Message.State.SENT, clock.now()
                went += 1
            message.save()


def _hand_over(message: Message) -> None:
    if message.channel == Message.Channel.SMS:
        sms.deliver(
            gateway=settings.SMS_GATEWAY,
            token=settings.SMS_TOKEN,
            phone=message.address,
            text=message.text,
            key=str(message.key),
        )
    else:
        mail.deliver(
            gateway=settings.MAIL_GATEWAY,
            sender=settings.DEFAULT_FROM_EMAIL,
            to=message.address,
            subject=message.subject,
            text=message.text,
            key=str(message.key),
        )
