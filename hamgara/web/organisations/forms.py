"""Forms about organisations: searching, bringing one, what it says of itself, what it offers, who acts for it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.domain.demands.commands import made_safe
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.organisations import queries
from hamgara.domain.organisations.commands.mandates import BODY_ROLES, UNIT_ROLES
from hamgara.domain.organisations.models import Capability, Mandate, Organisation
from hamgara.domain.people import queries as people
from hamgara.domain.people.models import Person
from hamgara.web.accounts.fields import to_e164
from hamgara.web.choices import ChoiceField
from hamgara.web.forms import CodeField, FilesField, Form, JalaliDateField, TextField, WholeNumberField
from hamgara.web.places.fields import PlaceField

ABOUT_LENGTH = 2000  # a page and a half; whatever is longer belongs on the organisation's own site
NAME_LENGTH = 160
LARGEST_AMOUNT = 2_000_000_000  # what the database's column holds
TELEPHONE = re.compile(r"[0-9+() -]{3,20}")

KINDS = [choice for choice in Organisation.Kind.choices if choice[0] != Organisation.Kind.MUNICIPAL_UNIT]


class DirectoryForm(Form):
    """What to look for in the register."""

    q = TextField(label=_("Name of the organisation"), max_length=100, required=False)
    kind = ChoiceField(label=_("kind"), choices=[("", _("all kinds")), *KINDS], required=False)
    place = PlaceField(nothing=_("the whole city"), required=False)
    capability = ChoiceField(label=_("Can help with"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = _("Name of the organisation")
        self.fields["capability"].choices = [  # type: ignore[attr-defined]
            ("", _("anything")),
            *((each.code, each.label) for each in queries.capabilities()),
        ]


class ApplicationForm(Form):
    """An organisation that people bring to the city."""

    name = TextField(
        label=_("Name of the organisation"), max_length=NAME_LENGTH, help_text=_("As it stands on its licence.")
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, widget=forms.RadioSelect)
    about = TextField(
        label=_("What does it do, and for whom?"),
        lines=5,
        max_length=ABOUT_LENGTH,
        help_text=_("Two or three sentences; they stand on its public page."),
    )
    seat = PlaceField(label=_("Where is its seat?"), nothing=_("choose…"))
    registration_number = CodeField(label=_("Registration number"), max_length=40, required=False)
    authority = TextField(
        label=_("Which authority issued the licence?"),
        max_length=120,
        required=False,
        help_text=_(
            "A community group without a licence leaves both empty; "
            "the participation office can register it under a number of its own."
        ),
    )
    documents = FilesField(
        label=_("Licence, statutes, list of the board"),
        required=False,
        help_text=_("Pictures or PDF. Only the participation office and the organisation's head see them."),
    )
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)

    def clean_documents(self) -> list[tuple[str, ContentFile[bytes]]]:
        """Each paper made anew, so that nothing in it runs or hides, under the name that its file had."""
        given = self.cleaned_data["documents"]
        try:
            safe = made_safe(given, name="documents")
        except Invalid as problem:
            raise ValidationError(problem.problems["documents"]) from None
        return [
            (
                f"{PurePath(upload.name).stem[:100]}.{file.extension}",
                ContentFile(file.content, f"paper.{file.extension}"),
            )
            for upload, file in zip(given, safe, strict=True)
        ]


class DescriptionForm(Form):
    """What an organisation says of itself."""

    about = TextField(label=_("What it does, and for whom"), lines=6, max_length=ABOUT_LENGTH, required=False)
    seat = PlaceField(label=_("Seat"), nothing=_("not given"), required=False)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        error_messages={"invalid": _("This is not the address of a website. Write it like https://example.org.")},
    )
    public_phone = CodeField(
        label=_("Public telephone"), max_length=20, required=False, help_text=_("It stands on the public page.")
    )
    name_en = TextField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    about_en = TextField(label=_("The same in English"), lines=4, max_length=ABOUT_LENGTH, required=False)

    def clean_public_phone(self) -> str:
        given: str = self.cleaned_data["public_phone"]
        if given and not TELEPHONE.fullmatch(given):
            raise ValidationError(_("This is not a telephone number. Write it like 031 5544 0000."))
        return given


class OfferForm(Form):
    """How much of a kind of help an organisation has."""

    capability = ChoiceField(label=_("Kind of help"))
    amount = WholeNumberField(label=_("How much?"), min_value=1, max_value=LARGEST_AMOUNT)
    note = TextField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str, Capability] = {each.code: each for each in queries.capabilities()}
        self.fields["capability"].choices = [  # type: ignore[attr-defined]
            ("", _("choose…")),
            *((code, f"{each.label} ({each.unit_label})") for code, each in self._known.items()),
        ]

    def clean_capability(self) -> Capability:
        return self._known[self.cleaned_data["capability"]]


def latest_mandate() -> date:
    """The last day that the charter lets a new mandate reach."""
    return clock.today() + charter.period("organisations.mandate_at_most")


class MandateForm(Form):
    """Who may act for a body, in which role, until when."""

    contact = forms.CharField(
        label=_("Mobile number or e-mail of the person"),
        max_length=254,
        help_text=_("They must have signed in here once, so that nobody gets a mandate by a slip of the pen."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    until = JalaliDateField(label=_("Until"), earliest=clock.today, latest=latest_mandate)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = UNIT_ROLES if organisation.is_unit else BODY_ROLES
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, _ROLES[role]) for role in Mandate.Role if role in roles
        ]

    def clean_contact(self) -> Person:
        given: str = self.cleaned_data["contact"].strip()
        person = people.by_email(given) if "@" in given else people.by_phone(to_e164(given))
        if person is None or not person.is_active:
            raise ValidationError(
                _("Nobody has signed in with this number or address yet. Ask the person to do so, then try again.")
            )
        return person


_ROLES = {
    Mandate.Role.HEAD: _("head: gives and ends mandates, and does everything in its name"),
    Mandate.Role.REPRESENTATIVE: _("representative: speaks and promises in its name"),
    Mandate.Role.OFFICER: _("officer: deals with demands and promises of the unit"),
    Mandate.Role.REVIEWER: _("reviewer: checks the promises of others when the lot falls on it"),
}


class EndMandateForm(Form):
    """Why a mandate ends before its date."""

    reason = TextField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("It is kept for those who act for the organisation and for the participation office; not public."),
    )
