"""The public log on the pages: its head, the proof and receipt of an act; all of it read from the published files."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from hamgara import charter
from hamgara.algorithms.tlog import Missing, Wrong
from hamgara.algorithms.tlog.policies import NONE
from hamgara.algorithms.tlog.tree import Step, leaf_hash
from hamgara.domain.publication import jobs, queries
from hamgara.integrations.log_folder import LogFolder
from hamgara.integrations.published_log import CHECKPOINT, WITNESSED, PublishedLog
from hamgara.web.views import openly_writing, reading

log = logging.getLogger(__name__)


def the_log(checkpoint: str = CHECKPOINT) -> PublishedLog | None:
    """The log as it is published now; None before its first head, and where its files are damaged."""
    folder = LogFolder(settings.LOG_ROOT)
    try:
        return PublishedLog.read(folder.fetch, checkpoint=checkpoint)
    except Missing:
        return None
    except Wrong as error:
        log.error("the published log cannot be read: %s", error)
        return None


def witnessed_log() -> PublishedLog | None:
    """The log as enough witnesses have seen it last; None where none are needed yet, or too few ever came."""
    found = the_log(WITNESSED)
    return found if found is not None and found.policy.quorum != NONE and found.standing.witnessed else None


def as_page(found: PublishedLog | None) -> dict[str, Any] | None:
    """What pages tell of the log."""
    if found is None:
        return None
    written = (settings.LOG_ROOT / CHECKPOINT).stat().st_mtime
    witnessed = witnessed_log()
    since = witnessed.standing.since if witnessed is not None else None
    witnessed_size = 0 if witnessed is None else witnessed.head.size
    groups = queries.needed()
    return {
        "size": found.head.size,
        "origin": found.head.origin,
        "fingerprint": found.head.root.hex(),
        "at": datetime.fromtimestamp(written, UTC),
        "keys": queries.log_keys(),
        "witnesses": [{"name": each.name, "at": each.seen_at} for group in groups for each in group.there],
        "asked_for": found.policy.quorum != NONE,
        "witnessed_size": witnessed_size,
        "witnessed_at": None if since is None else datetime.fromtimestamp(since, UTC),
        "missing_since": queries.unseen_since(witnessed_size) if witnessed_size < found.head.size else None,
        "groups": [
            {
                "outside": each.name == queries.OUTSIDE,
                "needed": each.count,
                "registered": len(each.there),
                "came": sum(one.name in found.standing.who for one in each.there),
            }
            for each in groups
            if each.count
        ],
        "every": charter.number("publication.published_every"),
    }


@dataclass(frozen=True)
class Rung:
    """One step up to the root, as it is drawn: what our fingerprint is joined with, on which side, and what results."""

    y: int
    beside: str
    beside_is_left: bool
    above: str


RUNG = 64  # units of the drawing between two steps


def ladder(leaf: bytes, steps: list[Step]) -> dict[str, Any]:
    """The way up as a drawing: the act at the bottom, the signed fingerprint at the top."""
    height, ours, rungs = RUNG * (len(steps) + 1) + 40, leaf, []
    for count, (left, right, parent) in enumerate(steps, 1):
        beside_is_left = right == ours
        beside = left if beside_is_left else right
        rungs.append(Rung(height - 40 - RUNG * count, beside.hex()[:6], beside_is_left, parent.hex()[:6]))
        ours = parent
    return {"height": height, "base": height - 40, "leaf": leaf.hex()[:6], "rungs": rungs}


def proof_of(found: PublishedLog | None, number: int, entry: bytes) -> dict[str, Any] | None:
    """The proof of an act for its page; None while no published head holds it, or the files are damaged."""
    if found is None or number >= found.head.size:
        return None
    try:
        proof = found.receipt(number).verify(leaf_hash(entry), found.policy)
    except Wrong as error:
        log.error("act %s is not proved by the published log: %s", number, error)
        return None
    return {"steps": len(proof.steps), "ladder": ladder(leaf_hash(entry), proof.steps)}


@reading
def check(request: HttpRequest) -> HttpResponse:
    """How anybody checks the ledger without believing this site."""
    return render(request, "record/check.html", {"log": as_page(the_log())})


@reading
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt of an act, to be kept (C2SP tlog-proof)."""
    return _file(number, f"act-{number}.tlog-proof", "text/plain; charset=utf-8", receipt=True)


@reading
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """What stands in the log for an act, to the byte, as its receipt proves it."""
    return _file(number, f"act-{number}.json", "application/json", receipt=False)


@openly_writing
@csrf_exempt
def cosignatures(request: HttpRequest) -> HttpResponse:
    """What a witness that nobody can reach sends of itself. Its signature is what it shows; nothing else is asked."""
    if request.method != "POST":
        return HttpResponse("POST the checkpoint with your cosignature\n", status=405, headers={"Allow": "POST"})
    status = jobs.take(request.body)
    return HttpResponse(f"{status.phrase}\n", status=status, content_type="text/plain; charset=utf-8")


def _file(number: int, name: str, kind: str, *, receipt: bool) -> HttpResponse:
    found = witnessed_log()
    if found is None or number >= found.head.size:  # one that no quorum has seen yet is better than none
        found = the_log()
    if found is None or number >= found.head.size:
        raise Http404
    content = str(found.receipt(number)).encode() if receipt else found.reader.entry(number)
    named = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return HttpResponse(content, content_type=kind, headers=named)
