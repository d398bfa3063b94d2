"""The files of the public log, served before anything else: without the database, a session or a cookie."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PREFIX = "/ledger/log/"
PACKED = 1  # of nine: bundles of JSON become half as long, for a millisecond
# What may be asked for, and nothing else: no path leads out of the folder.
_TILE = re.compile(r"tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}(\.p/[1-9][0-9]{0,2})?")
_TEXTS = {"checkpoint", "checkpoint.witnessed", "policy.txt"}
_FRESH = "public, max-age=5"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_LONG = "public, max-age=86400"  # a partial one goes when the full one is there


class LogFiles:
    """Answers for the log's files; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX) or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        path = request.path.removeprefix(PREFIX)
        tile = _TILE.fullmatch(path)
        if tile is None and path not in _TEXTS:
            return self.get_response(request)
        try:
            content = Path(settings.LOG_ROOT, path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return HttpResponse("not there\n", status=404, content_type="text/plain", headers={"Cache-Control": _FRESH})
        kind = "text/plain; charset=utf-8" if tile is None else "application/octet-stream"
        kept = _FRESH if tile is None else _FOR_LONG if tile[1] else _FOR_EVER
        # Anybody's page may check the log in the reader's browser.
        told = {"Cache-Control": kept, "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
        if path.startswith("tile/entries/"):
            told["Vary"] = "Accept-Encoding"
            if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
                content, told["Content-Encoding"] = gzip.compress(content, PACKED, mtime=0), "gzip"
        told["Content-Length"] = str(len(content))
        return HttpResponse(content if request.method == "GET" else b"", content_type=kind, headers=told)
