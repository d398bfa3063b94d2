"""Makers of reviews for tests: a city with enough organisations, claims that are examined, panels that answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hamgara import clock
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.queries import lagging
from hamgara.domain.organisations.models import ActingPerson
from hamgara.domain.oversight import commands
from hamgara.domain.oversight.models import Monitor, Review, Seat
from tests import factories as make
from tests.commitments import promises

ANSWERS: dict[str, dict[str, str]] = {
    "kept": {"paper": "yes", "on_site": "yes", "effect": "yes"},
    "partly": {"paper": "yes", "on_site": "partly", "effect": "cannot_tell"},
    "broken": {"paper": "partly", "on_site": "no", "effect": "no"},
}


def follow() -> None:
    """Let every follower read all there is; none may stumble."""
    catch_up()
    assert not lagging().exists(), [(each.follower, each.trouble) for each in lagging()]


def author_of(review: Review) -> ActingPerson:
    return make.acting(review.commitment.demand.author)


def monitor(**more: Any) -> Monitor:
    until = clock.today() + timedelta(days=300)
    wished = {"person": make.person(), "known_as": "ناظر مردمی", "until": until} | more
    return commands.register_monitor(by=make.office_officer(), **wished)


def claimed(author: ActingPerson | None = None, **more: Any) -> Commitment:
    """A demand, promised by its unit and reported done; nobody has looked yet."""
    demand = make.admitted(author, unit=make.unit())
    commitment = promises.promised(demand, **more)
    catch_up()
    return promises.reported(promises.under_way(commitment))


def opened(bodies: int = 6, author: ActingPerson | None = None) -> Review:
    """A claim whose review has been opened among so many organisations without a tie."""
    for _n in range(bodies):
        make.organisation()
    commitment = claimed(author)
    follow()
    return now(Review.objects.get(commitment=commitment))


def drawn(bodies: int = 6, **more: Any) -> Review:
    """A review whose panel has been drawn by the words of the author."""
    review = opened(bodies, **more)
    return now(commands.give_words(by=author_of(review), review=review, words="باران، نارنج، هفده"))


def now(review: Review) -> Review:
    return Review.objects.select_related("commitment__demand__author").get(pk=review.pk)


def demand_of(review: Review) -> Demand:
    return Demand.objects.get(pk=review.commitment.demand_id)


def reviewer(seat: Seat) -> ActingPerson:
    """Somebody who may act for this seat."""
    if seat.organisation is not None:
        return make.head_of(seat.organisation)
    assert seat.monitor is not None
    return make.acting(seat.monitor.person)


def answer(seat: Seat, overall: str = "kept", by: ActingPerson | None = None, **more: Any) -> None:
    answers = ANSWERS[overall] | {f"{step}_findings": "آنچه دیدیم" for step in ("paper", "on_site", "effect")}
    commands.give_verdict(by=by or reviewer(seat), seat=seat, overall=overall, **(answers | more))


def called(review: Review) -> list[Seat]:
    """The seats that are still to answer."""
    return list(
        review.seats.filter(state=Seat.State.CALLED).select_related("organisation", "monitor__person", "review")
    )


def settled(overalls: Sequence[str] = ("kept", "kept", "kept"), review: Review | None = None) -> Review:
    """A review that its panel has settled, with all that follows from it."""
    review = review or drawn()
    for seat, overall in zip(called(review), overalls, strict=True):
        answer(seat, overall)
    follow()
    return now(review)
