"""What each kind of act is called in people's words: on timelines, in notices, on the ledger's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from hamgara.domain.ledger.models import Entry

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Saying:
    """How an act is told: a sentence, an icon, a tone, and what of the entry is quoted beneath it."""

    sentence: str
    symbol: str
    tone: str = ""
    quoted: Callable[[Data], str] = lambda data: ""


def _reason(data: Data) -> str:
    return data["reason"] if isinstance(data.get("reason"), str) else ""


def _text(data: Data) -> str:
    return data["text"] if isinstance(data.get("text"), str) else ""


SAYINGS: dict[str, Saying] = {
    # The city and its organisations
    "organisations.city_founded": Saying(noop("The city took up this way of working"), "sparkles", "turquoise"),
    "organisations.place_added": Saying(noop("A place was added"), "map-pin"),
    "organisations.place_changed": Saying(noop("A place was changed"), "map-pin"),
    "organisations.founded": Saying(noop("A municipal unit was entered"), "building-2"),
    "organisations.applied": Saying(noop("An organisation asked for accreditation"), "file-plus"),
    "organisations.described": Saying(noop("The organisation changed what it says of itself"), "pencil"),
    "organisations.accredited": Saying(noop("The organisation was accredited"), "badge-check", "turquoise"),
    "organisations.accreditation_refused": Saying(noop("Accreditation was refused"), "circle-x", "clay", _reason),
    "organisations.accreditation_withdrawn": Saying(noop("Accreditation was withdrawn"), "circle-x", "clay", _reason),
    "organisations.accreditation_expired": Saying(noop("The accreditation ran out"), "calendar-x", "clay"),
    "organisations.renamed": Saying(
        noop("It was renamed"), "pencil", "", lambda data: f"{data['old_name']} ← {data['name']}"
    ),
    "organisations.moved": Saying(noop("It was moved in the tree of units"), "network"),
    "organisations.merged": Saying(noop("It was merged into another"), "git-merge", "", _reason),
    "organisations.closed": Saying(noop("It was closed"), "archive", "", _reason),
    "organisations.capability_added": Saying(noop("A capability was added to the city's list"), "list-plus"),
    "organisations.capability_offered": Saying(noop("The organisation offered a capability"), "hand-helping"),
    "organisations.capability_withdrawn": Saying(noop("The organisation took an offer back"), "hand-helping"),
    "organisations.mandate_granted": Saying(noop("A mandate was given"), "id-card"),
    "organisations.mandate_ended": Saying(noop("A mandate was ended"), "id-card"),
    "organisations.mandate_expiring": Saying(noop("A mandate ends soon"), "calendar-clock", "clay"),
    "organisations.mandate_expired": Saying(noop("A mandate ran out"), "calendar-x", "clay"),
    # Demands
    "demands.field_added": Saying(noop("A field was added"), "list-plus"),
    "demands.field_changed": Saying(noop("A field was changed"), "pencil"),
    "demands.route_set": Saying(noop("It was settled which unit deals with a field"), "route"),
    "demands.submitted": Saying(noop("The demand was made"), "megaphone", "lapis"),
    "demands.withdrawn": Saying(noop("Its author took the demand back"), "undo-2"),
    "demands.supported": Saying(noop("Somebody supported the demand"), "heart-handshake"),
    "demands.support_withdrawn": Saying(noop("Somebody took their support back"), "undo-2"),
    "demands.followed": Saying(noop("Somebody follows the demand"), "bell"),
    "demands.unfollowed": Saying(noop("Somebody no longer follows the demand"), "bell-off"),
    "demands.commented": Saying(noop("Somebody commented"), "message-circle"),
    "demands.comment_hidden": Saying(noop("A comment was hidden"), "eye-off", "clay", _reason),
    "demands.admitted": Saying(noop("The demand was admitted"), "circle-check", "lapis"),
    "demands.declined": Saying(noop("The demand was not admitted"), "circle-x", "clay", _reason),
    "demands.appealed": Saying(noop("Its author appealed"), "scale", "lapis"),
    "demands.routed": Saying(noop("The demand was passed to another unit"), "route", "", _reason),
    "demands.merged": Saying(noop("It was merged with a like demand"), "git-merge", "", _reason),
    "demands.unmerged": Saying(noop("The merging was undone"), "git-branch", "", _reason),
    "demands.explained": Saying(noop("The city answered"), "message-square-text", "lapis", _text),
    "demands.answered": Saying(noop("A commitment answers the demand"), "handshake", "lapis"),
    "demands.refused": Saying(noop("The city refused the demand"), "ban", "clay", _reason),
    "demands.found_not_doable": Saying(noop("The city found it not doable"), "octagon-x", "clay", _reason),
    "demands.closed": Saying(noop("Closed: reviewers confirmed the result"), "badge-check", "turquoise"),
    "demands.looked_at_again": Saying(noop("The result is looked at again"), "rotate-ccw", "clay"),
    "demands.went_back": Saying(noop("The demand awaits an answer again"), "rotate-ccw", "clay"),
    "demands.reopening_called": Saying(noop("A supporter calls for it to be reopened"), "megaphone"),
    "demands.reopened": Saying(noop("The demand was reopened"), "rotate-ccw", "lapis"),
    "demands.deadline_passed": Saying(noop("A deadline of the charter passed"), "alarm-clock-off", "clay"),
    # Commitments
    "commitments.proposed": Saying(noop("A joint commitment was proposed"), "handshake"),
    "commitments.joined": Saying(noop("An organisation agreed to the joint commitment"), "user-plus"),
    "commitments.joining_declined": Saying(noop("An organisation did not agree"), "user-x", "clay", _reason),
    "commitments.proposal_lapsed": Saying(noop("The proposal lapsed: not everybody agreed in time"), "calendar-x", "clay"),
    "commitments.promised": Saying(noop("A commitment was made"), "handshake", "lapis"),
    "commitments.part_added": Saying(noop("A part of the work got an owner"), "list-plus"),
    "commitments.part_done": Saying(noop("The owner of a part reports it done"), "list-checks", "claim"),
    "commitments.started": Saying(noop("Work began"), "hammer"),
    "commitments.progress_reported": Saying(noop("Progress was reported"), "trending-up"),
    "commitments.due_changed": Saying(noop("The due date was changed"), "calendar-clock", "clay", _reason),
    "commitments.due_soon": Saying(noop("The due date is near"), "calendar-clock"),
    "commitments.deadline_passed": Saying(noop("The due date passed"), "alarm-clock-off", "clay"),
    "commitments.reported_done": Saying(noop("Its promiser claims that it is done"), "flag", "claim"),
    "commitments.settled": Saying(noop("The review's outcome took effect"), "badge-check", "verified"),
    "commitments.under_appeal": Saying(noop("The outcome is under appeal"), "scale", "clay"),
    "commitments.resumed": Saying(noop("Work was taken up again"), "hammer", "", _reason),
    "commitments.withdrawn": Saying(noop("The commitment was withdrawn"), "undo-2", "clay", _reason),
    # Oversight
    "oversight.monitor_registered": Saying(noop("A monitor was registered"), "user-check"),
    "oversight.monitor_ended": Saying(noop("A monitor's registration ended"), "user-x"),
    "oversight.opened": Saying(noop("A review was opened; reviewers will be drawn by lot"), "search-check"),
    "oversight.pool_too_small": Saying(noop("The review waits: too few reviewers are without a tie"), "users", "clay"),
    "oversight.words_awaited": Saying(noop("The draw awaits the people's words"), "hourglass"),
    "oversight.drawn": Saying(noop("Reviewers were drawn by lot"), "dices", "turquoise"),
    "oversight.reminded": Saying(noop("A reviewer was reminded"), "bell"),
    "oversight.recused": Saying(noop("A reviewer stepped back; the next was called"), "user-minus"),
    "oversight.absent_replaced": Saying(noop("A reviewer did not answer; the next was called"), "user-minus", "clay"),
    "oversight.verdict_given": Saying(noop("A reviewer gave a verdict"), "clipboard-check"),
    "oversight.settled": Saying(noop("The review was settled"), "gavel", "verified"),
    "oversight.lapsed": Saying(noop("Too few reviewers answered; a new panel will be drawn"), "rotate-ccw", "clay"),
    "oversight.appeal_asked": Saying(noop("Somebody asked for an appeal"), "scale"),
    "oversight.appealed": Saying(noop("The outcome was appealed; another panel looks again"), "scale", "clay"),
}


def saying(entry: Entry) -> Saying:
    """How the act is told; every kind that has a page has its own words (a test sees to it)."""
    return SAYINGS[entry.kind]


def sentence(entry: Entry) -> str:
    """The act in the reader's language."""
    return _(saying(entry).sentence)
