"""The participation office brings a file in: columns, preview, progress, report, and the rows that came back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hamgara.domain.demands.models import Demand
from hamgara.domain.imports import jobs
from hamgara.domain.imports.models import Import
from tests.imports.files import TITLES, city, csv_file, demand_row, taken_over
from tests.web.readers import citizen, office, once, said, unit_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings: object, tmp_path: Path) -> None:
    settings.IMPORTS_ROOT = tmp_path / "imports"  # type: ignore[attr-defined]
    city()


def sent(browser: Client, rows: list[list[str]], name: str = "گذشته.csv") -> Import:
    file = SimpleUploadedFile(name, csv_file(rows).read())
    page = browser.post("/office/imports/", {"kind": "demands", "file": file, "once": once()})
    assert page.status_code == 302, said(page)
    return Import.objects.latest("pk")


def chosen(browser: Client, run: Import) -> dict[str, str]:
    """What the form of columns would send as it stands."""
    page = browser.get(f"/office/imports/{run.key}/").content.decode()
    selects = re.findall(r'<select name="([a-z_]+)".*?</select>', page, flags=re.DOTALL)
    whole = re.findall(r"<select name=.*?</select>", page, flags=re.DOTALL)
    found = {}
    for name, select in zip(selects, whole, strict=True):
        value = re.search(r'<option value="([^"]*)" selected', select)
        found[name] = value[1] if value else ""
    return found


def test_a_file_goes_all_the_way_from_the_page_to_its_report() -> None:
    browser = office(language="fa")
    run = sent(browser, [TITLES, demand_row(1), demand_row(2, حوزه="ماهواره")])
    before = said(browser.get(f"/office/imports/{run.key}/"))
    assert "چراغ خیابان" in before
    assert "ماهواره" in before
    page = browser.post(
        f"/office/imports/{run.key}/", chosen(browser, run) | {"decision": "start", "once": once()}, follow=True
    )
    assert page.status_code == 200
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert 'hx-trigger="every 3s"' in page.content.decode()
    assert not Demand.objects.exists()
    jobs.work.func()
    moved = browser.get(f"/office/imports/{run.key}/progress/")
    assert moved["HX-Refresh"] == "true"
    report = said(browser.get(f"/office/imports/{run.key}/"))
    assert "ماهواره" in report
    back = browser.get(f"/office/imports/{run.key}/returned.csv").getvalue().decode("utf-8-sig")
    [titles, row] = csv.reader(io.StringIO(back))
    assert titles == ["دلیل بازگشت", *TITLES]
    assert row[1:] == demand_row(2, حوزه="ماهواره")
    assert "ماهواره" in row[0]
    assert Demand.objects.count() == 1


def test_a_preview_shows_what_another_choice_of_columns_would_do_and_takes_nothing_over() -> None:
    browser = office()
    run = sent(browser, [TITLES, demand_row(1)])
    columns = chosen(browser, run) | {"title": "نام", "name": "", "decision": "preview"}
    page = browser.post(f"/office/imports/{run.key}/", columns)
    assert page.status_code == 200
    assert "at least" in said(page)
    run.refresh_from_db()
    assert run.state == "received"


def test_a_column_taken_twice_is_marked_beside_its_field() -> None:
    browser = office()
    run = sent(browser, [TITLES, demand_row(1)])
    columns = chosen(browser, run) | {"text": "عنوان", "decision": "start", "once": once()}
    page = browser.post(f"/office/imports/{run.key}/", columns)
    assert page.status_code == 422
    assert 'id="id_text_error"' in page.content.decode()


def test_what_is_no_spreadsheet_is_refused_beside_the_file_and_nothing_is_kept(settings: object) -> None:
    file = SimpleUploadedFile("a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 200)
    page = office().post("/office/imports/", {"kind": "demands", "file": file, "once": once()})
    assert page.status_code == 422
    assert 'id="id_file_error"' in page.content.decode()
    assert not Import.objects.exists()
    assert not list(Path(settings.IMPORTS_ROOT).iterdir())  # type: ignore[attr-defined]


def test_a_second_import_waits_and_says_so() -> None:
    browser = office()
    runs = [sent(browser, [TITLES, demand_row(n)]) for n in (1, 2)]
    for run in runs:
        browser.post(f"/office/imports/{run.key}/", chosen(browser, run) | {"decision": "start", "once": once()})
    assert "Another file" not in said(browser.get(f"/office/imports/{runs[0].key}/"))
    assert "Another file" in said(browser.get(f"/office/imports/{runs[1].key}/"))
    jobs.work.func()
    jobs.work.func()
    assert {run.state for run in Import.objects.all()} == {"done"}
    assert Demand.objects.count() == 2


def test_an_import_is_stopped_and_carried_on_from_its_page() -> None:
    browser = office()
    run = sent(browser, [TITLES, demand_row(1)])
    here = f"/office/imports/{run.key}/"
    browser.post(here, chosen(browser, run) | {"decision": "start", "once": once()})
    browser.post(here, {"decision": "stop", "once": once()})
    jobs.work.func()
    assert not Demand.objects.exists()
    browser.post(here, {"decision": "carry_on", "once": once()})
    jobs.work.func()
    assert Demand.objects.count() == 1


@pytest.mark.parametrize("address", ["", "progress/", "returned.csv"])
def test_nobody_but_the_office_with_its_second_factor_sees_an_import(address: str) -> None:
    run = sent(office(), [TITLES, demand_row(1)])
    for where in (f"/office/imports/{run.key}/{address}", "/office/imports/"):
        assert Client().get(where).status_code == 302
        assert citizen().get(where).status_code == 403
        assert unit_officer().get(where).status_code == 403
        assert office(second_factor=False).get(where).status_code == 302


def test_the_pages_ask_little_of_the_database(django_assert_max_num_queries: object) -> None:
    browser = office()
    run = sent(browser, [TITLES, *(demand_row(n, حوزه="ماهواره") for n in range(30))])
    columns = chosen(browser, run)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        browser.get(f"/office/imports/{run.key}/")
    browser.post(f"/office/imports/{run.key}/", columns | {"decision": "start", "once": once()})
    jobs.work.func()
    for where in ("/office/imports/", f"/office/imports/{run.key}/"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            browser.get(where)


@pytest.mark.parametrize(
    ("status", "claim"), [("انجام شده", "done"), ("رد شده", "refused"), ("پاسخ داده شده", "answered")]
)
def test_the_page_of_a_demand_of_the_past_tells_the_claim_and_that_nobody_verified_it(status: str, claim: str) -> None:
    taken_over(csv_file([TITLES, demand_row(1, وضعیت=status)]))
    demand = Demand.objects.get()
    page = Client().get(f"/demands/{demand.code}/")
    words = said(page)
    assert page.status_code == 200
    assert "به گفتهٔ شهرداری" in words
    assert "هیچ داور مستقلی آن را ندیده" in words
    assert "لامپ عوض شد" in words  # what the municipality answered
    assert demand.claim == claim
    assert "تأیید داوران" not in words
