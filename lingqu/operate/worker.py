"""`python -m lingqu.operate.worker`: the process that runs background jobs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import django
import psycopg
from procrastinate.exceptions import ConnectorException

from lingqu.config.home import current_home
from lingqu.config.starting import refuse_unsafe
from lingqu.operate.records import READY

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.contrib.django.django_connector import DjangoConnector

logger = logging.getLogger("lingqu.worker")

CONCURRENCY: Final = 2
AGAIN_SECONDS: Final = 2.0
RESUME_SECONDS: Final = 30.0
GRACE_SECONDS: Final = 10.0
FIRST_LOOK_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 300.0


async def work() -> None:
    """Run jobs until a signal asks for the end. While the database is away, try again every two seconds."""
    from procrastinate.contrib.django import app

    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    looking = asyncio.create_task(_look_around())
    while not asked.is_set():
        # The library ends its worker when it loses the database, with or without an exception; it is asked to begin anew.
        try:
            connector = cast("DjangoConnector", app.connector).get_worker_connector()
            with app.replace_connector(connector) as working:
                async with working.open_async():
                    _tell_ready()
                    await _run(working, asked)
        except (ConnectorException, psycopg.OperationalError) as error:  # the second when its pool could not be filled in time
            logger.warning("the database does not answer (%s); trying again in %s s", error.__cause__ or error, AGAIN_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), AGAIN_SECONDS)
    looking.cancel()


async def _look_around() -> None:
    """Write down every five minutes how the installation is, for the page that shows it; also while the database is away."""
    from lingqu.operate.doctor.examining import examine

    await asyncio.sleep(FIRST_LOOK_SECONDS)
    while True:
        # A look that fails must not end the work; the page says by its age that nobody looks.
        try:
            await asyncio.to_thread(examine, current_home())
        except Exception:
            logger.exception("the doctor could not look")
        await asyncio.sleep(LOOK_SECONDS)


async def _run(working: App, asked: asyncio.Event) -> None:
    """Work until the worker ends by itself or the end is asked for; jobs then have ten seconds to come to theirs."""
    run = working.run_worker_async(
        concurrency=CONCURRENCY, name="lingqu", install_signal_handlers=False, shutdown_graceful_timeout=GRACE_SECONDS
    )
    tasks = [asyncio.create_task(each) for each in (run, _resume(working), asked.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for told in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(told, Exception):
            raise told


async def _resume(working: App) -> None:
    """Give back, time and again, the jobs of workers that died in the middle: every job runs at least once to its end."""
    while True:
        for job in await working.job_manager.get_stalled_jobs():
            logger.warning("job %s was cut short; it runs again", job.id)
            await working.job_manager.retry_job(job)
        await asyncio.sleep(RESUME_SECONDS)


def _tell_ready() -> None:
    """Write the file that `lingqu serve` waits for."""
    place = os.environ.get(READY)
    if place:
        with suppress(OSError):
            Path(place).touch(mode=0o600)


def main() -> None:
    """Load Django as the application's role and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
    os.environ["LINGQU_JOBS"] = "yes"  # a job may take longer over a statement than a page (config/limits.py)
    django.setup()
    refuse_unsafe()
    asyncio.run(work())


if __name__ == "__main__":
    main()
