"""Do the background jobs: followers of the ledger, messages out, deadlines."""

from __future__ import annotations

import argparse
import os

import django

BEHIND = 10  # people at the pages come first where all want the same cores


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> None:
    os.nice(BEHIND)
    django.setup()
    from django.db import connection

    from hamgara.domain.ledger import jobs
    from hamgara.integrations import queue_processes

    # What a killed worker left is read at once; its jobs come back when the scheduler finds it dead.
    jobs.catch_up()
    jobs.beat("worker")
    connection.close()
    queue_processes.work()
