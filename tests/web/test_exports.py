"""Lists as files: what is in them, what never is, and what becomes of one that is broken off."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection, transaction
from django.utils import timezone

from hamgara.algorithms.persian import calendar
from hamgara.domain.demands import commands, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.moderation import commands as moderation
from hamgara.domain.moderation.queries import case_of
from hamgara.web.exports import Choice, Column, Day, Moment, Number, Sheet, sending
from hamgara.web.exports.sheet import Taken
from hamgara.web.exports.writers import FORMATS
from hamgara.web.inbox import exports as inbox
from tests import factories as make
from tests.commitments import promises
from tests.oversight import examining as examine
from tests.web.readers import office, reader, said

pytestmark = pytest.mark.django_db
TAKEN = Taken(date(2026, 11, 23))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def sent(path: str, query: dict[str, str] | None = None, *, by: Any = None, **more: Any) -> bytes:
    answer = (by or reader(**more)).get(path, query or {})
    assert answer.status_code == 200, said(answer)
    return b"".join(answer.streaming_content)


def by_csv(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def by_xlsx(file: bytes) -> list[dict[str, Any]]:
    heads, *rows = openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows()
    return [{head.value: cell for head, cell in zip(heads, row, strict=True)} for row in rows]


def by_jsonl(file: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.decode().splitlines()]


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_every_format_tells_the_same_of_a_demand() -> None:
    with make.standing(2026, 11, 23, 15):
        demand = make.admitted(
            title="چراغ «کوچهٔ» ما, و دیگر هیچ", text="سطر یک\nسطر دو", unit=make.unit("برق", code="b")
        )
    (row,) = by_csv(sent("/demands/demands.csv"))
    (cells,) = by_xlsx(sent("/demands/demands.xlsx"))
    (record,) = by_jsonl(sent("/demands/demands.jsonl"))
    assert row["title"] == cells["title"].value == record["title"] == demand.title
    assert row["description"] == cells["description"].value == record["text"] == demand.text
    assert row["tracking code"] == cells["tracking code"].value == record["code"] == demand.shown_code
    assert (row["municipal unit"], record["unit"], record["unit_code"]) == ("برق", "برق", "b")
    assert (row["state"], record["state"]) == ("admitted, awaiting an answer", "admitted")
    assert record["page"] == row["page"] == f"http://testserver/demands/{demand.code}/"


def test_dates_stand_in_both_calendars() -> None:
    with make.standing(2026, 11, 23, 15):
        demand = make.admitted()
    assert demand.deadline is not None
    jalali = calendar.format_date(demand.deadline, "numeric", "en")
    (row,) = by_csv(sent("/demands/demands.csv"))
    assert (row["received, Jalali"], row["received, Gregorian"]) == ("1405/09/02 15:00", "2026-11-23 15:00")
    assert (row["deadline, Jalali"], row["deadline, Gregorian"]) == (jalali, demand.deadline.isoformat())
    (cells,) = by_xlsx(sent("/demands/demands.xlsx"))
    assert cells["received, Gregorian"].value == datetime(2026, 11, 23, 15)
    assert cells["deadline, Gregorian"].value.date() == demand.deadline
    assert cells["deadline, Gregorian"].is_date
    (record,) = by_jsonl(sent("/demands/demands.jsonl"))
    assert (record["submitted"], record["submitted_jalali"]) == ("2026-11-23T15:00:00+03:30", "1405/09/02 15:00")
    assert (record["deadline"], record["deadline_jalali"]) == (demand.deadline.isoformat(), jalali)


def test_what_is_claimed_and_what_is_verified_are_columns_of_their_own() -> None:
    kept = examine.settled(("kept", "kept", "kept")).commitment
    claimed = promises.reported()
    broken = examine.settled(("broken", "broken", "broken")).commitment
    waiting = make.demand()
    rows = {each["code"]: each for each in by_jsonl(sent("/demands/demands.jsonl"))}

    def told(demand: Demand) -> tuple[Any, ...]:
        row = rows[demand.shown_code]
        return row["claim"], bool(row["claimed"]), row["outcome"], bool(row["verified"])

    assert told(kept.demand) == ("reported_done", True, "kept", True)
    assert told(claimed.demand) == ("reported_done", True, "none", False)
    assert told(broken.demand) == ("reported_done", True, "contested", True)
    assert told(waiting) == (None, False, "none", False)
    promised = {each["code"]: each for each in by_jsonl(sent("/commitments/commitments.jsonl"))}
    assert [promised[each.code]["claimed_done"] for each in (kept, claimed, broken)] == [True] * 3
    assert [promised[each.code]["outcome"] for each in (kept, claimed, broken)] == ["confirmed", None, "contested"]


def test_a_persian_reader_has_persian_heads_and_a_sheet_from_right_to_left() -> None:
    make.demand()
    (row,) = by_csv(sent("/demands/demands.csv", language="fa"))
    assert row["کد رهگیری"]
    assert row["وضعیت"] == "دریافت‌شده"
    book = openpyxl.load_workbook(io.BytesIO(sent("/demands/demands.xlsx", language="fa")))
    assert book.active.title == "مطالبه‌ها"
    assert book.active.sheet_view.rightToLeft
    assert book.active.freeze_panes == "A2"
    english = openpyxl.load_workbook(io.BytesIO(sent("/demands/demands.xlsx"))).active
    assert english.column_dimensions["C"].width >= 30, "a title can be read without pulling at its column"
    assert english.title == "Demands"
    assert not english.sheet_view.rightToLeft


def about(file: bytes) -> dict[str, Any]:
    """What the second sheet says: of what, and what."""
    second = openpyxl.load_workbook(io.BytesIO(file)).worksheets[1]
    return {head.value: cell.value for head, cell in second.iter_rows()}


def test_a_workbook_says_what_it_is_by_which_filters_and_what_its_columns_mean() -> None:
    with make.standing(2026, 11, 23):
        demand = make.demand(unit=make.unit("برق", code="b"), title="=چراغ کوچه")
        make.demand()
        whole = about(sent("/demands/demands.xlsx"))
        query = {"q": "=چراغ", "unit": demand.unit.code, "tab": "waiting", "overdue": ""}
        told = about(sent("/demands/demands.xlsx", query))
        persian = openpyxl.load_workbook(io.BytesIO(sent("/demands/demands.xlsx", query, language="fa")))
    assert (whole["list"], whole["rows"], whole["filters"]) == ("Demands", 2, "none: the whole list")
    assert (told["taken on, Jalali"], told["taken on, Gregorian"].date()) == ("1405/09/02", date(2026, 11, 23))
    assert told["rows"] == 1
    assert {name: said for name, said in told.items() if name.startswith("filter")} == {
        "filter: Search in demands": "'=چراغ",
        "filter: Municipal unit": demand.unit.label,
        "filter: By state": "received, admitted, awaiting an answer",
    }
    assert "independent" in told["claim of the city or the promiser"]
    assert "drawn by lot" in told["verified outcome"]
    assert [each.sheet_view.rightToLeft for each in persian.worksheets] == [True, True]
    assert not {each.value for row in persian.worksheets[1].iter_rows() for each in row} & set(told)


def test_the_desks_workbook_names_its_unit_its_tab_and_its_deadline() -> None:
    unit = make.unit("برق", code="b")
    by = reader(make.officer(unit).person, second_factor=True)
    told = about(sent("/inbox/inbox.xlsx", {"tab": "received", "due": "week", "only": "appeals"}, by=by))
    assert {name.removeprefix("filter: "): said for name, said in told.items() if name.startswith("filter")} == {
        "Only": "appeals",
        "Municipal unit": unit.label,
        "By state": "To be admitted or not",
        "By deadline": "Due within a week",
    }
    assert set(queries.DESK_TABS) - {""} == set(inbox.TABS)
    assert set(queries.DUE) == set(inbox.DUE)


def test_every_list_of_claims_or_findings_says_what_they_mean() -> None:
    promises.promised()
    for path in ("/commitments/commitments.xlsx", "/reviews/reviews.xlsx", "/figures/units/scorecards.xlsx"):
        assert "drawn by lot" in " ".join(map(str, about(sent(path)).values())), path


def test_the_file_is_named_after_the_list_and_the_day() -> None:
    with make.standing(2026, 11, 23):
        answer = reader(language="fa").get("/demands/demands.xlsx")
    name = quote("مطالبه‌ها-1405-09-02.xlsx")
    assert answer["Content-Disposition"] == (
        f"attachment; filename=\"demands-1405-09-02.xlsx\"; filename*=UTF-8''{name}"
    )


@pytest.mark.parametrize("written", FORMATS)
def test_an_empty_list_is_a_file_with_heads_alone(written: str) -> None:
    make.city()
    file = sent(f"/demands/demands.{written}")
    assert {"csv": by_csv, "xlsx": by_xlsx, "jsonl": by_jsonl}[written](file) == []


def test_filters_and_tabs_hold_for_the_file() -> None:
    light, water = make.field(code="light"), make.field(code="water")
    wanted = make.admitted(field=light, title="چراغ کوچه را درست کنید")
    make.demand(field=light, title="چراغ میدان را درست کنید")
    make.admitted(field=water, title="آب کوچه را وصل کنید")

    def codes(**query: str) -> set[str]:
        return {each["code"] for each in by_jsonl(sent("/demands/demands.jsonl", query))}

    assert len(codes()) == 3
    assert len(codes(field="light")) == 2
    assert codes(field="light", q="کوچه") == {wanted.shown_code}
    assert len(codes(tab="promised")) == 0
    assert len(codes(page="7", field="light")) == 2, "a file is the whole list, whichever page is on the screen"


def test_the_order_is_that_of_the_page() -> None:
    less, more = make.demand(), make.demand()
    commands.support(by=make.acting(), demand=less)
    titles = [each["title"] for each in by_jsonl(sent("/demands/demands.jsonl", {"sort": "supported"}))]
    assert titles == [less.title, more.title]


# --- what never is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", FORMATS)
def test_a_hidden_name_and_an_address_are_in_no_file(written: str) -> None:
    hidden, shown = make.person("پنهان پنهانی"), make.person("آشکار آشکاری")
    make.demand(make.acting(hidden), address="کوچهٔ دهم پلاک ۷")
    make.demand(make.acting(shown), show_name=True)
    taken_out = case_of(f"demand-name.{make.demand(make.acting(hidden), show_name=True).code}")
    assert taken_out is not None
    moderation.hide(by=make.office_officer(), case=taken_out, reason="personal_data", words="نام دیگری")
    for by in (reader(), office(), reader(hidden)):
        file = sent(f"/demands/demands.{written}", by=by)
        text = "".join(str(cell.value) for row in by_xlsx(file) for cell in row.values()) if written == "xlsx" else ""
        text = text or file.decode()
        assert "آشکار آشکاری" in text
        assert "پنهان" not in text
        assert "پلاک" not in text


def test_what_is_not_published_is_in_no_file() -> None:
    demand = make.demand(title="این عنوان منتشر نشده است")
    commands.withdraw(by=make.acting(demand.author), demand=demand)
    assert by_jsonl(sent("/demands/demands.jsonl")) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_in_every_table(text: str) -> None:
    sheet = Sheet("list", "List", (Column("title", "title", lambda row: row),))
    written = {name: b"".join(form.write(sheet, [text], TAKEN)) for name, form in FORMATS.items()}
    assert by_csv(written["csv"]) == [{"title": f"'{text}"}]
    (cells,) = by_xlsx(written["xlsx"])
    assert cells["title"].data_type == "s"
    assert cells["title"].value.startswith("'")
    assert by_jsonl(written["jsonl"]) == [{"title": text}], "no spreadsheet runs it there"


def test_numbers_below_zero_stay_numbers() -> None:
    sheet = Sheet("list", "List", (Number("number", "number", lambda row: row),))
    written = {name: b"".join(form.write(sheet, [-5, None, 1.5], TAKEN)) for name, form in FORMATS.items()}
    assert [row["number"] for row in by_csv(written["csv"])] == ["-5", "", "1.5"]
    assert [row["number"].value for row in by_xlsx(written["xlsx"])] == [-5, None, 1.5]


@pytest.mark.parametrize(
    "text", ["\x00\x07 ب\x0bپ", "a" * 40_000, "<b>&\"'</b>]]>", "سطر\r\nدیگر", "😀 نیم‌فاصله", "  پیش و پس  "]
)
def test_any_text_gives_a_workbook_that_opens(text: str) -> None:
    sheet = Sheet(
        "list", "A [title]: with / what? sheets * cannot \\ be called", (Column("title", "title", lambda row: row),)
    )
    (cells,) = by_xlsx(b"".join(FORMATS["xlsx"].write(sheet, [text], TAKEN)))
    kept = "".join(letter for letter in text.replace("\r\n", "\n") if letter == "\n" or letter >= " ")
    assert cells["title"].value == kept[:32_767]


# --- what is asked wrongly -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"field": "nowhere"}, "Field"),
        ({"place": "nowhere"}, "Place"),
        ({"outcome": "great"}, "Verified outcome"),
        ({"sort": "wrong"}, "Order"),
        ({"tab": "nothing"}, "nothing"),
        ({"lat": "north", "lng": "5"}, "north"),
        ({"q": "\x00"}, "Search in demands"),
    ],
)
def test_a_filter_that_is_wrong_gives_no_file_but_its_name(query: dict[str, str], names: str) -> None:
    make.demand()
    answer = reader().get("/demands/demands.csv", query)
    assert answer.status_code == 400
    assert "This file cannot be made" in said(answer)
    assert names in said(answer)


def test_a_format_that_there_is_not_is_named_with_those_that_there_are() -> None:
    answer = reader().get("/demands/demands.pdf")
    assert answer.status_code == 404
    assert "CSV, XLSX or JSON lines; there is no «pdf»" in said(answer)


def test_more_rows_than_a_sheet_holds_are_told_before_any_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    make.demand()
    make.demand()
    monkeypatch.setitem(FORMATS, "xlsx", sending.FORMATS["xlsx"].__class__("", FORMATS["xlsx"].write, most=1))
    answer = reader().get("/demands/demands.xlsx")
    assert answer.status_code == 422
    assert "These are 2 rows; an Excel sheet holds 1" in said(answer)
    assert len(by_csv(sent("/demands/demands.csv"))) == 2


def test_nothing_is_sent_to_whoever_asks_for_the_head_alone() -> None:
    answer = reader().head("/demands/demands.csv")
    assert (answer.status_code, answer.streaming) == (200, False)


def test_a_form_sent_to_a_file_is_refused() -> None:
    assert reader().post("/demands/demands.csv").status_code == 405


def test_the_register_of_the_office_is_no_file_for_others() -> None:
    make.organisation("سازمان مردم")
    assert reader().get("/office/register.csv").status_code != 200
    assert by_csv(sent("/office/register.csv", by=office()))[0]["name"] == "سازمان مردم"


def test_reviews_as_a_file_tell_what_was_found_and_against_what_an_appeal_is() -> None:
    review = examine.settled(review=examine.drawn())
    examine.opened()
    [found] = by_jsonl(sent("/reviews/reviews.jsonl", {"tab": "settled"}))
    assert found["code"] == review.code
    assert found["outcome"] == review.outcome == "confirmed"
    assert found["demand_code"] == examine.demand_of(review).shown_code
    assert found["promised_by"] == review.commitment.lead.label
    assert found["appeal_of"] is None
    assert len(by_csv(sent("/reviews/reviews.csv"))) == 2
    assert reader().get("/reviews/reviews.csv", {"outcome": "dreamt"}).status_code == 400


def test_the_desk_is_a_file_for_its_officers_without_what_the_author_keeps_to_themselves() -> None:
    unit, other = make.unit("برق", code="b"), make.unit("آب", code="a")
    author = make.acting(make.person("پروانه گلابچی"))
    mine, _others = (
        make.demand(author, unit=each, title="چراغ کوچه را درست کنید", address="کوچهٔ بهار، پلاک ۷")
        for each in (unit, other)
    )
    officer = make.officer(unit)
    commands.hand_over(by=officer, demand=mine, to=officer.mandate)
    mandate = reader(officer.person, second_factor=True)
    file = sent("/inbox/inbox.csv", by=mandate)
    [row] = by_csv(file)
    assert row["tracking code"] == mine.shown_code
    assert row["dealt with by"] == officer.person.name
    for private in ("پروانه", "پلاک"):
        assert private not in file.decode()
    assert by_csv(sent("/inbox/inbox.csv", {"tab": "ended"}, by=mandate)) == []
    assert reader().get("/inbox/inbox.csv").status_code != 200
    assert reader(make.person()).get("/inbox/inbox.csv").status_code in {302, 403, 404}


# --- broken off ------------------------------------------------------------------------------------------------------


def many(number: int) -> None:
    """So many demands, copied from one."""
    one = make.demand()
    rows = (Demand(**_copied(one), code=f"{place:08}") for place in range(number - 1))
    Demand.objects.bulk_create(rows, batch_size=5000)


def _copied(one: Demand) -> dict[str, Any]:
    named = ("kind", "title", "title_key", "search_key", "text", "field_id", "place_id", "author_id", "unit_id")
    return {name: getattr(one, name) for name in named}


@pytest.fixture
def every_place() -> Iterator[None]:
    """All files may be made at once, before and after."""
    yield
    taken = [sending._places.acquire(blocking=False) for _ in range(sending.AT_ONCE)]
    for each in taken:
        if each:
            sending._places.release()
    assert all(taken), "a file has kept its place"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("every_place")
@pytest.mark.parametrize("written", FORMATS)
def test_a_reader_who_leaves_frees_the_database_and_the_place(written: str) -> None:
    many(3000)
    answer = reader().get(f"/demands/demands.{written}")
    pieces = answer.streaming_content
    assert next(pieces)
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE is_holdable = false AND name LIKE '\\_django%%'")
        assert cursor.fetchone()[0] == 1
    answer.close()
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone()[0] == 0
    make.person("now it is written again")


@pytest.mark.usefixtures("every_place")
def test_only_so_many_files_are_made_at_once_and_pages_go_on() -> None:
    make.demand()
    kept = [reader().get("/demands/demands.csv") for _ in range(sending.AT_ONCE)]
    refused = reader().get("/demands/demands.csv")
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "Please try again" in said(refused)
    assert reader().get("/demands/").status_code == 200
    for each in kept:
        assert b"".join(each.streaming_content)
    sent("/demands/demands.csv")


@pytest.mark.usefixtures("every_place")
def test_a_file_can_write_nothing() -> None:
    def pieces() -> Iterator[bytes]:
        make.person("sly")
        yield b""

    with pytest.raises(Exception, match="read-only transaction"), transaction.atomic():
        list(sending.Flow(pieces))


@pytest.mark.usefixtures("every_place")
def test_rows_are_made_one_after_another_and_never_stand_together_in_memory() -> None:
    sheet = Sheet(
        "list",
        "List",
        (Column("text", "text"), Moment("at", "at"), Day("day", "day", "at"), Choice("c", "c", {}, "text")),
    )

    class Row:
        alive = most = 0

        def __init__(self) -> None:
            self.text, self.at = "متن" * 50, timezone.now()
            Row.alive += 1
            Row.most = max(Row.most, Row.alive)

        def __del__(self) -> None:
            Row.alive -= 1

    for written in FORMATS.values():
        biggest = max(len(piece) for piece in written.write(sheet, (Row() for _ in range(5000)), TAKEN))
        assert biggest < 3 * 64 * 1024
    assert Row.most <= 3
