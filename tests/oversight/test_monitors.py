"""Monitors: registered by the participation office until a date, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hamgara import clock
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.queries import about
from hamgara.domain.oversight import commands, policies, queries
from hamgara.domain.oversight.models import Monitor
from tests import factories as make
from tests.oversight import examining as examine

pytestmark = pytest.mark.django_db


def test_who_registers_and_ends_a_registration() -> None:
    monitor = examine.monitor()
    people = {
        "participation office": make.office_officer(),
        "founders": FOUNDERS,
        "officer of a unit": make.officer(make.unit()),
        "head of an organisation": make.head_of(make.organisation()),
        "citizen": make.acting(),
        "the monitor": make.acting(monitor.person),
    }
    office = {"participation office", "founders"}
    assert {name for name, by in people.items() if policies.may_register_monitor(by)} == office
    assert {name for name, by in people.items() if policies.may_end_monitor(by, monitor)} == office | {"the monitor"}
    with pytest.raises(Refused):
        commands.end_monitor(by=people["citizen"], monitor=monitor, reason="بس است")
    commands.end_monitor(by=people["the monitor"], monitor=monitor, reason="فرصت ندارم")
    assert not any(policies.may_end_monitor(by, Monitor.objects.get(pk=monitor.pk)) for by in people.values())


def test_who_the_monitor_is_stands_in_the_record_as_commitments_only() -> None:
    monitor = examine.monitor()
    [entry] = about(monitor.subject)
    assert entry.data["person"].keys() == entry.data["known_as"].keys() == {"commitment"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"known_as": " "}, "known_as"),
        ({"known_as": "ن" * 81}, "known_as"),
        ({"until": timedelta(days=0)}, "until"),
        ({"until": timedelta(days=731)}, "until"),
    ],
)
def test_what_a_registration_may_not_say(wrong: dict[str, Any], field: str) -> None:
    if "until" in wrong:
        wrong = {"until": clock.today() + wrong["until"]}
    with pytest.raises(Invalid) as raised:
        examine.monitor(**wrong)
    assert field in raised.value.problems


def test_nobody_of_the_municipality_and_nobody_twice() -> None:
    clerk = make.mandate(make.unit()).person
    twice = examine.monitor().person
    for person in (clerk, twice):
        with pytest.raises(Invalid) as raised:
            examine.monitor(person=person)
        assert "person" in raised.value.problems


def test_a_registration_ends_by_itself_and_can_be_given_anew() -> None:
    monitor = examine.monitor(until=clock.today() + timedelta(days=10))
    assert queries.monitors() == [monitor]
    with make.days_later(11):
        assert queries.monitors() == []
        assert not Monitor.objects.get(pk=monitor.pk).is_live
        again = examine.monitor(person=monitor.person)
        assert queries.monitors() == [again]
