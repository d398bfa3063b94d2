"""Commands of the panel: to step back, to answer, to be replaced; and the end that the charter's rule gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms import settlement
from hamgara.domain.commitments.commands.evidence import keep
from hamgara.domain.commitments.commands.wording import Problems
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.oversight import events, policies
from hamgara.domain.oversight.commands.draws import about, call_next, locked
from hamgara.domain.oversight.models import (
    ANSWERS,
    FINDINGS_LENGTH,
    OVERALL,
    REASON_LENGTH,
    AppealVoice,
    Review,
    Seat,
    Verdict,
    VerdictFile,
)
from hamgara.domain.oversight.queries.standing import still_stands
from hamgara.integrations.storage import SafeFile

STEPS = ("paper", "on_site", "effect")


def _locked_seat(seat: Seat) -> Seat:
    """The seat as it is now; its review is held first, so that all acts on one panel come one after the other."""
    review = locked(seat.review)
    rows = Seat.objects.select_for_update(of=("self",)).select_related("organisation", "monitor__person")
    seat = rows.get(pk=seat.pk)
    seat.review = review
    return seat


def _replace(seat: Seat, verb: str) -> dict[str, Any]:
    """The seat is lost; the next in the order of the lot takes it. Returns what the event says of it."""
    seat.state = Seat.LIFE.after(seat.state, verb)
    seat.replaced_by = call_next(seat.review)
    seat.save()
    return about(seat.review) | {
        "seat": str(seat.key),
        "reviewer": seat.candidate,
        "called": None if seat.replaced_by is None else seat.replaced_by.candidate,
    }


@command
def recuse(*, by: Actor, seat: Seat, reason: str) -> Seat:
    """Step back because of a tie that the house could not know; the next in the order is called."""
    seat = _locked_seat(seat)
    refuse_replay(by)
    require(policies.may_recuse(by, seat))
    problems = Problems()
    seat.reason = problems.words("reason", reason, REASON_LENGTH, _("Write what ties you; it is shown with your seat."))
    problems.check()
    record(events.Recused(**_replace(seat, "recuse"), reason=seat.reason), by=by)
    return seat


@command
def replace_absent(*, by: Actor, seat: Seat) -> Seat:
    """The time to answer has passed, or the reviewer is there no more: the next in the order of the lot is called."""
    seat = _locked_seat(seat)
    require(policies.may_replace_absent(by, seat))
    if seat.due >= clock.today() and still_stands(seat.candidate):
        raise Invalid({"seat": _("The time to answer has not passed.")})
    record(events.AbsentReplaced(**_replace(seat, "replace_absent")), by=by)
    return seat


@command
def remind_reviewer(*, by: Actor, seat: Seat) -> Seat:
    """Say once that the time to answer is nearly over."""
    seat = _locked_seat(seat)
    require(policies.may_replace_absent(by, seat))
    if seat.reminded_at is not None:
        raise Invalid({"seat": _("The reminder has been given.")})
    seat.reminded_at = clock.now()
    seat.save()
    record(
        events.Reminded(**about(seat.review), seat=str(seat.key), reviewer=seat.candidate, due=seat.due.isoformat()),
        by=by,
    )
    return seat


def _answers(problems: Problems, answers: Mapping[str, str], overall: str) -> None:
    """The three steps and the conclusion, each one of the choices and none against the others."""
    allowed = {code for code, _label in ANSWERS}
    for step in STEPS:
        if answers.get(step) not in allowed:
            problems[step] = _("Choose an answer.")
    if overall not in {code for code, _label in OVERALL}:
        problems["overall"] = _("Choose a conclusion.")
    elif overall == settlement.Overall.KEPT and answers.get("on_site") == settlement.Answer.NO:
        problems["overall"] = _("You found on site that it is not there, so it cannot be «kept». Look at both again.")
    elif overall == settlement.Overall.BROKEN and all(answers.get(step) == settlement.Answer.YES for step in STEPS):
        problems["overall"] = _("You answered «yes» three times, so it cannot be «not kept». Look at both again.")


@command
def give_verdict(
    *,
    by: Actor,
    seat: Seat,
    paper: str,
    on_site: str,
    effect: str,
    overall: str,
    paper_findings: str = "",
    on_site_findings: str = "",
    effect_findings: str = "",
    files: Iterable[SafeFile] = (),
) -> Verdict:
    """Answer for a seat: on paper, on site, effect, and the conclusion.

    Whatever is not a plain «yes» is explained in the findings of its step, because somebody will have to act on it.
    """
    seat = _locked_seat(seat)
    refuse_replay(by)
    require(policies.may_give_verdict(by, seat))
    assert isinstance(by, ActingPerson)
    problems = Problems()
    answers = {"paper": paper, "on_site": on_site, "effect": effect}
    _answers(problems, answers, overall)
    written = {"paper": paper_findings, "on_site": on_site_findings, "effect": effect_findings}
    findings = {}
    for step, text in written.items():
        plain_yes = answers[step] == settlement.Answer.YES
        asked = "" if plain_yes else _("Write what you found, since it is not a plain «yes».")
        findings[step] = problems.words(f"{step}_findings", text, FINDINGS_LENGTH, asked)
    problems.check()
    seat.state = Seat.LIFE.after(seat.state, "give_verdict")
    seat.save()
    verdict = Verdict.objects.create(
        seat=seat,
        overall=overall,
        by=by.person,
        **answers,
        **{f"{step}_findings": text for step, text in findings.items()},
    )
    record(
        events.VerdictGiven(
            **about(seat.review),
            seat=str(seat.key),
            reviewer=seat.candidate,
            answers=answers | {"overall": overall},
            findings=findings,
            evidence=keep(VerdictFile, files, verdict=verdict),
        ),
        by=by,
    )
    return verdict


def _by_rule(verdicts: Sequence[settlement.Verdict]) -> settlement.Settlement:
    """What the charter's rule makes of these verdicts, which stand in the order of the lot."""
    return settlement.settle(verdicts, charter.number("oversight.quorum"), charter.share("oversight.majority"))


