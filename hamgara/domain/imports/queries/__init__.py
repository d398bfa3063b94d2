"""What stands about imports: runs, columns, and what the cells of a row say."""

from hamgara.domain.imports.queries.columns import TARGETS, Target, chosen_before, guessed, problems_with, titles_key
from hamgara.domain.imports.queries.limits import limits
from hamgara.domain.imports.queries.reading import BadCell, Reader, Row, nameless_once, person_once, preview, reader
from hamgara.domain.imports.queries.runs import (
    FILES_KEPT,
    by_key,
    forgettable,
    kept_in_files,
    listed,
    names,
    next_to_work,
    plain_rows,
    returned_rows,
    speaks_of,
    starter,
    unfinished,
)

__all__ = [
    "FILES_KEPT",
    "TARGETS",
    "BadCell",
    "Reader",
    "Row",
    "Target",
    "by_key",
    "chosen_before",
    "forgettable",
    "guessed",
    "kept_in_files",
    "limits",
    "listed",
    "nameless_once",
    "names",
    "next_to_work",
    "person_once",
    "plain_rows",
    "preview",
    "problems_with",
    "reader",
    "returned_rows",
    "speaks_of",
    "starter",
    "titles_key",
    "unfinished",
]
