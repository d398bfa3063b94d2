"""All that the house holds about one person: found by charter/retention.yaml alone, so that no table is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, F, Field, FileField, ForeignKey, IntegerField, Model, Q, QuerySet, Subquery, Value

from hamgara import retention
from hamgara.domain.people.models import Person
from hamgara.domain.people.queries.persons import addresses

# By what a row is named to those who do not know its number, the best first.
NAMES = ("code", "key")


@dataclass(frozen=True)
class Held:
    """The rows of one table that are somebody's, and why they are kept."""

    table: str
    holdings: tuple[retention.Holding, ...]
    theirs: QuerySet[Any]
    columns: tuple[str, ...]
    named: Mapping[str, F]  # rows that these point to, by their names

    @property
    def rows(self) -> list[dict[str, Any]]:
        """With what else stands in a row, but for what is personal to somebody else and what is withheld."""
        return list(self.theirs.order_by("pk").values(*self.columns, **self.named))

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns whose value is a file's name in the store."""
        files = {each.name for each in self.theirs.model._meta.concrete_fields if isinstance(each, FileField)}
        return tuple(each for each in self.columns if each in files)


def held(person: Person) -> list[Held]:
    """Every table in which something can stand about `person`."""
    by_column = {column: each for each in retention.holdings() for column in each.columns}
    found = []
    for table, ways in _tables(by_column):
        model = apps.get_model(table)
        for way, whose_row in _ways(ways, person):
            own, others, holdings = _columns(model, table, way, by_column)
            if holdings:
                found.append(Held(table, holdings, model._default_manager.filter(whose_row), tuple(own), others))
    return found


def held_counts(person: Person) -> list[tuple[Held, int]]:
    """The tables in which something stands about `person`, and how much; one question for all."""
    tables = held(person)
    counts = (
        Person.objects.filter(pk=person.pk)
        .values_list(*(Subquery(_counted(each.theirs), output_field=IntegerField()) for each in tables))
        .get()
    )
    return [(each, count) for each, count in zip(tables, counts, strict=True) if count]


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values(all_of=Value(1)).annotate(count=Count("pk", distinct=True)).values("count")


def _tables(by_column: dict[str, retention.Holding]) -> Iterator[tuple[str, retention.Whose]]:
    """Each table with the ways in which a row of it can be somebody's: those named, and its own keys to a person."""
    for table in dict.fromkeys(column.rpartition(".")[0] for column in by_column):
        named = retention.whose().get(table, retention.Whose())
        keys = [each.name for each in apps.get_model(table)._meta.concrete_fields if each.related_model is Person]
        ways = dict.fromkeys((*named.person, *keys))
        if table not in retention.withheld():
            yield table, retention.Whose(tuple(ways), named.key, named.address)


def _ways(ways: retention.Whose, person: Person) -> Iterator[tuple[str, Q]]:
    for way in ways.person:
        yield way, Q(**{way: person.pk})
    if ways.key:
        yield ways.key, Q(**{ways.key: str(person.key)})
    if ways.address:
        yield ways.address, Q(**{f"{ways.address}__in": addresses(person)})


def _columns(
    model: type[Model], table: str, way: str, by_column: dict[str, retention.Holding]
) -> tuple[list[str], dict[str, F], tuple[retention.Holding, ...]]:
    """What of a row goes to whoever it belongs to in this `way`: its own columns, the names of the rows it points to,
    and for which purposes that is kept."""
    owner = retention.whose().get(table, retention.Whose())
    owns = way in (*owner.person, owner.key, owner.address)
    own: list[str] = []
    others: dict[str, F] = {}
    holdings: dict[str, retention.Holding] = {}
    for field in model._meta.concrete_fields:
        purpose = by_column.get(f"{table}.{field.name}")
        if f"{table}.{field.name}" in retention.withheld() or not (purpose is None or owns or way == field.name):
            continue
        if field.related_model is Person and way != field.name:
            continue  # somebody else
        if purpose is not None:
            holdings[purpose.columns[0]] = purpose
        if not isinstance(field, ForeignKey):
            own.append(field.name)
        elif field.related_model is not Person and (name := _name_of(field)):
            others[f"{field.name}_{name}"] = F(f"{field.name}__{name}")
    return own, others, tuple(holdings.values())


def _name_of(field: Field[Any, Any]) -> str | None:
    others = {each.name for each in field.related_model._meta.concrete_fields}  # type: ignore[union-attr]
    return next((each for each in NAMES if each in others), None)
