"""The clients: threads that keep their connections, bounded in time, on this machine only."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlencode

from hamgara.cli.bench.seeding import Seeded, title

CLIENTS = 8
MUCH_READ = 20  # demands that strangers come to; each process keeps their pages
SUBMITS_A_PERSON = 4  # the charter's limit for a day is not what is measured
TOKEN = "a" * 32  # the CSRF cookie and field of a client that made them up itself, as a browser's would agree

Ask = Callable[[http.client.HTTPConnection], int]


@dataclass
class Figures:
    """Of one way to ask: milliseconds, and requests a second."""

    p50: float
    p95: float
    rate: float


@dataclass
class Result:
    """One page."""

    name: str
    barred: bool
    alone: Figures
    together: Figures
    beside: str  # the bare view that it is measured against
    share: float  # of that view's requests a second


@dataclass
class Page:
    name: str
    port: int
    ask: Ask
    expected: int = 200
    barred: bool = False
    beside: Page | None = None


def duration(seconds: float, rounds: int) -> float:
    return seconds * rounds * (2 + 3 * 9)


def measure(ours: int, bare: int, seeded: Seeded, *, seconds: float, rounds: int) -> list[Result]:
    """Every page in turns with a bare view; the median of the rounds counts."""
    chance = random.Random(7)  # noqa: S311 - which page is asked for
    rows = Page("a bare Django view, 20 rows", bare, _get(lambda: "/"))
    hello = Page("a bare Django view, hello", bare, _get(lambda: "/hello/"))

    def a_list() -> str:
        return f"/demands/?page={chance.randrange(1, 20)}"

    def a_demand() -> str:
        return f"/demands/{chance.choice(seeded.demands)}/"

    def a_much_read_demand() -> str:
        return f"/demands/{chance.choice(seeded.demands[:MUCH_READ])}/"

    def likest() -> str:
        return "/demands/near/?" + urlencode({"title": title(chance)})

    pages = [
        Page("list of demands", ours, _get(a_list), barred=True, beside=rows),
        Page("one demand", ours, _get(a_much_read_demand), barred=True, beside=rows),
        Page("list of demands", ours, _get(a_list), barred=True, beside=hello),
        Page("one demand", ours, _get(a_much_read_demand), barred=True, beside=hello),
        Page("list of demands, nothing kept", ours, _get(a_list, kept=False), barred=True, beside=rows),
        Page("one demand, nothing kept", ours, _get(a_demand, kept=False), barred=True, beside=rows),
        Page("home, nothing kept", ours, _get(lambda: "/", kept=False), beside=rows),
        Page("likest demands to a title", ours, _get(likest, kept=False), beside=rows),
        Page("submit a demand", ours, _submit(seeded, chance), expected=302, beside=rows),
    ]
    for page in (rows, hello, *pages):
        _try(page)
    alone: dict[int, list[Figures]] = defaultdict(list)
    together: dict[int, list[Figures]] = defaultdict(list)
    shares: dict[int, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for page in (rows, hello, *pages):
            alone[id(page)].append(run(page, 1, seconds))
        for page in pages:
            assert page.beside is not None
            beside, found = run(page.beside, CLIENTS, seconds), run(page, CLIENTS, seconds)
            together[id(page.beside)].append(beside)
            together[id(page)].append(found)
            shares[id(page)].append(found.rate / beside.rate)
    return [
        Result(
            page.name,
            page.barred,
            _middle(alone[id(page)]),
            _middle(together[id(page)]),
            page.beside.name if page.beside else "",
            median(shares.get(id(page), [1.0])),
        )
        for page in (rows, hello, *pages)
    ]


def run(page: Page, clients: int, seconds: float) -> Figures:
    """So many clients ask, each as soon as it has its answer."""
    taken: list[float] = []
    errors: list[str] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
        mine = []
        while (began := time.perf_counter()) < end:
            try:
                status = page.ask(connection)
            except StopIteration:
                errors.append("more demands than these people may make in a day: measure for a shorter time")
                break
            mine.append(time.perf_counter() - began)
            if status != page.expected:
                errors.append(f"{page.name}: answered {status}")
                break
        connection.close()
        taken.extend(mine)

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise SystemExit(errors[0])
    cuts = quantiles(taken, n=20) if len(taken) > 1 else taken * 19
    return Figures(median(taken) * 1000, cuts[18] * 1000, len(taken) / (time.perf_counter() - began))


def _try(page: Page) -> None:
    """Warm, and as expected."""
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    for _ in range(10):
        if (status := page.ask(connection)) != page.expected:
            raise SystemExit(f"{page.name}: answered {status}, not {page.expected}")
    connection.close()


def _middle(figures: list[Figures]) -> Figures:
    return Figures(*(median(getattr(each, name) for each in figures) for name in ("p50", "p95", "rate")))


def _get(path: Callable[[], str], *, kept: bool = True) -> Ask:
    """As a stranger's browser asks; with a cookie of no meaning, the page is made anew, not taken from those kept."""
    headers = {"Accept-Encoding": "gzip"} | ({} if kept else {"Cookie": "made=anew"})

    def ask(connection: http.client.HTTPConnection) -> int:
        connection.request("GET", path(), headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


def _submit(seeded: Seeded, chance: random.Random) -> Ask:
    """A new demand each time, by the next person."""
    people: Iterator[str] = itertools.chain.from_iterable(itertools.repeat(seeded.sessions, SUBMITS_A_PERSON))
    lock = threading.Lock()

    def ask(connection: http.client.HTTPConnection) -> int:
        with lock:
            session, words = next(people), title(chance)
        form = {
            "csrfmiddlewaretoken": TOKEN,
            "once": str(uuid.uuid4()),
            "kind": "request",
            "title": words,
            "text": words,
            "field": seeded.field,
            "place": seeded.place,
            "is_new": "on",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={TOKEN}; sessionid={session}",
        }
        connection.request("POST", "/demands/new/", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask
