"""In whose name a page's forms act, and which of them are the same act come twice."""

from __future__ import annotations

import pytest

from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Comment
from hamgara.domain.ledger.models import Entry
from tests import factories as make
from tests.web.readers import citizen, once, reader
from tests.web.sending import form_on

pytestmark = pytest.mark.django_db


def test_whoever_goes_back_and_does_something_else_is_heard() -> None:
    demand = make.demand()
    address = f"/demands/{demand.code}/"
    browser = citizen()
    old_page = browser.get(address)
    browser.post(f"{address}support/", form_on(old_page, "support/"))
    for words in ("من هم هر روز از آنجا می‌گذرم.", "شب‌ها هم تاریک است."):
        browser.post(f"{address}comment/", form_on(old_page, "comment/") | {"text": words})
    assert demand.supports.count() == 1
    assert Comment.objects.filter(demand=demand).count() == 2


def test_the_same_words_to_the_same_place_are_one_act() -> None:
    demand = make.demand()
    browser = citizen()
    sent = {"text": "من هم هر روز از آنجا می‌گذرم.", "once": once()}
    first, second = (browser.post(f"/demands/{demand.code}/comment/", sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Comment.objects.filter(demand=demand).count() == 1


@pytest.mark.parametrize("shown", [True, False], ids=["shown", "not shown"])
def test_nobody_acts_for_the_municipality_without_their_second_factor(shown: bool) -> None:
    mandate = make.officer(make.unit()).mandate
    demand = make.demand(unit=mandate.organisation)
    before = Entry.objects.count()
    sent = {"text": "فردا بازدید می‌کنیم.", "acting": str(mandate.key), "once": once()}
    answer = reader(mandate.person, second_factor=shown).post(f"/demands/{demand.code}/comment/", sent)
    assert Entry.objects.count() - before == shown
    assert ("2fa" in answer.headers["Location"]) == (not shown)
    before = Entry.objects.count()
    answer = reader(mandate.person).post(f"/demands/{demand.code}/comment/", sent | {"acting": "", "text": "سلام"})
    assert Entry.objects.count() - before == 1, "in one's own name everybody speaks"


@pytest.mark.parametrize("before", [(), ("follow", "support")], ids=["first", "taken back"])
@pytest.mark.parametrize("press", ["follow", "support"])
def test_a_button_that_is_pressed_twice_does_one_act_and_shows_no_refusal(press: str, before: tuple[str, ...]) -> None:
    demand, who = make.demand(), make.acting()
    for each in before:
        getattr(commands, each)(by=who, demand=demand)
    address = f"/demands/{demand.code}/"
    names = {"follow": "unfollow", "support": "unsupport"}
    button = f"{address}{names[press] if before else press}/"
    browser = reader(who.person)
    sent = form_on(browser.get(address), button)
    count = Entry.objects.count()
    answers = [browser.post(button, sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert Entry.objects.count() == count + 1
