"""`manage.py worker`: the queue and the due work, until SIGTERM."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from marketplace.operations.clock import resume_at_start
from marketplace.operations.worker import run_worker


class Command(BaseCommand):
    help = "Run queued tasks and, every few seconds, what the clock demands. Ends cleanly on SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks into an empty queue")
        parser.add_argument("--due-interval", type=float, default=3, help="seconds between rounds of due work")

    def handle(self, *args: Any, interval: float, due_interval: float, **options: Any) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
        resume_at_start()
        run_worker(interval=interval, due_interval=due_interval)
