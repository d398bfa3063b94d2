"""The end of a review: from the claim to the closed demand, what the charter's rule makes of verdicts, and appeals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamgara.domain.commitments import commands as commitments
from hamgara.domain.commitments.models import Commitment
from hamgara.domain.commitments.queries import figures
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand, Support
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import RULES
from hamgara.domain.ledger.models import Bookmark, Entry
from hamgara.domain.ledger.queries import about
from hamgara.domain.oversight import commands, events, policies, queries
from hamgara.domain.oversight.models import Review, Seat
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining as examine

pytestmark = pytest.mark.django_db
State = Review.State


def commitment_of(review: Review) -> Commitment:
    return Commitment.objects.get(pk=review.commitment_id)


def test_the_whole_loop_from_a_voice_to_a_closed_demand() -> None:
    author = make.acting()
    for _n in range(5):
        make.organisation()
    demand = make.admitted(author, unit=make.unit())
    officer = make.officer(demand.unit)
    commitment = commitments.promise(by=officer, demand=demand, **promises.terms())
    examine.follow()
    commitment = commitments.start(by=officer, commitment=commitment)
    commitments.report_progress(by=officer, commitment=commitment, text="نیمی از کار", percent=50)
    commitments.report_done(by=officer, commitment=commitment, text="تمام شد", claims=["۱۲"])
    examine.follow()
    assert Demand.objects.get(pk=demand.pk).state == Demand.State.ANSWERED, "a claim closes nothing"
    assert figures().claimed == 1
    assert figures().verified == 0
    review = Review.objects.get(commitment=commitment)
    commands.give_words(by=author, review=review, words="سه سرو")
    for seat in examine.called(review):
        examine.answer(seat)
    examine.follow()
    demand.refresh_from_db()
    assert (demand.state, demand.outcome) == (Demand.State.CLOSED, Demand.Outcome.KEPT)
    assert commitment_of(review).state == Commitment.State.CONFIRMED
    assert [entry.kind for entry in about(demand.subject)] == [
        "demands.submitted",
        "demands.admitted",
        "commitments.promised",
        "demands.answered",
        "commitments.started",
        "commitments.progress_reported",
        "commitments.reported_done",
        "oversight.opened",
        "oversight.drawn",
        "oversight.verdict_given",
        "oversight.verdict_given",
        "oversight.verdict_given",
        "oversight.settled",
        "commitments.settled",
        "demands.closed",
    ]


@pytest.mark.parametrize(
    ("overalls", "outcome", "state", "verified"),
    [
        (["kept", "kept", "kept"], "confirmed", "closed", "kept"),
        (["kept", "broken", "kept"], "confirmed", "closed", "kept"),
        (["kept", "partly", "broken"], "partly_kept", "closed", "partly"),
        (["partly", "partly", "kept"], "partly_kept", "closed", "partly"),
        (["broken", "broken", "kept"], "contested", "admitted", "none"),
    ],
)
def test_how_verdicts_end_a_demand(overalls: list[str], outcome: str, state: str, verified: str) -> None:
    review = examine.settled(overalls)
    assert (review.state, review.outcome) == (State.SETTLED, outcome)
    assert commitment_of(review).outcome == outcome
    demand = examine.demand_of(review)
    assert (demand.state, demand.outcome) == (state, verified)
    entry = about(review.subject).get(kind=events.Settled.KIND)
    assert [each["overall"] for each in entry.data["verdicts"]] == overalls
    assert entry.data["working"] == review.working


def test_a_contested_promise_is_examined_anew_when_it_is_reported_done_again() -> None:
    review = examine.settled(["broken", "broken", "broken"])
    commitment = commitment_of(review)
    by = promises.leader(commitment)
    commitment = commitments.resume(
        by=by, commitment=commitment, due=commitment.due + timedelta(days=300), reason="از نو"
    )
    examine.follow()
    assert examine.demand_of(review).state == Demand.State.ANSWERED
    promises.reported(commitment, by=by)
    examine.follow()
    second = Review.objects.get(commitment=commitment, round=2)
    assert (second.state, second.appeal_of) == (State.OPENED, None)
    second = commands.give_words(by=examine.author_of(examine.now(second)), review=second, words="این بار")
    second = examine.settled(review=second)
    assert second.outcome == "confirmed"
    assert examine.demand_of(second).outcome == Demand.Outcome.KEPT


# --- appeals ---------------------------------------------------------------------------------------------------------


def everybody(review: Review) -> dict[str, Any]:
    """One of each who might want to appeal."""
    commitment = review.commitment
    supporter = make.acting()
    # Given while the demand was open; what counts is that it stands.
    Support.objects.create(demand=commitment.demand, person=supporter.person)
    panel = review.seats.select_related("organisation").first()
    assert panel is not None
    return {
        "author": examine.author_of(review),
        "officer of the promiser": make.officer(commitment.lead),
        "supporter": supporter,
        "reviewer": examine.reviewer(panel),
        "participation office": make.office_officer(),
        "citizen": make.acting(),
        "rules": RULES,
    }


CONCERNED = {"author", "officer of the promiser", "supporter"}


def test_who_may_appeal_in_which_state_and_until_when() -> None:
    review = examine.settled()
    people = everybody(review)
    for state in State.values:
        review.state = state
        allowed = {name for name, by in people.items() if policies.may_appeal(by, review)}
        assert allowed == (CONCERNED if state == State.SETTLED else set()), state
    review.state = State.SETTLED
    for days, expected in [(29.9, CONCERNED), (30.1, set())]:
        with make.days_later(days):
            assert {name for name, by in people.items() if policies.may_appeal(by, review)} == expected, days


def test_whoever_carried_the_demand_may_appeal() -> None:
    carrier = make.organisation()
    review = examine.settled(review=examine.drawn(author=make.head_of(carrier)))
    colleague = make.under(make.mandate(carrier, role="representative"))
    assert policies.ground_of(colleague, review) == "carrier"
    assert commands.appeal(by=colleague, review=review, reason="ندیده‌اند").state == State.APPEALED


def appealed(review: Review) -> Review:
    """The second review that an appeal of the author leads to, with its panel drawn."""
    for _n in range(4):
        make.organisation()
    author = examine.author_of(review)
    commands.appeal(by=author, review=review, reason="چراغ‌ها شب‌ها خاموش است")
    examine.follow()
    second = Review.objects.get(appeal_of=review)
    return examine.now(commands.give_words(by=author, review=second, words="بار دوم"))


def test_an_appeal_makes_the_promise_a_claim_again_for_a_panel_without_the_first_one() -> None:
    review = examine.settled()
    second = appealed(review)
    assert examine.now(review).state == State.APPEALED
    commitment, demand = commitment_of(review), examine.demand_of(review)
    assert commitment.state == Commitment.State.REPORTED_DONE
    assert commitment.outcome == "confirmed", "the first outcome stays in view"
    assert (demand.state, demand.outcome) == (Demand.State.ANSWERED, Demand.Outcome.NONE)
    first_panel = set(review.seats.values_list("candidate", flat=True))
    assert first_panel.isdisjoint(second.pool)
    assert second.round == 2


@pytest.mark.parametrize(
    ("first", "second", "outcome", "state", "verified"),
    [
        ("kept", "kept", "confirmed", "closed", "kept"),
        ("kept", "broken", "contested", "admitted", "none"),
        ("kept", "partly", "partly_kept", "closed", "partly"),
        ("broken", "kept", "confirmed", "closed", "kept"),
        ("broken", "broken", "contested", "admitted", "none"),
        ("partly", "kept", "confirmed", "closed", "kept"),
    ],
)
def test_the_second_panel_decides(first: str, second: str, outcome: str, state: str, verified: str) -> None:
    review = examine.settled([first] * 3)
    last = examine.settled([second] * 3, review=appealed(review))
    assert commitment_of(last).outcome == outcome
    assert commitment_of(last).settled_by == last.code
    demand = examine.demand_of(last)
    assert (demand.state, demand.outcome) == (state, verified)
    for by in (examine.author_of(last), promises.leader(commitment_of(last))):
        for ended in (last, examine.now(review)):
            with pytest.raises(Refused):
                commands.appeal(by=by, review=ended, reason="باز هم")


def test_supporters_appeal_together() -> None:
    author = make.acting()
    review = examine.opened(author=author)
    demand = examine.demand_of(review)
    supporters = [make.acting() for _n in range(10)]
    for supporter in supporters:
        demands.support(by=supporter, demand=demand)
    review = examine.settled(review=examine.now(commands.give_words(by=author, review=review, words="سرو")))
    for n, supporter in enumerate(supporters, start=1):
        review = commands.appeal(by=supporter, review=review, reason="درست نشده")
        assert review.state == (State.APPEALED if n == 10 else State.SETTLED)
        if n < 10:
            with pytest.raises(Refused):
                commands.appeal(by=supporter, review=review, reason="دوباره")
    kinds = [entry.kind for entry in about(review.subject)]
    assert kinds.count(events.AppealAsked.KIND) == 9
    assert kinds.count(events.Appealed.KIND) == 1
    assert queries.detail(review).appeal_voices == 10


def test_an_appeal_says_what_was_overlooked() -> None:
    review = examine.settled()
    with pytest.raises(Invalid):
        commands.appeal(by=examine.author_of(review), review=review, reason="  ")


def test_there_is_no_appeal_once_the_promiser_has_taken_the_work_up_again() -> None:
    review = examine.settled(["broken"] * 3)
    commitment = commitment_of(review)
    commitments.resume(
        by=promises.leader(commitment),
        commitment=commitment,
        due=commitment.due + timedelta(days=300),
        reason="از نو",
    )
    with pytest.raises(Refused):
        commands.appeal(by=examine.author_of(review), review=examine.now(review), reason="نه")


# --- read again ------------------------------------------------------------------------------------------------------


def test_reading_the_whole_ledger_again_changes_nothing() -> None:
    review = examine.settled(["kept", "partly", "broken"])
    examine.settled(["broken"] * 3, review=appealed(review))
    commitment = commitment_of(review)
    by = promises.leader(commitment)
    commitment = commitments.resume(
        by=by, commitment=commitment, due=commitment.due + timedelta(days=300), reason="از نو"
    )
    examine.follow()
    promises.reported(commitment, by=by)
    examine.follow()

    def everything() -> tuple[Any, ...]:
        return (
            Entry.objects.count(),
            list(Demand.objects.order_by("pk").values()),
            list(Commitment.objects.order_by("pk").values()),
            list(Review.objects.order_by("pk").values()),
            list(Seat.objects.order_by("pk").values()),
        )

    before = everything()
    for follower in Bookmark.objects.values_list("follower", flat=True):
        Bookmark.objects.filter(follower=follower).update(position=-1)
        examine.follow()
        assert everything() == before, follower


def test_every_state_of_a_review_and_a_seat_can_be_reached() -> None:
    assert not Review.LIFE.unreachable()
    assert not Seat.LIFE.unreachable()
    assert Review.LIFE.ends == {State.APPEALED, State.LAPSED}
