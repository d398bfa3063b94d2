"""A unit ends: nothing that it had is orphaned, and what nobody attends to stands before the participation office."""

from __future__ import annotations

import pytest

from hamgara.domain.demands import commands, jobs, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.commands import Invalid
from hamgara.domain.ledger.events import FOUNDERS, RULES
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Organisation
from tests import factories as make
from tests.web.readers import reader, said

pytestmark = pytest.mark.django_db


def test_a_unit_does_not_end_without_an_heir() -> None:
    unit = make.unit()
    with pytest.raises(Invalid):
        organisations.close(by=FOUNDERS, organisation=unit, successor=None, reason="پایان کار")
    assert Organisation.objects.get(pk=unit.pk).is_live


def test_all_that_is_open_goes_to_the_heir_also_through_several_and_nobody_of_the_old_unit_deals_with_it() -> None:
    first, second, third = (make.unit(parent=make.unit()) for _n in range(3))
    author, officer = make.acting(), make.officer(first)
    received, taken, appealed, late = (make.demand(author, unit=first) for _n in range(4))
    commands.take(by=officer, demand=taken)
    admitted = commands.admit(by=officer, demand=make.demand(unit=first))
    answered = commands.mark_answered(by=RULES, demand=make.admitted(unit=first), commitment="c1")
    declined = commands.decline(by=officer, demand=appealed, reason_code="unclear", reason="روشن نیست")
    commands.appeal(by=author, demand=declined, words="روشن است")
    Demand.objects.filter(pk=late.pk).update(escalated_to=first.parent)
    for gone, heir in ((first, second), (second, third)):
        organisations.close(by=FOUNDERS, organisation=gone, successor=heir, reason="ادغام اداره‌ها")
    for _n in range(3):
        catch_up()
    open_ones = Demand.objects.filter(state__in=Demand.OPEN).select_related("unit", "handler")
    assert {each.pk for each in open_ones} == {
        each.pk for each in (received, taken, appealed, late, admitted, answered)
    }
    for each in open_ones:
        assert each.unit == third
        assert each.handled_by is None
        assert queries.unit_above(each) is not None
    heir_officer = make.officer(third)
    assert reader(officer.person, second_factor=True).get("/inbox/").status_code == 403
    assert received.title in said(reader(heir_officer.person, second_factor=True).get("/inbox/"))


def test_what_lies_where_nobody_acts_is_a_thing_to_do_for_the_office_until_somebody_does() -> None:
    unit = make.unit()
    demand, attended = make.demand(unit=unit), make.demand(unit=make.officer(make.unit()).organisation)
    browser = reader(make.office_officer().person, second_factor=True)
    assert list(queries.unattended()) == [demand]
    assert "1 demand lies with a unit for which nobody acts" in said(browser.get("/me/"))
    page = said(browser.get("/inbox/?all=1&only=unattended"))
    assert demand.title in page
    assert attended.title not in page
    heir = make.officer(make.unit()).organisation
    assert heir is not None
    organisations.close(by=FOUNDERS, organisation=unit, successor=heir, reason="پایان کار")
    catch_up()
    jobs.let_time_pass()
    assert not queries.unattended().exists()
    assert "for which nobody acts" not in said(browser.get("/me/"))
