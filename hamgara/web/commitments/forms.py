"""Forms of commitments: searching them, making one, and each act on one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.domain.commitments import queries
from hamgara.domain.commitments.models import (
    INDICATOR_LENGTH,
    REASON_LENGTH,
    REPORT_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    WHAT_LENGTH,
    Commitment,
)
from hamgara.domain.demands.queries import fields
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.web.choices import ChoiceField, Choices
from hamgara.web.demands.forms import field_choices
from hamgara.web.forms import CodeField, FilesField, Form, JalaliDateField, MoneyField, TextField, WholeNumberField
from hamgara.web.places.fields import place_choices
from hamgara.web.reading import language, number

SORTS = [
    ("", _("newest first")),
    ("due", _("nearest date first")),
    ("reported", _("latest report first")),
]
MOST_HOURS = 1_000_000


def latest_due() -> date:
    """The last day that the charter lets be promised."""
    return clock.today() + charter.period("commitments.due_at_most")


@lru_cache(maxsize=8)
def _promisers(bodies: organisations.Register[Organisation], empty: str, _language: str) -> Choices:
    return Choices([("", empty), *((each.code, each.label) for each in bodies.rows)])


class FilterForm(Form):
    """Search and filters of the list; all of it stands in the address."""

    q = forms.CharField(label=_("Search in commitments"), required=False, max_length=200)
    field = ChoiceField(label=_("Field"), required=False)
    place = ChoiceField(label=_("Place"), required=False)
    organisation = ChoiceField(label=_("Promised by"), required=False)
    overdue = forms.BooleanField(label=_("Only those past their date"), required=False)
    sort = ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = field_choices(_("every field"))  # type: ignore[attr-defined]
        self.fields["place"].choices = place_choices(_("the whole city"))  # type: ignore[attr-defined]
        self.fields["organisation"].choices = _promisers(queries.who_promised(), str(_("anybody")), language())  # type: ignore[attr-defined]

    def active(self) -> int:
        """How many filters are on, the search box left out."""
        return sum(1 for name, value in self.cleaned_data.items() if name not in {"q", "sort"} and value)

    def wanted(self, states: tuple[str, ...]) -> queries.Wanted:
        """What the list is asked for; a filter that cannot be understood holds nothing back."""
        self.is_valid()
        given = self.cleaned_data

        return queries.Wanted(
            words=given.get("q", ""),
            states=states,
            field=fields().by_code.get(given.get("field")),
            place=organisations.places().by_code.get(given.get("place")),
            organisation=organisations.bodies().by_code.get(given.get("organisation")),
            overdue=bool(given.get("overdue")),
            sort=given.get("sort") or "new",
        )


class _Growing(forms.Form):
    """A form whose fields depend on what it is about; they are there before the messages are made clear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grow()

    def grow(self) -> None:
        """Add the fields, or settle their choices."""


class PromiseForm(Form, _Growing):
    """A promise: what, how it will be seen, by when, with what, with whom."""

    title = TextField(
        label=_("In one line, what do you promise?"),
        max_length=TITLE_LENGTH,
        help_text=_("As people will read it in lists: «Ten benches and two awnings in the park»."),
    )
    what = TextField(
        label=_("What exactly will be done?"),
        lines=5,
        max_length=WHAT_LENGTH,
        help_text=_("Where, how much, by whom; so that somebody who goes there can check it."),
    )
    due = JalaliDateField(
        label=_("Until when?"),
        earliest=clock.today,
        latest=latest_due,
        help_text=_("If you change the date later, the old one stays in public view."),
    )
    budget_rial = MoneyField(label=_("Budget"), required=False)
    hours = WholeNumberField(
        label=_("Hours of work"), required=False, min_value=0, max_value=MOST_HOURS, help_text=_("Volunteers' too")
    )
    partners = forms.MultipleChoiceField(
        label=_("Who promises this together with you?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is asked, and nobody is bound before they agree. Until all have agreed it is a proposal."),
    )

    def grow(self) -> None:
        self.rows = range(charter.number("commitments.indicators_at_most"))
        for row in self.rows:
            first = row == 0
            self.fields[f"indicators_{row}_text"] = TextField(
                label=_("What is counted?"), max_length=INDICATOR_LENGTH, required=first
            )
            self.fields[f"indicators_{row}_target"] = CodeField(
                label=_("How many?"), numeric=True, max_length=24, required=first
            )
            self.fields[f"indicators_{row}_unit"] = TextField(label=_("Unit"), max_length=UNIT_LENGTH, required=False)
        bodies = organisations.accredited() | organisations.units()
        self._bodies = {each.code: each for each in bodies.order_by("kind", "name_sort")}
        self.fields["partners"].choices = [(code, each.label) for code, each in self._bodies.items()]  # type: ignore[attr-defined]

    def clean_partners(self) -> list[Organisation]:
        return [self._bodies[code] for code in self.cleaned_data["partners"]]

    def _filled(self) -> list[int]:
        """The rows in which something is written."""
        return [
            row
            for row in self.rows
            if row == 0 or any(self.cleaned_data.get(f"indicators_{row}_{name}") for name in ("text", "target", "unit"))
        ]

    def terms(self) -> dict[str, Any]:
        """What the command is given."""
        plain = ("title", "what", "due", "budget_rial", "hours", "partners")
        return {name: self.cleaned_data[name] for name in plain} | {
            "indicators": [
                {name: self.cleaned_data.get(f"indicators_{row}_{name}", "") for name in ("text", "target", "unit")}
                for row in self._filled()
            ]
        }

    def names(self) -> dict[str, str]:
        """The command counts the indicators it was given, the form its rows: an empty row may stand between."""
        return {
            f"indicators_{place}_{name}": f"indicators_{row}_{name}"
            for place, row in enumerate(self._filled())
            for name in ("text", "target", "unit")
        }


