"""What follows in oversight: claims are examined, verdicts settle, outcomes take effect, the absent are replaced."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hamgara import charter
from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments import events as commitment_events
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.ledger.jobs import follower
from hamgara.domain.ledger.models import Entry
from hamgara.domain.oversight import commands, events, queries
from hamgara.domain.oversight.models import Review, Seat, Verdict
from hamgara.domain.people import events as person_events
from hamgara.domain.people import queries as people


def _review(entry: Entry) -> Review:
    return Review.objects.select_related("commitment", "appeal_of").get(code=entry.data["review"])


def _being_examined(commitment: Commitment) -> bool:
    return Review.objects.filter(commitment=commitment, state__in=Review.LIVE).exists()


def _latest(review: Review) -> bool:
    return not Review.objects.filter(commitment=review.commitment_id, round__gt=review.round).exists()


@follower("oversight.examine_claim", commitment_events.ReportedDone)
def examine_claim(entry: Entry) -> None:
    """Whoever says «done» is examined by others. A claim that was examined already is not examined twice."""
    commitment = Commitment.objects.get(code=entry.data["commitment"])
    examined = Review.objects.filter(report=commitment.last_claim)
    if commitment.state == Commitment.State.REPORTED_DONE and not examined.exists():
        commands.open_review(by=RULES, commitment=commitment)


def conclude(review: Review) -> None:
    """End a review in which nobody is called any more: by the verdicts, or by a new panel if they are too few."""
    if review.state != Review.State.DRAWN or review.seats.filter(state=Seat.State.CALLED).exists():
        return
    if Verdict.objects.filter(seat__review=review).count() >= charter.number("oversight.quorum"):
        commands.settle(by=RULES, review=review)
    else:
        commands.lapse(by=RULES, review=review)


@follower("oversight.conclude", events.VerdictGiven, events.Recused, events.AbsentReplaced)
def conclude_when_all_are_heard(entry: Entry) -> None:
    conclude(_review(entry))


@follower("oversight.take_effect", events.Settled)
def take_effect(entry: Entry) -> None:
    """The outcome takes effect on the promise at once; an appeal may look at it again."""
    review = _review(entry)
    commitment = review.commitment
    awaited = commitment.state == Commitment.State.REPORTED_DONE and review.report == commitment.last_claim
    if awaited and _latest(review) and review.state == Review.State.SETTLED:
        commitments.settle(by=RULES, commitment=commitment, outcome=review.outcome, review=review.code)


@follower("oversight.draw_anew", events.Lapsed)
def draw_anew(entry: Entry) -> None:
    """A panel that did not answer is followed by another one, without those who stayed away."""
    review = _review(entry)
    if review.commitment.state == Commitment.State.REPORTED_DONE and _latest(review):
        commands.open_review(by=RULES, commitment=review.commitment, appeal_of=review.appeal_of)


@follower("oversight.look_again", events.Appealed)
def look_again(entry: Entry) -> None:
    """An appeal makes the promise a claim again, for a panel without anybody of the first one."""
    review = _review(entry)
    commitment = review.commitment
    if not _latest(review) or _being_examined(commitment):
        return
    if commitment.state in Commitment.VERIFIED:
        commitments.review_again(by=RULES, commitment=commitment, review=review.code)
        commands.open_review(by=RULES, commitment=commitment, appeal_of=review)


def let_time_pass() -> None:
    """Record what the calendar brings to reviews, and open those that waited for candidates."""
    needed = charter.number("oversight.pool_at_least")
    for review in queries.waiting():
        candidates = queries.candidates_for(review.commitment, review.appeal_of)
        if sum(not each["ties"] for each in candidates) >= max(needed, review.seats_wanted):
            commands.open_waiting(by=CLOCK, review=review)
    for review in queries.undisturbed_draws():
        commands.call_for_words(by=CLOCK, review=review)
    for seat in queries.absent_seats():
        commands.replace_absent(by=CLOCK, seat=seat)
    for seat in queries.seats_nearly_due():
        commands.remind_reviewer(by=CLOCK, seat=seat)


@app.periodic(cron="17 * * * *")
@app.task(name="oversight.let_time_pass", queueing_lock="oversight.let_time_pass")
def hourly(timestamp: int) -> None:
    """Every hour, so that a missed one matters little."""
    let_time_pass()


@follower("oversight.forget_person", person_events.ErasureBegun)
def forget_person(entry: Entry) -> None:
    """Somebody is being erased: what they found stays, and where they were to judge the next one is called."""
    erasure = people.erasure(entry.data["erasure"])
    called = list(Seat.objects.filter(monitor__person=erasure.person, state=Seat.State.CALLED))
    commands.forget_person(by=RULES, person=erasure.person, erasure=str(erasure.key))
    for seat in called:
        commands.replace_absent(by=RULES, seat=seat)
