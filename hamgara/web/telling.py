"""Entries of the ledger as items of a timeline, in the reader's language. Persons are never named here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.template import engines
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from hamgara.channels import words
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations.models import Capability, Mandate, Organisation
from hamgara.web import addresses
from hamgara.web.reading import number, show_date, to_reader

Names = Mapping[str, str]  # code → name, of organisations and capabilities


def told(entries: Iterable[Entry], *, linked: bool = False) -> list[dict[str, Any]]:
    """The entries as items of the component `timeline`, in the order given; `linked` leads to what each is about."""
    entries = list(entries)
    bodies = {body.code: body for body in Organisation.objects.filter(code__in=_codes(entries))}
    names = {code: body.label for code, body in bodies.items()} | _capabilities(entries)
    return [_item(entry, bodies, names, linked) for entry in entries]


def _codes(entries: list[Entry]) -> set[str]:
    """The organisations that acted in these entries, or that the entries point to."""
    acted = {entry.body["by"]["body"] for entry in entries}
    pointed = {entry.data.get(field) for entry in entries for field in ("parent", "into", "successor")}
    return {code for code in acted | pointed if isinstance(code, str)}


def _capabilities(entries: list[Entry]) -> dict[str, str]:
    codes = {entry.data["capability"] for entry in entries if "capability" in entry.data}
    return {each.code: each.label for each in Capability.objects.filter(code__in=codes)} if codes else {}


def _item(entry: Entry, bodies: Mapping[str, Organisation], names: Names, linked: bool) -> dict[str, Any]:
    saying = words.saying(entry)
    detail = DETAILS.get(entry.kind)
    return {
        "title": words.sentence(entry),
        "at": entry.at,
        "symbol": saying.symbol,
        "tone": saying.tone,
        "text": detail(entry.data, names) if detail else saying.quoted(entry.data),
        "href": addresses.of_entry(entry) if linked else None,
        "actor": _actor(bodies.get(entry.body["by"]["body"] or ""), entry.body["by"]["role"]),
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


def _name(data: Mapping[str, Any], names: Names) -> str:
    return f"«{data['name']}»"


def _accredited(data: Mapping[str, Any], names: Names) -> str:
    return _("Until %(day)s; registration number %(number)s, %(authority)s") % {
        "day": _day(data["expires"]),
        "number": to_reader(data["registration_number"]),
        "authority": data["authority"],
    }


def _renamed(data: Mapping[str, Any], names: Names) -> str:
    return _("From «%(old)s» to «%(new)s»") % {"old": data["old_name"], "new": data["name"]}


def _moved(data: Mapping[str, Any], names: Names) -> str:
    parent = data["parent"]
    return _("Now part of «%(parent)s»") % {"parent": names.get(parent, parent)} if parent else ""


def _ended(data: Mapping[str, Any], names: Names) -> str:
    heir = data.get("into") or data.get("successor")
    taken_over = _("«%(name)s» has taken over its work.") % {"name": names.get(heir, heir)} if heir else ""
    return " ".join(part for part in (data["reason"], taken_over) if part)


def _offered(data: Mapping[str, Any], names: Names) -> str:
    capability = names.get(data["capability"], data["capability"])
    return _("%(capability)s: %(amount)s %(unit)s") % {
        "capability": capability,
        "amount": number(data["amount"]),
        "unit": data["unit"],
    }


def _withdrawn(data: Mapping[str, Any], names: Names) -> str:
    return names.get(data["capability"], data["capability"])


def _mandate(data: Mapping[str, Any], names: Names) -> str:
    role = Mandate.Role(data["role"]).label
    return _("%(role)s, until %(day)s") % {"role": role, "day": _day(data["until"])} if "until" in data else str(role)


# What stands beneath the sentence, where the entry says more than a reason.
DETAILS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
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
