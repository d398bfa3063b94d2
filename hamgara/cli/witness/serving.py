"""The witness as a server: C2SP tlog-witness over HTTP, for logs that ask, and for whoever wants to see its heads."""

from __future__ import annotations

import json
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any

from hamgara.algorithms.tlog.exchange import SIZE_TYPE
from hamgara.cli.witness.state import ClockWrong, State, Unusable

LARGEST = 256 * 1024  # bytes of a request: sixteen signatures of ML-DSA-44 are a fifth of it
PATIENCE = 10.0  # seconds that a client may keep silent
AT_ONCE = 64  # connections
_TEXT = "text/plain; charset=utf-8"


class Server(ThreadingHTTPServer):
    """Listens at once; `serve_forever` answers."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], state: State) -> None:
        """Raises OSError when the address cannot be listened at."""
        self.state = state
        self._room = threading.BoundedSemaphore(AT_ONCE)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:  # whoever floods a witness hears nothing; the log comes again
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """A client that goes away in the middle is nothing to tell; all else is told in one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            print(f"a request failed: {error!r}", file=sys.stderr, flush=True)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server_version, sys_version = "hamgara-witness", ""

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            self._refuse(HTTPStatus.NOT_FOUND, "a log posts to /add-checkpoint")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "say how long the request is: Content-Length")
            return
        if len(length) > 9 or int(length) > LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LARGEST} bytes")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        try:
            decided = self.server.state.decide(body)
        except ClockWrong as error:
            print(f"nothing was cosigned: {error}", file=sys.stderr, flush=True)
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "the clock of this witness is wrong\n")
            return
        except (Unusable, OSError) as error:
            print(f"nothing was cosigned: {error}", file=sys.stderr, flush=True)
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, "this witness cannot keep heads at present\n")
            return
        weighed = decided.weighed
        if weighed.checkpoint is not None:
            print(f"{weighed.checkpoint.origin} {weighed.checkpoint.size}: {weighed.reason}", flush=True)
        if decided.cosignature is not None:
            self._answer(HTTPStatus.OK, str(decided.cosignature))
        elif weighed.status == HTTPStatus.CONFLICT:
            self._answer(HTTPStatus.CONFLICT, f"{weighed.held}\n", SIZE_TYPE)
        else:
            self._answer(weighed.status, f"{weighed.reason}\n")

    def do_GET(self) -> None:
        state = self.server.state
        origin_hash, _slash, what = self.path.removeprefix("/").partition("/")
        try:
            if self.path == "/":
                known = "".join(f"  {origin}\n" for origin in state.keys_of_logs())
                self._answer(HTTPStatus.OK, f"a witness of public logs\n{state.verifier}\nlogs:\n{known}")
            elif self.path == "/evidence":
                kept = json.dumps(list(state.evidence()), ensure_ascii=False, indent=1)
                self._answer(HTTPStatus.OK, f"{kept}\n", "application/json")
            elif what == "checkpoint" and (head := state.head_by_hash(origin_hash)) is not None:
                self._answer(HTTPStatus.OK, str(head))
            else:
                self._answer(HTTPStatus.NOT_FOUND, "not here\n")
        except (Unusable, OSError, ValueError) as error:
            print(f"nothing could be shown: {error}", file=sys.stderr, flush=True)
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, "this witness cannot read its heads at present\n")

    do_HEAD = do_GET

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        """Without having read what was sent: the connection ends."""
        self.close_connection = True
        self._answer(status, f"{text}\n")

    def _answer(self, status: HTTPStatus, text: str, kind: str = _TEXT) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Who asked is nobody's business; what was decided is printed by `do_POST`."""
