"""The verdict in three steps, and stepping back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara import charter
from hamgara.domain.oversight.models import ANSWERS, FINDINGS_LENGTH, OVERALL, REASON_LENGTH
from hamgara.web.forms import FilesField, Form, TextField

FINDINGS = _("What did you find?")
UNLESS_YES = _("Needed unless your answer is a plain «yes».")


def _answer(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ANSWERS, widget=forms.RadioSelect)


def _findings() -> TextField:
    return TextField(label=FINDINGS, lines=3, max_length=FINDINGS_LENGTH, required=False, help_text=UNLESS_YES)


class VerdictForm(Form):
    """On paper, on site, effect; each with what was found, and at last the conclusion."""

    paper = _answer(_("Is it decided, paid and documented?"))
    paper_findings = _findings()
    on_site = _answer(_("You went there: is it there as promised?"))
    on_site_findings = _findings()
    effect = _answer(_("Has it changed anything for the people it was meant for?"))
    effect_findings = _findings()
    overall = forms.ChoiceField(label=_("All in all, was the promise kept?"), choices=OVERALL, widget=forms.RadioSelect)
    files = FilesField(
        label=_("Your photos and papers"),
        required=False,
        help_text=_(
            "Public with your verdict. The place and time hidden in photos are removed. Please photograph no faces."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].most = charter.number("attachments.most_files")  # type: ignore[attr-defined]


class RecuseForm(Form):
    reason = TextField(
        label=_("What ties you to this promise or demand?"),
        lines=2,
        max_length=REASON_LENGTH,
        help_text=_("The reason is shown with your seat."),
    )
