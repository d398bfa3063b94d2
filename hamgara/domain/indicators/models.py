"""How each demand and promise is counted now, and the sums of it: by city, place, field, unit and organisation.

Everything here is drawn from the ledger alone and can be made again from it (docs/decisions/scorecards.md). Codes stand
in place of foreign keys, for that is how the ledger names things: a unit that moved or merged is found at reading.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand

WAITING = (Demand.State.RECEIVED, Demand.State.ADMITTED)
OWED = (Commitment.State.PROMISED, Commitment.State.UNDER_WAY)


class CountedDemand(models.Model):
    """A demand as the scorecards count it now. What it adds to the sums follows from this row and nothing else."""

    code = models.CharField(max_length=8, primary_key=True)
    asked_on = models.DateField()
    month = models.PositiveIntegerField(help_text="In which it was asked: 140509 is Azar 1405.")
    place = models.CharField(max_length=50)
    field = models.CharField(max_length=50)
    unit = models.CharField(max_length=50)
    carrier = models.CharField(max_length=50, blank=True, help_text="The organisation that asked on people's behalf.")
    counted_as = models.CharField(max_length=16, choices=Demand.State.choices)
    outcome = models.CharField(max_length=8, choices=Demand.Outcome.choices, default=Demand.Outcome.NONE)
    claim = models.CharField(max_length=16, choices=Demand.Claim.choices, default=Demand.Claim.NONE, blank=True)
    broken = models.BooleanField(default=False, help_text="Reviewers found its promise broken; it waits again.")
    deadline = models.DateField(null=True)
    answered_on = models.DateField(null=True, help_text="When it got its first answer; later ones do not move it.")
    verified_on = models.DateField(null=True)
    # As long as it is merged into another: where it stood and what it waited for.
    former_state = models.CharField(max_length=16, choices=Demand.State.choices, blank=True)
    former_deadline = models.DateField(null=True)
    merged_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["deadline"],
                name="counted_demand_late",
                condition=Q(deadline__isnull=False),
                include=["month", "place", "field", "unit", "carrier"],
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(counted_as__in=["received", "admitted"]),
                name="only_what_waits_is_late",
            ),
            models.CheckConstraint(
                condition=Q(counted_as="closed", verified_on__isnull=False) & ~Q(outcome="none")
                | ~Q(counted_as="closed") & Q(verified_on=None, outcome="none"),
                name="counted_as_verified_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(counted_as="merged", merged_on__isnull=False) & ~Q(former_state="")
                | ~Q(counted_as="merged") & Q(merged_on=None, former_state="", former_deadline=None),
                name="counted_as_merged_while_merged",
            ),
        ]

    def __str__(self) -> str:
        return f"demand {self.code}"


class CountedPromise(models.Model):
    """A promise as the scorecards count it now, from the day on which it stood."""

    code = models.CharField(max_length=20, primary_key=True)
    promised_on = models.DateField()
    month = models.PositiveIntegerField(help_text="In which it was promised.")
    place = models.CharField(max_length=50)
    field = models.CharField(max_length=50)
    promisers = ArrayField(models.CharField(max_length=50))
    counted_as = models.CharField(max_length=16, choices=Commitment.State.choices)
    due = models.DateField()
    settled_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due"], name="counted_promise_late", condition=Q(counted_as__in=["promised", "under_way"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted_as__in=["confirmed", "partly_kept", "contested"], settled_on__isnull=False)
                | ~Q(counted_as__in=["confirmed", "partly_kept", "contested"]) & Q(settled_on=None),
                name="counted_as_settled_when_reviewed",
            )
        ]

    def __str__(self) -> str:
        return f"promise {self.code}"


class Scope(models.TextChoices):
    """Of what a scorecard speaks."""

    CITY = "city", _("the whole city")
    PLACE = "place", _("place")
    FIELD = "field", _("field")
    UNIT = "unit", _("municipal unit")
    CARRIER = "carrier", _("organisation that asks on people's behalf")
    PROMISER = "promiser", _("body that promises")


class Cell(models.Model):
    """The sums of one scope and month: of the demands asked in it, and of the promises given in it.

    Each demand and each promise stands in exactly one column of its own, so that the parts make up the whole.
    """

    DEMANDS: ClassVar[tuple[str, ...]] = (
        *("received", "admitted", "broken", "answered", "kept", "partly", "refused", "not_doable"),
        *("declined", "merged", "filed_done", "filed_other"),
    )
    PROMISES: ClassVar[tuple[str, ...]] = (
        *("promises_owed", "promises_claimed", "promises_kept", "promises_partly", "promises_broken"),
        "promises_withdrawn",
    )
    MEASURES: ClassVar[tuple[str, ...]] = DEMANDS + PROMISES

    scope = models.CharField(max_length=8, choices=Scope.choices)
    key = models.CharField(max_length=50, blank=True, help_text="The code of the place, field or body; empty: city.")
    month = models.PositiveIntegerField()

    received = models.PositiveIntegerField(default=0)
    admitted = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    not_doable = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    filed_done = models.PositiveIntegerField(default=0)
    filed_other = models.PositiveIntegerField(default=0)

    promises_owed = models.PositiveIntegerField(default=0)
    promises_claimed = models.PositiveIntegerField(default=0)
    promises_kept = models.PositiveIntegerField(default=0)
    promises_partly = models.PositiveIntegerField(default=0)
    promises_broken = models.PositiveIntegerField(default=0)
    promises_withdrawn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key", "month"], name="one_cell_a_scope_and_month"),
            models.CheckConstraint(
                condition=Q(scope="city", key="") | ~Q(scope="city") & ~Q(key=""), name="only_the_city_has_no_key"
            ),
            models.CheckConstraint(condition=Q(month__range=(120001, 160012)), name="cell_of_a_jalali_month"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} {self.month}"


class Duration(models.Model):
    """How many took exactly so many days: what a median is found in, exactly and without looking at a single case."""

    class Wait(models.TextChoices):
        ANSWER = "answer", _("from asking to the first answer")
        VERIFIED = "verified", _("from asking to the verified end")
        KEEPING = "keeping", _("from the promise to its verified keeping")

    EVER = 0  # in the place of a year: all years together, which is what most readers ask for

    scope = models.CharField(max_length=8, choices=Scope.choices)
    key = models.CharField(max_length=50, blank=True)
    year = models.PositiveIntegerField(help_text="In which it was asked or promised; 0: in whatever year.")
    wait = models.CharField(max_length=8, choices=Wait.choices)
    days = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("scope"), F("key"), F("year"), F("wait"), F("days"), name="one_duration_a_number_of_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} {self.year} {self.wait} {self.days}"
