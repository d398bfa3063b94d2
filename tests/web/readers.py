"""Readers of pages for tests: browsers that are signed in or not, and what they see and send."""

from __future__ import annotations

import re
import time
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from hamgara import clock
from hamgara.algorithms.persian import calendar
from hamgara.domain.organisations.models import Organisation
from hamgara.domain.people.models import Person
from tests import factories as make

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def reader(who: Person | None = None, *, second_factor: bool = False, language: str = "en") -> Client:
    """A browser, signed in as `who` if given; with `second_factor` the code of their app has been entered."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if who is None:
        return browser
    browser.force_login(who, backend=BACKEND)
    if second_factor:
        if not who.authenticator_set.exists():
            TOTP.activate(who, generate_totp_secret())
        session = browser.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
        session.save()
    return browser


def citizen(**more: Any) -> Client:
    return reader(make.person(), **more)


def office(**more: Any) -> Client:
    """Somebody of the participation office, with the second factor shown."""
    return reader(make.office_officer().person, **({"second_factor": True} | more))


def unit_officer(**more: Any) -> Client:
    """Somebody of another municipal unit, with the second factor shown."""
    return reader(make.officer(make.unit()).person, **({"second_factor": True} | more))


def head(organisation: Organisation, **more: Any) -> Client:
    return reader(make.head_of(organisation).person, **more)


def holder(organisation: Organisation, role: str, **more: Any) -> Client:
    return reader(make.mandate(organisation, role=role).person, **more)


def said(page: HttpResponse) -> str:
    """The words on a page, without its markup."""
    words = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", words)))


def wrong_fields(page: HttpResponse) -> set[str]:
    """The fields beside which a page says that something is wrong."""
    return set(re.findall(r'id="(?:id|accredit|refuse|withdraw)_([a-z_]+)_error"', page.content.decode()))


def once() -> str:
    """The key that a form carries."""
    return str(uuid.uuid4())


def day(name: str, days_from_now: int, language: str = "en") -> dict[str, str]:
    """A date as the three boxes of a form send it, in the calendar of the language."""
    wished = clock.today() + timedelta(days=days_from_now)
    year, month, of_month = calendar.parts(wished) if language == "fa" else (wished.year, wished.month, wished.day)
    return boxes(name, of_month, month, year)


def boxes(name: str, of_month: object, month: object, year: object) -> dict[str, str]:
    return {f"{name}_day": str(of_month), f"{name}_month": str(month), f"{name}_year": str(year)}
