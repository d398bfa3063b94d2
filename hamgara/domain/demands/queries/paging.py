"""One page of a long list: which rows stand on it is told by an index, and only those rows are read."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

PER_PAGE = 20
NEAR_THE_FRONT = 500  # rows

Row = TypeVar("Row", bound=Model)


def page(found: QuerySet[Row], number: object, per_page: int = PER_PAGE, *, count: int | None = None) -> Page[Row]:
    """One page of a list; a number that is none, or too large, is the first or the last page.

    To reach the four-thousandth page, the database must pass over all that stands before it: keys of an index, and not
    rows with all that a list shows of them. Near the front, where most readers are, there is little to pass over.
    """
    pages = Paginator(found, per_page)
    if count is not None:  # known already
        pages.count = count
    wanted = pages.get_page(number)
    if wanted.end_index() <= NEAR_THE_FRONT:
        return wanted
    keys = found.values("pk")[wanted.start_index() - 1 : wanted.end_index()]
    return Page(found.filter(pk__in=keys), wanted.number, pages)
