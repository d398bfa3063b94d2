"""The files of a published log, at an address or in a folder, and what is posted to logs and witnesses.

Whoever is asked may be slow, lying or dead: answers have a longest time and a largest size, only http and https are
spoken, and nothing that is read here is believed (`algorithms.tlog.tiles.Reader` does the believing).
"""

from __future__ import annotations

import gzip
import http.client
import io
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

LARGEST = 20_000_000  # bytes: a full bundle of the longest entries has 16.8 million
PATIENCE = 20.0  # seconds that nothing may come for
LONGEST = 120.0  # seconds for one file, however it trickles

Fetch = Callable[[str], bytes | None]


class Unreachable(Exception):
    """It gave no answer that can be used; the message says what happened. Later it may."""


def files_of(where: str) -> Fetch:
    """What reads the files of the log at `where`, an address or a folder, by path; None for one that is not there.

    The answer raises Unreachable. So does this for an address that is neither http nor https.
    """
    if "://" not in where:
        return _in_folder(Path(where))
    base = checked(where).rstrip("/")
    return lambda path: _got(f"{base}/{path}")


def post(address: str, body: str, kind: str = "text/plain; charset=utf-8") -> tuple[int, bytes]:
    """Send `body`; answers the status and what came back, whatever the status is. Raises Unreachable."""
    asked = urllib.request.Request(  # noqa: S310 - `checked` lets only http and https through
        checked(address), data=body.encode(), headers={"Content-Type": kind, "User-Agent": "hamgara"}, method="POST"
    )
    return _asked(asked)


def checked(address: str) -> str:
    """An address that may be asked. Raises Unreachable."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine:
        raise Unreachable(f"{address} is not an address that begins with https:// or http://")
    return address


def _in_folder(folder: Path) -> Fetch:
    def fetch(path: str) -> bytes | None:
        try:
            with (folder / path).open("rb") as file:
                return _limited(file, path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreachable(f"{folder / path} cannot be read: {error.strerror}") from error

    return fetch


def _got(address: str) -> bytes | None:
    asked = urllib.request.Request(  # noqa: S310 - `checked` lets only http and https through
        address, headers={"Accept-Encoding": "gzip, identity", "User-Agent": "hamgara"}
    )
    status, body = _asked(asked)
    if status in (404, 410):
        return None
    if status != 200:
        raise Unreachable(f"{address} answers {status}")
    return body


def _asked(asked: urllib.request.Request) -> tuple[int, bytes]:
    try:
        try:
            with _OPENER.open(asked, timeout=PATIENCE) as answer:
                return answer.status, _body(answer, asked.full_url)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, _body(answer, asked.full_url)
    except (OSError, http.client.HTTPException, EOFError, ValueError) as error:
        raise Unreachable(f"{asked.full_url} gives no answer: {error}") from error


def _body(answer: Any, address: str) -> bytes:
    parts, size, end = [], 0, time.monotonic() + LONGEST
    while part := answer.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > LARGEST or time.monotonic() > end:
            raise Unreachable(f"{address} is larger or slower than a file of a log may be")
    body = b"".join(parts)
    if answer.headers.get("Content-Encoding", "identity") == "gzip":
        with gzip.open(io.BytesIO(body)) as unpacked:
            return _limited(unpacked, address)
    return body


def _limited(source: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
    body = source.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Unreachable(f"{name} is larger than {LARGEST} bytes")
    return body


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A log and a witness answer where they are; whoever wants them elsewhere is told the new address."""

    def redirect_request(self, *_asked: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
