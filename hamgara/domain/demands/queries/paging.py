"""One page of a long list: which rows stand on it is told by an index, and only those rows are read."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet, Window

PER_PAGE = 20
NEAR_THE_FRONT = 500  # rows
FARTHEST = 1_000_000  # page that is looked for

Row = TypeVar("Row", bound=Model)


def page(
    found: QuerySet[Row],
    number: object,
    per_page: int = PER_PAGE,
    *,
    count: int | None = None,
    narrowed: bool = False,
) -> Page[Row]:
    """One page of a list; a number that is none, or too large, is the first or the last page.

    To reach the four-thousandth page, the database must pass over all that stands before it: keys of an index, and not
    rows with all that a list shows of them. Near the front, where most readers are, there is little to pass over.

    Where words have `narrowed` the list, what fits is found once, to be counted and put in order, and not twice.
    """
    pages = Paginator(found, per_page)
    if narrowed and (few := _counted_at_once(found, pages, number)) is not None:
        return few
    if count is not None:  # known already
        pages.count = count
    wanted = pages.get_page(number)
    if wanted.end_index() <= NEAR_THE_FRONT:
        return wanted
    keys = found.values("pk")[wanted.start_index() - 1 : wanted.end_index()]
    return Page(found.filter(pk__in=keys), wanted.number, pages)


def _counted_at_once(found: QuerySet[Row], pages: Paginator[Row], number: object) -> Page[Row] | None:
    """The page with the count of all in one look; None where there is no such page."""
    try:
        wanted = min(max(int(str(number)), 1), FARTHEST)
    except ValueError:
        wanted = 1
    first = (wanted - 1) * pages.per_page
    told = found.annotate(of=Window(Count("*"))).values_list("pk", "of")[first : first + pages.per_page]
    keys = dict(told)
    if not keys:
        return None
    pages.count = next(iter(keys.values()))
    return Page(found.filter(pk__in=list(keys)), wanted, pages)
