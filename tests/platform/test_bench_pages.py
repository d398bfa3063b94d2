"""The bench visits every page that there is: a new one is measured, or named here with the reason why it is not."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLResolver

from hamgara.cli.bench import pages
from tests import sample_city

pytestmark = pytest.mark.django_db

# Views that answer what a form of another page sends, and show no page of their own but that form sent wrong.
ACTS = {
    *(f"demands:{name}" for name in ("support", "withdraw_support", "follow", "unfollow", "comment", "withdraw")),
    *(f"demands:{name}" for name in ("appeal", "tell_more", "reopen", "call_for_reopening")),
    *(f"commitments:{name}" for name in ("join", "decline", "complete_part", "act")),
    *("reviews:give_words", "reviews:appeal", "reviewer:recuse"),
    *("organisations:withdraw_offer", "organisations:end_mandate"),
    *("moderation:report", "moderation:appeal", "monitors:end", "monitors:open_waiting", "fields:end_route"),
    "witnesses:withdraw",
    *("me:mail_code", "me:mail_remove", "me:keep", "me:seen", "inbox:bulk", "set_language"),
}
# Files, sent piece by piece or as they were given: how long they take is a matter of their length.
FILES = {
    *(f"{area}:file" for area in ("demands", "commitments", "reviews", "moderating")),
    *("demands:paper", "organisations:paper", "imports:returned", "me:download", "receipt", "entry"),
}
A_LIST_AS_A_FILE = "<str:written>"  # in its address
WHY_NOT = {
    **dict.fromkeys(ACTS, "an act"),
    **dict.fromkeys(FILES, "a file"),
    "cosignatures": "what a witness's program sends; it answers in a word",
    "inbox:still_open": "asked by a script of an open page, without a page of its own",
    "imports:progress": "a piece of the page of an import under way",
    "demands:really_done": "shown to one author for a few weeks, by the same view as the form that reopens",
    "sign_in_link": "signs in, once",
    "outbox": "stands only where no gateway is configured",
}
SIGNING_IN = ("account_", "mfa_")  # the pages of the library that signs people in


def routes(resolver: URLResolver, *spaces: str) -> Iterator[str]:
    """The names of all addresses, but for lists as files."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, *spaces, *([each.namespace] if each.namespace else []))
        elif A_LIST_AS_A_FILE not in str(each.pattern):
            yield ":".join((*spaces, each.name or str(each.pattern)))


@pytest.fixture
def visited() -> list[pages.Page]:
    sample_city.load()
    return list(pages.everything(random.Random(1)))


def test_every_page_is_visited_or_has_a_reason_not_to_be(visited: list[pages.Page]) -> None:
    there = {name for name in routes(get_resolver()) if not name.startswith(SIGNING_IN)}
    listed = {page.route for page in visited}
    assert sorted(there - listed - set(WHY_NOT)) == []
    assert set(WHY_NOT) & listed == set()
    assert set(WHY_NOT) - there == set(), "reasons for pages that are gone"


def test_an_address_leads_to_the_view_that_it_is_said_to_measure(visited: list[pages.Page]) -> None:
    chance = random.Random(2)
    there = [page for page in visited if page.is_there]
    led = {page.name: resolve(page.address(chance).partition("?")[0]).view_name for page in there}
    assert led == {page.name: page.route for page in there}
    assert len(led) == len(there), "two pages of one name"


def test_what_everybody_reads_is_asked_for_by_a_stranger(visited: list[pages.Page]) -> None:
    chance = random.Random(2)
    for page in visited:
        if page.is_there and page.reader is None:
            answer = Client().get(page.address(chance), headers={"host": "127.0.0.1"})
            assert answer.status_code == page.answer, page
