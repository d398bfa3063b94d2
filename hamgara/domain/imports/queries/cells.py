"""What the cells of a row say: words, days, numbers, in whatever digits and calendar; or why they cannot be read."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from hamgara import charter, clock
from hamgara.algorithms.persian import calendar, digits
from hamgara.algorithms.persian.text import clean
from hamgara.integrations import phones

NOON = time(12)
# 45561.5, the noon of a day in 2024 in spreadsheets: days since the end of 1899. What lies beyond is some other number.
SERIAL, SERIAL_BEGINS = re.compile(r"\d{5}(?:\.\d+)?"), date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 10_000, 75_000  # of the years 1927 to 2105
TOGETHER = re.compile(r"(1[345]\d\d|19\d\d|20\d\d)(\d\d)(\d\d)")  # 14020503, as databases write a day
TWO_DIGITS = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{1,2}")
DEGREES = re.compile(r"-?\d{1,3}(?:\.\d+)?")
MOMENT = re.compile(r"^(?P<day>.*?)(?:[ T،,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?)?$")


class BadCell(Exception):
    """This row is not taken over. `reason` says which cell is wrong, and how it should be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def words(label: object, typed: str, rule: str, *, lines: bool = False) -> str:
    """Text, cleaned, no longer than the charter allows."""
    text = clean(typed) if lines else " ".join(clean(typed).split())
    most = charter.number(rule)
    if len(text) > most:
        raise BadCell(
            _("%(column)s: this has %(length)s characters; at most %(most)s are taken.")
            % {"column": label, "length": shown(len(text)), "most": shown(most)}
        )
    return text


def moment(label: object, typed: str) -> datetime:
    """A day of either calendar, with its hour where it is told; not one that lies ahead."""
    found = MOMENT.match(digits.to_ascii(typed).strip())
    assert found is not None
    day, hour = _day(label, typed, found["day"])
    try:
        hour = time(int(found["hour"]), int(found["minute"])) if found["hour"] else hour
    except ValueError:
        raise _no_date(label, typed) from None
    at = timezone.make_aware(datetime.combine(day, hour))
    if day > clock.today():
        raise BadCell(_("%(column)s: «%(typed)s» lies ahead.") % {"column": label, "typed": typed[:40]})
    return min(at, clock.now())


def day(label: object, typed: str) -> date | None:
    """A day of either calendar, gone or to come."""
    return _day(label, typed, digits.to_ascii(typed).strip())[0] if typed else None


def _day(label: object, typed: str, told: str) -> tuple[date, time]:
    """The day, and the hour if a serial number of a spreadsheet tells one; noon otherwise."""
    if TWO_DIGITS.fullmatch(told):
        raise BadCell(
            _("%(column)s: the year of «%(typed)s» has two digits. Write all four of them, like 1402/05/03.")
            % {"column": label, "typed": typed[:40]}
        )
    if SERIAL.fullmatch(told) and FIRST_SERIAL <= float(told) < LAST_SERIAL:
        at = datetime.combine(SERIAL_BEGINS, time()) + timedelta(minutes=round(float(told) * 24 * 60))
        return at.date(), at.time() if "." in told else NOON
    if together := TOGETHER.fullmatch(told):
        told = "/".join(together.groups())
    try:
        return calendar.parse_either(told), NOON
    except ValueError:
        raise _no_date(label, typed) from None


def _no_date(label: object, typed: str) -> BadCell:
    return BadCell(
        _("%(column)s: «%(typed)s» is no date. Write it like 1402/05/03 or 2023-07-25.")
        % {"column": label, "typed": typed[:40]}
    )


def point(labels: tuple[object, object], typed: tuple[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, in any digits; None where neither is told."""
    if not any(typed):
        return None
    degrees = []
    for label, other, cell in zip(labels, reversed(labels), typed, strict=True):
        if not cell:
            raise BadCell(
                _("%(column)s: this cell is empty, but «%(other)s» is not; a point needs both.")
                % {"column": label, "other": other}
            )
        told = DEGREES.fullmatch(digits.fold(cell).replace("/", "."))
        if told is None:
            raise BadCell(
                _("%(column)s: «%(typed)s» is no number of degrees. Write it like 33.9850.")
                % {"column": label, "typed": cell[:40]}
            )
        degrees.append(round(float(told[0]), 6))
    return degrees[0], degrees[1]


def phone(label: object, typed: str) -> str | None:
    """A mobile number; a spreadsheet may have taken its first zero away."""
    if not typed:
        return None
    number = digits.fold(typed).replace("-", "")
    found = phones.mobile(f"0{number}" if re.fullmatch(r"9\d{9}", number) else number)
    if found is None:
        raise BadCell(_("%(column)s: this is not a mobile number. Write it like 09131234567.") % {"column": label})
    return found


def email(label: object, typed: str) -> str | None:
    """A mail address."""
    if not typed:
        return None
    try:
        validate_email(typed.strip())
    except ValidationError:
        raise BadCell(_("%(column)s: this is not an e-mail address.") % {"column": label}) from None
    return typed.strip().lower()


def shown(number: int) -> str:
    return digits.to_persian(str(number))


def once(*parts: object) -> uuid.UUID:
    """The same for the same row, whenever it comes; without the house's secret nobody guesses from it what it was."""
    house = uuid.uuid5(uuid.NAMESPACE_OID, settings.SECRET_KEY)
    return uuid.uuid5(house, "\x1f".join(str(part) for part in parts))
