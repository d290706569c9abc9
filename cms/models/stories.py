"""Stories of projects: editors' words about a funded project, with photos from its published reports.

Only photos with recorded consent can be chosen (R-CHAR-10), and a page shows only those that still have it.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.blocks import BodyBlock
from cms.forms import StoryForm
from cms.selectors import publishable_photos

PAGE_SIZE = 12


class StoryIndexPage(Page):
    """All stories, the newest first. Every language lists the same stories."""

    lede = models.CharField(_("in one sentence"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lede")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ProjectStoryPage"]
    template = "cms/story_index_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = ProjectStoryPage.objects.live().order_by("-first_published_at", "pk")
        stories = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"stories": stories}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """A story is found below the index of each language; it stands in the tree once."""
        if not path_components:
            return super().route(request, path_components)
        page = ProjectStoryPage.objects.live().filter(slug="/".join(path_components)).order_by("path").first()
        if page is None:
            raise Http404
        return RouteResult(page)


class ProjectStoryPage(Page):
    lede = models.CharField(_("in one sentence"), max_length=200, blank=True)
    project_number = models.CharField(_("project number"), max_length=40, db_index=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    photos = ParentalManyToManyField(
        "contracts.ReportPhoto",
        verbose_name=_("photos from the reports"),
        blank=True,
        related_name="+",
        help_text=_("Save the project number first. Only photos with recorded consent are offered (R-CHAR-10)."),
    )

    base_form_class = StoryForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("lede"),
        FieldPanel("project_number"),
        FieldPanel("body"),
        FieldPanel("photos", widget=CheckboxSelectMultiple),
    ]
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    template = "cms/project_story_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        chosen = [photo.pk for photo in self.photos.all()]
        photos = publishable_photos(self.project_number).filter(pk__in=chosen)
        return super().get_context(request, *args, **kwargs) | {"photos": photos}
