"""Notices on the page, and messages on their way out."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.domain.ledger.models import Entry
from hamgara.domain.people.models import Person


class Notice(models.Model):
    """One person's news of one entry. It holds no words of its own: they are made when it is read."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]
        constraints = [models.UniqueConstraint(fields=["person", "entry"], name="one_notice_an_entry")]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Message(models.Model):
    """An SMS or a mail. While no gateway is configured it waits, and the outbox page shows it."""

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        MAIL = "mail", _("e-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"]), models.Index(fields=["-made_at"])]

    def __str__(self) -> str:
        return f"message {self.pk}"
