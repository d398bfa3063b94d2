"""Places, organisations (municipal units among them), their capabilities, accreditation and mandates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hamgara import clock
from hamgara.algorithms.lifecycle import Lifecycle
from hamgara.algorithms.persian.text import key, sort_key
from hamgara.domain.people.models import Person


class Named(models.Model):
    """Whatever has a Persian name, perhaps an English one, and a place in the alphabet."""

    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    name_sort = models.TextField(editable=False)
    name_key = models.TextField(editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # No server can be relied upon to know the Persian alphabet (docs/decisions/database.md).
        self.name_sort, self.name_key = sort_key(self.name), key(self.name)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name in the reader's language, if it has one there."""
        return self.name if get_language() == "fa" else self.name_en or self.name


class Place(Named):
    """A part of the city: city → district → sub-district → neighbourhood."""

    class Level(models.TextChoices):
        CITY = "city", _("city")
        DISTRICT = "district", _("district")
        SUBDISTRICT = "subdistrict", _("sub-district")
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")

    code = models.SlugField(unique=True)
    level = models.CharField(max_length=16, choices=Level.choices)
    within = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    # The codes from the city down to here, «/kashan/d1/d1-2/»: a subtree is one index range.
    path = models.TextField(editable=False, unique=True)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    outline = models.JSONField(_("outline (GeoJSON)"), null=True, help_text=_("A GeoJSON polygon; optional."))
    source = models.TextField(_("source"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["path"], name="place_path_prefix", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="city", within=None) | (~Q(level="city") & Q(within__isnull=False)),
                name="only_a_city_stands_alone",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_point_on_earth",
            ),
        ]

    @property
    def subject(self) -> str:
        return f"place:{self.code}"


class Organisation(Named):
    """Any body that acts: NGO, charity, people's institution, community group, municipal unit."""

    class Kind(models.TextChoices):
        NGO = "ngo", _("NGO")
        CHARITY = "charity", _("charity")
        PEOPLES_INSTITUTION = "peoples_institution", _("people's institution")
        COMMUNITY_GROUP = "community_group", _("community group")
        MUNICIPAL_UNIT = "municipal_unit", _("municipal unit")

    class State(models.TextChoices):
        APPLIED = "applied", _("waiting for accreditation")
        ACCREDITED = "accredited", _("accredited")
        REFUSED = "refused", _("not accredited")
        EXPIRED = "expired", _("accreditation expired")
        WITHDRAWN = "withdrawn", _("accreditation withdrawn")
        CLOSED = "closed", _("closed")
        MERGED = "merged", _("merged into another")

    LIFE = Lifecycle(
        name="organisation",
        initial=State.APPLIED,
        verbs={
            "accredit": (
                {State.APPLIED, State.REFUSED, State.EXPIRED, State.WITHDRAWN, State.ACCREDITED},
                State.ACCREDITED,
            ),
            "refuse_accreditation": ({State.APPLIED}, State.REFUSED),
            "expire_accreditation": ({State.ACCREDITED}, State.EXPIRED),
            "withdraw_accreditation": ({State.ACCREDITED, State.EXPIRED}, State.WITHDRAWN),
            "close": ({State.APPLIED, State.ACCREDITED, State.EXPIRED, State.WITHDRAWN}, State.CLOSED),
            "merge": ({State.ACCREDITED, State.EXPIRED, State.WITHDRAWN}, State.MERGED),
        },
    )

    code = models.SlugField(unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.APPLIED)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    # The codes from the root down to here: the tree of units is asked by prefix.
    path = models.TextField(editable=False, unique=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    is_participation_office = models.BooleanField(default=False)
    about = models.TextField(_("about"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    seat = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="organisations")
    website = models.URLField(_("website"), blank=True)
    public_phone = models.CharField(_("public telephone"), max_length=20, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    authority = models.CharField(_("issuing authority"), max_length=120, blank=True)
    accredited_until = models.DateField(_("accredited until"), null=True)
    state_reason = models.TextField(blank=True)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name_sort"]
        indexes = [
            models.Index(fields=["kind", "state", "name_sort"]),
            models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["text_pattern_ops"]),
            GistIndex(fields=["name_key"], name="organisation_name_trigrams", opclasses=["gist_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["is_participation_office"],
                condition=Q(is_participation_office=True),
                name="one_participation_office",
            ),
            models.UniqueConstraint(
                fields=["name_key"],
                condition=~Q(state__in=["closed", "merged", "refused"]),
                name="one_live_body_a_name",
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="nobody_succeeds_itself"),
        ]

    @property
    def subject(self) -> str:
        return f"organisation:{self.code}"

    @property
    def is_unit(self) -> bool:
        return self.kind == self.Kind.MUNICIPAL_UNIT

    @property
    def is_live(self) -> bool:
        """In the register, and not gone."""
        return self.state not in {self.State.CLOSED, self.State.MERGED, self.State.REFUSED}

    @property
    def has_no_licence(self) -> bool:
        """A community group that the participation office accredited under a number of its own."""
        return self.accredited_until is not None and not self.authority

    def is_within(self, other: Organisation) -> bool:
        """This body is `other` or stands below it in the tree."""
        return self.path.startswith(other.path)


class AccreditationDocument(models.Model):
    """A paper handed in with an application: seen by the participation office alone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(upload_to="accreditation/%Y/")
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.title


class Capability(Named):
    """A kind of help that organisations can give, of the city's list."""

    code = models.SlugField(unique=True)
    unit = models.CharField(max_length=40)
    unit_en = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name_sort"]

    @property
    def unit_label(self) -> str:
        return self.unit if get_language() == "fa" else self.unit_en or self.unit


class Offer(models.Model):
    """How much of a capability an organisation has."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")
    capability = models.ForeignKey(Capability, on_delete=models.PROTECT, related_name="offers")
    amount = models.PositiveIntegerField(_("amount"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "capability"], name="one_offer_a_capability"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="offer_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.capability} {self.amount}"


class Mandate(models.Model):
    """A named person acts for a body, in a role, until a date."""

    class Role(models.TextChoices):
        HEAD = "head", _("head")
        REPRESENTATIVE = "representative", _("representative")
        OFFICER = "officer", _("officer")
        REVIEWER = "reviewer", _("reviewer")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    since = models.DateTimeField(default=clock.now)
    until = models.DateField(_("until"))
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "until"]),
            models.Index(fields=["organisation", "until"]),
            models.Index(
                fields=["organisation", "until"],
                name="mandate_of_heads",
                condition=Q(role="head", ended_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(ended_at=None), name="one_live_mandate_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk}"

    @property
    def is_live(self) -> bool:
        """Neither ended nor past its date, nor of a body that is gone."""
        return self.ended_at is None and self.until >= clock.today() and self.organisation.is_live


@dataclass(frozen=True)
class ActingPerson:
    """Who acts: a person, for themselves or under one mandate; `once` is the key of this one act."""

    person: Person
    mandate: Mandate | None = None
    once: UUID | None = None

    @property
    def person_key(self) -> str:
        return str(self.person.key)

    @property
    def body(self) -> str | None:
        return None if self.mandate is None else self.mandate.organisation.code

    @property
    def role(self) -> str | None:
        return None if self.mandate is None else self.mandate.role

    @property
    def organisation(self) -> Organisation | None:
        return None if self.mandate is None else self.mandate.organisation


class Gathering(models.Model):
    """The founding gathering: the record that the city's way of working rests on."""

    city = models.OneToOneField(Place, on_delete=models.PROTECT)
    record = models.JSONField()

    def __str__(self) -> str:
        return "founding gathering"
