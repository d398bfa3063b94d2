"""Sending forms as a browser without JavaScript does: what the page holds, and what the person fills in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara.domain.ledger.jobs import sequence
from hamgara.domain.ledger.queries import Kept

MOST_QUERIES = 12


class _Forms(HTMLParser):
    """Every form of a page: its address and what it holds already."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._open: dict[str, Any] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._open = {}
            self.found.append(((given.get("action") or "").partition("#")[0], self._open))
        if self._open is None:
            return
        name = given.get("name") or ""
        kind = given.get("type", "text")
        if tag == "input" and name and kind not in {"radio", "checkbox", "file", "submit"}:
            self._open[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._open):
            self._open[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def form_on(page: HttpResponse, address: str) -> dict[str, Any]:
    """What the form that goes to `address` (its end) sends if nobody fills in anything; KeyError if there is none."""
    forms = _Forms()
    forms.feed(page.content.decode())
    for action, holds in forms.found:
        if action.endswith(address) and "language" not in action and "logout" not in action:
            return holds
    raise KeyError(address)


def offers(page: HttpResponse, address: str) -> bool:
    """The page has a form that goes there."""
    try:
        form_on(page, address)
    except KeyError:
        return False
    return True


def fill_in(browser: Client, page_address: str, form_address: str, **filled: Any) -> HttpResponse:
    """Open a page, fill in the form on it that goes to `form_address` (the page itself, if empty), and send it."""
    page = browser.get(page_address)
    assert page.status_code == 200, page.status_code
    return browser.post(form_address or page_address, form_on(page, form_address) | filled)


def served(browser: Client, address: str) -> tuple[int, str, bytes]:
    """A file: the status, whether browsers may guess its kind, and what is in it."""
    answer = browser.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else b""
    return answer.status_code, answer.headers.get("X-Content-Type-Options", ""), content


def asked_of_the_database(captured: CaptureQueriesContext) -> list[str]:
    """The queries; the marks that a test's own transaction needs are not counted."""
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE", "(SELECT", "WITH")
    return [each["sql"] for each in captured if each["sql"].lstrip().startswith(verbs)]


@contextmanager
def few_queries(most: int = MOST_QUERIES) -> Iterator[None]:
    """No more than so many queries inside, in a city where every act has its place and the registers are read."""
    sequence()
    for each in Kept.every:
        each.now()
    with CaptureQueriesContext(connection) as asked:
        yield
    told = asked_of_the_database(asked)
    assert len(told) <= most, "\n".join(told)
