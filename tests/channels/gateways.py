"""An SMS provider and a mail server for tests, on this machine alone."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class SmsProvider:
    """Notes what it is handed, and answers with `status`; 0 is a provider that talks no HTTP."""

    url: str = ""
    status: int = 200
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    leave: threading.Event = field(default_factory=threading.Event)


@contextmanager
def sms_provider() -> Iterator[SmsProvider]:
    provider = SmsProvider()
    provider.leave.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.taken.append(json.loads(body))
            provider.headers.append(dict(self.headers))
            provider.entered.set()
            provider.leave.wait(10)
            if provider.status == 0:
                self.wfile.write(b"GARBAGE\r\n\r\n")
                return
            self.send_response(provider.status)
            if 300 <= provider.status < 400:
                self.send_header("Location", f"{provider.url}elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            provider.taken.append({"got": self.path})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        provider.url = f"http://127.0.0.1:{port}/"
        yield provider


@dataclass
class MailServer:
    """Notes what it is handed, and answers every recipient with `recipient`."""

    url: str = ""
    recipient: str = "250 ok"
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            envelope: list[str] = []
            while line := self.rfile.readline().decode().strip():
                verb = line.upper()
                if verb.startswith("QUIT"):
                    self.say("221 bye")
                    return
                if verb.startswith("DATA"):
                    self.say("354 go on")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                    server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
                    server.envelopes.append(envelope)
                    envelope = []
                elif verb.startswith(("MAIL", "RCPT")):
                    envelope.append(line)
                self.say(server.recipient if verb.startswith("RCPT") else "250 ok")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        server.url = f"smtp://127.0.0.1:{port}"
        yield server


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
