"""Publish the ledger as a log that anybody can mirror and check: files, signed, renewed when something is recorded."""

from __future__ import annotations

import argparse
import logging
import os
import signal
from threading import Event

import django

BEHIND = 15  # pages and jobs come first where all want the same cores
RETRY = 30.0  # seconds after something went wrong
log = logging.getLogger("hamgara.publisher")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> None:
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    os.nice(BEHIND)
    django.setup()
    from hamgara import charter
    from hamgara.algorithms.tlog import Wrong
    from hamgara.domain.ledger import jobs as ledger
    from hamgara.domain.publication import jobs

    publisher = None
    while not stop.is_set():
        ledger.beat("publisher")
        pause = float(charter.number("publication.published_every"))
        try:
            publisher = publisher or jobs.publisher()
            if publisher.step():
                continue
        except (jobs.Behind, OSError, Wrong) as error:
            log.error("nothing is published: %s", error)
            pause = RETRY
        stop.wait(pause)
