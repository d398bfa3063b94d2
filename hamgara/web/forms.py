"""Form fields that take what people here write, in three sets of digits and Jalali dates, and answer clearly."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hamgara import charter, clock
from hamgara.algorithms.persian import calendar, digits, text
from hamgara.web.reading import language, number, show_date, to_reader

# They let a text display as something else than it is; the marks that Persian needs (U+200C to U+200F) are no harm.
DIRECTION_OVERRIDES = "\u202d\u202e"
# What word processors send for a new line or an indent.
LINE_BREAKS = "\n\r\t\x0b\x0c\x85"


def refuse_control_characters(value: object, allowed: str = LINE_BREAKS) -> None:
    """Refuse what no keyboard writes and no reader sees."""
    for character in str(value):
        if character in allowed:
            continue
        if unicodedata.category(character) in ("Cc", "Cs") or character in DIRECTION_OVERRIDES:
            raise ValidationError(
                _(
                    "This text has an invisible control character (%(code)s), perhaps from copying. "
                    "Please write that part again by hand."
                ),
                code="control_character",
                params={"code": f"U+{ord(character):04X}"},
            )


class NotOverLong(validators.MaxLengthValidator):
    """Says how long the text is and how long it may be, in the reader's digits."""

    def __call__(self, value: str) -> None:
        if len(value) > self.limit_value:
            raise ValidationError(
                _("This text has %(length)s characters; please shorten it to at most %(limit)s."),
                code="max_length",
                params={
                    "length": number(len(value)),
                    "limit": number(self.limit_value),
                },
            )


class NotTooShort(validators.MinLengthValidator):
    def __call__(self, value: str) -> None:
        if len(value) < self.limit_value:
            raise ValidationError(
                _("Please write at least %(limit)s characters."),
                code="min_length",
                params={"limit": number(self.limit_value)},
            )


def _with_clear_messages(field: forms.CharField) -> None:
    """Replace Django's own checks of length and NUL by ours."""
    kept = [
        check
        for check in field.validators
        if not isinstance(
            check,
            validators.MaxLengthValidator | validators.MinLengthValidator | validators.ProhibitNullCharactersValidator,
        )
    ]
    field.validators = [refuse_control_characters, *kept]
    if field.max_length is not None:
        field.validators.append(NotOverLong(field.max_length))
    if field.min_length is not None:
        field.validators.append(NotTooShort(field.min_length))
    # A browser would cut a long paste without a word; the message says what happened instead.
    field.widget.attrs.pop("maxlength", None)
    field.widget.attrs.pop("minlength", None)


class ClearMessages:
    """For any Django form: text is checked for length and control characters with messages that people understand."""

    # The browser's own bubbles speak the browser's language and hide the other errors.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                chosen = isinstance(field, forms.ChoiceField)
                field.error_messages["required"] = _("Please choose one.") if chosen else _("Please fill this in.")
            if isinstance(field, forms.CharField):
                if rule := getattr(field, "rule", ""):
                    field.max_length = charter.number(rule)
                _with_clear_messages(field)


class Form(ClearMessages, forms.Form):
    """The form that every page's form descends from."""


class TextField(forms.CharField):
    """Text of people: letters, spaces and half-spaces in one spelling. One line, or several with `lines`.

    `rule` names the rule of the charter that says how long it may be.
    """

    def __init__(self, *, lines: int = 1, rule: str = "", **kwargs: Any) -> None:
        self.lines, self.rule = lines, rule
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value: Any) -> str:
        raw = "" if value in self.empty_values else str(value)
        # Refused before cleaning, which would drop them without a word.
        refuse_control_characters(raw, LINE_BREAKS if self.lines > 1 else "\t")
        return super().to_python(text.clean(raw))  # type: ignore[no-any-return]


