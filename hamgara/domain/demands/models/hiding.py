"""That something was taken out of sight: why, when and by which unit; kept beside the thing, for its page to say so."""

from __future__ import annotations

from django.db import models

from hamgara import clock
from hamgara.domain.demands.models.demand import reason_words
from hamgara.domain.organisations.models import Organisation


class Hiding(models.Model):
    """A comment, file or name is hidden as long as it points to one of these; what was decided is the floor above's."""

    reason = models.CharField(max_length=32)
    words = models.TextField(blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"hiding {self.pk}"

    @property
    def reason_label(self) -> str:
        """The charter's words for the reason, in the reader's language."""
        return reason_words("moderation.reasons", self.reason)
