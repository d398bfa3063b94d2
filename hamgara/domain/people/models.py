"""Persons, how they sign in, and how they leave. Little is kept, and hidden unless its owner shows it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.persian.text import sort_key
from hamgara.domain.ledger.models import Entry


class PersonManager(BaseUserManager["Person"]):
    """How allauth finds a person."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(key=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. No password: a code, a mail, or a link."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True)
    name_sort = models.TextField(editable=False, blank=True)
    phone = models.CharField(_("mobile number"), max_length=16, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, default="fa")
    sms_notices = models.BooleanField(_("send me notices by SMS"), default=True)
    mail_notices = models.BooleanField(_("send me notices by e-mail"), default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    # Then nothing stands in this row any more but its number and a key that says nothing.
    erased_at = models.DateTimeField(null=True)

    objects = PersonManager()
    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(phone="") & ~models.Q(email=""), name="people_person_no_empty_address"
            )
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_sort = sort_key(self.name)
        self.phone = self.phone or None
        # One address, however its letters were typed; no mail server in use tells them apart.
        self.email = (self.email or "").strip().lower() or None
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        """What the person is called to those who may know it."""
        if self.erased_at is not None:
            return str(_("somebody whose data were erased"))
        return self.name or str(_("a citizen"))

    # allauth and Django's auth ask for these of a user.
    is_staff = False
    is_superuser = False


class SignInLink(models.Model):
    """A link that signs one person in once. Only its hash is kept."""

    token_hash = models.BinaryField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for person {self.person_id}"


class Session(AbstractBaseSession):
    """A device on which somebody is signed in, or about to. It knows whose it is, so that it can end with them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")

    def __str__(self) -> str:
        return f"session of person {self.person_id}"


class Erasure(models.Model):
    """Somebody's wish to be erased: asked, waited for, begun on every floor, and done last in the person's own row."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    letter = models.CharField(max_length=80, blank=True, help_text="The number of the letter, if it came on paper.")
    asked_at = models.DateTimeField(default=clock.now)
    due = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    # The entry at which every floor lets go of the person; when all have read it, the row itself is emptied.
    begun = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(cancelled_at=None), name="one_wish_to_be_erased_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
