"""The home page, sections and guides: words that editors write. Facts on them come from the rooms, living."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock
from cms.permissions import AlwaysPublic, HoldsNotices
from marketplace.transparency.selectors.home import home_figures


class HomePage(AlwaysPublic, Page):
    headline = models.CharField(_("headline"), max_length=80, help_text=_("Breaks after punctuation only."))
    lede = models.CharField(_("what this place is"), max_length=200)

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lede")]
    promote_panels = [FieldPanel("seo_title"), FieldPanel("search_description")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.SectionPage", "cms.GuidePage", "cms.NoticeIndexPage", "cms.StoryIndexPage"]
    template = "cms/home_page.html"

    def permissions_for_user(self, user: Any) -> HoldsNotices:
        return HoldsNotices(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        guides = GuidePage.objects.live().filter(show_on_home=True, locale_id=self.locale_id).order_by("path")
        return super().get_context(request, *args, **kwargs) | home_figures() | {"guides": guides}


class GuidePage(Page):
    """A guide, a policy, a page about the place."""

    lede = models.CharField(_("in one sentence"), max_length=200, blank=True)
    audience = models.CharField(_("for whom"), max_length=60, blank=True)
    show_on_home = models.BooleanField(_("show on the home page"), default=False)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lede"),
        FieldPanel("audience"),
        FieldPanel("show_on_home"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types: list[str] = []
    template = "cms/guide_page.html"


class SectionPage(Page):
    """A page that lists the pages below it."""

    lede = models.CharField(_("in one sentence"), max_length=200, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lede"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = ["cms.GuidePage", "cms.SectionPage"]
    template = "cms/section_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        children = GuidePage.objects.live().child_of(self).order_by("path")
        return super().get_context(request, *args, **kwargs) | {"children": children}
