"""Stories of projects: only consented photos can be chosen and shown; the project's page leads to its story."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cms.models import ProjectStoryPage, StoryIndexPage
from marketplace.accounts.models import User
from marketplace.contracts.models import PerformanceReport, ReportPhoto
from marketplace.documents import generation
from tests.factories import grants
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
SMALL = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def quick_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(template: str, context: dict[str, Any], *, identifier: str) -> bytes:
        return SMALL + f"% {identifier} {context['title']}".encode()

    monkeypatch.setattr(generation, "render_pdf", small)


def story(number: str, *photos: ReportPhoto, **more: Any) -> ProjectStoryPage:
    index = StoryIndexPage.objects.get(locale__language_code="zh-hans")
    values = {"title": "敲门的人", "slug": "knocking", "lede": "每周二，志愿者敲响二十扇门。"}
    page = ProjectStoryPage(**values | more, project_number=number, locale=index.locale)
    page.photos = photos
    return index.add_child(instance=page)


def form_errors(number: str, photo: ReportPhoto) -> Any:
    form_class = ProjectStoryPage.get_edit_handler().get_form_class()
    data = {
        "title": "敲门的人", "slug": "knocking", "lede": "", "project_number": number, "photos": [str(photo.pk)],
        "body-count": "0",
    }  # fmt: skip
    index = StoryIndexPage.objects.get(locale__language_code="zh-hans")
    return form_class(data, instance=ProjectStoryPage(), parent_page=index).errors


def test_only_photos_with_consent_of_this_project_can_be_chosen() -> None:
    world = grants.passed(grants.active_agreement())
    photo, number = ReportPhoto.objects.get(), world.grant.number
    assert "photos" not in form_errors(number, photo)
    PerformanceReport.objects.update(has_consent=False)
    assert "photos" in form_errors(number, photo)
    PerformanceReport.objects.update(has_consent=True)
    other = grants.active_agreement()
    assert "photos" in form_errors(other.grant.number, photo)
    assert "没有这个编号" in str(form_errors("SH-2026-9999", photo)["project_number"])


def test_a_photo_of_a_report_that_nobody_accepted_cannot_be_chosen() -> None:
    world = grants.reported(grants.active_agreement())
    assert "photos" in form_errors(world.grant.number, ReportPhoto.objects.get())


def test_the_story_shows_its_photos_until_consent_is_taken_back(client: Client) -> None:
    world = grants.passed(grants.active_agreement())
    photo, number = ReportPhoto.objects.get(), world.grant.number
    project = f"/projects/{number}/"
    assert "/stories/knocking/" not in client.get(project).content.decode()
    page = story(number, photo)
    assert 'href="/stories/knocking/"' in client.get(project).content.decode()
    assert page.title in client.get("/stories/").content.decode()
    shown = client.get("/stories/knocking/").content.decode()
    assert photo.caption in shown and project in shown
    PerformanceReport.objects.update(has_consent=False)
    shown = client.get("/stories/knocking/").content.decode()
    assert photo.caption not in shown and "敲门的人" in shown


def test_every_language_finds_the_story_and_a_withdrawn_one_is_gone(client: Client) -> None:
    world = grants.active_agreement()
    page = story(world.grant.number)
    assert client.get("/en/stories/knocking/").status_code == 200
    page.unpublish()
    assert client.get("/en/stories/knocking/").status_code == 404
    assert client.get("/stories/knocking/").status_code == 404
    assert "/stories/knocking/" not in client.get(f"/projects/{world.grant.number}/").content.decode()


def test_an_editor_writes_a_story_in_the_editors_interface(client_for: Any) -> None:
    """The number first; then the photos of that project are offered, by milestone and caption."""
    world = grants.passed(grants.active_agreement())
    photo = ReportPhoto.objects.get()
    actor = make_person(None, second_factor=True)
    User.objects.filter(pk=actor.user_id).update(is_staff=True, is_superuser=True)
    editor = client_for(actor)
    index = StoryIndexPage.objects.get(locale__language_code="zh-hans")
    new = editor.get(f"/admin/pages/add/cms/projectstorypage/{index.pk}/")
    assert new.status_code == 200
    assert photo.caption not in new.content.decode()
    page = story(world.grant.number)
    assert photo.caption in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
