"""Commands on the work: begun, divided, reported with evidence, given another date, claimed to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.domain.commitments import events, policies
from hamgara.domain.commitments.commands.evidence import keep
from hamgara.domain.commitments.commands.promising import about, locked
from hamgara.domain.commitments.commands.wording import Problems, plain
from hamgara.domain.commitments.models import (
    REASON_LENGTH,
    REPORT_LENGTH,
    TITLE_LENGTH,
    Commitment,
    DueChange,
    EvidenceFile,
    Part,
    Progress,
)
from hamgara.domain.ledger.commands import command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.organisations.queries import standing_for
from hamgara.integrations.storage import SafeFile


@command
def start(*, by: Actor, commitment: Commitment) -> Commitment:
    """Say that the work has begun."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_start(by, commitment))
    commitment.state = Commitment.LIFE.after(commitment.state, "start")
    commitment.save()
    record(events.Started(**about(commitment)), by=by)
    return commitment


def _may_own(owner: Organisation, commitment: Commitment) -> bool:
    """A part belongs to a promiser or to a body below one: nobody else has agreed to any work."""
    return owner.is_live and any(owner.is_within(standing_for(body)) for body in commitment.bodies)


@command
def add_part(*, by: Actor, commitment: Commitment, title: str, owner: Organisation, due: date) -> Part:
    """Divide the work: a part with its own owner and date."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_work_on(by, commitment))
    problems = Problems()
    part = Part(
        commitment=commitment,
        title=problems.words("title", title, TITLE_LENGTH, _("Write what this part is."), lines=False),
        owner=owner,
        due=problems.day_ahead("due", due),
    )
    if due > commitment.due:
        problems["due"] = _("A part cannot be due after the whole promise.")
    if not _may_own(owner, commitment):
        problems["owner"] = _("A part is owned by one of those who promise, or by a unit below one of them.")
    problems.check()
    part.save()
    record(
        events.PartAdded(
            **about(commitment), part=str(part.key), title=part.title, owner=owner.code, due=part.due.isoformat()
        ),
        by=by,
    )
    return part


@command
def complete_part(*, by: Actor, part: Part) -> Part:
    """Say that a part is done."""
    commitment = locked(part.commitment)
    part = Part.objects.select_for_update(of=("self",)).select_related("owner").get(pk=part.pk)
    part.commitment = commitment
    refuse_replay(by)
    require(policies.may_complete_part(by, part))
    part.state = Part.LIFE.after(part.state, "complete_part")
    part.done_at = clock.now()
    part.save()
    record(events.PartDone(**about(commitment), part=str(part.key), title=part.title, owner=part.owner.code), by=by)
    return part


def _reporter(by: Actor) -> dict[str, Any]:
    """Who writes a report and for which body; the policy has seen to it that there is one."""
    assert isinstance(by, ActingPerson)
    return {"by": by.person, "organisation": by.organisation}


@command
def report_progress(
    *,
    by: Actor,
    commitment: Commitment,
    text: str,
    percent: int | None = None,
    files: Iterable[SafeFile] = (),
) -> Progress:
    """Tell what has been done so far, with evidence."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_report_progress(by, commitment))
    problems = Problems()
    text = problems.words("text", text, REPORT_LENGTH, _("Write what has been done."))
    problems.amount("percent", percent, 100)
    problems.check()
    progress = Progress.objects.create(commitment=commitment, text=text, percent=percent, **_reporter(by))
    record(
        events.ProgressReported(
            **about(commitment),
            organisation=progress.organisation.code,
            text=text,
            percent=percent,
            evidence=keep(EvidenceFile, files, progress=progress),
        ),
        by=by,
    )
    return progress


@command
def change_due(*, by: Actor, commitment: Commitment, due: date, reason: str) -> Commitment:
    """Give the promise another date; the old one and the reason stay in view."""
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_change_due(by, commitment))
    problems = Problems()
    problems.day_ahead("due", due)
    reason = problems.words("reason", reason, REASON_LENGTH, _("Give the reason; it is public."))
    if due == commitment.due:
        problems["due"] = _("This is the date that stands now.")
    problems.check()
    old = commitment.due
    DueChange.objects.create(commitment=commitment, old=old, new=due, reason=reason)
    commitment.due = due
    commitment.save()
    record(events.DueChanged(**about(commitment), old=old.isoformat(), new=due.isoformat(), reason=reason), by=by)
    return commitment


@command
def report_done(
    *,
    by: Actor,
    commitment: Commitment,
    text: str,
    claims: Sequence[Any],
    files: Iterable[SafeFile] = (),
) -> Commitment:
    """Claim that the promise is kept: the number reached for each indicator in their order, words, and evidence.

    This is the promiser's word. A review by others follows, and only that ends the matter.
    """
    commitment = locked(commitment)
    refuse_replay(by)
    require(policies.may_report_done(by, commitment))
    indicators = list(commitment.indicators.all())
    problems = Problems()
    text = problems.words("text", text, REPORT_LENGTH, _("Write what has been done."))
    if len(claims) != len(indicators):
        problems["claims"] = _("Say for each indicator which number was reached.")
    for indicator, claimed in zip(indicators, claims, strict=False):
        indicator.claimed = problems.quantity(f"claimed_{indicator.position}", claimed)
    problems.check()
    for indicator in indicators:
        indicator.save(update_fields=["claimed"])
    progress = Progress.objects.create(commitment=commitment, text=text, claims_done=True, **_reporter(by))
    commitment.state = Commitment.LIFE.after(commitment.state, "report_done")
    commitment.reported_at, commitment.claim = clock.now(), text
    commitment.save()
    record(
        events.ReportedDone(
            **about(commitment),
            text=text,
            claims=[
                {
                    "indicator": each.text,
                    "target": plain(each.target),
                    "claimed": plain(each.claimed),
                    "unit": each.unit,
                }
                for each in indicators
                if each.claimed is not None
            ],
            evidence=keep(EvidenceFile, files, progress=progress),
        ),
        by=by,
    )
    return commitment
