"""Every command on promises, by every role, in every state: the table and the command say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hamgara import clock
from hamgara.domain.commitments import commands
from hamgara.domain.commitments.models import Commitment, Part, Promiser
from hamgara.domain.demands.models import Demand
from tests import factories as make
from tests.commitments import promises
from tests.commitments.test_promising import MAY_PROMISE, actors
from tests.commitments.test_work import HOUSE, LEAD, PROMISERS, joint_promise
from tests.tables import agrees, commands_of

pytestmark = pytest.mark.django_db

State = Commitment.State
OWED = {State.PROMISED, State.UNDER_WAY}
PARTNER = PROMISERS - LEAD


def ahead() -> Any:
    return clock.today() + timedelta(days=9)


def partner(commitment: Commitment) -> Promiser:
    return commitment.promisers.select_related("organisation").get(is_lead=False)


def part(commitment: Commitment) -> Part:
    owner = partner(commitment).organisation
    return Part.objects.create(commitment=commitment, title="رنگ", owner=owner, due=ahead())


# command: (who, in which states, how)
TABLE: dict[str, tuple[set[str], set[str], Callable[[Any, Commitment], object]]] = {
    "join": (
        PARTNER,
        {State.PROPOSED},
        lambda by, c: commands.join(by=by, commitment=c, organisation=partner(c).organisation),
    ),
    "decline_to_join": (
        PARTNER,
        {State.PROPOSED},
        lambda by, c: commands.decline_to_join(
            by=by, commitment=c, organisation=partner(c).organisation, reason="نمی‌توانیم"
        ),
    ),
    "let_proposal_lapse": (
        HOUSE,
        {State.PROPOSED},
        lambda by, c: commands.let_proposal_lapse(by=by, commitment=c),
    ),
    "start": (PROMISERS, {State.PROMISED}, lambda by, c: commands.start(by=by, commitment=c)),
    "add_part": (
        PROMISERS,
        OWED,
        lambda by, c: commands.add_part(by=by, commitment=c, title="سیم‌کشی", owner=c.lead, due=ahead()),
    ),
    "complete_part": (PROMISERS, OWED, lambda by, c: commands.complete_part(by=by, part=part(c))),
    "report_progress": (
        PROMISERS,
        {State.UNDER_WAY},
        lambda by, c: commands.report_progress(by=by, commitment=c, text="نیمی شد"),
    ),
    "change_due": (LEAD, OWED, lambda by, c: commands.change_due(by=by, commitment=c, due=ahead(), reason="باران")),
    "report_done": (
        LEAD,
        {State.UNDER_WAY},
        lambda by, c: commands.report_done(by=by, commitment=c, text="شد", claims=[12]),
    ),
    "withdraw": (
        LEAD,
        {*OWED, State.CONTESTED},
        lambda by, c: commands.withdraw(by=by, commitment=c, reason="بودجه نیست"),
    ),
    "resume": (
        LEAD,
        {State.CONTESTED},
        lambda by, c: commands.resume(by=by, commitment=c, due=ahead(), reason="از نو"),
    ),
    "settle": (
        HOUSE,
        {State.REPORTED_DONE},
        lambda by, c: commands.settle(by=by, commitment=c, outcome="confirmed", review="R"),
    ),
    "review_again": (
        HOUSE,
        set(Commitment.VERIFIED),
        lambda by, c: commands.review_again(by=by, commitment=c, review="R"),
    ),
    "warn_of_due": (HOUSE, OWED, lambda by, c: commands.warn_of_due(by=by, commitment=c)),
    "deadline_passed": (HOUSE, OWED, lambda by, c: commands.deadline_passed(by=by, commitment=c)),
}


@pytest.mark.parametrize("verb", TABLE)
def test_the_table_and_the_command_agree(verb: str) -> None:
    who, when, do = TABLE[verb]
    commitment, everybody = joint_promise()
    if verb == "join":
        Promiser.objects.filter(commitment=commitment).update(joined_at=None)
    assert not agrees(
        do, everybody, lambda state: promises.in_state(state, commitment), State.values, who=who, when=when
    )


def test_who_promises_by_the_command_is_who_may_by_the_policy() -> None:
    author = make.acting()
    demand = make.demand(author, unit=make.unit(parent=make.unit()))

    def put(state: str) -> Demand:
        into = make.demand(unit=demand.unit) if state == Demand.State.MERGED else None
        ended = clock.now() if state in Demand.ENDED else None
        Demand.objects.filter(pk=demand.pk).update(
            state=state, merged_into=into, ended_at=ended, deadline=None, clock_kind=""
        )
        return Demand.objects.get(pk=demand.pk)

    def do(by: Any, asked: Demand) -> object:
        return commands.promise(by=by, demand=asked, **promises.terms())

    open_states = {Demand.State.ADMITTED, Demand.State.ANSWERED}
    states = set(Demand.State.values) - {
        Demand.State.CLOSED
    }  # closed has an outcome beside; it is refused like the others
    assert not agrees(do, actors(demand, author), put, states, who=MAY_PROMISE, when=open_states)


def test_every_command_stands_in_the_table() -> None:
    assert commands_of(commands) == {*TABLE, "promise"}
