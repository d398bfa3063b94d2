"""Forms of the participation office: accreditation, units, places, capabilities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.commands.places import HELD_BY
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.web.choices import STEP, ChoiceField
from hamgara.web.forms import CodeField, Form, JalaliDateField, PointField, TextField
from hamgara.web.office.outline import LARGEST, NoOutline, outline
from hamgara.web.places.fields import PlaceField, around_city

NAME_LENGTH = 160
ABOUT_LENGTH = 2000
REASON_LENGTH = 1000


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def latest_accreditation() -> date:
    """The last day that the charter lets an accreditation reach."""
    return clock.today() + charter.period("organisations.accreditation_at_most")


class RegisterForm(Form):
    """What to look for among all organisations, whatever their state."""

    q = TextField(label=_("Name of the organisation"), max_length=100, required=False)
    state = ChoiceField(label=_("State"), choices=[("", _("all states")), *Organisation.State.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = _("Name of the organisation")


class AccreditForm(Form):
    """What the office has seen on the licence, and how long it counts."""

    registration_number = CodeField(label=_("Registration number"), max_length=40)
    authority = TextField(label=_("Issued by"), max_length=120)
    until = JalaliDateField(label=_("Accredited until"), earliest=tomorrow, latest=latest_accreditation)


class ReasonForm(Form):
    """Why something is refused or taken away."""

    reason = TextField(
        label=_("Reason"),
        lines=3,
        max_length=REASON_LENGTH,
        help_text=_("It is public. Say what is missing, and what to do about it."),
    )


class CapabilityForm(Form):
    """One more kind of help in the city's list."""

    name = TextField(label=_("Kind of help"), max_length=NAME_LENGTH)
    unit = TextField(label=_("Counted in"), max_length=40, help_text=_("For example: hours a month, people, vehicles."))
    name_en = CodeField(
        label=_("Kind of help, in English"),
        max_length=NAME_LENGTH,
        help_text=_("Its code is made from this."),
    )
    unit_en = CodeField(label=_("Counted in, in English"), max_length=40, required=False)

    def clean_name_en(self) -> str:
        return _in_latin(self.cleaned_data["name_en"])


def _in_latin(name: str) -> str:
    """A name that a code can be made from."""
    if not slugify(name):
        raise ValidationError(_("Please write it in Latin letters."))
    return name


class BodyField(forms.ModelChoiceField):
    """One of the live bodies; units stand in the order of their tree."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("choose…"))
        super().__init__(Organisation.objects.none(), to_field_name="code", **kwargs)
        self.error_messages["invalid_choice"] = _("The unit chosen no longer exists.")

    def label_from_instance(self, obj: Organisation) -> str:
        return STEP * max(0, obj.path.count("/") - 2) * obj.is_unit + obj.label


def others(organisation: Organisation) -> QuerySet[Organisation]:
    """The live bodies of the same sort that do not stand below this one."""
    if organisation.is_unit:
        return queries.units().exclude(path__startswith=organisation.path)
    return queries.directory().exclude(pk=organisation.pk)


class FoundForm(Form):
    """A new unit of the municipality."""

    name = TextField(label=_("Name of the unit"), max_length=NAME_LENGTH)
    parent = BodyField(label=_("Part of"), required=False, empty_label=_("nothing: it stands at the top"))
    seat = PlaceField(label=_("Works for"), nothing=_("the whole city"), required=False)
    about = TextField(label=_("What it deals with"), lines=4, max_length=ABOUT_LENGTH, required=False)
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = queries.units()  # type: ignore[attr-defined]


class AboutBody(Form):
    """A form about one body, which knows which others there are."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.queryset = others(organisation)


class RenameForm(AboutBody):
    """A new name; the old one stays in the history."""

    name = TextField(label=_("New name"), max_length=NAME_LENGTH)
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)


class MoveForm(AboutBody):
    """Another place in the tree."""

    parent = BodyField(label=_("Now part of"), required=False, empty_label=_("nothing: it stands at the top"))


class MergeForm(AboutBody):
    """Into which body it goes up, and why."""

    into = BodyField(label=_("Merged into"))
    reason = TextField(label=_("Reason"), lines=3, max_length=REASON_LENGTH, help_text=_("It is public."))


class CloseForm(AboutBody):
    """Who takes over, and why it ends."""

    successor = BodyField(
        label=_("Who takes over its work?"),
        required=False,
        help_text=_("What was sent to it, and what is sent later, goes there."),
    )
    reason = TextField(label=_("Reason"), lines=3, max_length=REASON_LENGTH, help_text=_("It is public."))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        self.fields["successor"].required = organisation.is_unit


class _PlaceForm(Form):
    """What both a new place and a known one have."""

    name = TextField(label=_("Name of the place"), max_length=NAME_LENGTH)
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    point = PointField(label=_("Its middle"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].bounds = around_city()  # type: ignore[attr-defined]

    def clean_point(self) -> tuple[float, float] | tuple[None, None]:
        return self.cleaned_data["point"] or (None, None)


class NewPlaceForm(_PlaceForm):
    """A part of the city that is not in the list yet."""

    name_en = CodeField(
        label=_("Name in English letters"),
        max_length=NAME_LENGTH,
        help_text=_("The address of its page is made from this and stays."),
    )
    level = forms.ChoiceField(
        label=_("Level"),
        choices=[choice for choice in Place.Level.choices if choice[0] in HELD_BY],
        widget=forms.RadioSelect,
    )
    within = PlaceField(label=_("Part of"), nothing=_("choose…"))
    source = TextField(label=_("Source of the point"), max_length=200, required=False)

    field_order = ["name", "name_en", "level", "within", "point", "source"]

    def clean_name_en(self) -> str:
        return _in_latin(self.cleaned_data["name_en"])


class ChangePlaceForm(_PlaceForm):
    """Corrections of a known place."""

    outline = forms.FileField(
        label=_("Outline, as a GeoJSON file"),
        required=False,
        help_text=_("One polygon in degrees. Without a file the outline stays as it is."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )

    def clean_outline(self) -> dict[str, Any] | None:
        file: UploadedFile | None = self.cleaned_data["outline"]
        if file is None:
            return None
        try:
            return outline(file.read(LARGEST + 1))
        except NoOutline as problem:
            raise ValidationError(problem.message) from None
