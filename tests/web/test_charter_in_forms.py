"""The numbers of the charter hold in the forms too: who changes one changes what people may write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hamgara import charter
from hamgara.domain.demands import commands
from hamgara.domain.demands.models import Demand
from tests import factories as make
from tests.web.readers import citizen, once, reader, said, wrong_fields

pytestmark = pytest.mark.django_db
Charter = Callable[..., Any]


@pytest.fixture
def with_charter(tmp_path: Path) -> Charter:
    """The charter, in which some rules about demands have another value."""

    def read(**values: int) -> Any:
        rules = yaml.safe_load((charter.FOLDER / "rules.yaml").read_text(encoding="utf-8"))
        for name, value in values.items():
            rules["demands"]["rules"][name]["value"] = value
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
        return charter.reading_from(path)

    return read


def asked(**more: Any) -> dict[str, Any]:
    make.office()
    return {
        "field": make.field().code,
        "place": make.place().code,
        "kind": "request",
        "title": "روشنایی کوچهٔ پشت مدرسه",
        "once": once(),
    } | more


@pytest.mark.parametrize(
    ("rule", "field"), [("title_length", "title"), ("text_length", "text"), ("address_length", "address")]
)
def test_a_demand_is_as_long_as_the_charter_allows(with_charter: Charter, rule: str, field: str) -> None:
    typed = "د" * 900  # longer than a title or an address may be today
    with with_charter(**{rule: 20}):
        assert wrong_fields(citizen().post("/demands/new/", asked(**{field: typed[:21]}))) == {field}
    with with_charter(**{rule: 900}):
        assert citizen().post("/demands/new/", asked(**{field: typed})).status_code == 302


@pytest.mark.parametrize("longest", [20, 9000])
@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("decline", {"reason_code": "unclear"}),
        ("refuse", {"reason_code": "against_law"}),
        ("not-doable", {"reason_code": "no_budget"}),
    ],
)
def test_a_reason_of_the_city_is_as_long_as_an_answer_may_be(
    with_charter: Charter, verb: str, given: dict[str, str], longest: int
) -> None:
    officer = make.office_officer()
    demand = make.demand() if verb == "decline" else make.admitted(officer=officer)
    browser = reader(officer.person, second_factor=True)
    form = given | {"verb": verb, "reason": "د" * longest, "once": once()}
    with with_charter(answer_length=longest - 1):
        assert browser.post(f"/inbox/{demand.code}/", form).status_code == 422
    with with_charter(answer_length=longest):
        answer = browser.post(f"/inbox/{demand.code}/", form)
        assert answer.status_code == 302, said(answer)


def test_an_appeal_is_as_long_as_an_answer_may_be(with_charter: Charter) -> None:
    author, officer = make.acting(), make.office_officer()
    demand = commands.decline(by=officer, demand=make.demand(author), reason_code="unclear", reason="روشن نیست")
    browser, form = reader(author.person), {"words": "ر" * 5000, "once": once()}
    with with_charter(answer_length=4999):
        assert wrong_fields(browser.post(f"/demands/{demand.code}/appeal/", form)) == {"words"}
    assert browser.post(f"/demands/{demand.code}/appeal/", form).status_code == 302


@pytest.mark.parametrize(("kilometres", "east"), [(40, 39.0), (80, 79.0), (10, 9.0)])
def test_a_point_lies_as_far_from_the_middle_as_the_charter_allows(
    with_charter: Charter, kilometres: int, east: float
) -> None:
    """A degree of longitude is 92.2 kilometres at Kashan's latitude."""
    inside, outside = (
        {"point_lat": "33.98237", "point_lng": f"{51.42769 + far / 92.2:.5f}"} for far in (east, kilometres + 1.0)
    )
    with with_charter(reach=kilometres):
        assert wrong_fields(citizen().post("/demands/new/", asked(**outside))) == {"point"}
        assert citizen().post("/demands/new/", asked(**inside)).status_code == 302
    assert Demand.objects.get().longitude == pytest.approx(51.42769 + east / 92.2, abs=1e-4)
