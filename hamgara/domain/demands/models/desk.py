"""What is said of a demand apart from what everybody reads, to its author and among officers; and kept answers."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.domain.demands.models.demand import Demand
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person


class Question(models.Model):
    """What a unit must know of whoever made a demand, and what they say to it; read by these two alone."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="questions")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"))
    pauses = models.BooleanField(default=False)  # the clock stands still for this one
    at = models.DateTimeField(default=clock.now)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demand"], condition=Q(replied_at=None), name="one_question_at_a_time")
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Note(models.Model):
    """What officers write to each other about a demand: no answer, and never public."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="notes")
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class AnswerTemplate(models.Model):
    """Words that a unit keeps for answers that it gives often; each answer is still read and sent by somebody."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="answer_templates")
    title = models.TextField(_("title"))
    text = models.TextField(_("text"))
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return f"template {self.pk}"

    @property
    def wording(self) -> str:
        """By which a form knows whether somebody has worded it anew since it was opened."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()[:16]
