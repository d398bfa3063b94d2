"""The fields of the city's life, and which unit deals with them where."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hamgara.domain.organisations.models import Named, Organisation, Place


class Field(Named):
    """A field of the city's life in which people ask for something; cultural and social matters come first."""

    code = models.SlugField(unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    # The codes from the root down to here: a subtree is one index range.
    path = models.TextField(editable=False, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    guidance = models.TextField(_("guidance"), blank=True, help_text=_("What to write in a demand of this field."))
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    referral = models.TextField(
        _("whose task it is"),
        blank=True,
        help_text=_("Fill in only if this is not the municipality's task: who does it."),
    )
    referral_en = models.TextField(_("whose task it is, in English"), blank=True)

    class Meta:
        ordering = ["rank", "name_sort", "pk"]
        indexes = [models.Index(fields=["path"], name="field_path_prefix", opclasses=["text_pattern_ops"])]

    @property
    def subject(self) -> str:
        return f"field:{self.code}"

    @property
    def takes_demands(self) -> bool:
        """Whether this is the municipality's task at all."""
        return not self.referral

    @property
    def guidance_label(self) -> str:
        return self.guidance if get_language() == "fa" else self.guidance_en or self.guidance

    @property
    def referral_label(self) -> str:
        return self.referral if get_language() == "fa" else self.referral_en or self.referral


class Route(models.Model):
    """Which unit deals with a field in a part of the city."""

    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="routes")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "place"], name="one_route_a_field_and_place")]

    def __str__(self) -> str:
        return f"route {self.field_id} {self.place_id} to {self.unit_id}"
