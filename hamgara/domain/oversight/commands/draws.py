"""Commands of the draw: a review is opened with its pool frozen, words are given, and the lot decides at once."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms import sortition
from hamgara.algorithms.persian.text import clean
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.commitments.policies import shown
from hamgara.domain.commitments.queries import promisers
from hamgara.domain.ledger.commands import Invalid, command, record, refuse_replay, require
from hamgara.domain.ledger.events import Actor
from hamgara.domain.organisations.models import ActingPerson, Organisation
from hamgara.domain.oversight import events, policies
from hamgara.domain.oversight.models import WORDS_LENGTH, Monitor, Nonce, Review, Seat
from hamgara.domain.oversight.queries.standing import candidates_for, still_stands


def locked(review: Review) -> Review:
    """The row as it is now, held until the command ends: two reviewers at once come one after the other."""
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related("commitment__demand__on_behalf", "appeal_of")
        .prefetch_related(promisers("commitment__promisers"))
        .get(pk=review.pk)
    )


def about(review: Review) -> dict[str, Any]:
    """What every event of a review says first."""
    return {
        "review": review.code,
        "commitment": review.commitment.code,
        "demand": review.commitment.demand.code,
        "promisers": [body.code for body in review.commitment.bodies],
    }


def _freeze(review: Review) -> events.Opened | events.PoolTooSmall:
    """Look up who could judge; if they are enough, bind the house to this pool and to its half of the seed."""
    review.candidates = candidates_for(review.commitment, review.appeal_of)
    pool, needed = review.pool, charter.number("oversight.pool_at_least")
    tied = len(review.candidates) - len(pool)
    appeal_of = None if review.appeal_of is None else review.appeal_of.code
    if len(pool) < max(needed, review.seats_wanted):
        review.save()
        return events.PoolTooSmall(
            **about(review),
            pool_size=len(pool),
            tied=tied,
            needed=max(needed, review.seats_wanted),
            appeal_of=appeal_of,
        )
    nonce = secrets.token_bytes(sortition.NONCE_BYTES)
    review.state = Review.LIFE.after(review.state, "open_waiting")
    review.opened_at = clock.now()
    review.pool_hash = sortition.pool_hash(pool)
    review.nonce_commitment = sortition.commit_nonce(review.code, nonce, pool)
    review.save()
    Nonce.objects.create(review=review, value=nonce)
    return events.Opened(
        **about(review),
        pool_hash=review.pool_hash,
        pool_size=len(pool),
        tied=tied,
        seats=review.seats_wanted,
        nonce_commitment=review.nonce_commitment,
        appeal_of=appeal_of,
    )


@command
def open_review(*, by: Actor, commitment: Commitment, appeal_of: Review | None = None) -> Review:
    """Begin to examine a claim. With too few candidates without a tie, the review waits for more."""
    commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("demand")
        .prefetch_related(promisers())
        .get(pk=commitment.pk)
    )
    earlier = list(Review.objects.filter(commitment=commitment))
    report = commitment.last_claim
    if commitment.state != Commitment.State.REPORTED_DONE or report is None:
        raise Invalid({"commitment": _("There is no claim to examine.")})
    review = Review(
        code=f"{commitment.code}-R{len(earlier) + 1}",
        commitment=commitment,
        report=report,
        round=len(earlier) + 1,
        appeal_of=appeal_of,
        seats_wanted=charter.number("oversight.panel_seats"),
    )
    require(policies.may_follow_the_rules(by, review, "open_waiting"))
    if any(each.state in Review.LIVE for each in earlier):
        raise Invalid({"commitment": _("This claim is being examined already.")})
    record(_freeze(review), by=by)
    return review


@command
def open_waiting(*, by: Actor, review: Review) -> Review:
    """Open a review that waited, now that there are enough candidates without a tie."""
    review = locked(review)
    refuse_replay(by)
    require(policies.may_open_waiting(by, review))
    event = _freeze(review)
    if isinstance(event, events.PoolTooSmall):
        raise Invalid(
            {
                "pool": _("There are still only %(pool)s candidates without a tie; %(needed)s are needed.")
                % {"pool": shown(event.pool_size), "needed": shown(event.needed)}
            }
        )
    record(event, by=by)
    return review


@command
def call_for_words(*, by: Actor, review: Review) -> Review:
    """Say once that others than the author may give the words now."""
    review = locked(review)
    require(policies.may_follow_the_rules(by, review, "give_words"))
    assert review.opened_at is not None
    others_turn = review.opened_at + charter.period("oversight.words_of_author_alone")
    if review.words_called_at is not None or clock.now() < others_turn:
        raise Invalid({"review": _("It is still the author's turn, or this has been said.")})
    review.words_called_at = clock.now()
    review.save()
    record(events.WordsAwaited(**about(review)), by=by)
    return review


def _one_line(words: str) -> str:
    """The words as everybody will be able to type them again."""
    line = " ".join(clean(words).split())
    if not line:
        raise Invalid({"words": _("Write a few words of your own; any will do.")})
    if len(line) > WORDS_LENGTH:
        raise Invalid(
            {"words": _("This text is too long: at most %(count)s characters.") % {"count": shown(WORDS_LENGTH)}}
        )
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in line):
        raise Invalid({"words": _("The words contain something that cannot be typed again. Write letters and digits.")})
    return unicodedata.normalize("NFC", line)


def call(review: Review, candidate: str, position: int) -> Seat:
    """Call a candidate to the panel."""
    kind, _colon, code = candidate.partition(":")
    return Seat.objects.create(
        review=review,
        candidate=candidate,
        organisation=Organisation.objects.get(code=code) if kind == "organisation" else None,
        monitor=Monitor.objects.filter(code=code).first() if kind == "monitor" else None,
        position=position,
        due=clock.today() + charter.period("oversight.verdict_within"),
    )


def call_next(review: Review) -> Seat | None:
    """Call the next in the order of the lot who can still be called; None when the order is exhausted."""
    used = set(review.seats.values_list("candidate", flat=True))
    for position, candidate in enumerate(review.order):
        if candidate not in used and position >= review.seats_wanted and still_stands(candidate):
            return call(review, candidate, position)
    return None


@command
def give_words(*, by: Actor, review: Review, words: str) -> Review:
    """Give the people's half of the seed; the house opens its own, and the panel is drawn in this same act.

    The words become public for good, because without them nobody could recheck the draw.
    """
    review = locked(review)
    refuse_replay(by)
    require(policies.may_give_words(by, review))
    assert isinstance(by, ActingPerson)
    line, pool = _one_line(words), review.pool
    nonce = bytes(Nonce.objects.get(review=review).value)
    drawn = sortition.draw(sortition.seed(review.code, nonce, line, pool), pool, review.seats_wanted)
    review.state = Review.LIFE.after(review.state, "give_words")
    review.words, review.words_by, review.drawn_at = line, by.person, clock.now()
    review.words_as = policies.speaks_as(by, review)
    review.certificate = drawn.to_json(
        review_id=review.code, commitment=review.nonce_commitment, nonce=nonce, words=line
    ) | {"given_as": review.words_as, "candidates": review.candidates}
    review.save()
    seats = [call(review, candidate, position) for position, candidate in enumerate(drawn.panel)]
    record(
        events.Drawn(
            **about(review),
            words=line,
            given_as=review.words_as,
            nonce=nonce.hex(),
            seed=drawn.seed,
            pool_hash=review.pool_hash,
            panel=list(drawn.panel),
            due=seats[0].due.isoformat(),
        ),
        by=by,
    )
    return review
