"""The two processes behind the queue: one does the jobs, one sees to it that they come and that none is lost.

Why two, and what happens when one of them dies: docs/decisions/jobs.md.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from asgiref.sync import sync_to_async
from procrastinate import App, exceptions, jobs
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

log = logging.getLogger(__name__)

PULSE = 2.0  # seconds between a worker's signs of life
STALLED = 10.0  # a worker that has been silent for so long is dead
ROUND = 5.0  # seconds between two looks of the scheduler
GRACE = 5.0  # seconds that a job has to finish when the worker is asked to stop


def work() -> None:
    """Do jobs until asked to stop, or until the database is gone: then whoever started us starts us again."""
    with app.replace_connector(app.connector.get_worker_connector()) as ours:  # type: ignore[attr-defined]
        asyncio.run(_work(ours))


async def _work(ours: App) -> None:
    async with ours.open_async():
        await ours.run_worker_async(
            delete_jobs="successful",
            update_heartbeat_interval=PULSE,
            stalled_worker_timeout=STALLED,
            shutdown_graceful_timeout=GRACE,
        )


def schedule(beat: Callable[[], None]) -> None:
    """Queue periodic jobs when they are due and give back those of dead workers; call `beat` after each look."""
    with app.replace_connector(app.connector.get_worker_connector()) as ours:  # type: ignore[attr-defined]
        asyncio.run(_schedule(ours, beat))


async def _schedule(ours: App, beat: Callable[[], None]) -> None:
    async with ours.open_async():
        deferring = asyncio.create_task(PeriodicDeferrer(registry=ours.periodic_registry).worker())
        watching = asyncio.create_task(_watch(ours, beat))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, watching.cancel)
        # The first that fails ends both, and with them the process.
        done, rest = await asyncio.wait({deferring, watching}, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            if not task.cancelled():
                task.result()


async def _watch(ours: App, beat: Callable[[], None]) -> None:
    while True:
        await give_back_stalled(ours)
        await sync_to_async(beat)()
        await asyncio.sleep(ROUND)


async def give_back_stalled(ours: App) -> int:
    """Queue anew what dead workers left undone, for their locks would hold up all others; return how many."""
    await ours.job_manager.prune_stalled_workers(STALLED)
    left = list(await ours.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED))
    for job in left:
        log.warning("job %s of a dead worker is queued again", job.task_name)
        try:
            await ours.job_manager.retry_job(job)
        except exceptions.UniqueViolation:  # the same job waits already
            await ours.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
    return len(left)
