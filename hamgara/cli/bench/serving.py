"""The servers that are measured: the web server itself, as it runs in the city."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from hamgara.integrations.processes import end_with

PATIENCE = 60  # seconds


def command(module: str, port: int) -> list[str]:
    """One of our modules with add_arguments and run, whether or not it is a subcommand."""
    start = (
        "import argparse, importlib, sys; module = importlib.import_module(sys.argv[1]); "
        "parser = argparse.ArgumentParser(); module.add_arguments(parser); module.run(parser.parse_args(sys.argv[2:]))"
    )
    return [sys.executable, "-c", start, f"hamgara.cli.{module}", "--host", "127.0.0.1", "--port", str(port)]


@contextmanager
def serve(module: str) -> Iterator[int]:
    """Run it on a free port; the port is what one gets."""
    port = free_port()
    process = subprocess.Popen(
        command(module, port),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hamgara.settings"},
        stdin=subprocess.DEVNULL,
        preexec_fn=partial(end_with, os.getpid(), signal.SIGTERM),
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The server that is to be measured did not start.") from None
            time.sleep(0.1)
