"""The worker: the queue in the main thread; beside it a thread that does what the clock demands.

A long task (a PDF of 2,000 rows) does not keep a lot from closing. On SIGTERM both finish what they are doing.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time

from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker

from marketplace.core import clock
from marketplace.core.models import Heartbeat
from marketplace.core.schedule import run_due

from .queue import WORKER, prune, requeue

logger = logging.getLogger(__name__)
DUE = "run_due"
PRUNE_EVERY = 3600.0


class Clockwork(threading.Thread):
    """Every few seconds: a sign of life, due work, tasks to queue again. Survives a database that is away."""

    def __init__(self, worker_id: str, interval: float) -> None:
        super().__init__(name="clockwork")
        self.worker_id, self.interval = worker_id, interval
        self.stopped = threading.Event()
        self.pruned_at = time.monotonic()

    def run(self) -> None:
        while not self.stopped.is_set():
            close_old_connections()
            self.tick()
            self.stopped.wait(self.interval)
        connection.close()

    def tick(self) -> None:
        try:
            self.work()
        except Exception:
            # The boundary of the thread: without a sign of life /readyz fails, and the next round tries again.
            logger.exception("a round of due work failed")
            connection.close()

    def work(self) -> None:
        Heartbeat.beat(WORKER + self.worker_id, clock.machine_now())
        clock.keep()
        if run_due().ran:
            Heartbeat.beat(DUE, clock.machine_now())
        requeue(clock.machine_now())
        if time.monotonic() - self.pruned_at > PRUNE_EVERY:
            prune(clock.machine_now())
            self.pruned_at = time.monotonic()

    def stop(self) -> None:
        self.stopped.set()
        self.join()


def run_worker(*, interval: float, due_interval: float) -> None:
    """Work until SIGTERM or SIGINT."""
    worker_id = secrets.token_hex(8)
    queue = Worker(
        queue_names=["*"],
        interval=interval,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )
    clockwork = Clockwork(worker_id, due_interval)
    queue.configure_signals()
    clockwork.start()
    try:
        queue.run()
    finally:
        clockwork.stop()
        Heartbeat.objects.filter(name=WORKER + worker_id).delete()
