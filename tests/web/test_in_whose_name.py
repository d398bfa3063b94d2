"""Whoever may do something in more than one name is asked in which, and the name that was chosen stands on the act."""

from __future__ import annotations

import pytest
from django.test import Client

from hamgara.domain.demands import commands as demands
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.moderation import commands as moderation
from hamgara.domain.organisations.models import Mandate
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.moderation import reporting
from tests.web.readers import once, reader, said
from tests.web.sending import fill_in, form_on

pytestmark = pytest.mark.django_db


def last(kind: str) -> Entry:
    return Entry.objects.filter(kind=kind).latest("id")


@pytest.fixture
def officer() -> tuple[Person, Mandate, Mandate]:
    """One person who works for a unit and for the unit above it."""
    who, above = make.person(), make.unit("معاونت خدمات شهری")
    unit = make.unit("ادارهٔ روشنایی", parent=above)
    return who, make.mandate(unit, who), make.mandate(above, who)


def desk(who: Person) -> Client:
    return reader(who, second_factor=True)


def test_an_officer_of_two_units_says_for_which_and_the_timeline_shows_it(
    officer: tuple[Person, Mandate, Mandate],
) -> None:
    who, in_unit, above = officer
    demand = make.demand(unit=in_unit.organisation)
    browser, address = desk(who), f"/inbox/{demand.code}/"
    page = browser.get(address).content.decode()
    admitting = page[page.index('value="admit"') :]
    assert admitting.index(str(in_unit.key)) < admitting.index(str(above.key)), "the demand's own unit stands first"
    answer = browser.post(address, {"verb": "admit", "acting": str(above.key), "once": once()})
    assert answer.status_code == 302
    assert last("demands.admitted").body["by"]["body"] == above.organisation.code
    catch_up()
    assert above.organisation.label in said(reader().get(f"/demands/{demand.code}/"))


def test_who_is_asked_must_say(officer: tuple[Person, Mandate, Mandate]) -> None:
    who, in_unit, _above = officer
    demand = make.demand(unit=in_unit.organisation)
    answer = desk(who).post(f"/inbox/{demand.code}/", {"verb": "admit", "once": once()})
    assert answer.status_code == 422
    assert Demand.objects.get(pk=demand.pk).state == Demand.State.RECEIVED


def test_who_has_one_name_is_not_asked() -> None:
    officer = make.officer(make.unit())
    demand = make.demand(unit=officer.organisation)
    page = desk(officer.person).get(f"/inbox/{demand.code}/")
    assert 'name="acting"' not in page.content.decode()


def test_the_name_of_a_colleague_is_nobodys_to_choose(officer: tuple[Person, Mandate, Mandate]) -> None:
    who, in_unit, _above = officer
    demand, other = make.demand(unit=in_unit.organisation), make.mandate(in_unit.organisation)
    answer = desk(who).post(f"/inbox/{demand.code}/", {"verb": "take", "acting": str(other.key), "once": once()})
    assert answer.status_code in (404, 422)
    assert Demand.objects.get(pk=demand.pk).handler_id is None


def test_many_demands_are_admitted_in_the_chosen_name(officer: tuple[Person, Mandate, Mandate]) -> None:
    who, in_unit, above = officer
    made = [make.demand(unit=in_unit.organisation) for _ in range(2)]
    browser = desk(who)
    page = browser.get(f"/inbox/?acting={in_unit.key}")
    assert form_on(page, f"/inbox/bulk/?acting={in_unit.key}")["acting"] == str(in_unit.key)
    sent = {"act": "admit", "chosen": [each.code for each in made], "acting": str(above.key), "once": once()}
    browser.post("/inbox/bulk/", sent)
    admitted = Entry.objects.filter(kind="demands.admitted")
    assert [each.body["by"]["body"] for each in admitted] == [above.organisation.code] * 2


def test_an_author_who_leads_what_carries_the_demand_takes_it_back_in_either_name() -> None:
    body = make.organisation()
    head = make.head_of(body)
    for named, told in ((str(head.mandate.key), body.code), ("", None)):
        demand = make.demand(head)
        assert (demand.author_id, demand.on_behalf_id) == (head.person.pk, body.pk)
        address = f"/demands/{demand.code}/"
        fill_in(reader(head.person), address, f"{address}withdraw/", acting=named)
        assert last("demands.withdrawn").body["by"]["body"] == told
        assert Demand.objects.get(pk=demand.pk).state == Demand.State.WITHDRAWN


def test_nobody_speaks_for_their_demand_as_an_officer() -> None:
    officer = make.officer(make.unit())
    demand = make.demand(make.acting(officer.person))
    sent = {"acting": str(officer.mandate.key), "once": once()}
    assert desk(officer.person).post(f"/demands/{demand.code}/withdraw/", sent).status_code == 404
    assert Demand.objects.get(pk=demand.pk).state == Demand.State.RECEIVED


def test_an_appeal_is_made_by_the_author_or_in_the_name_of_their_body() -> None:
    body = make.organisation()
    head = make.head_of(body)
    comment = demands.comment(by=head, demand=make.demand(unit=make.unit()), text="سخن انجمن")
    case = reporting.case_of(comment)
    moderation.hide(by=make.office_officer(), case=case, reason="spam")
    address = f"/moderation/comment.{comment.key}/"
    fill_in(reader(head.person), address, f"{address}appeal/", words="تبلیغ نیست", acting=str(head.mandate.key))
    assert last("moderation.appealed").body["by"]["body"] == body.code