def _settlement(review: Review) -> tuple[list[Verdict], settlement.Settlement]:
    """The verdicts in the order of the lot, and what the charter's rule makes of them."""
    verdicts = list(Verdict.objects.filter(seat__review=review).select_related("seat").order_by("seat__position"))
    return verdicts, _by_rule([each.for_settlement() for each in verdicts])


def _shown(rule: settlement.Settlement) -> dict[str, Any]:
    """The working behind an outcome, as plain values."""
    return {
        "given": rule.working.given,
        "quorum": rule.working.quorum,
        "majority": str(rule.working.majority),
        "needed": rule.working.needed,
        "why": rule.working.why.value,
        "counts": {overall.value: count for overall, count in rule.counts.items()},
        "steps": {
            step: {answer.value: count for answer, count in counts.items()}
            for step, counts in rule.working.steps.items()
        },
    }


def outcome_of(verdicts: Sequence[settlement.Verdict]) -> tuple[str, dict[str, Any]]:
    """The outcome of these verdicts and its working."""
    rule = _by_rule(verdicts)
    return rule.outcome.value, _shown(rule)


def _all_heard(review: Review) -> None:
    if review.seats.filter(state=Seat.State.CALLED).exists():
        raise Invalid({"review": _("Some reviewers have not answered yet.")})


@command
def settle(*, by: Actor, review: Review) -> Review:
    """When everybody who was called has answered or is gone, the charter's rule turns the verdicts into an outcome."""
    review = locked(review)
    require(policies.may_follow_the_rules(by, review, "settle"))
    _all_heard(review)
    verdicts, rule = _settlement(review)
    if rule.outcome == settlement.Outcome.NO_QUORUM:
        raise Invalid({"review": _("Too few reviewers have answered.")})
    review.state = Review.LIFE.after(review.state, "settle")
    review.outcome, review.settled_at = rule.outcome.value, clock.now()
    review.working = _shown(rule)
    review.save()
    record(
        events.Settled(
            **about(review),
            outcome=review.outcome,
            verdicts=[
                {
                    "reviewer": each.seat.candidate,
                    "paper": each.paper,
                    "on_site": each.on_site,
                    "effect": each.effect,
                    "overall": each.overall,
                }
                for each in verdicts
            ],
            working=review.working,
            appeal_of=None if review.appeal_of is None else review.appeal_of.code,
        ),
        by=by,
    )
    return review


@command
def lapse(*, by: Actor, review: Review) -> Review:
    """The order of the lot is exhausted without a quorum: this panel ends, and a new one will be drawn."""
    review = locked(review)
    require(policies.may_follow_the_rules(by, review, "lapse"))
    _all_heard(review)
    _verdicts, rule = _settlement(review)
    if rule.outcome != settlement.Outcome.NO_QUORUM:
        raise Invalid({"review": _("Enough reviewers have answered.")})
    review.state = Review.LIFE.after(review.state, "lapse")
    review.save()
    record(events.Lapsed(**about(review), given=rule.working.given, quorum=rule.working.quorum), by=by)
    return review


@command
def appeal(*, by: Actor, review: Review, reason: str) -> Review:
    """Appeal against an outcome. Supporters are counted; their appeal stands when the charter's number is reached."""
    review = locked(review)
    refuse_replay(by)
    require(policies.may_appeal(by, review))
    assert isinstance(by, ActingPerson)
    problems = Problems()
    reason = problems.words("reason", reason, REASON_LENGTH, _("Write what the first panel overlooked."))
    problems.check()
    ground, needed = policies.ground_of(by, review), charter.number("oversight.appeal_supporters")
    AppealVoice.objects.update_or_create(
        review=review, person=by.person, defaults={"reason": reason, "ground": ground, "at": clock.now()}
    )
    voices = review.appeal_voices.filter(ground="supporters").count()
    if ground == "supporters" and voices < needed:
        record(events.AppealAsked(**about(review), reason=reason, voices=voices, needed=needed), by=by)
        return review
    review.state = Review.LIFE.after(review.state, "appeal")
    review.save()
    record(events.Appealed(**about(review), reason=reason, ground=str(ground)), by=by)
    return review
