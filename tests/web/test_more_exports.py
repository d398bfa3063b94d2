"""Search, ledger, places, units, fields and months as files: the same as their pages, nothing more."""

from __future__ import annotations

import hashlib
import json

import pytest

from hamgara.algorithms import canonical
from hamgara.domain.demands.models import Demand
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.search import queries as search
from tests import factories as make
from tests.web.readers import office, reader, said
from tests.web.test_exports import by_csv, by_xlsx, sent
from tests.web.test_exports import by_jsonl as lines

pytestmark = pytest.mark.django_db
ADDRESSES = [
    *("/ledger/acts", "/places/places", "/organisations/units", "/figures/months", "/office/fields/fields"),
    "/search/search",
]


def a_city() -> None:
    make.office()
    make.place("محلهٔ فین", code="fin")
    make.admitted(title="چراغ خیابان نطنز خاموش است", text="=1+1")
    catch_up()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_format_holds_the_same_rows(address: str) -> None:
    a_city()
    by, query = office(), {"q": "چراغ"} if "search" in address else {}
    csv, xlsx, jsonl = (sent(f"{address}.{written}", query, by=by) for written in ("csv", "xlsx", "jsonl"))
    assert len(by_csv(csv)) == len(by_xlsx(xlsx)) == len(lines(jsonl)) > 0


@pytest.mark.parametrize("address", ADDRESSES[:-2])
def test_every_page_leads_to_its_file(address: str) -> None:
    a_city()
    page = {"/organisations/units": "/organisations/units/"}.get(address, address.rpartition("/")[0] + "/")
    assert f"{address}.csv" in reader().get(page).content.decode()


def test_a_search_as_a_file_is_what_its_page_finds() -> None:
    a_city()
    make.admitted(title="چراغ کوچهٔ باغ")
    make.admitted(title="نیمکت پارک")
    make.organisation("انجمن چراغ")
    catch_up()
    found = lines(sent("/search/search.jsonl", {"q": "چراغ‌ها"}))
    assert {each["title"] for each in found} == {
        "چراغ خیابان نطنز خاموش است",
        "چراغ کوچهٔ باغ",
        "انجمن چراغ",
    }
    alone = lines(sent("/search/search.jsonl", {"q": "چراغ", "kind": "organisation"}))
    assert [each["kind"] for each in alone] == ["organisation"]
    [row] = by_csv(sent("/search/search.csv", {"q": "نطنز"}))
    assert row["text"] == "'=1+1"


def test_a_search_that_finds_more_than_it_orders_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    make.admitted(title="چراغ کوچهٔ باغ")
    catch_up()
    monkeypatch.setattr("hamgara.domain.search.queries.finding.LOOKED_AT", 1)
    monkeypatch.setattr(search, "LOOKED_AT", 1)
    answer = reader().get("/search/search.csv", {"q": "چراغ"})
    assert (answer.status_code, "Narrow it" in said(answer)) == (422, True)
    assert reader().get("/search/search.csv", {"q": "چراغ", "kind": "x"}).status_code == 400


def test_the_ledger_as_a_file_can_be_rechecked_and_tells_of_no_person() -> None:
    person = make.person("پروانه گلابچی", phone="+989131234567")
    make.admitted(make.acting(person))
    catch_up()
    rows = lines(sent("/ledger/acts.jsonl"))
    public = Entry.objects.exclude(subjects=[]).count()
    assert [each["number"] for each in rows] == sorted((each["number"] for each in rows), reverse=True)
    assert len(rows) == public
    for row in rows:
        assert hashlib.sha256(row["entry"].encode()).hexdigest() == row["sha256"]
        assert canonical.encode(json.loads(row["entry"])) == row["entry"].encode()
    assert "پروانه" not in str(rows)
    assert "9131234567" not in str(rows)
    older = lines(sent("/ledger/acts.jsonl", {"before": str(rows[1]["number"])}))
    assert older == rows[2:]
    assert reader().get("/ledger/acts.csv", {"before": "x"}).status_code == 400


def test_months_as_a_file_sum_up_to_the_card() -> None:
    a_city()
    with make.days_later(-100):
        make.demand()
    make.demand()
    catch_up()
    rows = lines(sent("/figures/months.jsonl"))
    assert sum(each["asked"] for each in rows) == 3
    assert rows[0]["month"] == 1
    assert [each["asked"] for each in rows if each["asked"]] == [1, 2]
    assert all(each["begins_jalali"] == f"{each['year']}/{each['month']:02}/01" for each in rows)
    unit = Demand.objects.order_by("pk")[0].unit
    own = lines(sent(f"/figures/units/{unit.code}/months.jsonl"))
    assert sum(each["asked"] for each in own) == Demand.objects.filter(unit=unit).count()
    year = str(rows[-1]["year"])
    assert [each["month"] for each in lines(sent("/figures/months.jsonl", {"year": year}))] == list(range(1, 13))
    assert reader().get("/figures/months.csv", {"year": "1200"}).status_code == 400
    assert reader().get("/figures/units/nobody/months.csv").status_code == 404


def test_units_as_a_file_hold_those_that_ended_with_their_heirs() -> None:
    first, second = make.unit("یکم"), make.unit("دوم")
    organisations.merge(by=make.office_officer(), organisation=first, into=second, reason="یکی شدند")
    rows = {each["code"]: each for each in lines(sent("/organisations/units.jsonl"))}
    assert rows[first.code]["successor_code"] == second.code
    assert rows[second.code]["successor_code"] is None


def test_fields_are_a_file_of_the_office_alone() -> None:
    a_city()
    assert reader(make.person()).get("/office/fields/fields.csv").status_code == 403
    rows = by_csv(sent("/office/fields/fields.csv", by=office()))
    assert sum(int(each["demands"]) for each in rows) == 1
