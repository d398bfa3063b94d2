"""Good rows land, each with its event; bad ones come back with the reason; the same file again changes nothing."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hamgara import charter
from hamgara.channels.models import Notice
from hamgara.domain.demands import commands as demands
from hamgara.domain.demands import events, queries
from hamgara.domain.demands.models import Demand
from hamgara.domain.imports import commands, jobs
from hamgara.domain.imports import queries as queries_of_imports
from hamgara.domain.imports.models import Import
from hamgara.domain.ledger.commands import Invalid, Refused
from hamgara.domain.ledger.events import FOUNDERS
from hamgara.domain.ledger.jobs import catch_up
from hamgara.domain.ledger.models import Entry, Opening
from hamgara.domain.organisations import commands as organisations
from hamgara.domain.organisations.models import Organisation, Place
from hamgara.domain.people.models import Person
from tests import factories as make
from tests.imports.files import TITLES, csv_file, demand_row, reasons, received, started, taken_over, xlsx_file
from tests.imports.files import city as made_city

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    made_city()


def taken() -> list[Entry]:
    return list(Entry.objects.filter(kind=events.TakenOver.KIND).order_by("pk"))


@pytest.mark.parametrize(
    "file",
    [
        lambda rows: csv_file(rows),
        lambda rows: csv_file(rows, "utf-8", ";"),
        lambda rows: csv_file(rows, "utf-16", "\t"),
        lambda rows: csv_file([[cell.replace("ی", "ي").replace("ٔ", "") for cell in row] for row in rows], "cp1256"),
        xlsx_file,
    ],
    ids=["UTF-8 with its mark", "UTF-8, semicolons", "UTF-16, tabs", "Windows-1256", "XLSX"],
)
def test_every_row_lands_with_an_event_of_its_own(file: object) -> None:
    rows = [[cell.replace("۱۴۰۲/۰۵/۰۳", "1402/5/3") for cell in demand_row(n)] for n in range(3)]
    run = taken_over(file([TITLES, *rows]))  # type: ignore[operator]
    assert (run.state, run.landed, run.known, run.bad) == ("done", 3, 0, 0), reasons(run)
    assert [entry.data["demand"] for entry in taken()] == list(
        Demand.objects.order_by("pk").values_list("code", flat=True)
    )
    demand = Demand.objects.order_by("pk").first()
    assert demand is not None
    assert demand.title.startswith("چراغ خیابان شماره")
    assert (demand.field.code, demand.place.code) == ("streets", "fin")
    assert timezone.localdate(demand.submitted_at) == date(2023, 7, 25)


@pytest.mark.parametrize("typed", ["۱۴۰۲/۰۵/۰۳", "١٤٠٢-٥-٣", "1402.5.3", "2023-07-25", "25/7/2023", "3/5/1402 14:20"])
def test_a_day_is_read_in_either_calendar_and_any_digits(typed: str) -> None:
    run = taken_over(csv_file([TITLES, demand_row(1, تاریخ=typed)]))
    assert run.landed == 1, reasons(run)
    assert timezone.localdate(Demand.objects.get().submitted_at) == date(2023, 7, 25)


def test_what_the_records_call_done_is_a_claim_and_in_no_rate() -> None:
    taken_over(csv_file([TITLES, demand_row(1)]))
    demand = Demand.objects.get()
    assert (demand.state, demand.claim, demand.outcome) == ("filed", "done", "none")
    assert [answer.text for answer in demand.answers.all()] == ["لامپ عوض شد."]
    figures = queries.figures()
    assert (figures.verified, figures.ended, figures.verified_rate.share) == (0, 0, None)


@pytest.mark.parametrize(
    ("status", "state", "clock"), [("جدید", "received", "triage"), ("در دست اقدام", "admitted", "answer")]
)
def test_what_has_not_ended_awaits_from_today_what_the_charter_promises(status: str, state: str, clock: str) -> None:
    taken_over(csv_file([TITLES, demand_row(1, وضعیت=status)]))
    demand = Demand.objects.get()
    assert (demand.state, demand.claim, demand.clock_kind) == (state, "", clock)
    assert demand.deadline is not None
    assert not demand.is_overdue


def test_the_same_file_again_changes_nothing() -> None:
    rows = [TITLES, *(demand_row(n) for n in range(4))]
    taken_over(csv_file(rows))
    before = Demand.objects.count(), len(taken()), Person.objects.count()
    again = taken_over(xlsx_file(rows))
    assert (again.landed, again.known, again.bad) == (0, 4, 0)
    assert (Demand.objects.count(), len(taken()), Person.objects.count()) == before


def test_a_row_that_stands_twice_in_a_file_lands_once() -> None:
    run = taken_over(csv_file([TITLES, demand_row(1), demand_row(2), demand_row(1)]))
    assert (run.landed, run.known) == (2, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"تاریخ": "۱۴۰۲/۱۳/۰۳"}, "تاریخ"),
        ({"تاریخ": "02/05/03"}, "تاریخ"),
        ({"تاریخ": "۱۴۵۰/۰۱/۰۱"}, "۱۴۵۰"),
        ({"تاریخ": ""}, "تاریخ"),
        ({"حوزه": "ماهواره"}, "ماهواره"),
        ({"محله": "ناکجا"}, "ناکجا"),
        ({"وضعیت": "شاید"}, "شاید"),
        ({"موبایل": "123"}, "موبایل"),
        ({"عنوان": ""}, "عنوان"),
        ({"عنوان": "چراغ" * 200}, "عنوان"),
    ],
    ids=lambda given: "".join(given) if isinstance(given, dict) else "",
)
def test_a_bad_row_comes_back_with_the_reason_and_the_good_ones_land(changed: dict[str, str], told: str) -> None:
    run = taken_over(csv_file([TITLES, demand_row(1), demand_row(2, **changed), demand_row(3)]))
    assert (run.state, run.landed, run.bad) == ("done", 2, 1)
    assert list(reasons(run)) == [3]
    assert Demand.objects.count() == 2


def test_rows_that_came_back_land_once_they_are_corrected() -> None:
    run = taken_over(csv_file([TITLES, demand_row(1), demand_row(2, حوزه="ماهواره")]))
    from hamgara.domain.imports.queries import returned_rows

    back = [[cell.replace("ماهواره", "خیابان و روشنایی") for cell in row] for row in returned_rows(run)]
    assert back[0] == ["دلیل بازگشت", *TITLES]
    again = taken_over(csv_file(back))
    assert (again.landed, again.known, again.bad) == (1, 0, 0), reasons(again)


def test_a_row_of_a_closed_unit_comes_back_and_names_the_heir() -> None:
    old, heir = make.unit("معاونت کهن"), make.unit("معاونت نو")
    organisations.merge(by=FOUNDERS, organisation=old, into=heir, reason="ادغام")
    rows = [[*demand_row(1), "معاونت کهن"], [*demand_row(2), "معاونت نو"]]
    run = taken_over(csv_file([[*TITLES, "واحد"], *rows]))
    assert (run.landed, run.bad) == (1, 1)
    assert "معاونت نو" in reasons(run)[2]
    assert Demand.objects.get().unit == heir


def test_nobody_is_told_of_the_past() -> None:
    make.office_officer()
    catch_up()
    before = Notice.objects.count()
    taken_over(csv_file([TITLES, demand_row(1, وضعیت="جدید", موبایل="۰۹۱۳۱۲۳۴۵۶۷", نام="مریم صادقی")]))
    catch_up()
    assert Notice.objects.count() == before
    author = Demand.objects.get().author
    assert (author.phone, author.sms_notices, author.mail_notices) == ("+989131234567", False, False)
    assert not Demand.objects.get().show_name


def test_people_of_one_number_are_one_and_those_already_known_stay_as_they_are() -> None:
    known = make.person("مریم", phone="+989131234567")
    rows = [
        demand_row(1, موبایل="9131234567"),
        demand_row(2, موبایل="09131111111"),
        demand_row(3, موبایل="0913-111-1111"),
    ]
    taken_over(csv_file([TITLES, *rows]))
    authors = list(Demand.objects.order_by("pk").values_list("author__phone", flat=True))
    assert authors == ["+989131234567", "+989131111111", "+989131111111"]
    known.refresh_from_db()
    assert known.name == "مریم"


def test_what_is_personal_stands_in_no_entry() -> None:
    row = demand_row(7, موبایل="09131234567", نام="مریم صادقی", شرح="همسایه‌ام بیمار است")
    taken_over(csv_file([TITLES, row]))
    secrets = ("مریم", "9131234567", "همسایه", "137-7", "چراغ")
    for entry in Entry.objects.all():
        assert not [secret for secret in secrets if secret in bytes(entry.canonical).decode()], entry.kind
    author = Demand.objects.get().author
    fields = set(Opening.objects.filter(person_key=str(author.key)).values_list("field", flat=True))
    assert {"data.title", "data.text", "data.number", "data.author"} <= fields


def test_people_are_taken_over_and_hidden() -> None:
    run = taken_over(csv_file([["نام", "موبایل", "ایمیل"], ["رضا", "09131112233", ""], ["کسی", "", ""]]), "people")
    assert (run.landed, run.bad) == (1, 1)
    assert Person.objects.get(phone="+989131112233").name == "رضا"


def test_only_the_participation_office_imports() -> None:
    for who in (make.acting(), make.officer(make.unit()), make.head_of(make.organisation())):
        with pytest.raises(Refused):
            received(csv_file([TITLES, demand_row(1)]), by=who)
    assert not Import.objects.exists()
    assert taken_over(csv_file([TITLES, demand_row(1)]), by=make.office_officer()).landed == 1


def test_the_import_of_somebody_who_has_left_stops_that_day() -> None:
    officer = make.office_officer()
    run = started(csv_file([TITLES, demand_row(1)]), by=officer)
    make.mandate(make.office(), role="head")
    organisations.end_mandate(by=FOUNDERS, mandate=officer.mandate, reason="رفت")
    run = jobs.work_on(run)
    assert (run.state, run.landed, Demand.objects.count()) == ("broken_off", 0, 0)
    assert run.trouble
    run = jobs.work_on(commands.carry_on(by=make.office_officer(), run=run))
    assert (run.state, run.landed) == ("done", 1)


def test_an_import_that_is_stopped_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    run = started(csv_file([TITLES, *(demand_row(n) for n in range(5))]))
    run = commands.check(by=jobs.RULES, run=run)
    run = jobs._chunk(run, queries_of_imports.reader(run))
    run = commands.stop(by=FOUNDERS, run=run)
    assert (jobs.work_on(run).state, Demand.objects.count()) == ("stopped", 2)
    run = jobs.work_on(commands.carry_on(by=FOUNDERS, run=run))
    assert (run.state, run.landed, run.known) == ("done", 5, 0)
    assert Demand.objects.count() == len(taken()) == 5


def test_columns_missing_or_taken_twice_are_told_and_nothing_starts() -> None:
    run = received(csv_file([["عنوان", "چیز"], ["الف", "ب"]]))
    with pytest.raises(Invalid) as missing:
        commands.start(by=FOUNDERS, run=run, columns={"title": "عنوان", "field": "عنوان", "asked": ""})
    assert set(missing.value.problems) == {"title", "field", "asked"}
    with pytest.raises(Invalid):
        received(csv_file([["عنوان", "عنوان"], ["الف", "ب"]]))
    assert Import.objects.count() == 1


def test_the_choice_of_columns_is_remembered_for_files_with_the_same_titles() -> None:
    from hamgara.domain.imports.queries import chosen_before

    titles = ["الف", "ب", "پ"]
    first = received(csv_file([titles, ["x", "y", "z"]]))
    assert chosen_before(first) is None
    chosen = {"title": "پ", "field": "الف", "asked": "ب"}
    commands.start(by=FOUNDERS, run=first, columns=chosen)
    assert chosen_before(received(csv_file([titles[::-1], ["x", "y", "z"]]))) == chosen


def test_a_filed_demand_may_be_reopened_by_its_author_like_any_that_ended() -> None:
    today = timezone.localdate().isoformat()
    taken_over(csv_file([TITLES, demand_row(1, تاریخ=today, موبایل="09131234567")]))
    demand = Demand.objects.get()
    reopened = demands.reopen(by=make.acting(demand.author), demand=demand, words="هنوز خاموش است")
    assert reopened.state == "admitted"


ORGANISATIONS = ["نام", "نوع", "شماره ثبت", "مرجع صدور", "اعتبار تا"]


def test_organisations_are_taken_over_as_their_licence_stands() -> None:
    rows = [
        ["انجمن باران", "سمن", "۱۲۳", "وزارت کشور", "1500/01/01"],  # longer than the charter allows
        ["خیریهٔ مهر", "خیریه", "۱۲۴", "بهزیستی", "1390/01/01"],
        ["جوانان فین", "گروه مردمی", "", "", ""],
        ["بی‌نوع", "شرکت", "", "", ""],
    ]
    run = taken_over(csv_file([ORGANISATIONS, *rows]), "organisations")
    assert (run.landed, run.bad) == (3, 1), reasons(run)
    states = dict(Organisation.objects.exclude(kind="municipal_unit").values_list("name", "state"))
    assert states == {"انجمن باران": "accredited", "خیریهٔ مهر": "expired", "جوانان فین": "applied"}
    longest = timezone.localdate() + charter.period("organisations.accreditation_at_most")
    assert Organisation.objects.get(name="انجمن باران").accredited_until == longest
    assert Entry.objects.filter(kind="organisations.taken_over").count() == 3
    again = taken_over(xlsx_file([ORGANISATIONS, *rows]), "organisations")
    assert (again.landed, again.known, again.bad) == (0, 3, 1)


def test_an_organisation_that_is_in_the_register_already_comes_back() -> None:
    make.organisation("انجمن باران")
    run = taken_over(csv_file([ORGANISATIONS, ["انجمن باران", "سمن", "", "", ""]]), "organisations")
    assert (run.landed, run.bad) == (0, 1)
    assert "انجمن باران" in reasons(run)[2]


PEOPLE = ["نام", "موبایل", "ایمیل"]


def test_people_who_came_by_themselves_are_known_and_never_counted_as_taken_over() -> None:
    make.person("مینا", phone="+989131112233")
    rows = [["مینا", "09131112233", ""], ["رضا", "09131112234", "reza@example.org"], ["", "", "REZA@example.org"]]
    first = taken_over(csv_file([PEOPLE, *rows]), "people")
    assert (first.landed, first.known, first.bad) == (1, 2, 0)
    before = Entry.objects.filter(kind="people.taken_over").count(), Person.objects.count()
    again = taken_over(xlsx_file([PEOPLE, *rows]), "people")
    assert (again.landed, again.known, again.bad) == (0, 3, 0)
    assert (Entry.objects.filter(kind="people.taken_over").count(), Person.objects.count()) == before


@pytest.mark.parametrize("cut", [lambda row: row[:-1], lambda row: [*row, "چیز"]], ids=["too few", "too many"])
def test_a_row_with_another_number_of_cells_comes_back_as_it_stood_until_it_is_right(cut: object) -> None:
    wrong = cut(demand_row(2))  # type: ignore[operator]
    run = taken_over(csv_file([TITLES, demand_row(1), wrong, [*demand_row(3), "", ""]]))
    assert (run.landed, list(reasons(run))) == (2, [3])
    back = list(queries_of_imports.returned_rows(run))
    assert back[1][1:] == wrong
    again = taken_over(csv_file(back))
    assert (again.landed, again.bad) == (0, 1)  # sent back unchanged, it is as wrong as before


def test_cells_that_a_workbook_leaves_out_are_blank_and_one_beyond_the_titles_is_wrong() -> None:
    rows = [demand_row(1)[:-2], [*demand_row(2), "چیز"]]
    run = taken_over(xlsx_file([TITLES, *rows]))
    assert (run.landed, list(reasons(run))) == (1, [3])


@pytest.mark.parametrize(
    "typed",
    [
        *("1403/7/5", "۱۴۰۳-۰۷-۰۵", "05/07/1403", "5.7.1403", "14030705", "۱۴۰۳۰۷۰۵"),
        *("2024-09-26", "26/9/2024", "20240926", "45561", "45561.25", "2024-09-26 06:00"),
    ],
)
def test_every_usual_way_to_write_a_day_is_the_same_day(typed: str) -> None:
    run = taken_over(csv_file([TITLES, demand_row(1, تاریخ=typed)]))
    assert run.landed == 1, reasons(run)
    at = timezone.localtime(Demand.objects.get().submitted_at)
    assert (at.date(), at.hour) == (date(2024, 9, 26), 6 if typed.endswith((".25", "06:00")) else 12)


@pytest.mark.parametrize("cell", [45561, 45561.25, date(2024, 9, 26)], ids=["serial", "serial with an hour", "a day"])
def test_a_workbook_may_hold_the_day_or_its_bare_number(cell: object) -> None:
    row: list[object] = [*demand_row(1)]
    row[TITLES.index("تاریخ")] = cell
    run = taken_over(xlsx_file([TITLES, row]))
    assert run.landed == 1, reasons(run)
    assert timezone.localdate(Demand.objects.get().submitted_at) == date(2024, 9, 26)


def test_a_year_of_two_digits_is_refused_because_it_has_two_digits() -> None:
    run = taken_over(csv_file([TITLES, demand_row(1, تاریخ="۰۳/۰۷/۰۵"), demand_row(2, تاریخ="5/7/03")]))
    assert (run.landed, list(reasons(run))) == (0, [2, 3])
    assert all("دورقمی" in reason for reason in reasons(run).values())


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 1439))
def test_serial_numbers_are_those_of_spreadsheets(day: date, minute: int) -> None:
    from openpyxl.utils.datetime import to_excel

    from hamgara.domain.imports.queries import cells

    at = datetime.combine(day, time(minute // 60, minute % 60))
    read = cells._day("", "", repr(float(to_excel(at))))
    assert datetime.combine(*read) == at


POINTED = [*TITLES, "عرض جغرافیایی", "طول جغرافیایی"]


@pytest.mark.parametrize("typed", [("33.9850", "51.4100"), ("۳۳٫۹۸۵", "۵۱٫۴۱"), ("٣٣/٩٨٥", "٥١/٤١")])
def test_a_point_is_read_in_any_digits(typed: tuple[str, str]) -> None:
    run = taken_over(csv_file([POINTED, [*demand_row(1), *typed], [*demand_row(2), "", ""]]))
    assert run.landed == 2, reasons(run)
    points = Demand.objects.order_by("pk").values_list("latitude", "longitude")
    assert list(points) == [(33.985, 51.41), (None, None)]
    assert taken()[0].data["point"] is not None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("33.985", ""), "هر دو"),
        (("33.985", "شرق"), "شرق"),
        (("nan", "51.41"), "nan"),
        (("35.70", "51.41"), "بیرون از شهر"),
        (("51.41", "33.985"), "جابه‌جا"),
        (("133.985", "51.41"), "بیرون از شهر"),
    ],
    ids=["one alone", "a word", "no number", "another city", "interchanged", "nowhere"],
)
def test_a_wrong_point_comes_back_with_its_reason(typed: tuple[str, str], told: str) -> None:
    run = taken_over(csv_file([POINTED, [*demand_row(1), *typed], [*demand_row(2), "33.985", "51.41"]]))
    assert (run.landed, run.bad) == (1, 1)
    assert told in reasons(run)[2]


def test_the_columns_of_a_point_are_remembered_and_come_together() -> None:
    run = received(csv_file([POINTED, [*demand_row(1), "33.985", "51.41"]]))
    columns = queries_of_imports.guessed(run.kind, run.titles)
    assert (columns["latitude"], columns["longitude"]) == tuple(POINTED[-2:])
    with pytest.raises(Invalid) as refused:
        commands.start(by=FOUNDERS, run=run, columns={k: v for k, v in columns.items() if k != "latitude"})
    assert set(refused.value.problems) == {"latitude"}


def test_a_body_whose_point_is_known_has_its_seat_in_the_nearest_neighbourhood() -> None:
    near, far = make.place("نزدیک"), make.place("دور")
    Place.objects.filter(pk=near.pk).update(latitude=33.98, longitude=51.41)
    Place.objects.filter(pk=far.pk).update(latitude=34.05, longitude=51.50)
    titles = ["نام", "نوع", "محله", "lat", "lon"]
    rows = [["الف‌ها", "سمن", "", "33.985", "51.412"], ["ب‌ها", "سمن", "دور", "33.985", "51.412"]]
    run = taken_over(csv_file([titles, *rows, ["پ‌ها", "سمن", "", "35.7", "51.4"]]), "organisations")
    assert (run.landed, list(reasons(run))) == (2, [4])
    seats = Organisation.objects.filter(name__in=["الف‌ها", "ب‌ها"]).order_by("name").values_list("seat__name", flat=True)
    assert list(seats) == ["نزدیک", "دور"]
