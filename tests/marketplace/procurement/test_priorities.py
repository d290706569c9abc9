"""What somebody waits for in front of a page does not stand behind mails and papers in the queue."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django_tasks_db.models import DBTaskResult

from marketplace.documents.generation import build_document_task
from marketplace.notifications.services import send_mail_task
from marketplace.procurement.services.bids import seal_parts_task
from marketplace.procurement.services.opening import open_lot_task
from marketplace.procurement.services.pages import draw_pages_task

pytestmark = pytest.mark.django_db


def test_sealing_opening_and_pages_go_before_mails_and_papers(settings) -> None:
    """Enqueued in the wrong order, taken by the worker in the right one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    for number in range(3):
        send_mail_task.enqueue(number)
    build_document_task.enqueue("bid_receipt", "procurement.bid", 7)
    draw_pages_task.enqueue(1)
    seal_parts_task.enqueue(str(uuid4()))
    open_lot_task.enqueue(1)
    taken = [row.task_path.rpartition(".")[2] for row in DBTaskResult.objects.ready()]
    assert taken == [
        "seal_parts_task",
        "open_lot_task",
        "draw_pages_task",
        *["send_mail_task"] * 3,
        "build_document_task",
    ]
