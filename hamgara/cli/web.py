"""Serve the pages."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import signal
from functools import partial
from typing import TYPE_CHECKING

from hamgara.integrations.processes import end_with

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

WORKERS, THREADS = 2, 4
GRACE = 5  # seconds that a request has to finish when the server is asked to stop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=os.environ.get("HAMGARA_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("HAMGARA_PORT", "8000")))


def run(args: argparse.Namespace) -> None:
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Loaded once, before the serving processes fork off it: they start at once, also after one of them was killed.
    multiprocessing.set_start_method("fork")
    application = get_wsgi_application()
    _ = get_resolver().url_patterns  # and with them every view
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # a page makes some ten thousand objects, and drops them all when it is sent
    Granian(
        "hamgara.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(_enter, os.getpid(), application), wrap_loader=False)


def _enter(server: int, application: WSGIHandler) -> WSGIHandler:
    """In each serving process: end with the main one, whose port it holds."""
    end_with(server, signal.SIGKILL)
    return application
