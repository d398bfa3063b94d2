"""Entries that never change, their order, the openings of their personal fields, and the followers' bookmarks."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Entry(models.Model):
    """One recorded act. The database refuses its change and deletion."""

    kind = models.TextField()
    at = models.DateTimeField()
    subjects = ArrayField(models.TextField())
    canonical = models.BinaryField(help_text="RFC 8785 bytes; the entry is these bytes and nothing else.")
    once = models.UUIDField(null=True, unique=True)
    restored_at = models.DateTimeField(
        null=True, help_text="When it was put back from the published log, where the database had lost it."
    )

    class Meta:
        indexes = [GinIndex(fields=["subjects"], name="ledger_entry_subjects"), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the canonical bytes say."""
        return json.loads(bytes(self.canonical))  # type: ignore[no-any-return]

    @property
    def data(self) -> dict[str, Any]:
        return self.body["data"]  # type: ignore[no-any-return]


class Opening(models.Model):
    """What a commitment in an entry commits to. Erasing a person deletes these rows; the entry stays valid."""

    # The key below begins with it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="openings", db_index=False)
    field = models.TextField()
    salt = models.BinaryField()
    value = models.JSONField()
    person_key = models.TextField(blank=True, help_text="Whose erasure darkens this field.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="ledger_opening_once")]
        indexes = [models.Index(fields=["person_key"], name="ledger_opening_person")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"


class Pending(models.Model):
    """An entry that waits for its position: written with it, deleted by the sequencer."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    kind = models.TextField()  # the entry's: every page asks which kinds are waiting

    def __str__(self) -> str:
        return str(self.entry_id)


class Position(models.Model):
    """The entry's place in the one order, without gaps, given after its transaction has committed."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return str(self.number)


class Bookmark(models.Model):
    """How far a follower has read: the last position it has dealt with."""

    follower = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=-1)
    moved_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, help_text="The error that holds it, without data of the entry.")

    def __str__(self) -> str:
        return f"{self.follower} at {self.position}"


class Heartbeat(models.Model):
    """When a part of the house last ran."""

    part = models.TextField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at}"
