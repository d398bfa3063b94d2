"""What others say and do about a demand: support, follow, comment, answer, add files, merge, call, look."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.domain.demands.models.demand import Demand, reason_words
from hamgara.domain.demands.models.hiding import Hiding
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person


class Support(models.Model):
    """One person's support. A demand's own supporters stay its own when it is merged; the other one gets copies."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="supports", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="supports")
    through = models.ForeignKey("Merge", on_delete=models.CASCADE, null=True, related_name="supports")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "person"], name="one_support_a_person")]

    def __str__(self) -> str:
        return f"support {self.pk}"


class Follow(models.Model):
    """Somebody wants to hear of a demand."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="follows", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follows")
    through = models.ForeignKey("Merge", on_delete=models.CASCADE, null=True, related_name="follows")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "person"], name="one_follow_a_person")]

    def __str__(self) -> str:
        return f"follow {self.pk}"


class Comment(models.Model):
    """What somebody says about a demand, for themselves or for a body."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    official = models.BooleanField(default=False)
    show_name = models.BooleanField(_("show my name"), default=False)
    text = models.TextField(_("comment"))
    at = models.DateTimeField(default=clock.now)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+")
    name_hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["author", "at"], name="comment_author")]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def public_name(self) -> str | None:
        """The author's name, where they show it and it has not been hidden."""
        return self.author.display_name if self.show_name and self.name_hiding_id is None else None


class Answer(models.Model):
    """What the city says to a demand, in public and in the name of a unit."""

    class Kind(models.TextChoices):
        EXPLANATION = "explanation", _("explanation")
        REFUSAL = "refusal", _("refusal")
        NOT_DOABLE = "not_doable", _("not doable")
        PROMISE = "promise", _("promise")

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("answer"), blank=True)
    reason_code = models.CharField(max_length=32, blank=True)
    commitment = models.CharField(max_length=64, blank=True, help_text=_("The code of the commitment that answers."))
    at = models.DateTimeField(default=clock.now)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def reason_label(self) -> str:
        rule = {self.Kind.REFUSAL: "demands.refusal_reasons", self.Kind.NOT_DOABLE: "demands.not_doable_reasons"}.get(
            self.Kind(self.kind)
        )
        return reason_words(rule, self.reason_code) if rule else ""


def _random_name(attachment: Attachment, filename: str) -> str:
    # The name that somebody's telephone gave the file may say whose it is; it is kept nowhere.
    return f"demands/{clock.now():%Y/%m}/{secrets.token_hex(16)}.{filename.rpartition('.')[2]}"


class Attachment(models.Model):
    """A photo or paper that came with a demand, made anew from what was sent."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=_random_name)
    kind = models.CharField(max_length=8, choices=[("image", _("picture")), ("pdf", _("PDF"))])
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField(default=clock.now)
    hiding = models.ForeignKey(Hiding, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def name(self) -> str:
        """What a page calls the file."""
        return f"{self.get_kind_display()} {self.sha256[:6]}"  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return self.file.url


class Merge(models.Model):
    """People found that two demands ask for the same; as long as `undone_at` is empty, it stands."""

    source = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="merges")
    target = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="merges_here")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    former_state = models.CharField(max_length=16, choices=Demand.State.choices)
    former_deadline = models.DateField(null=True)
    former_clock = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="merged_once_at_a_time")
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"

    def deadline_when_undone(self) -> date | None:
        """The days that were left when the merge was made are left again."""
        if self.former_deadline is None:
            return None
        waited = clock.today() - timezone.localdate(self.at)
        return self.former_deadline + waited


class ReopenCall(models.Model):
    """One supporter's call to take an ended demand up again."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="reopen_calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "person"], name="one_call_a_person")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Look(models.Model):
    """An officer looked at the name or address that the author keeps from the public; the author reads of it."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="looks")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["demand", "person", "at"], name="look_of_whom")]

    def __str__(self) -> str:
        return f"look {self.pk}"

    @property
    def reason_label(self) -> str:
        return reason_words("demands.look_reasons", self.reason_code)
