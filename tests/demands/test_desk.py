"""The officers' desk: what it holds under each filter, who deals with what, and what an ended mandate takes away."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from hamgara import clock
from hamgara.domain.demands import commands, policies, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Refused
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson, Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db

State = Demand.State


def on(by: ActingPerson, **wanted: object) -> set[str]:
    """The codes of what the desk of this officer holds."""
    assert by.mandate is not None
    return {each.code for each in queries.desk(queries.Desk(mandate=by.mandate, **wanted))}  # type: ignore[arg-type]


def due_in(days: int, unit: Organisation, **more: object) -> Demand:
    demand = make.demand(unit=unit, **more)
    demand.deadline = clock.today() + timedelta(days=days)
    demand.save(update_fields=["deadline"])
    return demand


def test_the_desk_holds_what_waits_for_the_unit_and_those_below_it_and_no_other() -> None:
    above = make.unit()
    unit = make.unit(parent=above)
    mine, elsewhere = make.demand(unit=unit), make.demand(unit=make.unit())
    for by in (make.officer(unit), make.officer(above)):
        assert on(by) == {mine.code}
    assert on(make.officer(make.unit())) == set()
    assert {mine.code, elsewhere.code} <= on(make.office_officer(), whole=True)


def test_deadlines_part_the_desk_and_are_counted_as_they_are_listed() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    late, today, soon, far = (due_in(days, unit) for days in (-1, 0, 7, 8))
    assert on(officer, due="overdue") == {late.code}
    assert on(officer, due="today") == {today.code}
    assert on(officer, due="week") == {today.code, soon.code}
    assert on(officer) == {late.code, today.code, soon.code, far.code}
    assert officer.mandate is not None
    counts = queries.desk_counts(queries.Desk(mandate=officer.mandate))
    assert (counts["overdue"], counts["today"], counts["week"], counts["every"]) == (1, 1, 2, 4)
    nearest = [each.code for each in queries.desk(queries.Desk(mandate=officer.mandate))]
    assert nearest == [late.code, today.code, soon.code, far.code]


def test_states_places_and_fields_part_the_desk() -> None:
    unit, district = make.unit(), make.place(level="district")
    officer = make.officer(unit)
    inside = make.demand(unit=unit, place=make.place(within=district))
    outside = make.demand(unit=unit)
    admitted = commands.admit(by=officer, demand=make.demand(unit=unit))
    refused = commands.admit(by=officer, demand=make.demand(unit=unit))
    commands.refuse(by=officer, demand=refused, reason_code="against_law", reason="منع قانونی")
    assert on(officer, place=district) == {inside.code}
    assert on(officer, field=outside.field) == {outside.code}
    assert on(officer, tab="received") == {inside.code, outside.code}
    assert on(officer, tab="admitted") == {admitted.code}
    assert on(officer, tab="ended") == {refused.code}
    assert on(officer) == {inside.code, outside.code, admitted.code}


def test_who_deals_with_it_parts_the_desk_until_their_mandate_ends() -> None:
    unit = make.unit()
    first, second = make.officer(unit), make.officer(unit)
    mine, free = make.demand(unit=unit), make.demand(unit=unit)
    commands.take(by=first, demand=mine)
    assert on(first, handler=queries.MINE) == {mine.code}
    assert on(second, handler=queries.MINE) == set()
    assert on(second, handler=queries.NOBODY) == {free.code}
    assert first.mandate is not None
    organisations.end_mandate(by=make.office_officer(), mandate=first.mandate)
    assert on(second, handler=queries.NOBODY) == {mine.code, free.code}
    assert Demand.objects.get(pk=mine.pk).handled_by is None


def test_a_leaver_loses_the_demand_on_the_day_the_mandate_runs_out() -> None:
    unit = make.unit()
    leaver = make.officer(unit)
    demand = make.demand(unit=unit)
    commands.take(by=leaver, demand=demand)
    assert leaver.mandate is not None
    leaver.mandate.until = clock.today() - timedelta(days=1)
    leaver.mandate.save(update_fields=["until"])
    assert not policies.may_give_back(leaver, demand)
    with pytest.raises(Refused):
        commands.hand_over(by=leaver, demand=demand, to=make.mandate(unit))
    assert Demand.objects.get(pk=demand.pk).handled_by is None
    commands.take(by=make.officer(unit), demand=demand)


def test_a_demand_is_handed_only_to_somebody_whose_mandate_covers_it() -> None:
    unit = make.unit()
    officer, demand = make.officer(unit), make.demand(unit=unit)
    with pytest.raises(Refused):
        commands.hand_over(by=officer, demand=demand, to=make.mandate(make.unit()))
    author = make.mandate(unit, demand.author)
    with pytest.raises(Refused):
        commands.hand_over(by=officer, demand=demand, to=author)
    colleague = make.mandate(unit)
    assert commands.hand_over(by=officer, demand=demand, to=colleague).handler == colleague
    with pytest.raises(Refused):
        commands.hand_over(by=officer, demand=demand, to=colleague)


def test_passing_a_demand_to_another_unit_leaves_it_to_nobody() -> None:
    unit, other = make.unit(), make.unit()
    officer, demand = make.officer(unit), make.demand(unit=unit)
    commands.take(by=officer, demand=demand)
    commands.route(by=officer, demand=demand, unit=other, reason="کار آن واحد است")
    assert Demand.objects.get(pk=demand.pk).handler is None


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_take_a_demand_at_once_the_later_one_has_it_and_both_are_recorded() -> None:
    unit = make.unit()
    officers = [make.officer(unit), make.officer(unit)]
    demand = make.demand(unit=unit)
    start = Barrier(2)

    def take(by: ActingPerson) -> None:
        try:
            start.wait()
            commands.take(by=by, demand=demand)
        finally:
            connection.close()

    threads = [Thread(target=take, args=[by]) for by in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = Entry.objects.filter(kind="demands.taken").order_by("pk")
    demand.refresh_from_db()
    assert taken.count() == 2
    assert demand.handler is not None
    assert taken[1].data["mandate"] == str(demand.handler.key)


def test_the_workload_counts_what_lies_on_each_officer_and_takes_the_middle_of_the_days() -> None:
    unit = make.unit()
    officer, leaver = make.officer(unit), make.officer(unit)
    waited = (1, 2, 9)
    for days in waited:
        demand = make.demand(unit=unit)
        commands.take(by=officer, demand=demand)
        commands.admit(by=officer, demand=demand)
        commands.refuse(by=officer, demand=demand, reason_code="against_law", reason="منع قانونی")
        Demand.objects.filter(pk=demand.pk).update(submitted_at=clock.now() - timedelta(days=days))
    Demand.objects.filter(handler=officer.mandate).update(ended_at=clock.now())
    old = make.demand(unit=unit)
    commands.take(by=officer, demand=old)
    Demand.objects.filter(pk=old.pk).update(state=State.REFUSED, ended_at=clock.now() - timedelta(days=31))
    lost = due_in(-1, unit)
    commands.take(by=leaver, demand=lost)
    assert leaver.mandate is not None
    organisations.end_mandate(by=make.office_officer(), mandate=leaver.mandate)
    mine, nobodys = queries.workload(unit)
    assert mine.mandate == officer.mandate
    assert (mine.waiting, mine.overdue, mine.ended) == (0, 0, len(waited))
    assert mine.median is not None
    assert round(mine.median / timedelta(days=1)) == sorted(waited)[1]
    assert (nobodys.mandate, nobodys.waiting, nobodys.overdue) == (None, 1, 1)
