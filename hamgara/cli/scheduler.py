"""Queue periodic jobs when they are due, and give back the jobs of workers that died."""

from __future__ import annotations

import argparse

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> None:
    django.setup()
    from hamgara.domain.ledger import jobs
    from hamgara.integrations import queue_processes

    queue_processes.schedule(lambda: jobs.beat("scheduler"))
