"""What people write into forms: digits of three kinds, Jalali dates, pasted litter, and the words that answer them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from hamgara import clock
from hamgara.algorithms.persian import calendar, digits
from hamgara.web.forms import (
    CodeField,
    FilesField,
    Form,
    JalaliDateField,
    MoneyField,
    PointField,
    TextField,
    WholeNumberField,
)

TODAY = date(2026, 11, 23)  # 2 Azar 1405


@pytest.fixture(autouse=True)
def _in_persian_today() -> Iterator[None]:
    with (
        translation.override("fa"),
        clock.standing_at(datetime(2026, 11, 23, 9, tzinfo=timezone.get_fixed_timezone(210))),
    ):
        yield


def answer(field: forms.Field, data: dict[str, Any], files: Any = None) -> tuple[Any, list[str]]:
    """The cleaned value of a one-field form, or the messages."""

    form = type("OneField", (Form,), {"x": field})(data, files)
    return (form.cleaned_data["x"], []) if form.is_valid() else (None, [str(error) for error in form.errors["x"]])


def codes(field: forms.Field, data: dict[str, Any]) -> list[str]:
    form = type("OneField", (Form,), {"x": field})(data)
    form.is_valid()
    return [problem["code"] for problem in form.errors.get_json_data().get("x", [])]


def parts(day: str, month: str, year: str) -> dict[str, str]:
    return {"x_day": day, "x_month": month, "x_year": year}


# --- text ---


def test_text_is_saved_in_persian_spelling() -> None:
    assert answer(TextField(), {"x": " كتاب‌خانهٔ ملي "})[0] == "کتاب‌خانهٔ ملی"


@pytest.mark.parametrize("litter", ["\x00", "\x07", "\x1b", "\x7f"])
@pytest.mark.parametrize("field", [TextField, forms.CharField, CodeField])
def test_control_characters_are_refused_in_every_field(litter: str, field: type[forms.CharField]) -> None:
    assert codes(field(), {"x": f"سلام{litter}دنیا"}) == ["control_character"]


@pytest.mark.parametrize("field", [TextField, forms.CharField])
def test_what_turns_the_text_around_is_refused(field: type[forms.CharField]) -> None:
    assert codes(field(), {"x": "سلام\u202eدنیا"}) == ["control_character"]


def test_a_message_names_the_control_character() -> None:
    with translation.override("en"):
        assert "U+0007" in answer(TextField(), {"x": "a\x07b"})[1][0]


def test_half_spaces_and_line_breaks_are_no_control_characters() -> None:
    assert answer(TextField(lines=4), {"x": "می‌خواهیم\r\nکه"})[0] == "می‌خواهیم\nکه"


def test_a_line_break_does_not_belong_in_one_line() -> None:
    assert codes(TextField(), {"x": "یک\nدو"}) == ["control_character"]


def test_over_long_text_is_told_in_persian_digits() -> None:
    _value, errors = answer(TextField(max_length=1000), {"x": "آ" * 1200})
    assert len(errors) == 1
    assert "۱٬۲۰۰" in errors[0]
    assert "۱٬۰۰۰" in errors[0]


def test_a_line_break_counts_once() -> None:
    assert answer(TextField(lines=3, max_length=3), {"x": "آ\r\nب"})[0] == "آ\nب"


def test_the_browser_does_not_cut_a_long_paste() -> None:
    form = type("OneField", (Form,), {"x": TextField(max_length=5)})()
    assert "maxlength" not in str(form["x"])
    assert " required" not in str(form["x"])


# --- numbers and codes ---


@pytest.mark.parametrize("written", ["12500", "۱۲۵۰۰", "١٢٥٠٠", "۱۲٬۵۰۰", "12,500", " ۱۲ ۵۰۰ ", "۱۲،۵۰۰"])
def test_numbers_in_all_digits_and_groupings(written: str) -> None:
    assert answer(WholeNumberField(), {"x": written})[0] == 12500


@pytest.mark.parametrize("written", ["صد", "1.5", "1e5", "۱۲-", "--1", "9" * 19, "½", "²"])
def test_what_is_no_whole_number(written: str) -> None:
    assert codes(WholeNumberField(), {"x": written}) == ["invalid"]


def test_money_is_never_negative() -> None:
    assert answer(MoneyField(), {"x": "-۱"})[1]
    assert answer(MoneyField(), {"x": "۰"})[0] == 0


def test_a_code_from_contacts_loses_its_marks_of_direction() -> None:
    assert answer(CodeField(), {"x": "\u202a۰۹۱۳ ۱۲۳\u202c"})[0] == "0913 123"


# --- dates ---


@pytest.mark.parametrize("written", [("2", "9", "1405"), ("۰۲", "9", "۱۴۰۵"), ("٢", "9", "١٤٠٥"), (" ۲ ", "9", "1405")])
def test_a_jalali_date_in_all_digits(written: tuple[str, str, str]) -> None:
    assert answer(JalaliDateField(), parts(*written))[0] == TODAY


def test_in_english_the_same_boxes_are_gregorian() -> None:
    with translation.override("en"):
        assert answer(JalaliDateField(), parts("23", "11", "2026"))[0] == TODAY
        assert "November" in str(type("F", (Form,), {"x": JalaliDateField()})()["x"])


@given(
    st.dates(min_value=calendar.from_parts(1300, 1, 1), max_value=calendar.from_parts(1500, 12, 29)),
    st.sampled_from(["fa", "en"]),
)
def test_every_day_comes_back_as_it_was_shown(day: date, language: str) -> None:
    with translation.override(language):
        field = JalaliDateField()
        assert field.clean(field.widget.decompress(day)) == day if day.year < 2101 else True


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (("31", "8", "1405"), "impossible"),
        (("30", "12", "1404"), "impossible"),  # 1404 has no leap day; 1403 had
        (("0", "1", "1405"), "impossible"),
        (("32", "1", "1405"), "impossible"),
        (("1", "13", "1405"), "incomplete"),
        (("1", "1", ""), "incomplete"),
        (("", "1", ""), "incomplete"),
        (("یک", "1", "1405"), "digits"),
        (("-1", "1", "1405"), "digits"),
        (("1", "1", "14050"), "digits"),
        (("1", "1", "05"), "year"),
        (("23", "11", "2026"), "year"),
        (("", "", ""), "required"),
    ],
)
def test_impossible_dates_each_have_their_own_message(written: tuple[str, str, str], problem: str) -> None:
    assert codes(JalaliDateField(), parts(*written)) == [problem]


def test_the_leap_day_exists_in_1403() -> None:
    assert answer(JalaliDateField(), parts("30", "12", "1403"))[0] == date(2025, 3, 20)


def test_an_impossible_day_is_told_with_the_length_of_its_month() -> None:
    _value, (message,) = answer(JalaliDateField(), parts("31", "8", "1405"))
    assert "آبان" in message
    assert "۳۰" in message
    assert "۱۴۰۵" in message


def test_a_date_past_is_refused_where_the_form_asks_for_one_ahead() -> None:
    ahead = JalaliDateField(earliest=clock.today)
    assert codes(ahead, parts("1", "9", "1405")) == ["too_early"]
    assert answer(ahead, parts("2", "9", "1405"))[0] == TODAY
    assert codes(JalaliDateField(latest=clock.today), parts("3", "9", "1405")) == ["too_late"]


def test_an_optional_date_may_be_left_out() -> None:
    assert answer(JalaliDateField(required=False), parts("", "", "")) == (None, [])


def test_a_date_is_shown_in_three_labelled_boxes() -> None:
    page = str(type("F", (Form,), {"x": JalaliDateField(initial=TODAY)})()["x"])
    assert page.count("<label") == page.count("</label>") == 3
    assert 'value="۲"' in page
    assert 'value="۱۴۰۵"' in page
    assert '<option value="9" selected>آذر</option>' in page


def test_what_was_written_stays_in_the_boxes() -> None:
    page = str(type("F", (Form,), {"x": JalaliDateField()})(parts("۳۱", "8", "۱۴۰۵"))["x"])
    assert 'value="۳۱"' in page
    assert 'aria-invalid="true"' in page


# --- files and points ---


def test_files_come_as_a_list_and_not_too_many() -> None:
    some = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(4)]
    assert len(answer(FilesField(), {}, MultiValueDict({"x": some}))[0]) == 4
    assert answer(FilesField(most=3), {}, MultiValueDict({"x": some}))[1]
    assert answer(FilesField(required=False), {}, MultiValueDict()) == ([], [])
    assert answer(FilesField(), {}, MultiValueDict())[1]


KASHAN = (33.4, 50.9, 34.5, 51.9)


@pytest.mark.parametrize(
    ("written", "point"),
    [
        (("33.98237", "51.42769"), (33.98237, 51.42769)),
        (("۳۳٫۹۸۲", "۵۱٫۴۲۸"), (33.982, 51.428)),
        (("۳۳/۹۸۲", "۵۱/۴۲۸"), (33.982, 51.428)),
        (("", ""), None),
    ],
)
def test_points_in_all_digits(written: tuple[str, str], point: tuple[float, float] | None) -> None:
    field = PointField(bounds=KASHAN, required=False)
    assert answer(field, {"x_lat": written[0], "x_lng": written[1]}) == (point, [])


@pytest.mark.parametrize(
    ("latitude", "longitude", "problem"),
    [
        ("35.7", "51.4", "outside"),
        ("nan", "nan", "outside"),
        ("inf", "51.4", "outside"),
        ("33.9", "", "invalid"),
        ("اینجا", "51", "invalid"),
    ],
)
def test_points_that_are_none_or_elsewhere(latitude: str, longitude: str, problem: str) -> None:
    assert codes(PointField(bounds=KASHAN), {"x_lat": latitude, "x_lng": longitude}) == [problem]


def test_a_field_left_empty_is_told_in_our_words() -> None:
    with translation.override("en"):
        assert answer(TextField(), {"x": ""})[1] == ["Please fill this in."]
        assert answer(forms.UUIDField(), {"x": str(uuid4())})[1] == []


def test_digits_of_the_reader_are_read_back() -> None:
    assert answer(WholeNumberField(), {"x": digits.number(1234567)})[0] == 1234567
