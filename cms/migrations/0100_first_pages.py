"""The portal's tree: a home in each language with notices, guide and about; the site shows the Chinese one."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import migrations

from cms import first_pages

LANGUAGES = ("zh-hans", "en")
NAMESPACE = uuid.UUID("6a1d1b1e-7c53-4f0e-9a3b-0d9b5c0f9f10")


class Planter:
    """Adds pages by path: historical models have no tree methods."""

    def __init__(self, apps: Any) -> None:
        self.apps = apps
        self.children: dict[str, int] = {}

    def model(self, name: str) -> Any:
        return self.apps.get_model("cms", name)

    def content_type(self, name: str) -> Any:
        types = self.apps.get_model("contenttypes", "ContentType")
        return types.objects.get_or_create(app_label="cms", model=name.lower())[0]

    def add(self, name: str, parent: Any, slug: str, locale: Any, key: str, **fields: Any) -> Any:
        place = self.children.get(parent.path, parent.numchild) + 1
        self.children[parent.path] = place
        is_home = parent.depth == 1
        page = self.model(name).objects.create(
            path=f"{parent.path}{place:04d}",
            depth=parent.depth + 1,
            numchild=0,
            slug=slug,
            url_path="/" + slug + "/" if is_home else parent.url_path + slug + "/",
            draft_title=fields["title"],
            content_type=self.content_type(name),
            locale=locale,
            translation_key=uuid.uuid5(NAMESPACE, key),
            live=True,
            has_unpublished_changes=False,
            **fields,
        )
        self.apps.get_model("wagtailcore", "Page").objects.filter(pk=parent.pk).update(numchild=place)
        parent.numchild = place
        return page


def plant(apps: Any, schema_editor: Any) -> None:
    page_model = apps.get_model("wagtailcore", "Page")
    locale_model = apps.get_model("wagtailcore", "Locale")
    planter = Planter(apps)
    root = page_model.objects.get(depth=1)
    welcome = list(page_model.objects.filter(depth=2))
    planter.children[root.path] = max([0, *(int(page.path[-4:]) for page in welcome)])
    homes = {}
    for language in LANGUAGES:
        locale, _ = locale_model.objects.get_or_create(language_code=language)
        slug = "home" if language == LANGUAGES[0] else f"home-{language}"
        if any(page.slug == slug for page in welcome):
            page_model.objects.filter(slug=slug, depth=2).update(slug="welcome", url_path="/welcome/")
        homes[language] = plant_language(planter, root, slug, language, locale)
    site_model = apps.get_model("wagtailcore", "Site")
    site_model.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page_id": homes[LANGUAGES[0]].pk, "site_name": "益招"},
    )
    page_model.objects.filter(pk__in=[page.pk for page in welcome]).delete()
    page_model.objects.filter(pk=root.pk).update(numchild=page_model.objects.filter(depth=2).count())


def plant_language(planter: Planter, root: Any, slug: str, language: str, locale: Any) -> Any:
    home = planter.add("HomePage", root, slug, locale, "home", **first_pages.HOME[language])
    planter.add("NoticeIndexPage", home, "notices", locale, "notices", **first_pages.NOTICES[language])
    sections = {
        name: planter.add("SectionPage", home, name, locale, name, body="[]", **words[language])
        for name, words in first_pages.SECTIONS.items()
    }
    for guide in first_pages.GUIDES:
        words = dict(guide[language])
        body = json.dumps(words.pop("body"), ensure_ascii=False)
        planter.add(
            "GuidePage", sections[guide["section"]], guide["slug"], locale, guide["slug"],
            body=body, show_on_home=guide["on_home"], **words,
        )  # fmt: skip
    return home


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
