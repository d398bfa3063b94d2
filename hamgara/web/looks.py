"""How each state looks: an icon, a tone and its text, so that no state is ever told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from hamgara.domain.commitments.models import Commitment, Part
from hamgara.domain.demands.models import Answer, Demand
from hamgara.domain.imports.models import Import
from hamgara.domain.moderation.models import Case
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.oversight.models import OVERALL, Review, Seat


class Look(NamedTuple):
    icon: str
    tone: str  # a class of the stylesheet: plain, lapis, turquoise, claim, verified, clay, muted
    label: str


# The tone "claim" is for what somebody says of their own work; "verified" only for what independent people found.
SIGNS: dict[str, dict[str, tuple[str, str]]] = {
    "demand": {
        "received": ("inbox", "plain"),
        "admitted": ("check", "lapis"),
        "declined": ("x", "clay"),
        "answered": ("handshake", "turquoise"),
        "refused": ("ban", "clay"),
        "not_doable": ("construction", "clay"),
        "closed": ("badge-check", "verified"),
        "merged": ("merge", "muted"),
        "withdrawn": ("undo-2", "muted"),
        "filed": ("archive", "claim"),
    },
    "case": {
        "quiet": ("eye", "muted"),
        "waiting": ("flag", "claim"),
        "left": ("check", "muted"),
        "hidden": ("eye-off", "clay"),
        "appealed": ("scale", "lapis"),
        "final": ("ban", "clay"),
        "restored": ("eye", "turquoise"),
    },
    "import": {
        "received": ("file-plus", "plain"),
        "under_way": ("hourglass", "turquoise"),
        "done": ("check", "lapis"),
        "stopped": ("circle-x", "muted"),
        "broken_off": ("circle-alert", "clay"),
        "discarded": ("x", "muted"),
    },
    "answer": {
        "explanation": ("message-square-reply", "plain"),
        "refusal": ("ban", "clay"),
        "not_doable": ("construction", "clay"),
        "promise": ("handshake", "turquoise"),
    },
    "commitment": {
        "proposed": ("circle-dashed", "plain"),
        "promised": ("handshake", "lapis"),
        "under_way": ("hammer", "turquoise"),
        "reported_done": ("megaphone", "claim"),
        "confirmed": ("badge-check", "verified"),
        "partly_kept": ("contrast", "lapis"),
        "contested": ("badge-x", "clay"),
        "withdrawn": ("undo-2", "clay"),
        "dropped": ("x", "muted"),
    },
    "part": {
        "open": ("circle", "plain"),
        "done": ("megaphone", "claim"),
    },
    "review": {
        "waiting": ("hourglass", "claim"),
        "opened": ("folder-open", "plain"),
        "drawn": ("search-check", "turquoise"),
        "settled": ("gavel", "verified"),
        "appealed": ("scale", "lapis"),
        "lapsed": ("rotate-ccw", "muted"),
    },
    "outcome": {
        "confirmed": ("badge-check", "verified"),
        "partly_kept": ("contrast", "lapis"),
        "contested": ("badge-x", "clay"),
        "no_quorum": ("users", "muted"),
    },
    "verdict": {
        "kept": ("badge-check", "verified"),
        "partly": ("contrast", "lapis"),
        "broken": ("badge-x", "clay"),
    },
    "seat": {
        "called": ("hourglass", "plain"),
        "answered": ("check", "turquoise"),
        "recused": ("undo-2", "muted"),
        "absent": ("user-x", "clay"),
    },
    "organisation": {
        "applied": ("inbox", "plain"),
        "accredited": ("badge-check", "verified"),
        "refused": ("ban", "clay"),
        "expired": ("calendar-x", "claim"),
        "withdrawn": ("shield-off", "clay"),
        "closed": ("archive", "muted"),
        "merged": ("merge", "muted"),
    },
    "mandate": {
        "live": ("id-card", "turquoise"),
        "ending": ("hourglass", "claim"),
        "ended": ("calendar-x", "muted"),
    },
}
TEXTS: dict[str, Mapping[str, str | Promise]] = {
    "demand": dict(Demand.State.choices),
    "case": dict(Case.State.choices),
    "import": dict(Import.State.choices),
    "answer": dict(Answer.Kind.choices),
    "commitment": dict(Commitment.State.choices),
    "part": dict(Part.State.choices),
    "review": dict(Review.State.choices),
    "outcome": {
        "confirmed": _("kept, verified"),
        "partly_kept": _("partly kept, verified"),
        "contested": _("not kept, verified"),
        "no_quorum": _("too few reviewers answered"),
    },
    "verdict": dict(OVERALL),
    "seat": dict(Seat.State.choices),
    "organisation": dict(Organisation.State.choices),
    "mandate": {"live": _("in force"), "ending": _("ends soon"), "ended": _("ended")},
}


def look(kind: str, state: str, label: str | Promise | None = None) -> Look:
    """The look of a state, with its text or the one given. KeyError for a kind or state that has none."""
    icon, tone = SIGNS[kind][str(state)]
    return Look(icon, tone, capfirst(str(label or TEXTS[kind][str(state)])))