class CodeField(forms.CharField):
    """A code, phone or registration number: any digits go in, ASCII comes out, written left to right."""

    def __init__(self, *, numeric: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "dir": "ltr",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        if numeric:
            self.widget.attrs["inputmode"] = "numeric"

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return super().to_python(value)  # type: ignore[no-any-return]
        # Marks of direction come along when a number is pasted from contacts or a page.
        written = "".join(c for c in digits.to_ascii(str(value)) if unicodedata.category(c) != "Cf")
        return super().to_python(written)  # type: ignore[no-any-return]


class WholeNumberField(forms.IntegerField):
    """A whole number in any digits, grouped or not."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, str | Promise]] = {
        "invalid": _("Please write a whole number in digits, such as %(example)s.")
    }

    def __init__(
        self,
        *,
        min_value: int | None = None,
        max_value: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.least, self.most = min_value, max_value
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        plain = digits.fold(str(value)).replace("،", "")
        if not plain.removeprefix("-").isdecimal() or len(plain) > 18:
            raise ValidationError(
                self.error_messages["invalid"],
                code="invalid",
                params={"example": number(1200)},
            )
        found = int(plain)
        if self.least is not None and found < self.least:
            raise ValidationError(
                _("This must be at least %(limit)s."),
                params={"limit": number(self.least)},
            )
        if self.most is not None and found > self.most:
            raise ValidationError(
                _("This must be at most %(limit)s."),
                params={"limit": number(self.most)},
            )
        return found


class MoneyField(WholeNumberField):
    """An amount in rials."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("help_text", _("In rials"))
        super().__init__(**kwargs)


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to `most` files at once; what is in them is checked by the storage, not here."""

    widget = _ManyFilesInput

    def __init__(self, *, most: int = 5, accept: str = "image/*,.pdf", **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = accept

    def clean(self, data: Iterable[UploadedFile] | None, initial: object = None) -> list[UploadedFile]:
        given = [file for file in data or [] if file]
        if not given and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(given) > self.most:
            raise ValidationError(
                _("At most %(limit)s files can be sent at once; you chose %(count)s."),
                code="too_many",
                params={"limit": number(self.most), "count": number(len(given))},
            )
        return [super(FilesField, self).clean(file) for file in given]


class _Boxes(forms.MultiWidget):
    """Several boxes that make one value, each under its own label."""

    use_fieldset = True
    labels: tuple[str | Promise, ...]

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        boxes = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        return format_html(
            '<div class="boxes">{}</div>',
            format_html_join(
                "",
                '<div class="box"><label for="{}">{}</label>{}</div>',
                (
                    (
                        box["attrs"].get("id", ""),
                        label,
                        self._render(box["template_name"], {"widget": box}, renderer),
                    )
                    for box, label in zip(boxes, self.labels, strict=True)
                ),
            ),
        )


def _month_names() -> list[tuple[str, str]]:
    """The months of the reader's calendar, after an empty choice."""
    months = enumerate(calendar.MONTHS, start=1) if language() == "fa" else MONTHS.items()
    return [("", "–"), *((str(place), str(name)) for place, name in months)]


class JalaliDateInput(_Boxes):
    """Day and year in digits, the month from a list: nothing to open, nothing to drag, no script."""

    labels = (_("Day"), _("Month"), _("Year"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
        super().__init__(
            {
                "day": forms.TextInput({**numeric, "size": 2}),
                "month": forms.Select(choices=_month_names),
                "year": forms.TextInput({**numeric, "size": 4}),
            },
            attrs,
        )

    def decompress(self, value: date | None) -> list[str]:
        if value is None:
            return ["", "", ""]
        year, month, day = calendar.parts(value) if language() == "fa" else (value.year, value.month, value.day)
        return [to_reader(day), str(month), to_reader(year)]


class JalaliDateField(forms.Field):
    """A day in three parts: of the Jalali calendar in Persian, of the Gregorian one in English."""

    widget = JalaliDateInput
    default_error_messages: ClassVar[dict[str, str | Promise]] = {
        "required": _("Please give the date."),
        "incomplete": _("Please fill in the day, the month and the year."),
        "digits": _("Please write the day and the year in digits, such as %(day)s and %(year)s."),
        "year": _("Please write the year with four digits, such as %(example)s."),
        "impossible": _("There is no such day: %(month)s %(year)s has %(days)s days."),
        "too_early": _("This date is too early; the earliest is %(limit)s."),
        "too_late": _("This date is too late; the latest is %(limit)s."),
    }

    def __init__(
        self,
        *,
        earliest: Callable[[], date] | None = None,
        latest: Callable[[], date] | None = None,
        **kwargs: Any,
    ) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def _refuse(self, code: str, **params: object) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        written = [digits.to_ascii(str(part or "")).strip() for part in value]
        if not any(written):
            return None
        if not all(written):
            raise self._refuse("incomplete")
        today = JalaliDateInput().decompress(clock.today())
        if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in written):
            raise self._refuse("digits", day=today[0], year=today[2])
        day, month, year = map(int, written)
        # A year of the other calendar, or of two digits, is the likeliest slip of all.
        first, last = (calendar.FIRST_YEAR, calendar.LAST_YEAR) if language() == "fa" else (1900, 2100)
        if not first <= year <= last:
            raise self._refuse("year", example=today[2])
        if not 1 <= month <= 12:
            raise self._refuse("incomplete")
        days = calendar.days_in_month(year, month) if language() == "fa" else monthrange(year, month)[1]
        if not 1 <= day <= days:
            name = dict(_month_names())[str(month)]
            raise self._refuse("impossible", month=name, year=to_reader(year), days=to_reader(days))
        return calendar.from_parts(year, month, day) if language() == "fa" else date(year, month, day)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < (limit := self.earliest()):
            raise self._refuse("too_early", limit=show_date(limit))
        if self.latest and value > (limit := self.latest()):
            raise self._refuse("too_late", limit=show_date(limit))


class PointInput(_Boxes):
    """A place on the map: chosen by a tap where there is a script, written as two numbers where there is none."""

    labels = (_("Latitude"), _("Longitude"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        super().__init__({"lat": forms.TextInput(plain), "lng": forms.TextInput(plain)}, attrs)

    def decompress(self, value: tuple[float, float] | None) -> list[str]:
        return [str(value[0]), str(value[1])] if value else ["", ""]


class PointField(forms.Field):
    """A point as (latitude, longitude), within `bounds` (south, west, north, east) where they are given."""

    widget = PointInput
    default_error_messages: ClassVar[dict[str, str | Promise]] = {
        "invalid": _("Please choose the point on the map, or write both numbers, such as 33.9824 and 51.4277."),
        "outside": _("This point is outside the city."),
    }

    def __init__(self, *, bounds: tuple[float, float, float, float] | None = None, **kwargs: Any) -> None:
        self.bounds = bounds
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> tuple[float, float] | None:
        if value in self.empty_values or isinstance(value, tuple):
            return value or None
        written = [digits.fold(str(part or "")).replace("/", ".") for part in value]
        if not any(written):
            return None
        try:
            latitude, longitude = (round(float(part), 6) for part in written)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        south, west, north, east = self.bounds or (-90.0, -180.0, 90.0, 180.0)
        # Written so that «nan», which is neither inside nor outside, is refused as well.
        if not (south <= latitude <= north and west <= longitude <= east):
            raise ValidationError(self.error_messages["outside"], code="outside")
        return latitude, longitude
