"""What the page of a project is told of its story, in the question that it asks anyway."""

from __future__ import annotations

from django.db.models import Subquery

from .models import ProjectStoryPage


def story_slug(project_number: str) -> Subquery:
    stories = ProjectStoryPage.objects.live().filter(project_number=project_number)
    return Subquery(stories.order_by("path").values("slug")[:1])
