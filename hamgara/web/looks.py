"""How each state looks: an icon, a tone and a text, so that no state is ever told by colour alone."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    icon: str
    tone: str  # a class of the stylesheet: plain, lapis, turquoise, claim, verified, clay, muted
    label: str | Promise


# What somebody claims is always of the tone "claim"; only what independent reviewers found is "verified".
LOOKS: dict[str, dict[str, Look]] = {
    "demand": {
        "received": Look("inbox", "plain", _("Received")),
        "admitted": Look("check", "lapis", _("Admitted, awaiting an answer")),
        "declined": Look("x", "clay", _("Not admitted")),
        "answered": Look("message-square-reply", "turquoise", _("Answered")),
        "committed": Look("handshake", "turquoise", _("Answered by a commitment")),
        "refused": Look("ban", "clay", _("Refused, with a reason")),
        "not_doable": Look("construction", "clay", _("Not doable, with a reason")),
        "closed": Look("badge-check", "verified", _("Closed after review")),
        "merged": Look("merge", "muted", _("Merged into another")),
        "reopened": Look("rotate-ccw", "lapis", _("Reopened")),
        "appealed": Look("scale", "lapis", _("Under appeal")),
    },
    "commitment": {
        "promised": Look("handshake", "lapis", _("Promised")),
        "under_way": Look("hammer", "turquoise", _("Under way")),
        "reported_done": Look("megaphone", "claim", _("Reported done, not yet verified")),
        "confirmed": Look("badge-check", "verified", _("Confirmed by reviewers")),
        "partly_kept": Look("circle-dashed", "claim", _("Partly kept, by reviewers")),
        "contested": Look("badge-x", "clay", _("Contested by reviewers")),
        "withdrawn": Look("undo-2", "muted", _("Withdrawn")),
    },
    "review": {
        "opened": Look("folder-open", "plain", _("Opened")),
        "drawn": Look("dices", "lapis", _("Panel drawn by lot")),
        "under_way": Look("search-check", "turquoise", _("Being examined")),
        "settled": Look("gavel", "verified", _("Settled")),
        "appealed": Look("scale", "lapis", _("Under appeal")),
    },
    "verdict": {
        "confirmed": Look("badge-check", "verified", _("Kept")),
        "partly_kept": Look("circle-dashed", "claim", _("Partly kept")),
        "contested": Look("badge-x", "clay", _("Not kept")),
        "absent": Look("user-x", "muted", _("Did not answer")),
        "pending": Look("hourglass", "plain", _("Awaited")),
    },
    "organisation": {
        "applied": Look("inbox", "plain", _("Applied for accreditation")),
        "accredited": Look("badge-check", "verified", _("Accredited")),
        "expired": Look("calendar-x", "claim", _("Accreditation expired")),
        "suspended": Look("pause", "clay", _("Suspended")),
        "refused": Look("ban", "clay", _("Accreditation refused")),
        "closed": Look("archive", "muted", _("Closed")),
    },
    "mandate": {
        "active": Look("id-card", "verified", _("In force")),
        "expiring": Look("hourglass", "claim", _("Ends soon")),
        "expired": Look("calendar-x", "muted", _("Ended")),
        "revoked": Look("ban", "clay", _("Withdrawn")),
    },
}


def look(kind: str, state: str, label: object = None) -> Look:
    """The look of a state; one that has no look of its own stays plain and shows the label given."""
    found = LOOKS.get(kind, {}).get(str(state), Look("circle", "plain", str(state)))
    return found._replace(label=str(label)) if label else found
