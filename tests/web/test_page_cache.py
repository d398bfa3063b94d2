"""A page that is kept for strangers is never older than the last act, and is nobody's but a stranger's."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from django.db import InternalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hamgara.cli import sample
from hamgara.domain.demands import commands
from hamgara.domain.ledger.jobs import catch_up
from hamgara.integrations.read_only import read_only
from hamgara.web import context, page_cache
from tests import factories as make
from tests.ledger.acts import in_threads
from tests.web.readers import reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _another_city() -> Iterator[None]:
    context.forget_city()
    yield
    context.forget_city()


def read(browser: Client, address: str) -> tuple[HttpResponse, int]:
    """The answer, and how often the database was asked for it."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    return answer, len(asked)


def test_the_second_stranger_gets_the_same_page_for_one_query() -> None:
    make.demand()
    browser = reader()
    first, _many = read(browser, "/demands/")
    second, asked = read(browser, "/demands/")
    assert asked == 1
    assert (second.status_code, second.content) == (200, first.content)
    assert dict(second.items()) == dict(first.items())
    assert "Content-Security-Policy" in second.headers


class _Turn:
    """A lock that tells who has come to it."""

    def __init__(self) -> None:
        self.come, self._lock = threading.Semaphore(0), threading.Lock()

    def __enter__(self) -> None:
        self.come.release()
        self._lock.acquire()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()


def test_who_comes_while_the_ledgers_place_is_asked_for_waits_for_an_answer_that_was_asked_for_afterwards() -> None:
    under_way, go_on, answers = threading.Event(), threading.Event(), count(1)

    def slowly() -> int:
        under_way.set()
        assert go_on.wait(10)
        return next(answers)

    place = page_cache._AskedTogether(slowly)
    place._turn = turn = _Turn()  # type: ignore[assignment]
    found: dict[str, int] = {}
    first = threading.Thread(target=lambda: found.update(first=place()))
    first.start()
    assert under_way.wait(10)
    later = [threading.Thread(target=lambda name=name: found.update({name: place()})) for name in ("second", "third")]
    for thread in later:
        thread.start()
    for _each in range(3):
        assert turn.come.acquire(timeout=10)
    go_on.set()
    for thread in (first, *later):
        thread.join()
    assert found == {"first": 1, "second": 2, "third": 2}


def test_who_asks_after_a_question_that_failed_asks_anew() -> None:
    answers = iter([InternalError(), 2])

    def ask() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    place = page_cache._AskedTogether(ask)
    with pytest.raises(InternalError):
        place()
    assert place() == 2


@pytest.mark.parametrize("asked_before", ["/demands/", "/charter/"])
def test_a_stranger_gets_the_page_though_the_database_was_started_anew(asked_before: str) -> None:
    make.demand()
    browser = reader()
    assert browser.get(asked_before).status_code == 200
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (connection.connection.info.backend_pid,))
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (_backend(),)).fetchone():
            pass
    assert browser.get("/demands/").status_code == 200


def _backend() -> int:
    return int(connection.connection.info.backend_pid)


def test_a_reading_cannot_write_and_what_comes_after_it_can() -> None:
    with pytest.raises(InternalError, match="read-only"), read_only():
        make.person()
    assert make.person().pk


def test_a_kept_page_goes_packed_to_whoever_can_unpack_it() -> None:
    make.demand()
    browser = reader()
    plain = browser.get("/demands/")
    browser.defaults["HTTP_ACCEPT_ENCODING"] = "br, gzip"
    packed, asked = read(browser, "/demands/")
    assert asked == 1
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 3
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.content) == plain.content


def test_whatever_is_done_is_on_the_next_page() -> None:
    demand, browser = make.demand(), reader()
    address = f"/demands/{demand.code}/"

    def shown() -> str:
        page = browser.get(address).content.decode()
        assert read(browser, address)[1] == 1
        return page

    before = shown()
    commands.comment(by=make.acting(), demand=demand, text="سخنی که تازه است")
    after = shown()
    assert "سخنی که تازه است" not in before
    assert "سخنی که تازه است" in after
    catch_up()  # entries get their positions, followers read
    assert "سخنی که تازه است" in shown()
    commands.withdraw(by=make.acting(demand.author), demand=demand)
    assert "سخنی که تازه است" not in browser.get(address).content.decode()


def test_an_act_that_is_committed_late_is_on_the_next_page_though_a_younger_one_was_there_before() -> None:
    """Entries are numbered before they are committed, so a smaller number may appear after a larger one."""
    demand, late, soon = make.demand(), make.acting(), make.acting()
    begun, read_meanwhile = threading.Event(), threading.Event()
    seen: list[bool] = []

    def look() -> None:
        seen.append("چراغ کوچهٔ دیر" in reader().get("/demands/").content.decode())

    def slow() -> None:
        with transaction.atomic():
            make.demand(late, field=demand.field, place=demand.place, title="چراغ کوچهٔ دیر")
            begun.set()
            assert read_meanwhile.wait(20)

    def quick() -> None:
        assert begun.wait(20)
        commands.comment(by=soon, demand=demand, text="زودتر تمام شد")
        look()
        look()
        read_meanwhile.set()

    in_threads(slow, quick)
    look()
    assert seen == [False, False, True]


def test_nothing_is_kept_of_or_shown_to_a_reader_of_whom_more_is_known() -> None:
    demand = make.demand()
    author, stranger = reader(demand.author), reader()
    address = f"/demands/{demand.code}/"
    mine = author.get(address).content
    stranger.get(address)
    assert stranger.get(address).content != mine
    assert author.get(address).content.count(b"csrfmiddlewaretoken") == mine.count(b"csrfmiddlewaretoken") > 0
    assert b"csrfmiddlewaretoken" not in stranger.get(address).content


def test_each_language_host_and_query_has_its_own() -> None:
    make.demand(title="روشنایی کوچهٔ گلستان")
    persian, english = reader(language="fa"), reader(language="en")
    for _twice in range(2):
        assert 'lang="fa"' in persian.get("/demands/").content.decode()
        assert 'lang="en"' in english.get("/demands/").content.decode()
        assert "گلستان" in english.get("/demands/?q=گلستان").content.decode()
        assert "گلستان" not in english.get("/demands/?tab=verified").content.decode()
        assert reader().get("/demands/", headers={"host": "elsewhere.example"}).status_code == 400


def test_what_must_not_be_kept_is_made_anew_each_time() -> None:
    sample.set_up(say=lambda line: None)
    browser = reader()
    for address, status in (("/outbox/", 200), ("/demands/00000000/", 404)):
        browser.get(address)
        answer, asked = read(browser, address)
        assert answer.status_code == status
        assert asked != 1, address


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "BYTES", 100_000)
    cache = page_cache.PageCache(reader().handler.get_response)
    kept = page_cache._Page(b"x" * 30_000, {})
    for n in range(50):
        cache._keep((str(n),), cache._as_of, kept)
    assert cache._bytes == sum(len(page.packed) for page in cache._pages.values()) <= 100_000
    assert ("49",) in cache._pages
    assert ("0",) not in cache._pages
