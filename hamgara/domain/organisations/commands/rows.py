"""What the commands of this floor share: words on one line, and rows that fit their columns."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from hamgara.algorithms.persian.text import clean
from hamgara.domain.ledger.commands import Invalid

Row = TypeVar("Row", bound=models.Model)


def line(typed: str) -> str:
    """What was typed, cleaned, on one line."""
    return " ".join(clean(typed).split())


def fitting(row: Row, *fields: str) -> Row:
    """The row, if what was given fits its columns: not too long, a code, a web address. Otherwise the form hears it."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(fields))
    except ValidationError as wrong:
        raise Invalid({field: " ".join(problems) for field, problems in wrong.message_dict.items()}) from None
    return row
