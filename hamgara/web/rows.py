"""The rows of lists of demands and promises, drawn in Python like the parts they are made of.

Templates get them from where the macros of other rows are: `{% from "demands/row.html" import demand_row %}`.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand
from hamgara.web.addresses import url
from hamgara.web.parts import badge, deadline, fact, list_row, moment
from hamgara.web.reading import number, show_date


def demand_row(demand: Demand, level: int = 3, href: str | None = None) -> Markup:
    """{{ demand_row(demand) }} inside <ul class="rows">."""
    state = badge("demand", demand.state)
    meta = [fact(demand.field.icon or "tag", demand.field.label), fact("map-pin", demand.place.label)]
    if demand.on_behalf is not None:
        meta.append(fact("building-2", demand.on_behalf.label))
    if voices := demand.support_count:
        counted = ngettext("%(count)s supporter", "%(count)s supporters", voices) % {"count": number(voices)}
        meta.append(fact("heart-handshake", counted))
    if demand.is_open:
        meta.append(deadline(demand.deadline))
    if demand.escalated_to_id:
        meta.append(fact("route", _("put before the unit above")))
    meta.append(moment(demand.submitted_at))
    return list_row(
        demand.title,
        href or url("demands:detail", demand.code),
        side=state + badge("outcome", "partly_kept") if demand.outcome == Demand.Outcome.PARTLY else state,
        meta=meta,
        level=level,
    )


def commitment_row(commitment: Commitment, level: int = 3) -> Markup:
    """{{ commitment_row(commitment) }} inside <ul class="rows">."""
    meta = [
        fact("message-square-text", commitment.demand.title),
        fact("handshake", _(", ").join(body.label for body in commitment.bodies)),
        fact("map-pin", commitment.demand.place.label),
    ]
    if commitment.state in (Commitment.State.PROMISED, Commitment.State.UNDER_WAY):
        meta.append(deadline(commitment.due))
    if commitment.reported_at:
        meta.append(fact("flag", _("claimed %(when)s") % {"when": show_date(commitment.reported_at)}))
    if commitment.outcome:
        meta.append(fact("badge-check", _("verified %(when)s") % {"when": show_date(commitment.settled_at)}))
    return list_row(
        commitment.title,
        url("commitments:detail", commitment.code),
        side=badge("commitment", commitment.state),
        meta=meta,
        level=level,
    )
