"""Forms about monitors: registering one, and ending a registration."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.domain.oversight.models import KNOWN_AS_LENGTH, REASON_LENGTH
from hamgara.domain.people import queries as people
from hamgara.domain.people.models import Person
from hamgara.web.accounts.fields import to_e164
from hamgara.web.forms import Form, JalaliDateField, TextField


def latest_monitor() -> date:
    """The last day that the charter lets a registration reach."""
    return clock.today() + charter.period("oversight.monitor_at_most")


class MonitorForm(Form):
    """Somebody who will judge for the people when the lot falls on them."""

    contact = forms.CharField(
        label=_("Mobile number or e-mail of the person"),
        max_length=254,
        help_text=_("They must have signed in here once, so that nobody is registered by a slip of the pen."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    known_as = TextField(
        label=_("What are they called in public?"),
        max_length=KNOWN_AS_LENGTH,
        help_text=_("This name stands beside every verdict they give. It may be their own, or another one."),
    )
    until = JalaliDateField(label=_("Registered until"), earliest=clock.today, latest=latest_monitor)

    def clean_contact(self) -> Person:
        given: str = self.cleaned_data["contact"].strip()
        person = people.by_email(given) if "@" in given else people.by_phone(to_e164(given))
        if person is None or not person.is_active:
            raise ValidationError(
                _("Nobody has signed in with this number or address yet. Ask the person to do so, then try again.")
            )
        return person


class EndMonitorForm(Form):
    """Why a registration ends before its date."""

    reason = TextField(label=_("Reason"), lines=2, max_length=REASON_LENGTH)
