"""A published notice gets its page in the same transaction: both stand, or neither."""

from __future__ import annotations

from wagtail.models import Site

from marketplace.publication.events import NoticePublished
from marketplace.publication.models import NoticeSnapshot

from .models import NoticeIndexPage, NoticePage


def create_notice_page(event: NoticePublished) -> None:
    snapshot = NoticeSnapshot.objects.get(pk=event.snapshot_id)
    index = notice_index()
    index.add_child(
        instance=NoticePage(
            title=snapshot.title,
            slug=snapshot.number,
            snapshot=snapshot,
            locale_id=index.locale_id,
            owner_id=snapshot.published_by_id,
            live=True,
            first_published_at=snapshot.published_at,
            last_published_at=snapshot.published_at,
            latest_revision_created_at=snapshot.published_at,
        )
    )


def notice_index() -> NoticeIndexPage:
    """The index of the site's first language: notices stand in the tree once."""
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    return NoticeIndexPage.objects.child_of(root).select_for_update().get()
