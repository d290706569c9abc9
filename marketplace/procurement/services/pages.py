"""Pages of opened PDF files as images, drawn by the worker for the scoring screen."""

from __future__ import annotations

from django_tasks import task

from marketplace.documents.pages import draw_pages

from ..models import BidFile
from ..priorities import SOON


@task(priority=SOON)
def draw_pages_task(bid_file_id: int) -> None:
    """Draw every page of an opened PDF once; other kinds of files have none."""
    row = BidFile.objects.select_related("file").get(pk=bid_file_id)
    if row.page_count == 0 and row.file.content_type == "application/pdf":
        row.page_count = draw_pages(row.file)
        row.save(update_fields=["page_count"])
