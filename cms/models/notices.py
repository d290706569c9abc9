"""The list of notices and the page of each: the body is the frozen snapshot, the page only gives it a place."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_response_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.forms import NoticeFilter
from cms.permissions import AlwaysPublic, Frozen, HoldsNotices
from cms.selectors import notice_context
from marketplace.publication.models import FrozenError, NoticeSnapshot

PAGE_SIZE = 20


class NoticeIndexPage(AlwaysPublic, Page):
    """All notices, found by kind, region, buyer, year and words. Every language lists the same notices."""

    lede = models.CharField(_("in one sentence"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lede")]
    promote_panels = [FieldPanel("seo_title"), FieldPanel("search_description")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/notice_index_page.html"

    def permissions_for_user(self, user: Any) -> HoldsNotices:
        return HoldsNotices(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        form = NoticeFilter(request.GET or None)
        found = form.apply(NoticeSnapshot.objects.select_related("body").defer("data"))
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"form": form, "notices": page}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """A notice is found below the index of each language; it stands in the tree once."""
        if not path_components:
            return super().route(request, path_components)
        if len(path_components) > 1:
            raise Http404
        page = NoticePage.objects.live().filter(slug=path_components[0]).select_related(*NoticePage.WITH).first()
        if page is None:
            raise Http404
        return RouteResult(page)


class NoticePage(AlwaysPublic, Page):
    snapshot = models.OneToOneField(NoticeSnapshot, on_delete=models.PROTECT, related_name="page")

    WITH = ("snapshot__body", "snapshot__corrects__body")
    is_creatable = False
    content_panels = [FieldPanel("title", read_only=True), FieldPanel("snapshot", read_only=True)]
    promote_panels: list[Any] = []
    settings_panels: list[Any] = []
    parent_page_types = ["cms.NoticeIndexPage"]
    subpage_types: list[str] = []
    template = "cms/notice_page.html"

    def permissions_for_user(self, user: Any) -> Frozen:
        return Frozen(user, self)

    def get_workflow(self) -> None:
        """None: what the second officer has published is decided."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise FrozenError("The page of a published notice never changes.")
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | notice_context(self.snapshot)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if not request.user.is_authenticated:
            patch_response_headers(response, cache_timeout=60)
        return response


@receiver(pre_delete, sender=NoticePage)
def refuse_deletion(sender: type, instance: NoticePage, **kwargs: Any) -> None:
    """The last guard: a page above it, a bulk action or code would take the notice with it."""
    raise FrozenError("The page of a published notice is never deleted.")
