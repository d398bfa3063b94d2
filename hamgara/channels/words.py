"""What each kind of act is called in people's words: on timelines, in notices, on the ledger's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hamgara.domain.demands.models import reason_words
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


def _ruled(data: Data) -> str:
    return data["explanation"] if isinstance(data.get("explanation"), str) else ""


def _hidden(data: Data) -> str:
    return " ".join(part for part in (reason_words("moderation.reasons", data["reason"]), data["explanation"]) if part)


SAYINGS: dict[str, Saying] = {
    # The city and its organisations
    "organisations.city_founded": Saying(gettext_noop("The city took up this way of working"), "sparkles", "turquoise"),
    "organisations.place_added": Saying(gettext_noop("A place was added"), "map-pin"),
    "organisations.place_changed": Saying(gettext_noop("A place was changed"), "map-pin"),
    "organisations.founded": Saying(gettext_noop("A municipal unit was entered"), "building-2"),
    "organisations.applied": Saying(gettext_noop("An organisation asked for accreditation"), "file-plus"),
    "organisations.taken_over": Saying(
        gettext_noop("The organisation was taken over from the city's earlier register"), "archive-restore"
    ),
    "organisations.described": Saying(gettext_noop("The organisation changed what it says of itself"), "pencil"),
    "organisations.accredited": Saying(gettext_noop("The organisation was accredited"), "badge-check", "turquoise"),
    "organisations.accreditation_refused": Saying(
        gettext_noop("Accreditation was refused"), "circle-x", "clay", _reason
    ),
    "organisations.accreditation_withdrawn": Saying(
        gettext_noop("Accreditation was withdrawn"), "circle-x", "clay", _reason
    ),
    "organisations.accreditation_expired": Saying(gettext_noop("The accreditation ran out"), "calendar-x", "clay"),
    "organisations.renamed": Saying(
        gettext_noop("It was renamed"), "pencil", "", lambda data: f"{data['old_name']} ← {data['name']}"
    ),
    "organisations.moved": Saying(gettext_noop("It was moved in the tree of units"), "network"),
    "organisations.merged": Saying(gettext_noop("It was merged into another"), "git-merge", "", _reason),
    "organisations.closed": Saying(gettext_noop("It was closed"), "archive", "", _reason),
    "organisations.capability_added": Saying(gettext_noop("A capability was added to the city's list"), "list-plus"),
    "organisations.capability_offered": Saying(gettext_noop("The organisation offered a capability"), "hand-helping"),
    "organisations.capability_withdrawn": Saying(gettext_noop("The organisation took an offer back"), "hand-helping"),
    "organisations.mandate_granted": Saying(gettext_noop("A mandate was given"), "id-card"),
    "organisations.mandate_ended": Saying(gettext_noop("A mandate was ended"), "id-card"),
    "organisations.mandate_expiring": Saying(gettext_noop("A mandate ends soon"), "calendar-clock", "clay"),
    "organisations.mandate_expired": Saying(gettext_noop("A mandate ran out"), "calendar-x", "clay"),
    # People, told to themselves alone
    "people.erasure_asked": Saying(gettext_noop("Your data are to be erased; you can still stop it"), "user-x", "clay"),
    "people.erasure_cancelled": Saying(gettext_noop("Your data stay: the erasing was stopped"), "undo-2"),
    **{
        f"{app}.person_forgotten": Saying(gettext_noop("Somebody's data were erased"), "user-x")
        for app in ("organisations", "demands", "imports", "commitments", "oversight", "moderation")
    },
    # Demands
    "demands.field_added": Saying(gettext_noop("A field was added"), "list-plus"),
    "demands.field_changed": Saying(gettext_noop("A field was changed"), "pencil"),
    "demands.route_set": Saying(gettext_noop("It was settled which unit deals with a field"), "route"),
    "demands.template_added": Saying(gettext_noop("A unit keeps an answer ready"), "file-plus"),
    "demands.template_changed": Saying(gettext_noop("A unit worded a kept answer anew"), "pencil"),
    "demands.template_removed": Saying(gettext_noop("A unit keeps an answer ready no longer"), "archive"),
    "demands.submitted": Saying(gettext_noop("The demand was made"), "megaphone", "lapis"),
    "demands.withdrawn": Saying(gettext_noop("Its author took the demand back"), "undo-2"),
    "demands.supported": Saying(gettext_noop("Somebody supported the demand"), "heart-handshake"),
    "demands.support_withdrawn": Saying(gettext_noop("Somebody took their support back"), "undo-2"),
    "demands.followed": Saying(gettext_noop("Somebody follows the demand"), "bell"),
    "demands.unfollowed": Saying(gettext_noop("Somebody no longer follows the demand"), "bell-off"),
    "demands.commented": Saying(gettext_noop("Somebody commented"), "message-circle"),
    "demands.admitted": Saying(gettext_noop("The demand was admitted"), "circle-check", "lapis"),
    "demands.declined": Saying(gettext_noop("The demand was not admitted"), "circle-x", "clay", _reason),
    "demands.appealed": Saying(gettext_noop("Its author appealed"), "scale", "lapis"),
    "demands.taken": Saying(gettext_noop("An officer took the demand up"), "user-check"),
    "demands.handed_over": Saying(gettext_noop("An officer handed the demand to a colleague"), "users"),
    "demands.given_back": Saying(gettext_noop("An officer gave the demand back to the unit"), "undo-2"),
    "demands.asked_back": Saying(
        gettext_noop("The unit asked the author a question"), "message-circle-question-mark", "lapis"
    ),
    "demands.told_more": Saying(gettext_noop("The author answered the unit's question"), "message-circle-reply"),
    "demands.noted": Saying(gettext_noop("An officer wrote an internal note"), "notebook-pen"),
    "demands.looked": Saying(gettext_noop("An officer looked at what its author keeps from the public"), "eye"),
    "demands.routed": Saying(gettext_noop("The demand was passed to another unit"), "route", "", _reason),
    "demands.merged": Saying(gettext_noop("It was merged with a like demand"), "git-merge", "", _reason),
    "demands.unmerged": Saying(gettext_noop("The merging was undone"), "git-branch", "", _reason),
    "demands.explained": Saying(gettext_noop("The city answered"), "message-square-text", "lapis", _text),
    "demands.answered": Saying(gettext_noop("A commitment answers the demand"), "handshake", "lapis"),
    "demands.refused": Saying(gettext_noop("The city refused the demand"), "ban", "clay", _reason),
    "demands.found_not_doable": Saying(gettext_noop("The city found it not doable"), "octagon-x", "clay", _reason),
    "demands.closed": Saying(gettext_noop("Closed: reviewers confirmed the result"), "badge-check", "turquoise"),
    "demands.looked_at_again": Saying(gettext_noop("The result is looked at again"), "rotate-ccw", "clay"),
    "demands.went_back": Saying(gettext_noop("The demand awaits an answer again"), "rotate-ccw", "clay"),
    "demands.reopening_called": Saying(gettext_noop("A supporter calls for it to be reopened"), "megaphone"),
    "demands.reopened": Saying(gettext_noop("The demand was reopened"), "rotate-ccw", "lapis"),
    "demands.deadline_passed": Saying(gettext_noop("A deadline of the charter passed"), "alarm-clock-off", "clay"),
    "demands.taken_over": Saying(gettext_noop("It was taken over from the city's earlier records"), "archive-restore"),
    # Imports
    "imports.received": Saying(gettext_noop("A file was handed in to be taken over"), "file-plus"),
    "imports.started": Saying(gettext_noop("The taking over of a file began"), "file-input"),
    "imports.checked": Saying(gettext_noop("The whole file was read"), "file-check"),
    "imports.advanced": Saying(gettext_noop("Some rows of a file were dealt with"), "list-checks"),
    "imports.finished": Saying(gettext_noop("Every row of a file was dealt with"), "circle-check"),
    "imports.stopped": Saying(gettext_noop("The taking over of a file was stopped"), "circle-x", "clay"),
    "imports.broken_off": Saying(gettext_noop("The taking over of a file broke off"), "circle-x", "clay", _reason),
    "imports.carried_on": Saying(gettext_noop("The taking over of a file goes on"), "rotate-ccw"),
    "imports.discarded": Saying(gettext_noop("A file was thrown away"), "trash-2"),
    "imports.files_forgotten": Saying(gettext_noop("Files whose time was over were deleted"), "trash-2"),
    "demands.deadline_near": Saying(gettext_noop("A deadline of the charter is near"), "calendar-clock"),
    "demands.escalated": Saying(
        gettext_noop("The demand is overdue and was put before the unit above"), "route", "clay"
    ),
    "demands.author_asked": Saying(gettext_noop("Its author was asked whether it is really done"), "message-circle"),
    "demands.author_confirmed": Saying(gettext_noop("Its author says: it is really done"), "circle-check", "turquoise"),
    "demands.author_denied": Saying(gettext_noop("Its author says: it is not really done"), "circle-x", "clay"),
    # Moderation
    "moderation.reported": Saying(gettext_noop("Somebody reported words, a photo or a name"), "flag"),
    "moderation.hidden": Saying(gettext_noop("Words, a photo or a name were hidden"), "eye-off", "clay", _hidden),
    "moderation.left": Saying(
        gettext_noop("What had been reported was looked at and left as it is"), "eye", "", _ruled
    ),
    "moderation.words_destroyed": Saying(
        gettext_noop("Hidden words that told of somebody were destroyed"), "eraser", "clay"
    ),
    "moderation.deadline_near": Saying(gettext_noop("A report or an appeal must soon be decided"), "calendar-clock"),
    "moderation.deadline_passed": Saying(
        gettext_noop("A report or an appeal was not decided in the charter's time"), "alarm-clock-off", "clay"
    ),
    "moderation.restored": Saying(gettext_noop("What had been hidden is shown again"), "eye", "", _ruled),
    "moderation.appealed": Saying(gettext_noop("There is an appeal against a hiding"), "scale"),
    "moderation.appeal_granted": Saying(
        gettext_noop("The appeal was granted: what had been hidden is shown again"), "eye", "turquoise", _ruled
    ),
    "moderation.appeal_dismissed": Saying(
        gettext_noop("The appeal was dismissed: it stays hidden"), "eye-off", "clay", _ruled
    ),
    # Commitments
    "commitments.proposed": Saying(gettext_noop("A joint commitment was proposed"), "handshake"),
    "commitments.joined": Saying(gettext_noop("An organisation agreed to the joint commitment"), "user-plus"),
    "commitments.joining_declined": Saying(gettext_noop("An organisation did not agree"), "user-x", "clay", _reason),
    "commitments.proposal_lapsed": Saying(
        gettext_noop("The proposal lapsed: not everybody agreed in time"), "calendar-x", "clay"
    ),
    "commitments.promised": Saying(gettext_noop("A commitment was made"), "handshake", "lapis"),
    "commitments.part_added": Saying(gettext_noop("A part of the work got an owner"), "list-plus"),
    "commitments.part_done": Saying(gettext_noop("The owner of a part reports it done"), "list-checks", "claim"),
    "commitments.started": Saying(gettext_noop("Work began"), "hammer"),
    "commitments.progress_reported": Saying(gettext_noop("Progress was reported"), "trending-up"),
    "commitments.due_changed": Saying(gettext_noop("The due date was changed"), "calendar-clock", "clay", _reason),
    "commitments.due_soon": Saying(gettext_noop("The due date is near"), "calendar-clock"),
    "commitments.deadline_passed": Saying(gettext_noop("The due date passed"), "alarm-clock-off", "clay"),
    "commitments.reported_done": Saying(gettext_noop("Its promiser claims that it is done"), "flag", "claim"),
    "commitments.settled": Saying(gettext_noop("The review's outcome took effect"), "badge-check", "verified"),
    "commitments.under_appeal": Saying(gettext_noop("The outcome is under appeal"), "scale", "clay"),
    "commitments.resumed": Saying(gettext_noop("Work was taken up again"), "hammer", "", _reason),
    "commitments.withdrawn": Saying(gettext_noop("The commitment was withdrawn"), "undo-2", "clay", _reason),
    # Oversight
    # The public log
    "publication.witness_registered": Saying(
        gettext_noop("An organisation became a witness of the ledger"), "eye", "turquoise", lambda data: data["witness"]
    ),
    "publication.witness_withdrawn": Saying(
        gettext_noop("A witness of the ledger was withdrawn"), "eye-off", "clay", _reason
    ),
    "publication.key_rotated": Saying(gettext_noop("The ledger is signed with a new key"), "key-round", "turquoise"),
    "publication.key_compromised": Saying(
        gettext_noop("A key of the ledger was in others' hands, and is not believed any more"),
        "triangle-alert",
        "clay",
        _reason,
    ),
    "publication.restored": Saying(
        gettext_noop("Acts that the database had lost were put back from the published log"), "rotate-ccw", "clay"
    ),
    "oversight.monitor_registered": Saying(gettext_noop("A monitor was registered"), "user-check"),
    "oversight.monitor_ended": Saying(gettext_noop("A monitor's registration ended"), "user-x"),
    "oversight.opened": Saying(gettext_noop("A review was opened; reviewers will be drawn by lot"), "search-check"),
    "oversight.pool_too_small": Saying(
        gettext_noop("The review waits: too few reviewers are without a tie"), "users", "clay"
    ),
    "oversight.words_awaited": Saying(gettext_noop("The draw awaits the people's words"), "hourglass"),
    "oversight.drawn": Saying(gettext_noop("Reviewers were drawn by lot"), "dices", "turquoise"),
    "oversight.reminded": Saying(gettext_noop("A reviewer was reminded"), "bell"),
    "oversight.recused": Saying(gettext_noop("A reviewer stepped back; the next was called"), "user-minus"),
    "oversight.absent_replaced": Saying(
        gettext_noop("A reviewer did not answer; the next was called"), "user-minus", "clay"
    ),
    "oversight.verdict_given": Saying(gettext_noop("A reviewer gave a verdict"), "clipboard-check"),
    "oversight.settled": Saying(gettext_noop("The review was settled"), "gavel", "verified"),
    "oversight.lapsed": Saying(
        gettext_noop("Too few reviewers answered; a new panel will be drawn"), "rotate-ccw", "clay"
    ),
    "oversight.appeal_asked": Saying(gettext_noop("Somebody asked for an appeal"), "scale"),
    "oversight.appealed": Saying(gettext_noop("The outcome was appealed; another panel looks again"), "scale", "clay"),
}


def saying(entry: Entry) -> Saying:
    """How the act is told; every kind that has a page has its own words (a test sees to it)."""
    return SAYINGS[entry.kind]


def sentence(entry: Entry) -> str:
    """The act in the reader's language."""
    return _(saying(entry).sentence)