class ActForm(Form, _Growing):
    """A form of one act on a commitment; `terms` are what its command is given."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        self.commitment = commitment
        super().__init__(*args, **kwargs)

    def terms(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "acting"}


class StartForm(ActForm):
    """Nothing to fill in."""


class _WithFiles(ActForm):
    def grow(self) -> None:
        self.fields["files"].most = charter.number("attachments.most_files")  # type: ignore[attr-defined]


def _evidence() -> FilesField:
    return FilesField(
        label=_("Photos and papers that show it"),
        required=False,
        help_text=_(
            "Everybody sees them. The place and time hidden in photos are removed. Please photograph no faces."
        ),
    )


class ProgressForm(_WithFiles):
    text = TextField(label=_("What has been done so far?"), lines=4, max_length=REPORT_LENGTH)
    percent = WholeNumberField(
        label=_("How much of it, in per cent?"), required=False, min_value=0, max_value=100, help_text=_("0 to 100")
    )
    files = _evidence()


class ReportForm(_WithFiles):
    """The claim that all is done: the number reached for each indicator, words, and evidence."""

    text = TextField(label=_("What was done?"), lines=5, max_length=REPORT_LENGTH)
    files = _evidence()

    def grow(self) -> None:
        super().grow()
        self.indicators = list(self.commitment.indicators.all())
        claimed = {
            f"claimed_{each.position}": CodeField(
                label=_("%(what)s: how many in fact?") % {"what": each.text},
                numeric=True,
                max_length=24,
                help_text=_("Promised: %(target)s %(unit)s")
                % {"target": number(plain(each.target)), "unit": each.unit},
            )
            for each in self.indicators
        }
        self.fields = {**claimed, **self.fields}

    def terms(self) -> dict[str, Any]:
        claims = [self.cleaned_data[f"claimed_{each.position}"] for each in self.indicators]
        return {"text": self.cleaned_data["text"], "files": self.cleaned_data["files"], "claims": claims}


def plain(value: Any) -> Any:
    """A number of an indicator without needless zeros."""
    return None if value is None else int(value) if value == value.to_integral_value() else value.normalize()


class PartForm(ActForm):
    title = TextField(label=_("Which part of the work?"), max_length=TITLE_LENGTH)
    owner = ChoiceField(label=_("Who owns it?"))
    due = JalaliDateField(label=_("Until when?"), earliest=clock.today)

    def grow(self) -> None:
        below = Q(pk__in=[each.pk for each in self.commitment.bodies])
        for body in self.commitment.bodies:
            below |= Q(path__startswith=body.path)
        live = Organisation.objects.filter(below).exclude(state__in=organisations.GONE)
        self._owners = {each.code: each for each in live.order_by("path")}
        self.fields["owner"].choices = [(code, each.label) for code, each in self._owners.items()]  # type: ignore[attr-defined]
        self.fields["due"].latest = lambda: max(self.commitment.due, clock.today())  # type: ignore[attr-defined]

    def clean_owner(self) -> Organisation:
        return self._owners[self.cleaned_data["owner"]]


class DueForm(ActForm):
    due = JalaliDateField(label=_("The new date"), earliest=clock.today, latest=latest_due)
    reason = TextField(label=_("Why? The reason and the old date stay public."), lines=3, max_length=REASON_LENGTH)


class ResumeForm(ActForm):
    due = JalaliDateField(label=_("The new date"), earliest=clock.today, latest=latest_due)
    reason = TextField(label=_("What will now be done differently? It is public."), lines=3, max_length=REASON_LENGTH)


class WithdrawForm(ActForm):
    reason = TextField(label=_("Why do you take it back? The reason is public."), lines=3, max_length=REASON_LENGTH)


class DeclineForm(Form):
    reason = TextField(label=_("Why not? The reason is public."), lines=2, max_length=REASON_LENGTH)
