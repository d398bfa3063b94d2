"""Forms of imports: the file, and which of its columns holds what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hamgara.domain.imports import queries
from hamgara.domain.imports.models import Import
from hamgara.web.choices import ChoiceField
from hamgara.web.forms import Form


class FileForm(Form):
    """What the rows are, and the file that holds them."""

    kind = ChoiceField(label=_("What the rows are"), choices=Import.Kind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "XLSX or CSV, with the titles of the columns in its first row. It is kept privately until its rows are "
            "taken over, and at most a month."
        ),
        allow_empty_file=True,  # the command says more clearly what an empty file lacks
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


class ColumnsForm(Form):
    """For each thing that a row may tell, the column that holds it."""

    def __init__(self, run: Import, *args: Any, **kwargs: Any) -> None:
        titles = [("", _("not in this file")), *((title, title) for title in run.titles if title)]
        super().__init__(*args, **kwargs)
        for target in queries.TARGETS[run.kind]:
            self.fields[target.name] = ChoiceField(label=target.label, choices=titles, required=False)

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: title for name, title in self.cleaned_data.items() if title}
