"""An officer at the desk with a keyboard alone: from demand to demand, to the form of an act, and on to the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hamgara.cli import sample
from hamgara.domain.demands.models import Demand
from hamgara.domain.organisations import queries as organisations
from tests import factories as make
from tests.journeys.people import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

State = Demand.State


def state_of(demand: Demand) -> str:
    return Demand.objects.get(pk=demand.pk).state


def test_the_keys_move_choose_open_and_act_and_an_act_waits_for_enter(visitor: Callable[..., Visitor]) -> None:
    unit = next(each.organisation for each in organisations.mandates_of(sample.person("leila")))
    field, author = make.field(), make.acting()
    first, second, third = (
        make.demand(author, unit=unit, field=field, place=make.city(), title=f"چراغ شمارهٔ {n} کوچهٔ بهار")
        for n in range(3)
    )
    officer = visitor(width=1280, scripts=True).sign_in("leila").open("/inbox/?tab=received&q=چراغ")
    page, keys = officer.page, officer.page.keyboard

    keys.press("Shift+Slash")
    assert "پذیرفتن" in page.locator("dialog#keys").inner_text()
    keys.press("Escape")

    # In the list: to the second, and an act of which nothing is chosen takes that one.
    for key in ("j", "j", "t"):
        keys.press(key)
    assert page.locator("[name=chosen]:checked").evaluate_all("boxes => boxes.map(box => box.value)") == [second.code]
    assert Demand.objects.get(pk=second.pk).handler is None, "the key leads to the button; Enter presses it"
    with page.expect_navigation():
        keys.press("Enter")
    assert Demand.objects.get(pk=second.pk).handled_by.person == sample.person("leila")

    # Into the first one: refused with a reason, and the next one opens.
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(f"**/inbox/{first.code}/?*")
    keys.press("d")
    assert page.evaluate("document.activeElement.closest('details').id") == "decline"
    page.locator("#decline select").select_option("unclear")
    page.locator("#decline textarea").fill("روشن نیست dj چه می‌خواهید")
    assert state_of(first) == State.RECEIVED, "letters in a box are letters"
    page.locator("#decline button").focus()
    keys.press("Enter")
    page.wait_for_url(f"**/inbox/{second.code}/?*")
    assert state_of(first) == State.DECLINED

    # On without an act, then admitted; the last of the list leads back to it.
    keys.press("j")
    page.wait_for_url(f"**/inbox/{third.code}/?*")
    keys.press("a")
    keys.press("Enter")
    page.wait_for_url(f"**/inbox/{second.code}/?*")
    assert state_of(third) == State.ADMITTED
    keys.press("l")
    page.wait_for_url("**/inbox/?tab=received*")
    assert officer.complaints == []
