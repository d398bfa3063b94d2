"""What is done with the city, its organisations and their mandates: the only writers of this floor."""

from hamgara.domain.organisations.commands.accreditation import (
    accredit,
    apply,
    expire_accreditation,
    refuse_accreditation,
    withdraw_accreditation,
)
from hamgara.domain.organisations.commands.bodies import (
    add_capability,
    close,
    describe,
    found,
    merge,
    move,
    offer_capability,
    rename,
    withdraw_capability,
)
from hamgara.domain.organisations.commands.mandates import (
    end_mandate,
    expire_mandate,
    forget_person,
    grant_mandate,
    warn_of_expiry,
)
from hamgara.domain.organisations.commands.past import PastOrganisation, take_over
from hamgara.domain.organisations.commands.places import add_place, change_place, found_city

__all__ = [
    "PastOrganisation",
    "accredit",
    "add_capability",
    "add_place",
    "apply",
    "change_place",
    "close",
    "describe",
    "end_mandate",
    "expire_accreditation",
    "expire_mandate",
    "forget_person",
    "found",
    "found_city",
    "grant_mandate",
    "merge",
    "move",
    "offer_capability",
    "refuse_accreditation",
    "rename",
    "take_over",
    "warn_of_expiry",
    "withdraw_accreditation",
    "withdraw_capability",
]
