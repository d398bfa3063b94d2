"""Promises: who, what, measured how, by when, with what evidence; and, kept apart, what independent reviewers found."""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.canonical import LARGEST_INTEGER
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.algorithms.persian.text import key
from hamgara.domain.demands.models import Demand, Hiding
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person

TITLE_LENGTH, WHAT_LENGTH, REASON_LENGTH, REPORT_LENGTH = 160, 4000, 1000, 4000
INDICATOR_LENGTH, UNIT_LENGTH = 160, 40


class Commitment(models.Model):
    """One promise on one demand. `claim` is what the promiser says; `outcome` is what reviewers found."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed, partners are asked")
        PROMISED = "promised", _("promised")
        UNDER_WAY = "under_way", _("under way")
        REPORTED_DONE = "reported_done", _("reported done, not yet confirmed")
        CONFIRMED = "confirmed", _("confirmed by reviewers")
        PARTLY_KEPT = "partly_kept", _("partly kept, by reviewers")
        CONTESTED = "contested", _("contested by reviewers")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DROPPED = "dropped", _("never agreed")

    LIFE = Lifecycle(
        name="commitment",
        initial=State.PROPOSED,
        verbs={
            # A body that promises alone joins its own promise in the same act.
            "join": ({State.PROPOSED}, State.PROMISED),
            "decline_to_join": ({State.PROPOSED}, State.DROPPED),
            "let_proposal_lapse": ({State.PROPOSED}, State.DROPPED),
            "start": ({State.PROMISED}, State.UNDER_WAY),
            "report_done": ({State.UNDER_WAY}, State.REPORTED_DONE),
            "confirm": ({State.REPORTED_DONE}, State.CONFIRMED),
            "settle_partly": ({State.REPORTED_DONE}, State.PARTLY_KEPT),
            "contest": ({State.REPORTED_DONE}, State.CONTESTED),
            "review_again": ({State.CONFIRMED, State.PARTLY_KEPT, State.CONTESTED}, State.REPORTED_DONE),
            "resume": ({State.CONTESTED}, State.UNDER_WAY),
            "withdraw": ({State.PROMISED, State.UNDER_WAY, State.CONTESTED}, State.WITHDRAWN),
        },
    )
    # What stands and is still owed: while one of these lives, the demand counts as answered.
    LIVE = (State.PROMISED, State.UNDER_WAY, State.REPORTED_DONE)
    VERIFIED = (State.CONFIRMED, State.PARTLY_KEPT, State.CONTESTED)

    code = models.CharField(max_length=20, unique=True)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="commitments")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    title_key = models.TextField(editable=False)
    # The words of this title and of its demand's, by which the list is narrowed.
    search_key = models.TextField(editable=False, default="")
    what = models.TextField(_("what will be done"))
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    budget_rial = models.BigIntegerField(_("budget in rials"), null=True)
    hours = models.PositiveIntegerField(_("hours of work"), null=True)
    due = models.DateField(_("due date"))
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    promised_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    claim = models.TextField(_("what the promiser reports"), blank=True)
    outcome = models.CharField(
        max_length=16, blank=True, help_text="The verified outcome; empty until a review settles."
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=24, blank=True, help_text="The code of the review that settled it.")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    # The due dates that the clock has spoken about already; a changed date is spoken about anew.
    warned_of = models.DateField(null=True)
    overdue_told = models.DateField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            # The figures, of the city or of one body, are counted in it.
            models.Index(fields=["state", "due"], include=["reported_at", "id"], name="commitment_state"),
            models.Index(
                models.F("reported_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="commitment_latest_claims",
                condition=Q(state="reported_done"),
            ),
            models.Index(fields=["demand", "state"]),
            # What bodies have to work on, by its date.
            models.Index(
                fields=["due", "id"],
                name="commitment_owed",
                condition=Q(state__in=["promised", "under_way", "contested"]),
            ),
            # The list skips in it alone, without the rows.
            models.Index(
                models.F("created_at").desc(),
                models.F("id").desc(),
                name="commitment_newest",
                condition=~Q(state__in=["proposed", "dropped"]),
            ),
            GinIndex(SearchVector("search_key", config="simple"), name="commitment_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_rial=None) | Q(budget_rial__range=(0, LARGEST_INTEGER)),
                name="budget_can_be_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "partly_kept", "contested"]) | Q(outcome=models.F("state")),
                name="no_outcome_but_the_reviewers",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = key(self.title)
        # What has been promised on keeps its title, unless that is hidden.
        if self._state.adding or "search_key" in (kwargs.get("update_fields") or ()):
            self.search_key = f"{self.title_key} {self.demand.title_key}".strip()
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        return f"commitment:{self.code}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def is_overdue_on(self, day: date) -> bool:
        return self.state in {self.State.PROMISED, self.State.UNDER_WAY} and self.due < day

    @property
    def is_overdue(self) -> bool:
        """A fact of the calendar: promised for a day that has gone, and not reported done."""
        return self.is_overdue_on(clock.today())

    @property
    def last_claim(self) -> Progress | None:
        """The report that claims the promise is kept; after a contest, the newest one."""
        return self.progress.filter(claims_done=True).order_by("at", "pk").last()

    @property
    def lead(self) -> Organisation:
        """The body that answers for the promise."""
        return next(each.organisation for each in self.promisers.all() if each.is_lead)

    @property
    def bodies(self) -> list[Organisation]:
        """All who promise, the lead first."""
        return [
            each.organisation for each in sorted(self.promisers.all(), key=lambda each: (not each.is_lead, each.pk))
        ]


class Promiser(models.Model):
    """A body that promises, alone or with others; it counts once it has agreed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="promisers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="promises")
    is_lead = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "organisation"], name="a_body_promises_once"),
            models.UniqueConstraint(fields=["commitment"], condition=Q(is_lead=True), name="one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.commitment_id}"


class Indicator(models.Model):
    """How it will be seen that the promise was kept: a number to be reached, and the number claimed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what is measured"), max_length=INDICATOR_LENGTH)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=UNIT_LENGTH, blank=True)
    claimed = models.DecimalField(_("reached, as reported"), max_digits=16, decimal_places=2, null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["commitment", "position"], name="one_indicator_a_position")]

    def __str__(self) -> str:
        return self.text


class Part(models.Model):
    """A piece of the work, with one body that owns it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done, as reported")

    LIFE = Lifecycle(name="part", initial=State.OPEN, verbs={"complete_part": ({State.OPEN}, State.DONE)})

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="parts")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="parts")
    due = models.DateField(_("due date"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due < clock.today()


class DueChange(models.Model):
    """A due date that was given up for another; the old one stays in public view."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="due_changes")
    old = models.DateField()
    new = models.DateField()
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Progress(models.Model):
    """A report of the promiser on its own work; the last one of a round may claim that all is done."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="progress")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what has been done"))
    percent = models.PositiveSmallIntegerField(_("per cent done, as reported"), null=True)
    claims_done = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "progress"
        constraints = [
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__range=(0, 100)), name="percent_of_a_whole")
        ]

    def __str__(self) -> str:
        return f"progress {self.pk}"


def _random_name(kept: KeptFile, filename: str) -> str:
    # The name that somebody's telephone gave the file may say whose it is; it is kept nowhere.
    return f"{kept.FOLDER}/{clock.now():%Y/%m}/{secrets.token_hex(16)}.{filename.rpartition('.')[2]}"


class KeptFile(models.Model):
    """A photo or paper in support of what is said, made anew from what was sent."""

    FOLDER: ClassVar[str]

    file = models.FileField(upload_to=_random_name)
    kind = models.CharField(max_length=8, choices=[("image", _("picture")), ("pdf", _("PDF"))])
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def name(self) -> str:
        """What a page calls the file."""
        return f"{self.get_kind_display()} {self.sha256[:6]}"  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return self.file.url


class EvidenceFile(KeptFile):
    """A file with a report of progress."""

    FOLDER = "evidence"

    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, related_name="files")
