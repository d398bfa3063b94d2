"""Pages that were made for a stranger serve the next one, until anything is recorded in the ledger."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from hamgara import clock
from hamgara.domain.ledger import queries as ledger
from hamgara.integrations.read_only import asked_again_if_lost

Respond = Callable[[HttpRequest], HttpResponse]

BYTES = 16_000_000  # for all pages of a process
LARGEST = 500_000  # bytes of one page
PACKED = 4  # of nine: a tenth of the bytes, for a millisecond
MINUTE = 60  # seconds: pages tell how long ago something was


@dataclass(frozen=True)
class _Page:
    """A page, packed once for all who read it; unpacked for the few whose browsers cannot."""

    packed: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse) -> _Page:
        patch_vary_headers(response, ["Accept-Encoding"])
        return cls(gzip.compress(response.content, PACKED, mtime=0), dict(response.items()))

    def answer(self, request: HttpRequest) -> HttpResponse:
        if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            return HttpResponse(gzip.decompress(self.packed), headers=self.headers)
        told = {"Content-Encoding": "gzip", "Content-Length": str(len(self.packed))}
        return HttpResponse(self.packed, headers=self.headers | told)


class _AskedTogether:
    """One question for all who want its answer at the same time.

    Nobody gets an answer to a question that began before they came: whoever comes while one is under way waits for the
    next, which the first of them asks for all.
    """

    def __init__(self, ask: Callable[[], Any]) -> None:
        self._ask = ask
        self._turn = threading.Lock()
        self._begun = self._answered = 0
        self._answer: Any = None

    def __call__(self) -> Any:
        mine = self._begun + 1
        with self._turn:
            if self._answered < mine:
                self._begun += 1
                self._answer = self._ask()
                self._answered = self._begun
            return self._answer


class PageCache:
    """Keeps what readings answered to readers who bring nothing but their language.

    Every request first asks for the ledger's place (one query, together with whoever comes at the same time) and is
    answered from the cache only if nothing was recorded since the page was begun: no page shows a state older than the
    last act on it. The outermost of all middleware, so that nothing else runs for a page that is at hand. Each web
    process has its own.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self._place = _AskedTogether(partial(asked_again_if_lost, ledger.place))
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._bytes = 0
        self._as_of: tuple[Any, ...] = ()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _anybodys(request):
            return self.get_response(request)
        as_of = (self._place(), int(clock.now().timestamp()) // MINUTE)
        address = _address(request)
        with self._lock:
            if as_of != self._as_of:
                self._pages.clear()
                self._bytes, self._as_of = 0, as_of
            page = self._pages.get(address)
        if page is not None:
            return page.answer(request)
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            return response
        page = _Page.of(response)
        self._keep(address, as_of, page)
        return page.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request._is_reading = getattr(view, "access", None) == "reading"  # type: ignore[attr-defined]

    def _keep(self, address: tuple[str, ...], as_of: tuple[Any, ...], page: _Page) -> None:
        with self._lock:
            if as_of != self._as_of or address in self._pages:
                return
            self._pages[address] = page
            self._bytes += len(page.packed)
            while self._bytes > BYTES:
                _oldest, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.packed)


def _anybodys(request: HttpRequest) -> bool:
    """A page is asked for by somebody of whom nothing is known but the language."""
    return (
        request.method == "GET"
        and not request.path.startswith(settings.STATIC_URL)
        and request.COOKIES.keys() <= {settings.LANGUAGE_COOKIE_NAME}
        and "HTTP_HX_REQUEST" not in request.META
        and not connection.in_atomic_block  # only a test's own transaction, in which the ledger's place stands still
    )


def _address(request: HttpRequest) -> tuple[str, ...]:
    """All that may make one stranger's page differ from another's."""
    told = [request.META.get(name, "") for name in ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme")]
    return (request.get_full_path(), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), *map(str, told))


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        getattr(request, "_is_reading", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response.headers
        and len(response.content) <= LARGEST
    )
