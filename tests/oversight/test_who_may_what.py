"""Every command on reviews, by every role, in every state: the table and the command say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamgara import clock
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.oversight import commands
from hamgara.domain.oversight.models import Nonce, Review, Seat
from tests import factories as make
from tests.oversight import examining as examine
from tests.tables import agrees, commands_of, lets

pytestmark = pytest.mark.django_db

State = Review.State
HOUSE = {"clock", "rules"}
AUTHOR, OFFICE, REVIEWER = {"author"}, {"office"}, {"reviewer"}


def seat_of(review: Review) -> Seat:
    return (
        Seat.objects.select_related("organisation", "monitor__person", "review")
        .filter(review=review)
        .order_by("position")[0]
    )


def verdict(by: Any, review: Review) -> object:
    return examine.answer(seat_of(review), by=by)


# command: (who, in which states of the review, how)
TABLE: dict[str, tuple[set[str], set[str], Callable[[Any, Review], object]]] = {
    "open_waiting": (OFFICE | HOUSE, {State.WAITING}, lambda by, r: commands.open_waiting(by=by, review=r)),
    "call_for_words": (HOUSE, {State.OPENED}, lambda by, r: commands.call_for_words(by=by, review=r)),
    "give_words": (AUTHOR, {State.OPENED}, lambda by, r: commands.give_words(by=by, review=r, words="سرو و انار")),
    "recuse": (REVIEWER, {State.DRAWN}, lambda by, r: commands.recuse(by=by, seat=seat_of(r), reason="خویشاوندی")),
    "give_verdict": (REVIEWER, {State.DRAWN}, verdict),
    "replace_absent": (HOUSE, {State.DRAWN}, lambda by, r: commands.replace_absent(by=by, seat=seat_of(r))),
    "remind_reviewer": (HOUSE, {State.DRAWN}, lambda by, r: commands.remind_reviewer(by=by, seat=seat_of(r))),
    "settle": (HOUSE, {State.DRAWN}, lambda by, r: commands.settle(by=by, review=r)),
    "lapse": (HOUSE, {State.DRAWN}, lambda by, r: commands.lapse(by=by, review=r)),
    "appeal": (
        AUTHOR | {"promiser"},
        {State.SETTLED},
        lambda by, r: commands.appeal(by=by, review=r, reason="چراغ سوم روشن نیست"),
    ),
    "open_review": (HOUSE, set(State), lambda by, r: commands.open_review(by=by, commitment=r.commitment)),
}


# What these do has been done already where a panel sits.
BEFORE_THE_DRAW = {"open_waiting", "give_words"}


def people(review: Review) -> dict[str, Any]:
    return {
        "author": examine.author_of(review),
        "reviewer": examine.reviewer(seat_of(review)),
        "promiser": make.officer(review.commitment.lead),
        "office": make.office_officer(),
        "head of another body": make.head_of(make.organisation()),
        "citizen": make.acting(),
        "clock": CLOCK,
        "rules": RULES,
    }


@pytest.mark.parametrize("verb", TABLE)
def test_the_table_and_the_command_agree(verb: str) -> None:
    who, when, do = TABLE[verb]
    review = examine.drawn()
    everybody = people(review)

    def put(state: str) -> Review:
        settled = state == State.SETTLED
        found = examine.now(review)
        if verb in BEFORE_THE_DRAW:
            Seat.objects.filter(review=review).delete()
        if state == State.WAITING and verb == "open_waiting":
            Nonce.objects.filter(review=review).delete()
        # As it would stand there: a settled review has let its outcome take effect.
        type(found.commitment).objects.filter(pk=found.commitment_id).update(
            state="confirmed" if settled else "reported_done", outcome="confirmed" if settled else ""
        )
        Review.objects.filter(pk=review.pk).update(state=state, settled_at=clock.now() if settled else None)
        return examine.now(review)

    assert not agrees(do, everybody, put, State.values, who=who, when=when)


@pytest.mark.parametrize(
    ("who", "do"),
    [
        (
            OFFICE | HOUSE,
            lambda by, m: commands.register_monitor(by=by, person=m.person, known_as="ناظر", until=m.until),
        ),
        (OFFICE | HOUSE | {"monitor"}, lambda by, m: commands.end_monitor(by=by, monitor=m, reason="بس است")),
    ],
    ids=["register_monitor", "end_monitor"],
)
def test_who_registers_monitors_and_who_ends_it(who: set[str], do: Callable[[Any, Any], object]) -> None:
    monitor = examine.monitor()
    roles = {
        "monitor": make.acting(monitor.person),
        "office": make.office_officer(),
        "officer of a unit": make.officer(make.unit()),
        "head of an organisation": make.head_of(make.organisation()),
        "citizen": make.acting(),
        "clock": CLOCK,
        "rules": RULES,
    }
    assert {role for role, by in roles.items() if lets(lambda by=by: do(by, monitor))} == who


def test_every_command_stands_in_the_table() -> None:
    assert commands_of(commands) == {*TABLE, "register_monitor", "end_monitor"}
