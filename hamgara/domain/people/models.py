"""Persons and their one-time sign-in links. Little is kept, and hidden unless its owner shows it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from hamgara.algorithms.persian.text import sort_key


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
