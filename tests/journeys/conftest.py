"""Browsers of the people of the sample city."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hamgara.cli import sample
from hamgara.web import context
from tests.journeys.people import Visitor


@pytest.fixture
def visitor(live_server: Any, chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a browser of their own, in the sample city before anybody has asked for anything."""
    context.forget_city()
    sample.set_up(say=lambda said: None)
    opened: list[Visitor] = []

    def open_browser(*, width: int, scripts: bool) -> Visitor:
        opened.append(Visitor(chromium, live_server.url, width=width, scripts=scripts))
        return opened[-1]

    yield open_browser
    for each in opened:
        each.context.close()
    context.forget_city()
