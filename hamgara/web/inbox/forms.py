"""Forms of the officers' verbs on one demand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation
from hamgara.web.forms import CodeField, Form, TextField
from hamgara.web.jinja import language

REASON_LENGTH = 2000


class AdmitForm(Form):
    """Nothing to fill in: the demand is a matter of the city, and the clock for the answer starts."""


class _ReasonForm(Form):
    RULE = ""
    reason_code = forms.ChoiceField(label=_("Reason, from the charter"))
    reason = TextField(label=_("In your own words, for everybody to read"), lines=4, max_length=REASON_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = charter.choices(self.RULE).items()
        self.fields["reason_code"].choices = [("", "–"), *((code, each[language()]) for code, each in words)]  # type: ignore[attr-defined]


class DeclineForm(_ReasonForm):
    RULE = "demands.decline_reasons"


class RefuseForm(_ReasonForm):
    RULE = "demands.refusal_reasons"


class NotDoableForm(_ReasonForm):
    RULE = "demands.not_doable_reasons"


class RouteForm(Form):
    unit = forms.ChoiceField(label=_("To which unit?"))
    reason = TextField(label=_("Why?"), lines=2, max_length=REASON_LENGTH)

    def __init__(self, *args: Any, demand: Demand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(each.code, each.label) for each in organisations.units() if each.pk != demand.unit_id]
        self.fields["unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]

    def clean_unit(self) -> Organisation:
        return Organisation.objects.get(code=self.cleaned_data["unit"])


class MergeForm(Form):
    into = CodeField(label=_("Tracking code of the demand that goes on"), max_length=40)
    reason = TextField(label=_("Why are they the same?"), lines=2, required=False, max_length=REASON_LENGTH)

    def clean_into(self) -> Demand:
        demand = queries.by_code(self.cleaned_data["into"])
        if demand is None:
            raise ValidationError(_("There is no demand with this code. Please compare the digits."))
        return demand


class UnmergeForm(Form):
    reason = TextField(label=_("Why are they not the same?"), lines=2, max_length=REASON_LENGTH)


class ExplainForm(Form):
    text = TextField(label=_("The city's answer, for everybody to read"), lines=6)
