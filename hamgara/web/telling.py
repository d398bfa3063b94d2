"""Entries of the ledger as items of a timeline, in the reader's language. Persons are never named here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template import engines
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from hamgara.channels import words
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Capability, Mandate, Organisation
from hamgara.web import addresses
from hamgara.web.reading import number, show_date, to_reader

Data = Mapping[str, Any]
# What the city answered is quoted as long as something opens it: words that were hidden are not.
SPOKEN = {
    "demands.explained": "data.text",
    "demands.refused": "data.reason",
    "demands.found_not_doable": "data.reason",
}


@dataclass(frozen=True)
class Known:
    """What the codes in some entries stand for."""

    bodies: Mapping[str, Organisation]
    capabilities: Mapping[str, Capability]

    def body(self, code: str) -> str:
        return self.bodies[code].label if code in self.bodies else code

    def capability(self, code: str) -> str:
        return self.capabilities[code].label if code in self.capabilities else code

    def unit(self, data: Data) -> str:
        """What an offer is counted in: in the reader's language, where it still is what was recorded."""
        known = self.capabilities.get(data["capability"])
        return known.unit_label if known is not None and known.unit == data["unit"] else data["unit"]


def told(entries: Iterable[Entry], *, linked: bool = False) -> list[dict[str, Any]]:
    """The entries as items of the component `timeline`, in the order given; `linked` leads to what each is about."""
    entries = list(entries)
    offered = _codes(entries, "capability")
    known = Known(
        bodies=organisations.bodies().by_code,
        capabilities={each.code: each for each in Capability.objects.filter(code__in=offered)} if offered else {},
    )
    spoken = [entry for entry in entries if entry.kind in SPOKEN]
    quoted = ledger.opened(spoken, SPOKEN.values()) if spoken else {}
    return [_item(entry, known, linked, str(quoted.get(entry.pk, ""))) for entry in entries]


def _codes(entries: list[Entry], field: str) -> set[str]:
    """The codes in this field of the entries."""
    return {code for entry in entries if isinstance(code := entry.data.get(field), str)}


def _item(entry: Entry, known: Known, linked: bool, quoted: str) -> dict[str, Any]:
    saying = words.saying(entry)
    detail = DETAILS.get(entry.kind)
    return {
        "title": words.sentence(entry),
        "at": entry.at,
        "symbol": saying.symbol,
        "tone": saying.tone,
        "text": detail(entry.data, known) if detail else quoted or saying.quoted(entry.data),
        "href": addresses.of_entry(entry) if linked else None,
        "actor": _actor(known.bodies.get(entry.body["by"]["body"] or ""), entry.body["by"]["role"]),
    }


def _actor(body: Organisation | None, role: str | None) -> str | Markup:
    """In whose name it was done; nothing for people who acted for themselves, and for the house."""
    if body is None:
        return ""
    macro = engines["jinja2"].env.get_template("components/states.html").module.actor
    shown = dict(Mandate.Role.choices).get(role or "")
    address = reverse("organisations:detail", args=[body.code])
    return macro(None, body=body.label, role=shown, body_href=address, official=body.is_unit)  # type: ignore[no-any-return]


def _day(text: str) -> str:
    return show_date(date.fromisoformat(text))


def _name(data: Data, known: Known) -> str:
    return f"«{data['name']}»"


def _accredited(data: Data, known: Known) -> str:
    if not data["authority"]:
        return _("Until %(day)s; registered with the participation office alone, under number %(number)s") % {
            "day": _day(data["expires"]),
            "number": to_reader(data["registration_number"]),
        }
    return _("Until %(day)s; registration number %(number)s, %(authority)s") % {
        "day": _day(data["expires"]),
        "number": to_reader(data["registration_number"]),
        "authority": data["authority"],
    }


def _renamed(data: Data, known: Known) -> str:
    return _("From «%(old)s» to «%(new)s»") % {"old": data["old_name"], "new": data["name"]}


def _moved(data: Data, known: Known) -> str:
    parent = data["parent"]
    return _("Now part of «%(parent)s»") % {"parent": known.body(parent)} if parent else ""


def _ended(data: Data, known: Known) -> str:
    heir = data.get("into") or data.get("successor")
    taken_over = _("«%(name)s» has taken over its work.") % {"name": known.body(heir)} if heir else ""
    return " ".join(part for part in (data["reason"], taken_over) if part)


def _offered(data: Data, known: Known) -> str:
    return _("%(capability)s: %(amount)s %(unit)s") % {
        "capability": known.capability(data["capability"]),
        "amount": number(data["amount"]),
        "unit": known.unit(data),
    }


def _withdrawn(data: Data, known: Known) -> str:
    return known.capability(data["capability"])


def _mandate(data: Data, known: Known) -> str:
    role = Mandate.Role(data["role"]).label
    return _("%(role)s, until %(day)s") % {"role": role, "day": _day(data["until"])} if "until" in data else str(role)


# What stands beneath the sentence, where the entry says more than a reason.
DETAILS: dict[str, Callable[[Data, Known], str]] = {
    "organisations.place_added": _name,
    "organisations.founded": _name,
    "organisations.applied": _name,
    "organisations.accredited": _accredited,
    "organisations.renamed": _renamed,
    "organisations.moved": _moved,
    "organisations.merged": _ended,
    "organisations.closed": _ended,
    "organisations.capability_added": _name,
    "organisations.capability_offered": _offered,
    "organisations.capability_withdrawn": _withdrawn,
    "organisations.mandate_granted": _mandate,
    "organisations.mandate_ended": _mandate,
}
