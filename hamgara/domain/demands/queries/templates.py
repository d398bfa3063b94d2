"""The answers that units keep ready, and what the blanks in them stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from django.db.models import QuerySet

from hamgara.algorithms.persian import calendar, digits
from hamgara.domain.demands.models import AnswerTemplate, Demand
from hamgara.domain.organisations.models import Organisation

_BLANK = re.compile(r"\{([^{}\n]*)\}")


def _day_of_deadline(demand: Demand) -> str:
    return calendar.format_date(demand.deadline) if demand.deadline is not None else "–"


# What stands in braces in a template, in Persian as all answers are, and what of a demand takes its place.
BLANKS: dict[str, Callable[[Demand], str]] = {
    "کد": lambda demand: digits.to_persian(demand.shown_code),
    "عنوان": lambda demand: demand.title,
    "حوزه": lambda demand: demand.field.name,
    "مکان": lambda demand: demand.place.name,
    "واحد": lambda demand: demand.unit.name,
    "مهلت": _day_of_deadline,
}


def unknown_blanks(text: str) -> list[str]:
    """What stands in braces and nothing takes its place."""
    return [name for name in dict.fromkeys(_BLANK.findall(text)) if name.strip() not in BLANKS]


def filled(template: AnswerTemplate, demand: Demand) -> str:
    """The words of a template with what they say of this demand."""
    return _BLANK.sub(lambda found: BLANKS[found[1].strip()](demand), template.text)


def templates_for(units: Collection[Organisation]) -> QuerySet[AnswerTemplate]:
    """What these units and those above them keep ready."""
    codes = {code for unit in units for code in unit.path.strip("/").split("/")}
    kept = AnswerTemplate.objects.filter(unit__code__in=codes, removed_at=None)
    return kept.select_related("unit").order_by("unit__path", "title", "pk")
