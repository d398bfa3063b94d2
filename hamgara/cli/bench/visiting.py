"""The pages of the seeded city, asked for one after the other in this process, each time at another address.

No network and no kept pages: what is measured is the making. Whoever is signed in is so by a session of their own, as
the web would make it; so it runs on a copy of the city.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from hamgara.cli.bench.pages import DESK, TIMES, Page, everything

COUNTED = 5  # of them, once more, for their queries
MOST_QUERIES = 12  # of what everybody reads
NOT_KEPT = {"HTTP_COOKIE": "measured=1"}  # somebody who brings a cookie gets a page of their own

Ask = Callable[[str], Any]


@dataclass
class Figures:
    """Of one page: milliseconds, and the most queries."""

    name: str
    bar: int
    queries: int
    p50: float
    p95: float
    wrong: str = ""  # an address that did not answer as it should

    @property
    def problems(self) -> list[str]:
        if self.wrong:
            return [f"{self.name}: {self.wrong}"]
        slow = [f"{self.name}: {self.p95:.0f} ms, not {self.bar}"] if self.p95 > self.bar else []
        many = self.bar != DESK and self.queries > MOST_QUERIES
        return slow + ([f"{self.name}: {self.queries} queries, not {MOST_QUERIES}"] if many else [])


def table(pages: list[Figures]) -> list[str]:
    head = ["| page | queries | p50 ms | p95 ms | at most | |", "|---|---|---|---|---|---|"]
    return head + [
        f"| {each.name} | {each.queries} | {each.p50:.0f} | {each.p95:.0f} | {each.bar} "
        f"| {'**past the bar**' if each.problems else ''} |"
        for each in pages
    ]


def signed_in(who: Any) -> Ask:
    """A browser in which `who` has signed in and shown the second factor."""
    from allauth.account.internal.flows.login import (
        _AUTHENTICATION_METHODS_USER_SESSION_KEY,
        AUTHENTICATION_METHODS_SESSION_KEY,
    )
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.test import Client

    browser = Client(raise_request_exception=True)
    browser.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    if not who.authenticator_set.exists():
        TOTP.activate(who, generate_totp_secret())
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
    session.save()
    return lambda path: browser.get(path, headers={"host": "127.0.0.1"})


def stranger() -> Ask:
    from django.test import Client

    browser = Client(raise_request_exception=True)
    return lambda path: browser.get(path, headers={"host": "127.0.0.1"}, **NOT_KEPT)


def measure(page: Page, ask: Ask, chance: random.Random) -> Figures:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken, most = [], 0
    for number in range(TIMES + 1):
        path = page.address(chance)
        began = time.perf_counter()
        answer = ask(path)
        if number:  # what is read once for all, at the first asking, is not the page's
            taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != page.answer:
            return Figures(page.name, page.bar, 0, 0, 0, f"{path} answered {answer.status_code}")
    for _ in range(COUNTED):
        with CaptureQueriesContext(connection) as queries:
            ask(page.address(chance))
        most = max(most, sum("SELECT" in each["sql"] for each in queries))
    return Figures(page.name, page.bar, most, median(taken), quantiles(taken, n=20)[18])


def visit() -> tuple[list[Figures], list[str]]:
    """Every page of the city; and those that have nothing to show in it."""
    chance = random.Random(3)  # noqa: S311 - which page is asked for
    anybody = stranger()
    browsers: dict[int, Ask] = {}
    made, empty = [], []
    for page in everything(chance):
        if not page.is_there:
            empty.append(page.name)
            continue
        if page.reader is not None and page.reader.pk not in browsers:
            browsers[page.reader.pk] = signed_in(page.reader)
        ask = anybody if page.reader is None else browsers[page.reader.pk]
        made.append(measure(page, ask, chance))
    return made, empty
