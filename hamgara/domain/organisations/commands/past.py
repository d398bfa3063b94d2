"""Taking over the organisations of a register that the city kept before: many at once, each with its own event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.text import slugify

from hamgara import charter, clock
from hamgara.algorithms.persian.text import key, sort_key
from hamgara.domain.ledger.commands import Act, batch, record_all, require
from hamgara.domain.ledger.events import House
from hamgara.domain.organisations import events, policies
from hamgara.domain.organisations.commands.bodies import LONGEST_CODE
from hamgara.domain.organisations.commands.rows import fitting
from hamgara.domain.organisations.models import ActingPerson, Organisation, Place

State = Organisation.State


@dataclass(frozen=True)
class PastOrganisation:
    """An organisation as an earlier register has it; `once` is the same whenever the same row comes again."""

    once: UUID
    name: str
    kind: str
    name_en: str = ""
    about: str = ""
    seat: Place | None = None
    registration_number: str = ""
    authority: str = ""
    until: date | None = None


@batch
def take_over(*, by: ActingPerson | House, past: Sequence[PastOrganisation], source: str) -> list[Organisation]:
    """Take organisations over from an earlier register, of which `source` names the import.

    One whose licence is told with number, authority and date is accredited until then, or its accreditation has
    expired; any other one waits for the office's decision. Nobody acts for it before the office gives a mandate.
    """
    require(policies.may_take_over(by))
    codes = _codes(past)
    bodies = [_body(each, code) for each, code in zip(past, codes, strict=True)]
    Organisation.objects.bulk_create(bodies)
    now = clock.now()
    record_all(
        Act(
            events.TakenOver(
                organisation=body.code,
                name=body.name,
                organisation_kind=body.kind,
                state=str(body.state),
                registration_number=body.registration_number or None,
                authority=body.authority or None,
                expires=None if body.accredited_until is None else body.accredited_until.isoformat(),
                source=source,
            ),
            replace(by, once=each.once),
            now,
        )
        for body, each in zip(bodies, past, strict=True)
    )
    return bodies


def _codes(past: Sequence[PastOrganisation]) -> list[str]:
    """A code for each that nobody has: of its English name, or else of its key."""
    wished = [slugify(each.name_en)[:LONGEST_CODE].strip("-") or f"body-{each.once.hex[:10]}" for each in past]
    taken = set(Organisation.objects.filter(code__in=wished).values_list("code", flat=True))
    codes = []
    for each, code in zip(past, wished, strict=True):
        codes.append(f"{code[:30]}-{each.once.hex[:8]}" if code in taken else code)
        taken.add(code)
    return codes


def _body(each: PastOrganisation, code: str) -> Organisation:
    latest = clock.today() + charter.period("organisations.accreditation_at_most")
    licensed = bool(each.registration_number and each.authority and each.until)
    state = State.APPLIED
    if licensed and each.until is not None:
        state = Organisation.LIFE.after(state, "accredit")
        if each.until < clock.today():
            state = Organisation.LIFE.after(state, "expire_accreditation")
    body = Organisation(
        code=code,
        path=f"/{code}/",
        name=each.name,
        name_en=each.name_en,
        name_sort=sort_key(each.name),
        name_key=key(each.name),
        kind=each.kind,
        state=state,
        about=each.about,
        seat=each.seat,
        registration_number=each.registration_number,
        authority=each.authority,
        accredited_until=min(each.until, latest) if licensed and each.until is not None else None,
    )
    given = [name for name in ("name_en", "registration_number", "authority") if getattr(body, name)]
    return fitting(body, "code", "name", *given)
