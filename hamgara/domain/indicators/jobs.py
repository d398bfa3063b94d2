"""Counting: a follower of the ledger that keeps the sums of the scorecards as things are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from hamgara.domain.commitments import events as commitments
from hamgara.domain.indicators.models import Cell, CountedDemand, CountedPromise, Duration
from hamgara.domain.indicators.queries import counting
from hamgara.domain.indicators.queries.counting import Cells, Durations
from hamgara.domain.ledger import jobs as ledger
from hamgara.domain.ledger.models import Bookmark, Entry

FOLLOWER = "indicators.count"
AT_ONCE = 2000
ALL_AT_ONCE = 40_000  # when everything is counted again: the more at once, the fewer rows are written twice

ASKING = {event.KIND for event in counting.ASKING}
OF_DEMANDS = {event.KIND: change for event, change in counting.OF_DEMANDS.items()}
OF_PROMISES = {event.KIND: change for event, change in counting.OF_PROMISES.items()}
READ = (*counting.ASKING, *counting.OF_DEMANDS, commitments.Promised, *counting.OF_PROMISES)


class _Count:
    """Some acts, counted together: what they concern as it stood before, as it stands after, and the difference."""

    def __init__(self, entries: list[Entry]) -> None:
        told = [entry.data for entry in entries]
        self.demands = CountedDemand.objects.in_bulk({data["demand"] for data in told})
        self.promises = CountedPromise.objects.in_bulk({d["commitment"] for d in told if "commitment" in d})
        self.cells, self.durations = Cells(), Durations()
        self._add(-1)
        for entry in entries:
            self._take(entry)
        self._add(1)

    def _add(self, sign: int) -> None:
        for demand in self.demands.values():
            counting.add_demand(demand, sign, self.cells, self.durations)
        for promise in self.promises.values():
            counting.add_promise(promise, sign, self.cells, self.durations)

    def _take(self, entry: Entry) -> None:
        data, day = entry.data, counting.day_of(entry)
        if entry.kind in ASKING:
            self.demands[data["demand"]] = counting.asked(entry)
        elif entry.kind in OF_DEMANDS:
            OF_DEMANDS[entry.kind](self.demands[data["demand"]], data, day)
        elif entry.kind in OF_PROMISES:
            OF_PROMISES[entry.kind](self.promises[data["commitment"]], data, day)
        else:
            self.promises[data["commitment"]] = counting.promised(entry, self.demands[data["demand"]])


@ledger.reader_in_bulk(FOLLOWER, *READ, at_once=AT_ONCE)
def count(entries: list[Entry]) -> None:
    """Move each demand and promise from where it was counted to where it stands after these acts.

    A demand begins anew with the act by which it was asked, so that a ledger that is read a second time from its
    beginning leaves the same sums.
    """
    counted = _Count(entries)
    _keep(CountedDemand, counted.demands.values())
    _keep(CountedPromise, counted.promises.values())
    _sum_cells(counted.cells)
    _sum_durations(counted.durations)


def recount(*, at_once: int = ALL_AT_ONCE) -> int:
    """Forget all sums and count the whole ledger again; how many demands are counted then."""
    with transaction.atomic():
        Bookmark.objects.get_or_create(follower=FOLLOWER)
        Bookmark.objects.select_for_update().filter(follower=FOLLOWER).update(position=-1)
        for model in (CountedDemand, CountedPromise, Cell, Duration):
            model.objects.all().delete()
    ledger.read_on(FOLLOWER, at_once=at_once)
    return CountedDemand.objects.count()


def _keep(model: type[CountedDemand] | type[CountedPromise], rows: Iterable[Any]) -> None:
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _sum_cells(differences: Cells) -> None:
    """Add the differences to the cells; a cell in which nothing stands any more is gone."""
    rows: dict[tuple[str, str, int], dict[str, int]] = {}
    for (scope, key, month, column), n in differences.items():
        if n:
            rows.setdefault((scope, key, month), {})[column] = n
    added = [[row.get(column, 0) for row in rows.values()] for column in Cell.MEASURES]
    _sum("indicators_cell", CELL_KEY, list(rows), Cell.MEASURES, added)


def _sum_durations(differences: Durations) -> None:
    """Add the differences to the durations; one that nobody took is gone."""
    rows = {key: n for key, n in differences.items() if n}
    _sum("indicators_duration", DURATION_KEY, list(rows), ("count",), [list(rows.values())])


CELL_KEY = {"scope": "text", "key": "text", "month": "int"}
DURATION_KEY = {"scope": "text", "key": "text", "year": "int", "wait": "text", "days": "int"}


def _sum(
    table: str, key: Mapping[str, str], rows: list[tuple[Any, ...]], sums: Sequence[str], added: list[list[int]]
) -> None:
    """Add to the sums of many rows at once. The rows are made first: a sum that shrinks could not come as an insert,
    which the columns' own check would refuse."""
    if not rows:
        return
    keys = [list(part) for part in zip(*rows, strict=True)]
    there, same = ", ".join(key), " AND ".join(f"t.{each} = d.{each}" for each in key)
    given = f"unnest({', '.join(f'%s::{kind}[]' for kind in key.values())})"
    with_sums = f"unnest({', '.join(f'%s::{kind}[]' for kind in [*key.values(), *('int' for _ in sums)])})"
    more, nothing = ", ".join(f"{each} = t.{each} + d.{each}" for each in sums), " + ".join(f"t.{e}" for e in sums)
    # Only names of our own tables and columns are put in; what is counted goes as parameters.
    insert = f"INSERT INTO {table} ({there}, {', '.join(sums)}) SELECT {there}, {', '.join('0' for _ in sums)}"
    update = f"UPDATE {table} AS t SET {more} FROM {with_sums} AS d ({there}, {', '.join(sums)}) WHERE {same}"  # noqa: S608
    delete = f"DELETE FROM {table} AS t USING {given} AS d ({there}) WHERE {same} AND {nothing} = 0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{insert} FROM {given} AS d ({there}) ON CONFLICT DO NOTHING", keys)
        cursor.execute(update, [*keys, *added])
        cursor.execute(delete, keys)
