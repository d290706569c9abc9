"""What the editors' interface may do with published notices: look at them, nothing else, whoever asks.

Wagtail asks the page's tester in every view, also for bulk actions and for superusers; pages that hold notices
keep their place for the same reason: who moves or unpublishes the index, hides what has been published.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import PagePermissionTester, PageViewRestriction


class AlwaysPublic:
    """For pages that nobody may hide: restrictions of view do not exist for them, and cost no query."""

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        return PageViewRestriction.objects.none()


class HoldsNotices(PagePermissionTester):
    """For pages above the notices: words may be edited, the place and its visibility stay."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_move_to(self, destination: Any) -> bool:
        return False

    def can_copy_to(self, destination: Any, recursive: bool = False) -> bool:
        return False


class Frozen(HoldsNotices):
    """For a notice: nothing at all."""

    def can_add_subpage(self) -> bool:
        return False

    def can_edit(self) -> bool:
        return False

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False
