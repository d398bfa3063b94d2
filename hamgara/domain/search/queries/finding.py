"""Finding: words, place, field, state and time over every kind of thing at once, the best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import OperationalError, connection, transaction
from django.db.models import Count, ExpressionWrapper, F, FloatField, QuerySet, Value, Window
from django.db.models.functions import Cast, Extract, Left, Ln, Now
from psycopg.errors import QueryCanceled

from hamgara import clock
from hamgara.algorithms.persian.stems import Wish, sought
from hamgara.domain.commitments import queries as commitments
from hamgara.domain.demands import queries as demands
from hamgara.domain.demands.models import Field
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import Place
from hamgara.domain.search.models import Document
from hamgara.domain.search.queries.shadows import PUBLISHED, marks

Kind = Document.Kind

MOST_WORDS = 12
# The newest so many of a kind are put in order; a search that finds more is to be narrowed, not paged through.
LOOKED_AT = 300
A_FEW = 50
# How much a word counts in the text, in names of place and field, in names of bodies and in the title.
WEIGHTS = [0.1, 0.25, 0.4, 1.0]
HALF_AS_NEWS = 2 * 365  # days after which a thing counts half of what it did
PER_SUPPORT = 0.15
LOOKED_INTO = 3000  # characters of a text, to show where the words stand
PATIENCE = 2000  # milliseconds


class Sought(SearchQuery):
    """A tsquery in PostgreSQL's own writing. Stems are letters and digits alone, so nothing in it needs escaping."""

    def as_sql(self, *_how: Any, **_named: Any) -> Any:
        [said] = self.get_source_expressions()
        return "%s::tsquery", [said.value]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for. Empty values ask for nothing."""

    words: str = ""
    kind: str = ""
    place: Place | None = None
    field: Field | None = None
    standing: str = ""
    days: int = 0

    @cached_property
    def wishes(self) -> list[Wish]:
        return sought(self.words)[:MOST_WORDS]


@dataclass(frozen=True)
class Found:
    """How many rows of each kind fit, and some of them, the best first. More than `LOOKED_AT` are not counted."""

    totals: dict[str, int]
    rows: dict[str, list[Any]]

    @property
    def total(self) -> int:
        return sum(self.totals.values())


class TooSlow(Exception):
    """The database was stopped: this search would hold up everybody else."""


def written(wishes: Sequence[Wish], marked: Sequence[str] = ()) -> str:
    """As a tsquery: every word, each in any of its readings, and every mark."""
    asked = [
        "(" + " | ".join("(" + " & ".join(f"'{stem}'" for stem in reading) + ")" for reading in wish) + ")"
        for wish in wishes
    ]
    return " & ".join((*asked, *(f"'{mark}'" for mark in marked)))


def _matching(kind: str, asked: Asked) -> QuerySet[Document]:
    """The newest documents of a kind that fit words and filters: the planner chooses words or time to begin with."""
    marked = marks(kind, place=asked.place, field=asked.field, standing=asked.standing)
    found = Document.objects.filter(kind=kind, stems=Sought(written(asked.wishes, marked)))
    if asked.days:
        found = found.filter(at__gte=clock.now() - timedelta(days=asked.days))
    return found.order_by("-at")


def _ranked(kind: str, asked: Asked) -> Any:
    """Kind, key, worth and how many there are: of what its own app publishes now, whatever its document says."""
    newest = _matching(kind, asked)[: LOOKED_AT + 1]
    rank = SearchRank(F("document__stems"), Sought(written(asked.wishes)), weights=WEIGHTS)
    worth = ExpressionWrapper(rank * WORTH[kind](), output_field=FloatField())
    rows = PUBLISHED[kind]().filter(pk__in=newest.values(kind))
    told = rows.annotate(kind_of=Value(kind), worth=worth, total=Window(Count("pk"))).order_by("-worth", "-pk")
    return told.values_list("kind_of", "pk", "worth", "total")


def find(asked: Asked, *, first: int = 0, count: int = 5) -> Found:
    """Some of what fits, the best first: of every kind, or from `first` on of the kind asked for.

    One question for the numbers and the best of every kind, and one more for each kind that has any. Raises `TooSlow`.
    """
    totals: dict[str, int] = {}
    keys: dict[str, list[int]] = {}
    for kind, key, _worth, total in sorted(_best(asked, first, count), key=lambda each: -each[2]):
        totals[kind] = total
        keys.setdefault(kind, []).append(key)
    return Found(totals, {kind: _rows(kind, keys[kind]) for kind in keys if asked.kind in {"", kind}})


def findable(searches: Sequence[Asked]) -> list[int]:
    """Which of these searches find something that is published now, by their place: one question for all."""
    every = [
        PUBLISHED[kind]()
        .order_by()
        .filter(pk__in=_matching(kind, asked)[:A_FEW].values(kind))
        .annotate(at_place=Value(at))
        .values_list("at_place")[:1]
        for at, asked in enumerate(searches)
        if asked.wishes
        for kind in ([asked.kind] if asked.kind else Kind.values)
    ]
    if not every:
        return []
    with bounded():
        return sorted({at for (at,) in (every[0].union(*every[1:], all=True) if every[1:] else every[0])})


def _best(asked: Asked, first: int, count: int) -> list[Any]:
    """The best of every kind; of those not asked for one, which brings the number of all."""
    if not asked.wishes:
        return []
    wanted = slice(first, first + count)
    every = [_ranked(kind, asked)[wanted if asked.kind in {"", kind} else slice(1)] for kind in Kind.values]
    with bounded():
        return list(every[0].union(*every[1:], all=True))


def _rows(kind: str, keys: list[int]) -> list[Any]:
    """These rows, as far as they are still published, in this order."""
    found = {row.pk: row for row in SHOWN[kind](PUBLISHED[kind]().filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


@contextmanager
def bounded() -> Iterator[None]:
    """Questions that may take so long and no longer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE}")
            yield
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from None
        raise


def _news(at: str) -> Any:
    # In floating point: with what SQL calls numeric, this took longer than finding the rows.
    age = Cast(Extract(Now() - F(at), "epoch"), FloatField()) / Cast(86400.0, FloatField())
    half = Cast(float(HALF_AS_NEWS), FloatField())
    return ExpressionWrapper(half / (half + age), output_field=FloatField())


def _of_demand() -> Any:
    return (1.0 + PER_SUPPORT * Ln(Cast(1 + F("support_count"), FloatField()))) * _news("submitted_at")


# What a row's worth is multiplied by, beside how well it fits.
WORTH: dict[str, Callable[[], Any]] = {
    Kind.DEMAND: _of_demand,
    Kind.ORGANISATION: lambda: Value(1.0),
    Kind.COMMITMENT: lambda: _news("created_at"),
    Kind.ANSWER: lambda: _news("at"),
}

OF_AN_ANSWER = (
    *("kind", "unit_id", "text", "at"),
    *(f"demand__{name}" for name in ("code", "title", "state", "place_id")),
)
# The rows with what a list shows of them.
SHOWN: dict[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    # A merged one leads to the demand that stands for it now.
    Kind.DEMAND: lambda rows: demands.listed(rows).annotate(
        said=Left("text", LOOKED_INTO), leads_to=F("merged_into__code")
    ),
    Kind.ORGANISATION: lambda rows: rows.select_related("seat"),
    Kind.COMMITMENT: lambda rows: commitments.listed(rows, "what"),
    Kind.ANSWER: lambda rows: organisations.naming(
        rows.select_related("demand").only(*OF_AN_ANSWER),
        demand__place=organisations.places,
        unit=organisations.bodies,
    ),
}
