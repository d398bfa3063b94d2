"""The heads of the public log, the keys that sign them, and the witnesses that cosign."""

from __future__ import annotations

from functools import cached_property

from django.db import models

from hamgara.algorithms.tlog.keys import VerifierKey


class Head(models.Model):
    """The log at one size. The database refuses its change, so that no size ever gets two roots."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(help_text="SHA-256 over the first `size` entries, RFC 6962; fixed before any file.")
    fixed_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text="The signed checkpoint; cosignatures are added to it.")
    published_at = models.DateTimeField(null=True, help_text="Empty while its files are being written.")

    def __str__(self) -> str:
        return f"the log at {self.size}"


class LogKey(models.Model):
    """The public half of a key that signs the log. The private half stands in a file that no page reads."""

    vkey = models.TextField(primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="When it ends to sign; it may lie ahead. Empty for no end.")
    distrusted_since = models.DateTimeField(
        null=True, help_text="Since when others may have signed with it; empty for a key that was its owner's alone."
    )

    def __str__(self) -> str:
        return self.vkey

    @cached_property
    def key(self) -> VerifierKey:
        """The key, to verify with."""
        return VerifierKey.parse(self.vkey)


class Witness(models.Model):
    """An organisation's key that cosigns the log: it has seen this head, and that it continues all before."""

    vkey = models.TextField(unique=True)
    name = models.TextField(help_text="The name of its key, such as «ngo.example/witness».")
    url = models.TextField(blank=True, help_text="Where it is asked; empty for one that comes by itself.")
    outside = models.BooleanField(default=False, help_text="Not of this city, so that nobody here can press it.")
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    seen_size = models.BigIntegerField(default=0, help_text="Of the last head that it cosigned.")
    seen_at = models.DateTimeField(null=True, help_text="When it says that it saw that.")

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"witness:{self.name}"

    @cached_property
    def key(self) -> VerifierKey:
        """The key, to verify with."""
        return VerifierKey.parse(self.vkey)
