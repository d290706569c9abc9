"""The place of the stories, in both languages."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations

from cms import first_pages

first = import_module("cms.migrations.0100_first_pages")


def plant(apps: Any, schema_editor: Any) -> None:
    planter = first.Planter(apps)
    pages = apps.get_model("wagtailcore", "Page").objects
    for home in apps.get_model("cms", "HomePage").objects.select_related("locale"):
        taken = pages.filter(path__startswith=home.path, depth=home.depth + 1).values_list("path", flat=True)
        planter.children[home.path] = max([0, *(int(path[-4:]) for path in taken)])
        words = first_pages.STORIES.get(home.locale.language_code)
        if words and not pages.filter(path__in=taken, slug="stories").exists():
            planter.add("StoryIndexPage", home, "stories", home.locale, "stories", **words)
            count = pages.filter(path__startswith=home.path, depth=home.depth + 1).count()
            pages.filter(pk=home.pk).update(numchild=count)


class Migration(migrations.Migration):
    dependencies = [("cms", "0101_project_stories"), ("cms", "0100_first_pages")]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
