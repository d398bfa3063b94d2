"""Forms about fields and routes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hamgara.domain.demands.models import Field
from hamgara.domain.organisations.models import Organisation
from hamgara.web.choices import ChoiceField
from hamgara.web.demands.forms import field_choices, unit_choices
from hamgara.web.forms import Form, TextField, WholeNumberField
from hamgara.web.places.fields import PlaceField

NAME_LENGTH, GUIDANCE_LENGTH = 160, 600
LAST_RANK = 32_767


class FieldForm(Form):
    """What a field is called, where it stands, and what it tells people."""

    name = TextField(label=_("Name of the field"), max_length=NAME_LENGTH)
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    rank = WholeNumberField(
        label=_("Place in the list"),
        min_value=0,
        max_value=LAST_RANK,
        help_text=_("Smaller numbers stand first."),
    )
    guidance = TextField(
        label=_("What belongs here? A line for whoever asks"), lines=2, max_length=GUIDANCE_LENGTH, required=False
    )
    guidance_en = TextField(label=_("The same in English"), lines=2, max_length=GUIDANCE_LENGTH, required=False)
    referral = TextField(
        label=_("If it is not the municipality's task: whose is it?"),
        lines=2,
        max_length=GUIDANCE_LENGTH,
        required=False,
        help_text=_("Filled in, people are told to turn there, and no demand is taken in this field."),
    )
    referral_en = TextField(label=_("The same in English"), lines=2, max_length=GUIDANCE_LENGTH, required=False)


class NewFieldForm(FieldForm):
    """A field that is added; its code is made from its English name."""

    parent = ChoiceField(label=_("Part of which field?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = field_choices(_("none: it stands by itself"))  # type: ignore[attr-defined]
        self.fields["name_en"].required = True
        self.fields["name_en"].help_text = _("Its address is made from it.")
        self.order_fields(["parent"])

    def clean_parent(self) -> Field | None:
        return Field.objects.filter(code=self.cleaned_data["parent"]).first()


class RouteForm(Form):
    """Which unit deals with the field in a part of the city."""

    place = PlaceField(label=_("In which part of the city?"), nothing=_("choose…"))
    unit = ChoiceField(label=_("Which unit deals with it?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices(_("choose…"))  # type: ignore[attr-defined]

    def clean_unit(self) -> Organisation:
        return Organisation.objects.get(code=self.cleaned_data["unit"])


def initial(field: Field) -> dict[str, Any]:
    """What the form of this field starts with."""
    return {name: getattr(field, name) for name in FieldForm.base_fields}
