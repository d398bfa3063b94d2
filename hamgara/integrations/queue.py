"""The job queue: Procrastinate in the same PostgreSQL."""

from __future__ import annotations

import logging

from django.db import connection
from procrastinate import exceptions
from procrastinate.contrib.django import app

log = logging.getLogger(__name__)

FOLLOW = "ledger.follow"


def wake_followers() -> None:
    """Ask for one run of the followers soon. Many wakes before it starts are one run.

    Called after commit. A wake that is lost (the process dies here, the queue is down) costs at most a minute:
    the periodic run finds the entry.
    """
    try:
        if not _is_queued(FOLLOW):
            app.configure_task(FOLLOW, lock=FOLLOW, queueing_lock=FOLLOW).defer()
    except exceptions.AlreadyEnqueued:
        pass
    except exceptions.ConnectorException:
        log.exception("the followers could not be woken; the periodic run will")


def _is_queued(name: str) -> bool:
    """A run that has not begun yet will see what is committed now; asking is cheaper than being refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [name])
        return cursor.fetchone() is not None


IMPORTER = "importer.work"


def wake_importer() -> None:
    """Ask for one stretch of work on imports; a lost wake costs at most a minute."""
    try:
        app.configure_task(IMPORTER, lock=IMPORTER, queueing_lock=IMPORTER).defer()
    except exceptions.AlreadyEnqueued:
        pass
    except exceptions.ConnectorException:
        log.exception("the importer could not be woken; the periodic run will")


POSTMAN = "channels.deliver"


def wake_postman() -> None:
    """Ask for one round of the postman soon; a lost wake costs at most a minute."""
    try:
        app.configure_task(POSTMAN, lock=POSTMAN, queueing_lock=POSTMAN).defer()
    except exceptions.AlreadyEnqueued:
        pass
    except exceptions.ConnectorException:
        log.exception("the postman could not be woken; the periodic run will")
