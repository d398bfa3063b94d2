"""Forms of the officers' desk: what it is asked for, and the verbs on a demand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.demands import queries
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Mandate, Organisation
from hamgara.web.choices import ChoiceField
from hamgara.web.demands.forms import field_choices
from hamgara.web.forms import CodeField, Form, TextField
from hamgara.web.jinja import language
from hamgara.web.places.fields import PlaceField
from hamgara.web.reading import to_reader

REASON = "demands.answer_length"  # a public reason may be as long as an answer


class DeskForm(Form):
    """The filters of the desk. What is unknown asks for nothing, so that an old link still leads somewhere."""

    q = forms.CharField(label=_("Words or a tracking code"), required=False, max_length=200)
    only = ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            ("", _("everything")),
            ("escalated", _("what was put before the unit above")),
            ("appeals", _("appeals")),
            ("reopened", _("what was reopened")),
            (queries.UNATTENDED, _("what lies with a unit for which nobody acts")),
        ],
    )
    handler = ChoiceField(
        label=_("Dealt with by"),
        required=False,
        choices=[("", _("anybody")), (queries.MINE, _("me")), (queries.NOBODY, _("nobody yet"))],
    )
    place = PlaceField(label=_("Place"), required=False, nothing=_("the whole city"))
    field = ChoiceField(label=_("Field"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = field_choices(_("every field"))  # type: ignore[attr-defined]

    def active(self) -> int:
        """How many filters are on, the search box left out."""
        return sum(1 for name, value in self.cleaned_data.items() if name != "q" and value)

    def wanted(self, mandate: Mandate, *, whole: bool) -> queries.Desk:
        """What is asked for, under this mandate; of the whole municipality only where `whole` allows it."""
        tab, due = self.data.get("tab", ""), self.data.get("due", "")
        code = self.cleaned_data.get("field")
        return queries.Desk(
            mandate=mandate,
            whole=whole and self.data.get("all") == "1",
            tab=tab if tab in queries.DESK_TABS else "",
            due=due if due in queries.DUE else "",
            place=self.cleaned_data.get("place"),
            field=Field.objects.filter(code=code).first() if code else None,
            handler=self.cleaned_data.get("handler", ""),
            only=self.cleaned_data.get("only", ""),
            words=self.cleaned_data.get("q", ""),
        )


class NothingToFillIn(Form):
    """A verb that is said by its button alone."""


class HandOverForm(Form):
    to = ChoiceField(label=_("To whom?"))

    def __init__(self, *args: Any, colleagues: list[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {str(each.key): each for each in colleagues}
        named = [
            (key, f"{each.person.display_name} ({each.organisation.label})") for key, each in self._colleagues.items()
        ]
        self.fields["to"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def clean_to(self) -> Mandate:
        return self._colleagues[self.cleaned_data["to"]]


class _ReasonForm(Form):
    RULE = ""
    reason_code = ChoiceField(label=_("Reason, from the charter"))
    reason = TextField(label=_("In your own words, for everybody to read"), lines=4, rule=REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = charter.choices(self.RULE).items()
        self.fields["reason_code"].choices = [("", "–"), *((code, each[language()]) for code, each in words)]  # type: ignore[attr-defined]


class LookForm(Form):
    reason_code = ChoiceField(label=_("What do you need it for?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = charter.choices("demands.look_reasons").items()
        self.fields["reason_code"].choices = [("", "–"), *((code, each[language()]) for code, each in words)]  # type: ignore[attr-defined]


class DeclineForm(_ReasonForm):
    RULE = "demands.decline_reasons"


class RefuseForm(_ReasonForm):
    RULE = "demands.refusal_reasons"


class NotDoableForm(_ReasonForm):
    RULE = "demands.not_doable_reasons"


class RouteForm(Form):
    unit = ChoiceField(label=_("To which unit?"))
    reason = TextField(label=_("Why?"), lines=2, rule=REASON)

    def __init__(self, *args: Any, but: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(each.code, each.label) for each in organisations.unit_tree().rows if each.pk not in but]
        self.fields["unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]

    def clean_unit(self) -> Organisation:
        return Organisation.objects.get(code=self.cleaned_data["unit"])


class AskBackForm(Form):
    text = TextField(
        label=_("What must you know?"),
        rule="demands.comment_length",
        lines=4,
        help_text=_("Read by whoever made the demand and by officers alone. One question at a time."),
    )


class TemplateForm(Form):
    title = TextField(label=_("What is it called?"), rule="demands.title_length")
    text = TextField(
        label=_("The words of the answer"),
        rule="demands.answer_length",
        lines=8,
        help_text=_("What stands in braces is filled in from the demand, such as {کد}, {عنوان}, {مکان} and {مهلت}."),
    )


class NoteForm(Form):
    text = TextField(label=_("A note for colleagues"), lines=3, rule="demands.comment_length")


class MergeForm(Form):
    into = CodeField(label=_("Tracking code of the demand that goes on"), max_length=40)
    reason = TextField(label=_("Why are they the same?"), lines=2, required=False, rule=REASON)

    def clean_into(self) -> Demand:
        demand = queries.by_code(self.cleaned_data["into"])
        if demand is None:
            raise ValidationError(_("There is no demand with this code. Please compare the digits."))
        return demand


class MergeManyForm(Form):
    """Of several demands, the one into which the others go."""

    into = ChoiceField(label=_("Which demand goes on? The others that you chose go into it."))
    reason = TextField(label=_("Why are they the same?"), lines=2, required=False, rule=REASON)

    def __init__(self, *args: Any, demands: Collection[Demand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._demands = {each.code: each for each in demands}
        sent = self.data.get(self.add_prefix("into"), "")
        if sent not in self._demands and (other := queries.by_code(sent)) is not None:  # on the page, and not chosen
            self._demands[sent] = other
        named = [(code, f"{each.title} ({to_reader(each.shown_code)})") for code, each in self._demands.items()]
        self.fields["into"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def clean_into(self) -> Demand:
        return self._demands[self.cleaned_data["into"]]


class UnmergeForm(Form):
    reason = TextField(label=_("Why are they not the same?"), lines=2, rule=REASON)


class ExplainForm(Form):
    text = TextField(label=_("The city's answer, for everybody to read"), lines=6, rule="demands.answer_length")
