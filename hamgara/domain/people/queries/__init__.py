"""Persons by key, phone or mail, the links that are spent, who is to be erased, and what the house holds about one."""

from hamgara.domain.people.queries.held import Held, held, held_counts
from hamgara.domain.people.queries.persons import (
    SPENT_LINKS_KEPT,
    addresses,
    by_contact,
    by_email,
    by_key,
    by_phone,
    erasure,
    erasures_begun,
    erasures_due,
    forgettable_links,
    forgettable_sessions,
    wish_to_be_erased,
)

__all__ = [
    "SPENT_LINKS_KEPT",
    "Held",
    "addresses",
    "by_contact",
    "by_email",
    "by_key",
    "by_phone",
    "erasure",
    "erasures_begun",
    "erasures_due",
    "forgettable_links",
    "forgettable_sessions",
    "held",
    "held_counts",
    "wish_to_be_erased",
]
