"""The office's own lists as files: for those who may see the page, with its filters, and without what is personal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hamgara.domain.demands import commands as demands
from hamgara.domain.moderation import commands
from tests import factories as make
from tests.moderation import reporting
from tests.web.readers import reader, unit_officer
from tests.web.sending import few_queries

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "/office/moderation/reports",
    "/inbox/workload",
    "/office/applications",
    "/office/headless",
    "/office/monitors/monitors",
)
WORDS = "خانهٔ فلانی پلاک ۱۲ است"


def office() -> Client:
    return reader(make.office_officer().person, second_factor=True)


def lines(browser: Client, address: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in browser.get(address).getvalue().decode().splitlines()]


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_list_comes_in_three_formats_to_those_who_may_see_its_page(address: str) -> None:
    make.organisation(accredited=False)
    browser = make.office_officer().person
    for written in ("csv", "xlsx", "jsonl"):
        answer = reader(browser, second_factor=True).get(f"{address}.{written}")
        assert answer.status_code == 200, written
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.getvalue() or written == "jsonl"
    assert reader(browser, second_factor=True).get(f"{address}.pdf").status_code == 404
    assert reader(make.person()).get(f"{address}.csv").status_code == 403
    assert reader().get(f"{address}.csv").status_code == 302
    refused = unit_officer().get(f"{address}.csv")
    assert refused.status_code == 403


def test_reports_leave_as_cases_without_what_was_said_by_whom_and_who_reported_it() -> None:
    author, reporter = make.person("نویسندهٔ نظر"), make.acting(make.person("گزارش‌دهندهٔ آن"))
    demand = make.demand(unit=make.unit())
    first, second = (demands.comment(by=make.acting(author), demand=demand, text=WORDS) for _n in range(2))
    commands.report(by=reporter, case=reporting.case_of(first), reason="insult", words="توهین است")
    commands.hide(by=make.office_officer(), case=reporting.case_of(second), reason="personal_data", words="نشانی است")
    browser = office()
    [waits] = lines(browser, "/office/moderation/reports.jsonl")
    [hidden] = lines(browser, "/office/moderation/reports.jsonl?show=hidden")
    assert (waits["state"], waits["reports"], waits["overdue"], waits["hidden_for"]) == ("waiting", 1, False, None)
    assert waits["demand_code"] == demand.shown_code
    assert (hidden["state"], hidden["reports"]) == ("hidden", 0)
    assert hidden["hidden_for"]
    written = json.dumps([waits, hidden], ensure_ascii=False)
    for secret in (WORDS, author.name, reporter.person.name, "توهین است"):
        assert secret not in written
    assert browser.get("/office/moderation/reports.csv?show=all").status_code == 400


def test_the_public_figures_of_moderation_are_a_file_for_everybody_with_its_filter() -> None:
    comment = demands.comment(by=make.acting(), demand=make.demand(unit=make.unit()), text=WORDS, show_name=True)
    commands.hide(by=make.office_officer(), case=reporting.case_of(comment), reason="spam")

    def hidden(address: str) -> dict[str, int]:
        sums: dict[str, int] = {}
        for line in lines(reader(), address):
            sums[line["part"]] = sums.get(line["part"], 0) + line["hidden"]
        return sums

    assert hidden("/moderation/moderation.jsonl") == {"month": 1, "reason": 1, "kind": 1}
    assert hidden("/moderation/moderation.jsonl?kind=evidence") == {"month": 0, "reason": 0, "kind": 1}
    assert reader().get("/moderation/moderation.csv?kind=nothing").status_code == 400


def test_workload_and_lists_of_bodies_say_what_their_pages_say() -> None:
    unit = make.unit("ادارهٔ روشنایی")
    head, officer = make.under(make.mandate(unit, role="head")), make.officer(unit)
    demands.take(by=officer, demand=make.demand(unit=unit))
    make.demand(unit=unit)
    table = lines(reader(head.person, second_factor=True), f"/inbox/workload.jsonl?unit={unit.code}")
    assert {(line["officer"], line["waiting"]) for line in table} == {
        (head.person.display_name, 0),
        (officer.person.display_name, 1),
        (None, 1),
    }
    applicant, browser = make.organisation("انجمن تازه", accredited=False), office()
    assert [line["code"] for line in lines(browser, "/office/applications.jsonl")] == [applicant.code]
    assert applicant.code not in [line["code"] for line in lines(browser, "/office/headless.jsonl")]
    for _n in range(30):
        make.organisation(accredited=False)
    with few_queries(16):
        lines(browser, "/office/applications.jsonl")
