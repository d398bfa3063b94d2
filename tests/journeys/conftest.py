"""Browsers of the people of the sample city."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started

from hamgara.cli import sample
from hamgara.web import context
from tests.journeys.people import Visitor


@pytest.fixture
def quiet_server(live_server: Any) -> Iterator[Any]:
    """The site; the tables are not emptied while it still answers what a closed browser asked at last."""
    under_way: list[object] = []

    def began(**_: object) -> None:
        under_way.append(None)

    def ended(**_: object) -> None:
        under_way.pop()

    request_started.connect(began)
    request_finished.connect(ended)
    yield live_server
    give_up = time.monotonic() + 30
    while under_way and time.monotonic() < give_up:
        time.sleep(0.01)
    request_started.disconnect(began)
    request_finished.disconnect(ended)
    assert not under_way, "the site is still answering"


@pytest.fixture
def visitor(quiet_server: Any, chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a browser of their own, in the sample city before anybody has asked for anything."""
    context.forget_city()
    sample.set_up(say=lambda said: None)
    opened: list[Visitor] = []

    def open_browser(*, width: int, scripts: bool) -> Visitor:
        opened.append(Visitor(chromium, quiet_server.url, width=width, scripts=scripts))
        return opened[-1]

    yield open_browser
    for each in opened:
        each.context.close()
    context.forget_city()
