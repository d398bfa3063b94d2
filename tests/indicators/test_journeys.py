"""The sums that a follower keeps are those of the whole ledger, on whatever way demands and promises have gone."""

from __future__ import annotations

import pytest

from hamgara import clock
from hamgara.domain.indicators import queries
from hamgara.domain.indicators.models import CountedDemand, Scope
from hamgara.domain.ledger.jobs import catch_up
from tests import factories as make
from tests.indicators.comparing import differences, undone
from tests.indicators.journeys import ACTS, lived
from tests.indicators.twin import Twin

pytestmark = pytest.mark.django_db

JOURNEYS = range(3)


@pytest.mark.long
def test_the_sums_are_those_of_the_ledger_on_whatever_way() -> None:
    done: set[str] = set()
    for number in JOURNEYS:
        with undone():
            city = lived(number, done)
            with clock.standing_at(city.now):
                assert CountedDemand.objects.count() > 8
                assert differences(Twin(clock.today())) == [], f"journey {number}"
    assert done == {name for name, _act in ACTS}, "what never happened proves nothing"


def test_a_rate_and_a_median_are_shown_from_ten_cases_on() -> None:
    asked = [make.admitted() for _n in range(9)]
    catch_up()
    [card] = queries.scores(Scope.CITY, queries.CITY).values()
    assert (card.asked, card.admitted, card.fixed.part, card.fixed.whole) == (9, 9, 0, 9)
    assert card.fixed.share is None
    for demand in asked:
        with make.days_later(4):
            make.demands.find_not_doable(
                by=make.office_officer(), demand=demand, reason_code="no_budget", reason="بودجه‌ای نیست"
            )
    make.demand()
    catch_up()
    [card] = queries.scores(Scope.CITY, queries.CITY).values()
    assert card.fixed.share == 0
    assert (card.to_answer.cases, card.to_answer.median) == (9, None)
