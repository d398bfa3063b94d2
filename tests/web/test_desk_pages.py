"""The officers' desk in a browser: filters in the address, taking and handing over, what it asks the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hamgara.channels.models import Notice
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import ActingPerson
from tests import factories as make
from tests.web.readers import once, reader, said
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db

SIGNED_IN = 6


def desk_of(by: ActingPerson) -> Client:
    return reader(by.person, second_factor=True)


def decide(browser: Client, demand: Demand, verb: str, **more: Any) -> Any:
    return browser.post(f"/inbox/{demand.code}/", {"verb": verb, "once": once()} | more)


def test_filters_stand_in_the_address_and_unknown_ones_ask_for_nothing() -> None:
    unit = make.unit()
    officer = make.officer(unit)
    mine, other = make.demand(unit=unit), make.demand(unit=unit)
    commands.take(by=officer, demand=mine)
    browser = desk_of(officer)
    for query, seen, unseen in (
        ("?handler=mine", mine, other),
        ("?handler=nobody", other, mine),
        (f"?field={other.field.code}", other, mine),
        (f"?place={mine.place.code}", mine, other),
    ):
        words = said(browser.get(f"/inbox/{query}"))
        assert seen.title in words, query
        assert unseen.title not in words, query
    odd = browser.get("/inbox/?tab=x&due=never&handler=me&place=nowhere&field=none&page=-3&acting=0")
    assert odd.status_code == 200
    assert {mine.title, other.title} <= {title for title in (mine.title, other.title) if title in said(odd)}


def test_an_officer_takes_a_demand_hands_it_over_and_the_colleague_hears_of_it_and_gives_it_back() -> None:
    unit = make.unit()
    officer, colleague = make.officer(unit), make.officer(unit)
    demand = make.demand(unit=unit)
    assert decide(desk_of(officer), demand, "take").status_code == 302
    assert officer.person.name in said(desk_of(colleague).get("/inbox/"))
    nobody = decide(desk_of(officer), demand, "hand-over", to="")
    assert nobody.status_code == 422
    assert colleague.mandate is not None
    assert decide(desk_of(officer), demand, "hand-over", to=str(colleague.mandate.key)).status_code == 302
    demand.refresh_from_db()
    assert demand.handler == colleague.mandate
    catch_up()
    assert Notice.objects.filter(person=colleague.person, entry__kind="demands.handed_over").count() == 1
    assert decide(desk_of(colleague), demand, "give-back").status_code == 302
    demand.refresh_from_db()
    assert demand.handler is None


def test_whose_mandate_has_ended_sees_the_desk_no_more() -> None:
    officer = make.officer(make.unit())
    browser = desk_of(officer)
    assert browser.get("/inbox/").status_code == 200
    assert officer.mandate is not None
    organisations.end_mandate(by=make.office_officer(), mandate=officer.mandate)
    assert browser.get("/inbox/").status_code == 403


def test_only_the_office_sees_the_whole_municipality() -> None:
    demand = make.demand(unit=make.unit())
    assert demand.title in said(desk_of(make.office_officer()).get("/inbox/?all=1"))
    assert demand.title not in said(desk_of(make.officer(make.unit())).get("/inbox/?all=1"))


def test_the_desk_asks_as_little_for_fifty_demands_as_for_one() -> None:
    unit, field, place = make.unit(), make.field(), make.place()
    officer = make.officer(unit)
    for _turn in range(12):
        commands.take(by=officer, demand=make.demand(unit=unit, field=field, place=place))
    browser = desk_of(officer)
    for query in ("", "?handler=mine&due=week", f"?handler=nobody&place={place.code}&field={field.code}", "?tab=ended"):
        browser.get(f"/inbox/{query}")
        with few_queries(12 + SIGNED_IN):
            browser.get(f"/inbox/{query}")
