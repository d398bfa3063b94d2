"""Forms of demands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.web.choices import ChoiceField, Choices, indented
from hamgara.web.forms import FilesField, Form, PointField, TextField
from hamgara.web.places.fields import place_choices
from hamgara.web.reading import language

SORTS = [
    ("", _("newest first")),
    ("supported", _("most supported first")),
    ("deadline", _("nearest deadline first")),
]


def field_choices(empty: str | Promise) -> Choices:
    """Every field, indented under the one that holds it, after one choice of none."""
    return _field_choices(queries.fields(), str(empty), language())


@lru_cache(maxsize=64)
def _field_choices(fields: organisations.Register[Field], empty: str, _language: str) -> Choices:
    return Choices([("", empty), *((each.code, indented(each)) for each in fields.rows)])


def unit_choices(empty: str | Promise) -> Choices:
    """The live units, in the order of their tree, after one choice of none."""
    return _unit_choices(organisations.unit_tree(), str(empty), language())


@lru_cache(maxsize=64)
def _unit_choices(units: organisations.Register[Organisation], empty: str, _language: str) -> Choices:
    return Choices([("", empty), *((each.code, each.label) for each in units.rows)])


def carrier_choices(empty: str | Promise) -> Choices:
    """The organisations that may carry demands, or once did, by name, after one choice of none."""
    return _carrier_choices(organisations.bodies(), str(empty), language())


NEVER_CARRIED = (Organisation.State.APPLIED, Organisation.State.REFUSED)


@lru_cache(maxsize=64)
def _carrier_choices(bodies: organisations.Register[Organisation], empty: str, _language: str) -> Choices:
    able = [each for each in bodies.rows if not each.is_unit and each.state not in NEVER_CARRIED]
    return Choices([("", empty), *((each.code, each.label) for each in sorted(able, key=lambda each: each.name_sort))])


class FilterForm(Form):
    """Search and filters of the list; all of it stands in the address."""

    q = forms.CharField(label=_("Search in demands"), required=False, max_length=200)
    field = ChoiceField(label=_("Field"), required=False)
    place = ChoiceField(label=_("Place"), required=False)
    kind = ChoiceField(label=_("Kind"), required=False, choices=[("", _("every kind")), *Demand.Kind.choices])
    unit = ChoiceField(label=_("Municipal unit"), required=False)
    on_behalf = ChoiceField(label=_("Carried by"), required=False)
    outcome = ChoiceField(
        label=_("Verified outcome"), required=False, choices=[("", _("any")), *Demand.Outcome.choices]
    )
    overdue = forms.BooleanField(label=_("Only those past a deadline"), required=False)
    sort = ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = field_choices(_("every field"))  # type: ignore[attr-defined]
        self.fields["place"].choices = place_choices(_("the whole city"))  # type: ignore[attr-defined]
        self.fields["unit"].choices = unit_choices(_("every unit"))  # type: ignore[attr-defined]
        self.fields["on_behalf"].choices = carrier_choices(_("anybody"))  # type: ignore[attr-defined]

    def active(self) -> int:
        """How many filters are on, the search box left out."""
        return sum(1 for name, value in self.cleaned_data.items() if name not in {"q", "sort"} and value)

    def wanted(self, near: tuple[float, float] | None, states: tuple[str, ...]) -> queries.Wanted:
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}

        return queries.Wanted(
            words=given.get("q", ""),
            field=queries.fields().by_code.get(given.get("field")),
            place=organisations.places().by_code.get(given.get("place")),
            unit=organisations.bodies().by_code.get(given.get("unit")),
            on_behalf=organisations.bodies().by_code.get(given.get("on_behalf")),
            states=states,
            kind=given.get("kind", ""),
            outcome=given.get("outcome", ""),
            overdue=bool(given.get("overdue")),
            sort="near" if near else given.get("sort") or "new",
            near=near,
        )


class DemandForm(Form):
    """Asking for something. What decides about duplicates (field, title, place) comes first."""

    field = ChoiceField(label=_("What is it about?"))
    kind = ChoiceField(label=_("What kind of demand is it?"), choices=Demand.Kind.choices, initial="request")
    place = ChoiceField(label=_("Where?"), help_text=_("The neighbourhood, or the whole city."))
    title = TextField(label=_("In one sentence, what do you ask for?"), rule="demands.title_length")
    text = TextField(
        label=_("Tell more"),
        rule="demands.text_length",
        lines=6,
        required=False,
        help_text=_("What is the matter, whom does it concern, what would help? Please name no other persons."),
    )
    point = PointField(label=_("Exact point"), required=False, help_text=_("Shown to the public on the map."))
    address = TextField(
        label=_("Address"),
        rule="demands.address_length",
        required=False,
        help_text=_("Only the officers who deal with it see this."),
    )
    files = FilesField(
        label=_("Photos and papers"),
        required=False,
        help_text=_("The place and time hidden in photos are removed. Please photograph no faces."),
    )
    show_name = forms.BooleanField(
        label=_("Show my name to everybody"), required=False, help_text=_("Otherwise only the officers see it.")
    )

    def __init__(self, *args: Any, bounds: tuple[float, float, float, float] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = field_choices(_("Choose…"))  # type: ignore[attr-defined]
        self.fields["place"].choices = place_choices(_("Choose…"))  # type: ignore[attr-defined]
        self.fields["point"].bounds = bounds  # type: ignore[attr-defined]
        self.fields["files"].most = charter.number("attachments.most_files")  # type: ignore[attr-defined]

    def clean_field(self) -> Field:
        return queries.fields().by_code[self.cleaned_data["field"]]

    def clean_place(self) -> Place:
        return organisations.places().by_code[self.cleaned_data["place"]]


class CommentForm(Form):
    text = TextField(label=_("Your comment"), lines=3, rule="demands.comment_length")
    show_name = forms.BooleanField(label=_("Show my name"), required=False)


class TellMoreForm(Form):
    text = TextField(label=_("Your answer"), lines=4, rule="demands.comment_length")


class AppealForm(Form):
    words = TextField(label=_("Why should it be looked at again?"), lines=4, rule="demands.answer_length")


class ReopenForm(Form):
    words = TextField(label=_("What is not done, or not right?"), lines=4, rule="demands.answer_length")
