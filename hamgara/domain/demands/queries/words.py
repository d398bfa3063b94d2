"""Narrowing a list by words: always as things are now, by an index of words.

Misspelt words and all other kinds of things are the search's.
"""

from __future__ import annotations

from typing import TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Model, QuerySet

from hamgara.algorithms.persian.stems import of_word
from hamgara.algorithms.persian.text import key

MOST_WORDS = 12

Row = TypeVar("Row", bound=Model)


def with_words(rows: QuerySet[Row], words: str) -> QuerySet[Row]:
    """Those in whose `search_key` every word stands, or one that begins with it; with its ending or without.

    Whole words, because an index knows those: of a part of a word, and of one of two letters, the database would have
    to look at every row. The expression is that of the indexes (`demand_words`, `commitment_words`).
    """
    asked = " & ".join(_one_of((word, *of_word(word))) for word in key(words).split()[:MOST_WORDS])
    if not asked:
        return rows
    stand_in = SearchVector("search_key", config="simple")
    return rows.alias(stand_in=stand_in).filter(stand_in=SearchQuery(asked, config="simple", search_type="raw"))


def _one_of(forms: tuple[str, ...]) -> str:
    return "(" + " | ".join(f"'{each}':*" for each in dict.fromkeys(forms)) + ")"
