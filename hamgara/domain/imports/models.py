"""An import with its progress, the rows that came back from it, and the choice of columns for the next of its kind."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.domain.people.models import Person


class Import(models.Model):
    """One file on its way into the house."""

    class Kind(models.TextChoices):
        DEMANDS = "demands", _("demands")
        ORGANISATIONS = "organisations", _("organisations")
        PEOPLE = "people", _("people")

    class State(models.TextChoices):
        RECEIVED = "received", _("awaits the choice of columns")
        UNDER_WAY = "under_way", _("being taken over")
        DONE = "done", _("taken over")
        STOPPED = "stopped", _("stopped")
        BROKEN_OFF = "broken_off", _("broken off")
        DISCARDED = "discarded", _("thrown away")

    LIFE = Lifecycle(
        name="import",
        initial=State.RECEIVED,
        verbs={
            "start": ({State.RECEIVED}, State.UNDER_WAY),
            "finish": ({State.UNDER_WAY}, State.DONE),
            "stop": ({State.UNDER_WAY}, State.STOPPED),
            "break_off": ({State.UNDER_WAY}, State.BROKEN_OFF),
            "carry_on": ({State.STOPPED, State.BROKEN_OFF}, State.UNDER_WAY),
            "discard": ({State.RECEIVED, State.STOPPED, State.BROKEN_OFF}, State.DISCARDED),
        },
    )

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField(default=clock.now)
    trouble = models.TextField(blank=True)  # why it was broken off, in Persian

    # Who started it, and under which mandate; None for those who set the city up, at its console.
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    mandate_key = models.UUIDField(null=True, editable=False)

    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # what is taken → the title of the column it is taken from
    received_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    # Progress. `place` is where in the file of plain rows the next one begins.
    rows = models.PositiveIntegerField(null=True)
    place = models.PositiveBigIntegerField(default=0)
    landed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "state_since"], name="import_by_state")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def subject(self) -> str:
        return f"import:{self.key}"

    @property
    def done(self) -> int:
        """How many rows have been dealt with."""
        return self.landed + self.known + self.bad

    @property
    def folder(self) -> Path:
        """Where its files lie; no page leads there."""
        return Path(settings.IMPORTS_ROOT) / str(self.key)

    @property
    def upload(self) -> Path:
        """The file as it came."""
        return self.folder / "upload"

    @property
    def plain_rows(self) -> Path:
        """Its rows, one a line, so that going on from the middle costs nothing."""
        return self.folder / "rows.jsonl"


class BadRow(models.Model):
    """A row that came back, as it stood in the file, with the reason."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="bad_rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    reason = models.TextField()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="a_row_comes_back_once")]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.run_id}"


class ChosenColumns(models.Model):
    """Which column was taken for what, the last time that a file with these titles came."""

    kind = models.CharField(max_length=16, choices=Import.Kind.choices)
    titles_key = models.CharField(max_length=64)
    columns = models.JSONField()
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "titles_key"], name="one_choice_a_set_of_titles")]

    def __str__(self) -> str:
        return f"columns {self.pk}"
