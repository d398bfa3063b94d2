"""Telephone numbers, however people write them, as the network knows them."""

from __future__ import annotations

import phonenumbers

from hamgara.algorithms.persian import digits

HOME = "IR"  # the country that a number without a country code belongs to
# What takes an SMS; in some countries a number does not tell. A code sent to a paid line would cost the city money.
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mobile(text: str) -> str | None:
    """A mobile number in E.164; None if it is none."""
    try:
        number = phonenumbers.parse(digits.to_ascii(text), HOME)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.number_type(number) not in MOBILE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_written(number: str) -> str:
    """A number of the network, as people of the country write it; those of other countries keep their code."""
    try:
        parsed = phonenumbers.parse(number, HOME)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(HOME)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
