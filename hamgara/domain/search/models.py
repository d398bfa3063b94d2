"""What the search reads: the stems of everything that is published, and the words that people use.

A document is the shadow of one row of another app. It holds stems and filters and nothing to show: what is shown comes
from the row itself, through the query by which its own app publishes it, so that a shadow that lags never tells what
has been hidden meanwhile. It goes with its row.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Answer, Demand
from hamgara.domain.organisations.models import Organisation


class Document(models.Model):
    """One row that can be found."""

    class Kind(models.TextChoices):
        DEMAND = "demand", _("demands")
        ORGANISATION = "organisation", _("organisations")
        COMMITMENT = "commitment", _("commitments")
        ANSWER = "answer", _("answers of the city")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    demand = models.OneToOneField(Demand, on_delete=models.CASCADE, null=True, related_name="document")
    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, null=True, related_name="document")
    commitment = models.OneToOneField(Commitment, on_delete=models.CASCADE, null=True, related_name="document")
    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, null=True, related_name="document")
    # Beside the stems stand marks of kind, places, fields and standing: one index answers words and filters together.
    stems = SearchVectorField()
    at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(help_text="By which rules the stems were made.")

    class Meta:
        indexes = [
            GinIndex(fields=["stems"], name="search_stems"),
            models.Index(F("kind"), F("at").desc(), name="search_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(kind="demand", demand__isnull=False, organisation=None, commitment=None, answer=None)
                    | Q(kind="organisation", demand=None, organisation__isnull=False, commitment=None, answer=None)
                    | Q(kind="commitment", demand=None, organisation=None, commitment__isnull=False, answer=None)
                    | Q(kind="answer", demand=None, organisation=None, commitment=None, answer__isnull=False)
                ),
                name="a_document_shadows_one_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Word(models.Model):
    """A word of published titles, as most people write it: what a misspelt one may have meant."""

    key = models.TextField(primary_key=True)
    written = models.TextField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [GistIndex(fields=["key"], name="search_word_nearest", opclasses=["gist_trgm_ops"])]

    def __str__(self) -> str:
        return self.written
