"""Sending a file while the database gives its rows, in a read-only transaction that ends with it or its reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any, cast
from urllib.parse import quote

from django.db import connection
from django.db.models import QuerySet
from django.forms import BaseForm, Field
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from hamgara import clock
from hamgara.integrations.read_only import read_only
from hamgara.web.exports.sheet import Sheet, Taken, Text, jalali
from hamgara.web.exports.writers import FORMATS, table
from hamgara.web.reading import number
from hamgara.web.views import View, reading

ROWS_AT_ONCE = 1000
# A slow reader holds a thread of the server and a connection to the database; the pages keep theirs.
AT_ONCE = 2
# A reader who takes nothing for so long is gone; nobody reads longer than this.
STALLED, LONGEST = "60s", "15min"
_places = threading.BoundedSemaphore(AT_ONCE)
# What the address of the file that is being made asks for, in words: what it is of, and what.
_asked: ContextVar[list[tuple[str, str]]] = ContextVar("asked")


class Unfit(Exception):
    """No such file can be made: what the reader is told, and with which status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def exporting(view: View) -> View:
    """A reading view that answers with a file; what it cannot do, it says on a page."""

    @reading
    @wraps(view)
    def export(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = _asked.set([])
        try:
            return view(request, *args, **kwargs)
        except Unfit as unfit:
            answer = render(request, "export.html", {"message": unfit.message}, status=unfit.status)
            if unfit.status == 503:
                answer["Retry-After"] = "30"
            return answer
        finally:
            _asked.reset(token)

    return export


def asked(what: Text, words: Text) -> None:
    """The file says that its address asks for this; `understood` and `one_of` say it of what they read."""
    _asked.get().append((str(what), str(words)))


def understood(form: BaseForm) -> dict[str, Any]:
    """What the filters in the address say. A page shows all where a filter is wrong; a file would pass for what was
    asked."""
    if not form.is_valid():
        wrong = [f"{form[name].label}: {' '.join(map(str, form.errors[name]))}" for name in form.errors]
        raise Unfit(_("The address of this file asks for something that there is not.") + " " + " ".join(wrong))
    for name, value in form.cleaned_data.items():
        if value not in (None, "", False):
            asked(str(form[name].label), _in_words(form.fields[name], value))
    return form.cleaned_data


def _in_words(field: Field, value: Any) -> str:
    """What was chosen, as the form shows it."""
    if value is True:
        return _("yes")
    shown: dict[str, Text] = {}
    for code, words in getattr(field, "choices", ()):
        shown |= {str(each): text for each, text in words} if isinstance(words, list | tuple) else {str(code): words}
    return str(shown.get(str(value), value))


def one_of(known: Iterable[str], given: str, what: Text, words: Callable[[str], str] = str) -> str:
    """`given`, if it is known; the file says it in these words."""
    if given not in known:
        raise Unfit(_("The address of this file asks for something that there is not.") + f" {what}: «{given[:40]}»")
    if given:
        asked(what, words(given))
    return given


def states(tabs: Mapping[str, Sequence[str]], labels: Iterable[tuple[str, Text]]) -> Callable[[str], str]:
    """The words of a tab: what the states that it holds are called."""
    known = dict(labels)
    return lambda tab: (_(", ")).join(str(known[each]) for each in tabs[tab])


def root(request: HttpRequest) -> str:
    """What the addresses of all pages begin with."""
    return request.build_absolute_uri("/").rstrip("/")


class AtHand(Sequence[Any]):
    """Rows that are at hand, for what otherwise asks the database for them."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def count(self, value: Any = None) -> int:
        return len(self.rows)

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        return iter(self.rows)


def answer(request: HttpRequest, sheet: Sheet, written: str, rows: QuerySet[Any] | AtHand) -> HttpResponse:
    """The rows as a file of the format that the address names."""
    if (form := FORMATS.get(written)) is None:
        message = _("Lists come as CSV, XLSX or JSON lines; there is no «%(format)s» of them.")
        raise Unfit(message % {"format": written[:20]}, 404)
    if form.most is not None and (count := rows.count()) > form.most:
        raise Unfit(
            _("These are %(count)s rows; an Excel sheet holds %(most)s. Choose CSV, or narrow the list by its filters.")
            % {"count": number(count), "most": number(form.most)},
            422,
        )
    taken = Taken(clock.today(), tuple(_asked.get()))
    return _sent(
        request,
        f"{sheet.name}.{written}",
        f"{sheet.title}.{written}",
        form.content_type,
        lambda: form.write(sheet, rows.iterator(chunk_size=ROWS_AT_ONCE), taken),
    )


def plain_table(request: HttpRequest, name: str, rows: Callable[[], Iterator[list[str]]]) -> HttpResponse:
    """Rows that are no list of ours, such as those of somebody's own file, as CSV; the first one is the heads."""

    def pieces() -> Iterator[bytes]:
        given = rows()
        return table(next(given), given)

    return _sent(request, f"{name}.csv", f"{name}.csv", FORMATS["csv"].content_type, pieces)


def _sent(
    request: HttpRequest, plain: str, titled: str, content_type: str, pieces: Callable[[], Iterator[bytes]]
) -> HttpResponse:
    headers = {
        "Content-Disposition": disposition(plain, titled),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers)
    answer = StreamingHttpResponse(Flow(pieces), content_type=content_type, headers=headers)
    return cast(HttpResponse, answer)  # what views and their decorators speak of


def disposition(plain: str, titled: str) -> str:
    """The name to save a file under, with the day: in ASCII for old programs, in the reader's language for others."""
    today = jalali(clock.today()).replace("/", "-")

    def dated(name: str) -> str:
        stem, _dot, ending = name.rpartition(".")
        return f"{stem}-{today}.{ending}".replace(" ", "-")

    return f"attachment; filename=\"{dated(plain)}\"; filename*=UTF-8''{quote(dated(titled))}"


class Flow:
    """The pieces of a file, made while they are sent, in the reader's language and in a read-only transaction.

    Whoever sends it closes it, also when the reader has left: then the transaction and its cursor end at once.
    """

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        if not _places.acquire(blocking=False):
            raise Unfit(_("Other files are being made at the moment. Please try again in half a minute."), 503)
        self._placed = True
        self._language = translation.get_language()
        self._pieces = _in_one_reading(pieces)

    def __iter__(self) -> Flow:
        return self

    def __next__(self) -> bytes:
        try:
            # The language of a request ends before its answer is sent.
            with translation.override(self._language):
                return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._pieces.close()
        if self._placed:
            self._placed = False
            _places.release()

    def __del__(self) -> None:
        if hasattr(self, "_pieces"):
            self.close()


def _in_one_reading(pieces: Callable[[], Iterator[bytes]]) -> Generator[bytes, None, None]:
    with read_only():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{STALLED}'")
            cursor.execute(f"SET LOCAL transaction_timeout = '{LONGEST}'")
        yield from pieces()
