"""Cases of moderation: one for each comment, file or shown name that somebody reported or the office hid."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.domain.commitments.models import Commitment, EvidenceFile, KeptFile, Progress
from hamgara.domain.demands.models import Answer, Attachment, Comment, Demand, Hiding, reason_words
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.oversight.models import Review, VerdictFile
from hamgara.domain.people.models import Person

REASONS = "moderation.reasons"


class Case(models.Model):
    """One thing that may be against the charter, and how far the matter has come.

    There is one for every such thing, though it is a row only from the first report or hiding on (`queries.case_of`).
    What is hidden is the thing's own row; this one remembers what was asked and decided.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        COMMENT_NAME = "comment-name", _("name beside a comment")
        DEMAND_NAME = "demand-name", _("name beside a demand")
        DEMAND_TITLE = "demand-title", _("title of a demand")
        DEMAND_TEXT = "demand-text", _("description of a demand")
        ANSWER = "answer", _("official answer")
        PROGRESS = "progress", _("report of work")
        DEMAND_FILE = "demand-file", _("photo or paper with a demand")
        EVIDENCE = "evidence", _("photo or paper with a report of work")
        FINDING = "finding", _("photo or paper with a verdict")

    class State(models.TextChoices):
        QUIET = "quiet", _("not reported")
        WAITING = "waiting", _("reported, awaiting a decision")
        LEFT = "left", _("looked at, left as it is")
        HIDDEN = "hidden", _("hidden")
        APPEALED = "appealed", _("hidden, under appeal")
        FINAL = "final", _("hidden, the appeal was dismissed")
        RESTORED = "restored", _("shown again")

    LIFE = Lifecycle(
        name="case",
        initial=State.QUIET,
        verbs={
            "report": ({State.QUIET, State.WAITING, State.LEFT, State.RESTORED}, State.WAITING),
            # The office also hides what nobody has reported yet.
            "hide": ({State.QUIET, State.WAITING, State.LEFT, State.RESTORED}, State.HIDDEN),
            "leave": ({State.WAITING}, State.LEFT),
            "restore": ({State.HIDDEN, State.FINAL}, State.RESTORED),
            "appeal": ({State.HIDDEN}, State.APPEALED),
            "grant_appeal": ({State.APPEALED}, State.RESTORED),
            "dismiss_appeal": ({State.APPEALED}, State.FINAL),
        },
    )
    OUT_OF_SIGHT = (State.HIDDEN, State.APPEALED, State.FINAL)
    TO_DECIDE = (State.WAITING, State.APPEALED)
    NAMES = (Kind.COMMENT_NAME, Kind.DEMAND_NAME)
    # Words that are taken out of their row while they are hidden, so that no list, file or search can show them.
    TAKEN = {Kind.DEMAND_TITLE: "title", Kind.DEMAND_TEXT: "text", Kind.ANSWER: "text", Kind.PROGRESS: "text"}

    code = models.CharField(max_length=60, unique=True)  # the kind and what the thing itself is known by
    kind = models.CharField(max_length=16, choices=Kind.choices)
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="cases")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="cases")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, null=True, related_name="cases")
    evidence = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE, null=True, related_name="cases")
    finding = models.ForeignKey(VerdictFile, on_delete=models.CASCADE, null=True, related_name="cases")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="cases")
    progress = models.ForeignKey(Progress, on_delete=models.CASCADE, null=True, related_name="cases")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUIET)
    reports = models.PositiveIntegerField(default=0, help_text="Those that await a decision.")
    since = models.DateTimeField(null=True, help_text="Since when it awaits a decision.")
    reminded_at = models.DateTimeField(null=True)
    overdue_noted_at = models.DateTimeField(null=True)
    kept_words = models.TextField(blank=True, help_text="What was taken out of its row.")
    sealed = models.JSONField(default=list, help_text="What opens it in the ledger, as long as it is hidden.")
    appeal_words = models.TextField(_("why it should be looked at again"), blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-reports", "since"], name="case_queue", condition=Q(since__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "appealed"], since__isnull=False)
                | (~Q(state__in=["waiting", "appealed"]) & Q(since=None, reports=0)),
                name="a_case_waits_since_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def subject(self) -> str:
        return f"case:{self.code}"

    @property
    def is_name(self) -> bool:
        return self.kind in self.NAMES

    @property
    def thing(self) -> Comment | Attachment | EvidenceFile | VerdictFile | Answer | Progress | Demand:
        """The row that is hidden, or whose name is."""
        under = self.comment or self.attachment or self.evidence or self.finding or self.answer or self.progress
        return under or self.demand

    @property
    def hidden_by_field(self) -> str:
        """The column of the thing that says that it is hidden."""
        if self.kind in (self.Kind.DEMAND_TITLE, self.Kind.DEMAND_TEXT):
            return f"{self.TAKEN[self.Kind(self.kind)]}_hiding"
        return "name_hiding" if self.is_name else "hiding"

    @property
    def is_spoken(self) -> bool:
        """It is words that are taken out of their row while they are hidden."""
        return self.kind in self.TAKEN

    @property
    def words_gone(self) -> bool:
        """They were taken out, and are kept nowhere any more."""
        return self.is_spoken and self.is_hidden and not self.kept_words

    @property
    def hiding(self) -> Hiding | None:
        return getattr(self.thing, self.hidden_by_field)  # type: ignore[no-any-return]

    @property
    def is_hidden(self) -> bool:
        return self.state in self.OUT_OF_SIGHT

    @property
    def file(self) -> Attachment | KeptFile | None:
        return self.attachment or self.evidence or self.finding

    @property
    def words(self) -> str:
        """What was written: the comment, the name, the demand's or the city's words; empty for a file."""
        if self.is_spoken:
            return self.kept_words or ("" if self.is_hidden else getattr(self.thing, self.TAKEN[self.Kind(self.kind)]))
        if self.is_name:
            return self.author.display_name if self.author is not None else ""
        return self.comment.text if self.comment is not None else ""

    @property
    def author(self) -> Person | None:
        """Whose it is; None where that person has been erased."""
        if self.comment is not None:
            return self.comment.author
        if self.answer is not None:
            return None  # a unit said it
        if self.reported is not None:
            return self.reported.by
        return self.finding.verdict.by if self.finding is not None else self.demand.author

    @property
    def body(self) -> Organisation | None:
        """In whose name it was said."""
        if self.comment is not None:
            return self.comment.organisation
        if self.answer is not None:
            return self.answer.unit
        if self.reported is not None:
            return self.reported.organisation
        return self.finding.verdict.seat.organisation if self.finding is not None else self.demand.on_behalf

    @property
    def reported(self) -> Progress | None:
        """The report of work that it is, or that it came with."""
        return self.evidence.progress if self.evidence is not None else self.progress

    @property
    def commitment(self) -> Commitment | None:
        if self.reported is not None:
            return self.reported.commitment
        return self.review.commitment if self.review is not None else None

    @property
    def review(self) -> Review | None:
        return self.finding.verdict.seat.review if self.finding is not None else None

    @property
    def concerns_office(self) -> bool:
        """It was said by the participation office, or stands under a demand that is with the office itself."""
        said_by = self.body is not None and self.body.is_participation_office
        return said_by or self.demand.unit.is_participation_office

    @property
    def decide_until(self) -> date | None:
        """The last day of the charter's time for a decision, None where none is awaited."""
        if self.since is None:
            return None
        return charter.day_after("moderation.decide_within", timezone.localdate(self.since))

    @property
    def is_overdue(self) -> bool:
        """It awaits a decision beyond the charter's time."""
        return self.decide_until is not None and self.decide_until < clock.today()

    @property
    def appeal_until(self) -> date | None:
        """The last day on which its author may appeal, None where there is nothing to appeal against."""
        if self.state != self.State.HIDDEN or self.hiding is None:
            return None
        return clock.day_of(self.hiding.at) + charter.period("moderation.appeal_within")


class Report(models.Model):
    """One person's report. Nobody is shown who gave it: not the public, not the author, not the office."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="given")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=32)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["person", "at"], name="report_person"),
            models.Index(fields=["at"], name="report_at"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_report_a_person_and_thing")]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def reason_label(self) -> str:
        return reason_words(REASONS, self.reason)


class Ruling(models.Model):
    """What the office decided about a case, one row for each time."""

    class Verb(models.TextChoices):
        HIDE = "hide", _("hidden")
        LEAVE = "leave", _("left as it is")
        RESTORE = "restore", _("shown again")
        GRANT_APPEAL = "grant_appeal", _("shown again after an appeal")
        DISMISS_APPEAL = "dismiss_appeal", _("still hidden after an appeal")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rulings")
    verb = models.CharField(max_length=16, choices=Verb.choices)
    reason = models.CharField(max_length=32, blank=True)
    words = models.TextField(blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(null=True, help_text="Since when it was awaited; empty where nobody had asked.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at"], name="ruling_at")]

    def __str__(self) -> str:
        return f"ruling {self.pk}"

    @property
    def reason_label(self) -> str:
        return reason_words(REASONS, self.reason)
