"""The log says where something went wrong, and nothing of anybody."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.utils.module_loading import import_string

from hamgara import charter
from hamgara.domain.people.models import Person
from hamgara.integrations.logs import Line
from tests.house import loop

PHONE = "+989131234567"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged anywhere, as the house would write it."""
    as_set = dict(settings.LOGGING["formatters"]["line"])
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(import_string(as_set.pop("()"))(as_set.pop("format"), **as_set))
    loggers = [logging.getLogger(name) for name in ("", *settings.LOGGING["loggers"])]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield written
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
def test_a_whole_loop_leaves_no_personal_word_in_the_log(log: io.StringIO) -> None:
    logging.getLogger("hamgara.tests").debug("the log is listened to")
    lived = loop.lived()
    said = log.getvalue()
    assert "listened to" in said
    assert not [secret for secret in lived.secrets if secret in said]


@pytest.mark.django_db
def test_a_page_that_breaks_tells_the_log_where_and_not_whose(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise IntegrityError(f"Key (phone)=({PHONE}) already exists.")

    monkeypatch.setattr(charter, "chapters", broken)
    answer = Client(raise_request_exception=False).get("/charter/")
    said = log.getvalue()
    assert answer.status_code == 500
    assert "in broken" in said
    assert "IntegrityError" in said
    assert PHONE not in said
    assert PHONE not in answer.content.decode()


def test_of_an_error_its_kind_and_the_way_to_it_are_told_and_not_its_words() -> None:
    words = "شمارهٔ من ۰۹۱۳"
    try:
        try:
            raise IntegrityError(words)
        except IntegrityError as error:
            raise ValueError(words) from error
    except ValueError:
        told = Line().formatException(sys.exc_info())
    assert "raise ValueError(words) from error" in told
    assert told.splitlines()[-1] == "IntegrityError"
    assert "ValueError" in told
    assert words not in told


def test_errors_that_point_at_each_other_come_to_an_end() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert Line().formatException((ValueError, first, None)) == "ValueError\nwhich came of\nKeyError"


def test_an_unused_link_is_not_in_the_log() -> None:
    record = logging.makeLogRecord({"msg": "Forbidden (%s): %s", "args": ("CSRF", "/accounts/link/Hush-hush_1/?x=1")})
    assert Line().format(record) == "Forbidden (CSRF): /accounts/link/…/?x=1"


def test_nobody_is_named_by_what_programs_print_of_a_row() -> None:
    assert "گلابچی" not in repr(Person(name="گلابچی", phone=PHONE))
