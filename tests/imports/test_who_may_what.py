"""Every command on imports, by every role, in every state: the table and the command say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hamgara.domain.imports import commands, queries
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.events import CLOCK, RULES
from hamgara.domain.organisations import commands as organisations
from tests import factories as make
from tests.imports.files import TITLES, csv_file, demand_row, received
from tests.imports.files import city as made_city
from tests.tables import agrees, commands_of, lets

pytestmark = pytest.mark.django_db

State = Import.State
HOUSE = {"clock", "rules"}
OFFICE = {"office", *HOUSE}
ENDED_EARLY = {State.STOPPED, State.BROKEN_OFF}

# command: (who, in which states, how)
TABLE: dict[str, tuple[set[str], set[str], Callable[[Any, Import], object]]] = {
    "start": (
        OFFICE,
        {State.RECEIVED},
        lambda by, run: commands.start(by=by, run=run, columns=queries.guessed(run.kind, run.titles)),
    ),
    "stop": (OFFICE, {State.UNDER_WAY}, lambda by, run: commands.stop(by=by, run=run)),
    "carry_on": (OFFICE, ENDED_EARLY, lambda by, run: commands.carry_on(by=by, run=run)),
    "discard": (OFFICE, {State.RECEIVED, *ENDED_EARLY}, lambda by, run: commands.discard(by=by, run=run)),
    "check": (HOUSE, {State.UNDER_WAY}, lambda by, run: commands.check(by=by, run=run)),
    "advance": (
        HOUSE,
        {State.UNDER_WAY},
        lambda by, run: commands.advance(by=by, run=run, place=1, landed=1, known=0, returned=[]),
    ),
    "finish": (HOUSE, {State.UNDER_WAY}, lambda by, run: commands.finish(by=by, run=run)),
    "break_off": (HOUSE, {State.UNDER_WAY}, lambda by, run: commands.break_off(by=by, run=run, reason="پرونده")),
}


@pytest.fixture
def everybody() -> dict[str, Any]:
    """One of each who might come upon an import."""
    made_city()
    ended = organisations.end_mandate(by=make.office_officer(), mandate=make.mandate(make.office()))
    return {
        "office": make.office_officer(),
        "office's officer in their own name": make.acting(make.office_officer().person),
        "officer of a unit": make.officer(make.unit()),
        "head of an organisation": make.head_of(make.organisation()),
        "citizen": make.acting(),
        "officer whose mandate ended": make.under(ended),
        "clock": CLOCK,
        "rules": RULES,
    }


@pytest.mark.parametrize("verb", TABLE)
def test_the_table_and_the_command_agree(verb: str, everybody: dict[str, Any]) -> None:
    who, when, do = TABLE[verb]
    run = received(csv_file([TITLES, demand_row(1)]), by=everybody["office"])

    def put(state: str) -> Import:
        Import.objects.filter(pk=run.pk).update(state=state)
        return Import.objects.get(pk=run.pk)

    assert not agrees(do, everybody, put, State.values, who=who, when=when)


@pytest.mark.parametrize(
    ("who", "do"),
    [
        (OFFICE, lambda by: commands.receive(by=by, kind="demands", name="a.csv", upload=csv_file([TITLES]))),
        (HOUSE, lambda by: commands.forget_files(by=by)),
    ],
    ids=["receive", "forget_files"],
)
def test_who_sends_files_in_and_who_forgets_them(
    who: set[str], do: Callable[[Any], object], everybody: dict[str, Any]
) -> None:
    assert {role for role, by in everybody.items() if lets(lambda by=by: do(by))} == who


def test_every_command_stands_in_the_table() -> None:
    assert commands_of(commands) == {*TABLE, "receive", "forget_files"}
