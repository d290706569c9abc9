"""Atom feeds: all notices, and those of one kind. What is in a feed is what the page says."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from .content import lines
from .models import NoticeKind, NoticeSnapshot

NEWEST = 50


class NoticeFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, kind: str = "") -> str:
        if kind and kind not in NoticeKind.values:
            raise Http404
        return kind

    def title(self, kind: str) -> str:
        name = str(NoticeKind(kind).label) if kind else _("All notices")
        return f"{_('Yizhao')} · {name}"

    def link(self, kind: str) -> str:
        return reverse("wagtail_serve", args=["notices/"]) + (f"?kind={kind}" if kind else "")

    def subtitle(self, kind: str) -> str:
        return _("Government service purchase and welfare-lottery money: every notice in the second it is published.")

    def items(self, kind: str) -> QuerySet[NoticeSnapshot]:
        notices = NoticeSnapshot.objects.select_related("body")
        return (notices.filter(kind=kind) if kind else notices)[:NEWEST]

    def item_title(self, item: Any) -> str:
        return item.title

    def item_description(self, item: NoticeSnapshot) -> str:
        return "<br>".join(escape(line) for line in islice(lines(item), 12))

    def item_guid(self, item: NoticeSnapshot) -> str:
        """The same in every language and at every address."""
        return f"urn:yizhao:notice:{item.number}"

    def item_pubdate(self, item: NoticeSnapshot) -> datetime:
        return item.published_at

    def item_updateddate(self, item: NoticeSnapshot) -> datetime:
        return item.published_at

    def item_author_name(self, item: NoticeSnapshot) -> str:
        return item.body.name

    def item_categories(self, item: NoticeSnapshot) -> tuple[str, ...]:
        return (str(item.kind),)
