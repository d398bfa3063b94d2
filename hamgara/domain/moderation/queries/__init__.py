"""What stands now in moderation: the case of a thing, the queue of the office, and public figures."""

from hamgara.domain.moderation.queries.cases import (
    another_decides,
    awaiting,
    case_of,
    deciding,
    has_reported,
    hidden_now,
    is_public,
    last_hid,
    listed,
    nearly_due,
    newly_overdue,
    overdue,
    queue,
    reported_today,
    unit_above_office,
)
from hamgara.domain.moderation.queries.figures import MONTHS, Figures, Tally, figures

__all__ = [
    "MONTHS",
    "Figures",
    "Tally",
    "another_decides",
    "awaiting",
    "case_of",
    "deciding",
    "figures",
    "has_reported",
    "hidden_now",
    "is_public",
    "last_hid",
    "listed",
    "nearly_due",
    "newly_overdue",
    "overdue",
    "queue",
    "reported_today",
    "unit_above_office",
]
