"""Rows as the house understands them: cells checked, names of fields, places and units found."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.algorithms.distance import kilometres
from hamgara.algorithms.persian.text import clean, key
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Demand, Field
from hamgara.domain.imports.models import Import
from hamgara.domain.imports.queries import cells
from hamgara.domain.imports.queries.cells import BadCell
from hamgara.domain.imports.queries.columns import TARGETS, problems_with
from hamgara.domain.imports.queries.limits import limits
from hamgara.domain.ledger import queries as ledger
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Named, Organisation, Place
from hamgara.domain.people.commands import NAME_LENGTH
from hamgara.integrations import sheets_in

__all__ = ["BadCell", "Reader", "Row", "reader"]

Claim = Demand.Claim


def _same(names: Sequence[str], value: Any) -> dict[str, Any]:
    return dict.fromkeys(map(key, names), value)


# What earlier records call a demand's state → (somebody deals with it, what they say became of it).
STATES: dict[str, tuple[bool, str]] = {
    **_same(("", "جدید", "ثبت شده", "دریافت شده", "باز", "new", "open", "received"), (False, Claim.NONE)),
    **_same(
        (
            *("در دست اقدام", "در حال اقدام", "در دست بررسی", "در حال بررسی", "در حال پیگیری", "ارجاع شده"),
            *("پذیرفته شده", "in progress", "admitted", "under way"),
        ),
        (True, Claim.NONE),
    ),
    **_same(("پاسخ داده شده", "پاسخ داده شد", "پاسخ‌یافته", "answered"), (True, Claim.ANSWERED)),
    **_same(
        (
            *("انجام شده", "انجام شد", "بسته", "بسته شده", "خاتمه یافته", "مختومه", "رفع شده", "پایان یافته"),
            *("done", "closed", "resolved", "fixed"),
        ),
        (True, Claim.DONE),
    ),
    **_same(("رد شده", "رد شد", "پذیرفته نشده", "refused", "rejected"), (True, Claim.REFUSED)),
    **_same(("نشدنی", "غیرقابل انجام", "غیر قابل انجام", "غیرقابل اجرا", "not doable"), (True, Claim.NOT_DOABLE)),
}
# What is told of an organisation on one line, and how long it may be.
SHORT = {"name": 160, "name_en": 160, "registration_number": 40, "authority": 120}
KINDS: dict[str, str] = {
    "": Demand.Kind.REQUEST,
    **_same(("درخواست", "request"), Demand.Kind.REQUEST),
    **_same(("شکایت", "انتقاد", "complaint"), Demand.Kind.COMPLAINT),
    **_same(("گزارش خرابی", "گزارش", "خرابی", "report"), Demand.Kind.REPORT),
    **_same(("پیشنهاد", "proposal", "suggestion"), Demand.Kind.PROPOSAL),
}
BODIES: dict[str, str] = {
    **_same(("سازمان مردم‌نهاد", "سمن", "ngo"), Organisation.Kind.NGO),
    **_same(("خیریه", "مؤسسهٔ خیریه", "charity"), Organisation.Kind.CHARITY),
    **_same(("نهاد مردمی", "people's institution"), Organisation.Kind.PEOPLES_INSTITUTION),
    **_same(("گروه مردمی", "community group"), Organisation.Kind.COMMUNITY_GROUP),
}


@dataclass(frozen=True)
class Row:
    """A row that can be taken over: its key, whom it is of, and what the floor below takes."""

    number: int
    once: UUID
    phone: str | None
    email: str | None
    name: str
    values: Mapping[str, Any]


class Reader:
    """Reads the rows of one import. It remembers what it has looked up, so make a new one for every stretch."""

    def __init__(self, run: Import, columns: Mapping[str, str]) -> None:
        self.kind, self.width = run.kind, len(run.titles)
        self.at = {name: run.titles.index(title) for name, title in columns.items() if title in run.titles}
        self.labels = {target.name: target.label for target in TARGETS[run.kind]}
        self.routes: dict[tuple[int, int], Organisation] = {}

    def row(self, number: int, row: Sequence[str]) -> Row:
        """What the row says. Raises `BadCell`."""
        if len(row) != self.width:
            raise BadCell(
                _(
                    "This row has %(cells)s cells, and the file has %(columns)s columns: what belongs where cannot be "
                    "known. Look for a separator or a quotation mark too many or too few."
                )
                % {"cells": cells.shown(len(row)), "columns": cells.shown(self.width)}
            )
        return getattr(self, f"_{self.kind}")(number, row)  # type: ignore[no-any-return]

    def _cell(self, row: Sequence[str], name: str) -> str:
        return row[self.at[name]].strip() if name in self.at else ""

    def _person(self, row: Sequence[str]) -> tuple[str | None, str | None, str]:
        name = " ".join(self._cell(row, "name").split())[:NAME_LENGTH]
        return (
            cells.phone(self.labels["phone"], self._cell(row, "phone")),
            cells.email(self.labels["email"], self._cell(row, "email")),
            name,
        )

    def _people(self, number: int, row: Sequence[str]) -> Row:
        phone, email, name = self._person(row)
        if not phone and not email:
            raise BadCell(_("This row has neither a mobile number nor an e-mail address."))
        return Row(number, person_once(phone, email), phone, email, name, {})

    def _organisations(self, number: int, row: Sequence[str]) -> Row:
        told = {name: " ".join(clean(self._cell(row, name)).split()) for name in SHORT}
        for name, most in SHORT.items():
            if len(told[name]) > most:
                raise BadCell(
                    _("%(column)s: this has %(length)s characters; at most %(most)s are taken.")
                    % {"column": self.labels[name], "length": cells.shown(len(told[name])), "most": cells.shown(most)}
                )
        if not key(told["name"]):
            raise BadCell(_("%(column)s: this cell is empty.") % {"column": self.labels["name"]})
        number_told = key(told["registration_number"])
        same = (number_told, key(told["authority"])) if number_told else (key(told["name"]),)
        once, place = cells.once("organisations", *same), self._cell(row, "place")
        if self.names.setdefault(key(told["name"]), once) != once and not ledger.done_before([once]):
            raise BadCell(
                _("%(column)s: an organisation called «%(name)s» is in the register already.")
                % {"column": self.labels["name"], "name": told["name"]}
            )
        values = told | {
            "kind": self._one_of("kind", row, BODIES),
            "about": clean(self._cell(row, "about")),
            "seat": self._place(place) if place else self._around(self._point(row)),
            "until": cells.day(self.labels["until"], self._cell(row, "until")),
        }
        return Row(number, once, None, None, "", values)

    @cached_property
    def names(self) -> dict[str, UUID | None]:
        """The names that live bodies have, and those of the rows read so far with the key of their row."""
        live = Organisation.objects.exclude(state__in=organisations.GONE)
        return dict.fromkeys(live.values_list("name_key", flat=True))

    def _demands(self, number: int, row: Sequence[str]) -> Row:
        labels = self.labels
        title = cells.words(labels["title"], self._cell(row, "title"), "demands.title_length")
        least = charter.number("demands.title_at_least")
        if len(title) < least:
            raise BadCell(
                _("%(column)s: this says too little; at least %(least)s characters are needed.")
                % {"column": labels["title"], "least": cells.shown(least)}
            )
        text = cells.words(labels["text"], self._cell(row, "text"), "demands.text_length", lines=True)
        answer = cells.words(labels["answer"], self._cell(row, "answer"), "demands.answer_length", lines=True)
        address = cells.words(labels["address"], self._cell(row, "address"), "demands.address_length")
        field, place = self._field(self._cell(row, "field")), self._place(self._cell(row, "place"))
        if not self._cell(row, "asked"):
            raise BadCell(_("%(column)s: this cell is empty.") % {"column": labels["asked"]})
        asked = cells.moment(labels["asked"], self._cell(row, "asked"))
        ended: datetime | None = None
        admitted, claim = self._one_of("status", row, STATES)
        if claim and self._cell(row, "ended"):
            ended = cells.moment(labels["ended"], self._cell(row, "ended"))
            if ended.date() < asked.date():
                raise BadCell(_("%(column)s: it ended before it was asked.") % {"column": labels["ended"]})
            ended = max(asked, ended)
        phone, email, name = self._person(row)
        told = self._cell(row, "number")
        same = (told, asked.date()) if told else (key(title), key(text), asked, place.code, phone, email, address)
        values = {
            "title": title,
            "text": text,
            "answer": answer,
            "address": address,
            "point": self._point(row),
            "field": field,
            "place": place,
            "unit": self._unit(self._cell(row, "unit"), field, place),
            "asked": asked,
            "ended": ended,
            "admitted": admitted,
            "claim": claim,
            "kind": self._one_of("kind", row, KINDS),
            "number": told[:80],
        }
        return Row(number, cells.once("demands", *same), phone, email, name, values)

    def _one_of(self, name: str, row: Sequence[str], known: Mapping[str, Any]) -> Any:
        typed = self._cell(row, name)
        found = known.get(key(typed))
        if found is None:
            # One word for each meaning: all that are understood would fill the page.
            there = "»، «".join({known[word]: word for word in reversed(known) if word}.values())
            raise BadCell(
                _("%(column)s: «%(typed)s» is not known. These are: «%(there)s».")
                % {"column": self.labels[name], "typed": typed[:40], "there": there}
            )
        return found

    # --- names of things ---------------------------------------------------------------------------------------------

    @cached_property
    def _fields(self) -> dict[str, list[Field]]:
        return _by_names(Field.objects.all())

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        return _by_names(Place.objects.all())

    @cached_property
    def _units(self) -> dict[str, list[Organisation]]:
        return _by_names(Organisation.objects.filter(kind=Organisation.Kind.MUNICIPAL_UNIT))

    def _named(self, name: str, typed: str, there: Mapping[str, list[Any]]) -> Any:
        found = there.get(typed.lower()) or there.get(key(typed)) or []
        if not found:
            raise BadCell(
                _("%(column)s: «%(typed)s» is not in this system. Write a name or code that is.")
                % {"column": self.labels[name], "typed": typed[:60]}
            )
        if len(found) > 1:
            raise BadCell(
                _("%(column)s: several are called «%(typed)s». Write the code instead: %(codes)s.")
                % {"column": self.labels[name], "typed": typed, "codes": "، ".join(each.code for each in found)}
            )
        return found[0]

    def _field(self, typed: str) -> Field:
        field: Field = self._named("field", typed, self._fields)
        if not field.takes_demands:
            raise BadCell(
                _("%(column)s: «%(typed)s» is not the municipality's task.")
                % {"column": self.labels["field"], "typed": typed}
            )
        return field

    @cached_property
    def _city(self) -> Place:
        city = organisations.city()
        if city is None:
            raise BadCell(_("The city has not been set up yet."))
        return city

    def _place(self, typed: str) -> Place:
        return self._named("place", typed, self._places) if typed else self._city  # type: ignore[no-any-return]

    def _point(self, row: Sequence[str]) -> tuple[float, float] | None:
        labels = (self.labels["latitude"], self.labels["longitude"])
        point = cells.point(labels, (self._cell(row, "latitude"), self._cell(row, "longitude")))
        if point is None or demands.within_reach(point, self._city):
            return point
        where = {"column": f"{labels[0]}، {labels[1]}"}
        if demands.within_reach(point[::-1], self._city):
            raise BadCell(_("%(column)s: outside the city; the two seem to be interchanged.") % where)
        raise BadCell(_("%(column)s: this point is outside the city.") % where)

    def _around(self, point: tuple[float, float] | None) -> Place | None:
        """The neighbourhood nearest to the point: bodies have a seat in a place, and no point of their own."""
        if point is None or not self._neighbourhoods:
            return None
        return min(self._neighbourhoods, key=lambda place: kilometres(*point, place.latitude, place.longitude))

    @cached_property
    def _neighbourhoods(self) -> list[Place]:
        there = Place.objects.filter(level=Place.Level.NEIGHBOURHOOD).exclude(latitude=None)
        return list(there.exclude(longitude=None).order_by("pk"))

    def _unit(self, typed: str, field: Field, place: Place) -> Organisation:
        if not typed:
            if (field.pk, place.pk) not in self.routes:
                self.routes[field.pk, place.pk] = demands.unit_for(field, place)
            return self.routes[field.pk, place.pk]
        unit: Organisation = self._named("unit", typed, self._units)
        if unit.is_live:
            return unit
        heir = organisations.standing_for(unit)
        if heir.is_live:
            raise BadCell(
                _("%(column)s: «%(unit)s» is closed; «%(heir)s» does its work now. Write that one.")
                % {"column": self.labels["unit"], "unit": unit.name, "heir": heir.name}
            )
        raise BadCell(
            _("%(column)s: «%(unit)s» is closed. Write the unit that does its work now, or leave the cell empty.")
            % {"column": self.labels["unit"], "unit": unit.name}
        )


def person_once(phone: str | None, email: str | None) -> UUID:
    """The key of somebody who is taken over: the number tells who it is, or else the address."""
    return cells.once("people", phone or email)


@dataclass(frozen=True)
class Previewed:
    """A row as it stands in the file, and why it would come back."""

    number: int
    cells: list[str]
    reason: str


@dataclass(frozen=True)
class Preview:
    """The first rows of a file by a choice of columns."""

    heads: list[Any]
    rows: list[Previewed]


def preview(run: Import, columns: Mapping[str, str], most: int = 5) -> Preview | None:
    """What would become of the first rows; None where nothing can be read by these columns."""
    if problems_with(run, columns):
        return None
    by = Reader(run, columns)
    names = [target.name for target in TARGETS[run.kind] if target.name in by.at]
    rows = []
    try:
        for number, row in itertools.islice(sheets_in.open_sheet(run.upload, limits()).rows(), most):
            try:
                by.row(number, row)
                reason = ""
            except BadCell as bad:
                reason = bad.reason
            shown = dict(enumerate(row))
            rows.append(Previewed(number, [shown.get(by.at[name], "") for name in names], reason))
    except (sheets_in.SheetRefused, OSError):
        return None
    return Preview([by.labels[name] for name in names], rows)


def nameless_once(run: Import) -> UUID:
    """The key of the one person who stands for all of an import that left no number and no address."""
    return cells.once("nameless", run.key)


def reader(run: Import, columns: Mapping[str, str] | None = None) -> Reader:
    """A reader of the import's rows, by the columns that were chosen or by those given."""
    return Reader(run, run.columns if columns is None else columns)


def _by_names(things: Any) -> dict[str, list[Any]]:
    """Each under its code and its names; of several of one name, those that are live come alone."""
    found: dict[str, list[Any]] = {}
    thing: Named
    for thing in things:
        for name in {thing.code.lower(), thing.name_key, key(thing.name_en)} - {""}:  # type: ignore[attr-defined]
            found.setdefault(name, []).append(thing)
    for name, several in found.items():
        live = [each for each in several if getattr(each, "is_live", True)]
        found[name] = live or several[:1]
    return found
