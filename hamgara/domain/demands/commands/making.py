"""Commands of whoever makes a demand: submit it, take it back."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.db import connection
from django.utils.translation import gettext as _

from hamgara import charter
from hamgara.domain.demands import events, policies, queries
from hamgara.domain.demands.commands.rows import go, locked, shown, start_clock, stop_clock, words
from hamgara.domain.demands.models import Attachment, Demand, Field, new_code
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations import queries as organisations
from hamgara.domain.organisations.models import ActingPerson, Place
from hamgara.integrations.storage import SafeFile


@command
def submit(
    *,
    by: Actor,
    kind: str,
    title: str,
    field: Field,
    place: Place,
    text: str = "",
    point: tuple[float, float] | None = None,
    address: str = "",
    show_name: bool = False,
    files: Sequence[SafeFile] = (),
) -> Demand:
    """Ask the city for something. Under a mandate it is carried by the organisation, for people who cannot.

    `files` come from `made_safe`; a form sent twice raises `Replayed`, whose entry names the demand of the first one.
    """
    if files:
        refuse_replay(by)
    made_today = queries.made_today(by.person) if isinstance(by, ActingPerson) else 0
    require(policies.may_submit(by, made_today=made_today))
    assert isinstance(by, ActingPerson)
    problems: dict[str, str] = {}
    title = words(problems, "title", title, "demands.title_length", lines=False)
    text = words(problems, "text", text, "demands.text_length")
    address = words(problems, "address", address, "demands.address_length", lines=False)
    _check(problems, kind=kind, title=title, field=field, point=point, files=files)
    if problems:
        raise Invalid(problems)
    demand = Demand(
        code=_free_code(),
        kind=kind,
        title=title,
        text=text,
        field=field,
        place=place,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        address=address,
        author=by.person,
        on_behalf=by.organisation,
        mandate_key=by.mandate.key if by.mandate else None,
        show_name=show_name,
        unit=queries.unit_for(field, place),
        attachment_count=len(files),
    )
    start_clock(demand, Demand.Clock.TRIAGE)
    demand.save()
    record(_submitted(demand, by, files), by=by)
    # Files come last: all that may fail has not failed, so none is left behind by a demand that is not there.
    for file in files:
        Attachment.objects.create(
            demand=demand,
            file=ContentFile(file.content, name=f"file.{file.extension}"),
            kind=file.kind,
            sha256=file.sha256,
            size=file.size,
            width=file.width,
            height=file.height,
        )
    return demand


def _check(
    problems: dict[str, str],
    *,
    kind: str,
    title: str,
    field: Field,
    point: tuple[float, float] | None,
    files: Sequence[SafeFile],
) -> None:
    """Note what stands against a demand as it was written."""
    if kind not in Demand.Kind.values:
        problems["kind"] = _("Choose what kind of demand this is.")
    least = charter.number("demands.title_at_least")
    if len(title) < least:
        problems["title"] = _("Write in a few words what you ask for: at least %(count)s characters.") % {
            "count": shown(least)
        }
    if not field.takes_demands:
        problems["field"] = _("This is not the municipality's task. %(referral)s") % {"referral": field.referral_label}
    if point is not None and not queries.within_reach(point, organisations.city()):
        problems["point"] = _("This point is outside the city. Choose it on the map again.")
    most = charter.number("attachments.most_files")
    if len(files) > most:
        problems["files"] = _("At most %(count)s files at once, please.") % {"count": shown(most)}


def _free_code() -> str:
    # One code in a hundred is taken once there are a hundred thousand demands.
    with connection.cursor() as cursor:
        while True:
            code = new_code()
            cursor.execute("SELECT FROM demands_demand WHERE code = %s", [code])
            if cursor.fetchone() is None:
                return code


def _submitted(demand: Demand, by: ActingPerson, files: Sequence[SafeFile]) -> events.Submitted:
    assert demand.deadline is not None
    return events.Submitted(
        demand=demand.code,
        author=by.person_key,
        on_behalf=by.body,
        demand_kind=demand.kind,
        title=demand.title,
        text=demand.text,
        field=demand.field.code,
        place=demand.place.code,
        # As text: canonical JSON keeps away from fractions, so that every reader gets the same bytes.
        point=None if demand.latitude is None else f"{demand.latitude:.6f},{demand.longitude:.6f}",
        address=demand.address or None,
        unit=demand.unit.code,
        deadline=demand.deadline.isoformat(),
        files=[file.sha256 for file in files],
    )


@command
def withdraw(*, by: Actor, demand: Demand) -> Demand:
    """Take one's own demand back before it is answered; it is no longer published."""
    [demand] = locked(demand)
    require(policies.may_withdraw(by, demand))
    go(demand, "withdraw", by)
    stop_clock(demand)
    demand.save()
    record(events.Withdrawn(demand=demand.code), by=by)
    return demand
