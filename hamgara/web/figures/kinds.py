"""The four sorts of scorecards beside the city's own: of units, places, fields and organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hamgara.domain.demands.models import Field
from hamgara.domain.indicators import queries
from hamgara.domain.indicators.models import Scope
from hamgara.domain.indicators.queries import Above, Score
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Organisation, Place


@dataclass(frozen=True)
class Thing:
    """One unit, place, field or organisation, where it stands in its tree, and its own page."""

    code: str
    label: str
    depth: int
    path: str
    place: Place | None = None
    address: str = ""  # the name of its own page's address, if it has one

    @property
    def page(self) -> str | None:
        return reverse(self.address, args=[self.code]) if self.address else None

    def is_part_of(self, other: Thing) -> bool:
        """It stands right below the other one."""
        return self.path != other.path and self.path.rstrip("/").rpartition("/")[0] + "/" == other.path


@dataclass(frozen=True)
class Kind:
    """A sort of scorecards: which there are, how they are counted, and how lists are asked for theirs."""

    name: str
    title: str | Promise
    lead: str | Promise
    symbol: str
    scope: Scope
    things: Callable[[Iterable[str]], list[Thing]]  # the codes are those that are wanted at least
    tree: Callable[[], Above]
    filter: str | None  # of the list of demands
    promises_filter: str | None  # of the list of commitments

    def scores(self, above: Above, year: int | None) -> dict[str, Score]:
        bodies = self.scope in (Scope.UNIT, Scope.CARRIER)
        return (queries.scores_of_bodies if bodies else queries.scores)(self.scope, above, year)

    def filters(self, thing: Thing) -> Mapping[str, str] | None:
        return None if self.filter is None else {self.filter: thing.code}

    def promises(self, thing: Thing) -> Mapping[str, str] | None:
        return None if self.promises_filter is None else {self.promises_filter: thing.code}


@dataclass(frozen=True)
class Listed:
    """A row of a list of scorecards."""

    thing: Thing
    score: Score

    @cached_property
    def code(self) -> str:
        return self.thing.code

    @cached_property
    def label(self) -> str:
        return self.thing.label


def _depth(path: str, top: int) -> int:
    return max(0, path.count("/") - top)


def _body(each: Organisation) -> Thing:
    return Thing(each.code, each.label, _depth(each.path, 2), each.path, address="organisations:detail")


def _units(codes: Iterable[str]) -> list[Thing]:
    return [_body(each) for each in organisations.units()]


def _organisations(codes: Iterable[str]) -> list[Thing]:
    unit = Organisation.Kind.MUNICIPAL_UNIT
    gone = organisations.GONE
    found = (
        Organisation.objects.filter(code__in=codes)
        .exclude(kind=unit)
        .exclude(state__in=gone)
        .order_by("name_sort", "pk")
    )
    return [_body(each) for each in found.only("code", "name", "name_en", "path")]


def _places(codes: Iterable[str]) -> list[Thing]:
    return [
        Thing(each.code, each.label, _depth(each.path, 2), each.path, each, "places:detail")
        for each in organisations.place_tree()
    ]


def _fields(codes: Iterable[str]) -> list[Thing]:
    listed = list(Field.objects.all())
    below: dict[int | None, list[Field]] = {}
    for each in listed:
        below.setdefault(each.parent_id, []).append(each)

    def walk(parent: int | None) -> list[Field]:
        return [one for each in below.get(parent, []) for one in (each, *walk(each.pk))]

    return [Thing(each.code, each.label, _depth(each.path, 2), each.path) for each in walk(None)]


KINDS = {
    each.name: each
    for each in (
        Kind(
            "units",
            _("Scorecards of the units"),
            _("Each unit of the municipality, with all units below it: what was asked of it and what became of that."),
            "network",
            Scope.UNIT,
            _units,
            lambda: queries.bodies(units=True),
            "unit",
            "organisation",
        ),
        Kind(
            "places",
            _("Scorecards of the places"),
            _("Each district and neighbourhood: what its people asked and what became of that."),
            "map-pin",
            Scope.PLACE,
            _places,
            queries.places,
            "place",
            "place",
        ),
        Kind(
            "fields",
            _("Scorecards of the fields"),
            _("Each field of the city's life: what was asked in it and what became of that."),
            "tag",
            Scope.FIELD,
            _fields,
            queries.fields,
            "field",
            "field",
        ),
        Kind(
            "organisations",
            _("Scorecards of the organisations"),
            _("What each organisation asked on people's behalf, what it promised, and what reviewers found of that."),
            "building-2",
            Scope.CARRIER,
            _organisations,
            lambda: queries.bodies(units=False, only=queries.counted(Scope.CARRIER, Scope.PROMISER)),
            None,
            "organisation",
        ),
    )
}
