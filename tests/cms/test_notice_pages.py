"""Notices as pages: made in the publishing transaction, found below every language, and frozen for everyone."""

from __future__ import annotations

import hashlib
import re

import feedparser
import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import HomePage, NoticeIndexPage, NoticePage
from marketplace.accounts.models import User
from marketplace.publication import services
from marketplace.publication.models import FrozenError
from tests.factories.accounts import make_body, make_person
from tests.factories.publication import published_notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_pdf(request, monkeypatch):
    """Drawing a PDF takes a second; only the test of the file waits for it."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(services, "request_document", lambda kind, subject: None)


@pytest.fixture
def drawn():
    """Asked for by tests that need the PDF."""


@pytest.fixture
def superuser(client_for):
    """A superuser with a second factor, as the editors' interface wants it."""
    actor = make_person(None, second_factor=True)
    User.objects.filter(pk=actor.user_id).update(is_staff=True, is_superuser=True)
    client = client_for(actor)
    assert client.get("/admin/").status_code == 200
    return client


def test_the_first_pages_stand_in_both_languages():
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == HomePage.objects.get(locale__language_code="zh-hans")
    assert NoticeIndexPage.objects.count() == 2
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize(
    ("address", "first_step"), [("/guide/first-bid/", "登记机构"), ("/en/guide/first-bid/", "Register")]
)
def test_a_guide_shows_its_steps_with_their_words(client, address, first_step):
    html = client.get(address).content.decode()
    steps = re.findall(r'<h2 class="h3">(.*?)</h2><div class="prose">(.*?)</div>', html, re.DOTALL)
    assert len(steps) >= 5
    assert first_step in steps[0][0]
    assert all(title not in ("", "None") and "<p>" in text for title, text in steps)


def test_publishing_makes_the_page_with_the_dates_of_the_snapshot():
    snapshot = published_notice()
    page = NoticePage.objects.get(snapshot=snapshot)
    assert page.live
    assert page.first_published_at == page.last_published_at == snapshot.published_at
    assert (page.slug, page.title) == (snapshot.number, snapshot.title)
    assert page.get_parent().specific == NoticeIndexPage.objects.get(locale__language_code="zh-hans")
    assert page.get_workflow() is None


def test_a_publication_that_fails_leaves_no_page():
    with pytest.raises(RuntimeError), transaction.atomic():
        published_notice()
        raise RuntimeError
    assert NoticePage.objects.count() == 0


@pytest.mark.parametrize(("prefix", "label", "word"), [("", "预算金额（元）", "招标公告"), ("/en", "Budget (yuan)", "Tender notice")])  # fmt: skip
def test_the_page_speaks_the_readers_language_and_keeps_the_data(client, prefix, label, word):
    snapshot = published_notice(body=make_body(name="静安区民政局"))
    answer = client.get(f"{prefix}/notices/{snapshot.number}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert label in html
    assert word in html
    assert "静安区民政局" in html
    assert "1,860,000.00" in html
    assert snapshot.content_sha256 in html


def test_the_page_has_pdf_data_proof_and_its_neighbours(client, drawn):
    original = published_notice()
    correction = published_notice("correction", body=original.body, corrects=original, title="更正公告")
    html = client.get(original.get_absolute_url()).content.decode()
    assert reverse("publication:notice-pdf", args=[original.number]) in html
    assert reverse("publication:notice-json", args=[original.number]) in html
    assert correction.get_absolute_url() in html
    assert f"/verify/?notice={original.number}" in html
    back = client.get(correction.get_absolute_url()).content.decode()
    assert original.get_absolute_url() in back


def test_strange_addresses_are_not_found(client):
    snapshot = published_notice()
    for path in (f"/notices/{snapshot.number}/more/", "/notices/SH-GG-2026-0099/", f"/guide/{snapshot.number}/"):
        assert client.get(path).status_code == 404


def test_public_pages_ask_few_questions_whatever_their_number(client, django_assert_max_num_queries):
    body = make_body()
    first = published_notice(body=body)
    client.get("/")  # Wagtail keeps the paths of its sites in the cache
    for path in ("/", "/notices/", "/notices/?kind=tender&q=食堂", first.get_absolute_url(), "/guide/first-bid/"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
    for number in range(5):
        published_notice("correction", body=body, corrects=first, title=f"更正{number}")
    for path in ("/notices/", first.get_absolute_url()):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


# The list


def test_the_list_filters_and_counts(client):
    jingan = make_body(name="静安区民政局")
    haishu = make_body(name="海曙区民政局", region="330203")
    published_notice(body=jingan)
    published_notice("result", body=jingan, title="结果公告")
    published_notice(body=haishu, title="海曙区公益创投招标公告", project_number="NB-2026-0001")
    for query, expected in {
        "": 3,
        "?kind=result": 1,
        "?region=310000": 2,
        "?region=310106": 2,
        "?region=330203": 1,
        "?buyer=海曙": 1,
        "?q=创投": 1,
        "?q=nb-2026-0001": 1,
        "?year=2026": 3,
        "?kind=tender&region=310106": 1,
        "?q=没有这样的公告": 0,
        "?kind=nonsense": 3,
    }.items():
        answer = client.get(f"/notices/{query}")
        assert answer.context["notices"].paginator.count == expected, query
    assert "没有符合条件的公告" in client.get("/notices/?q=没有这样的公告").content.decode()


def test_an_empty_list_says_what_will_come(client):
    assert "还没有发布公告" in client.get("/notices/").content.decode()


def test_a_long_list_has_pages(client):
    body = make_body()
    for number in range(21):
        published_notice(body=body, title=f"公告 {number}")
    first, second = client.get("/notices/"), client.get("/notices/?page=2")
    assert len(first.context["notices"]) == 20
    assert [notice.title for notice in second.context["notices"]] == ["公告 0"]
    assert "第 2 页，共 2 页" in second.content.decode()


# Nobody changes a notice in the editors' interface, a superuser neither


def admin_addresses(page: Page) -> list[str]:
    """Every address of the editors' interface that would change the page."""
    names = ("edit", "delete", "unpublish", "copy", "move", "lock", "unlock", "set_privacy", "convert_alias")
    addresses = [reverse("wagtailadmin_pages:" + name, args=[page.pk]) for name in names]
    addresses += [
        reverse("wagtailadmin_pages:set_page_position", args=[page.pk]) + "?position=0",
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, Page.objects.get(depth=1).pk]),
        reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[page.pk]),
    ]
    return addresses + [
        f"/admin/bulk/wagtailcore/page/{action}/?id={page.pk}" for action in ("delete", "move", "publish", "unpublish")
    ]


def frozen_state() -> list[tuple]:
    pages = Page.objects.order_by("path").values_list("pk", "path", "title", "slug", "live", "locked", "url_path")
    return list(pages) + list(NoticePage.objects.values_list("pk", "snapshot_id"))


FORGED = {
    "title": "改过的标题", "slug": "changed", "snapshot": "999", "action-publish": "1", "new_slug": "copy",
    "new_title": "复制", "new_parent_page": "1", "chooser": "1", "publish_copies": "on", "copy_subpages": "on",
    "next": "/admin/", "restriction_type": "login", "type_to_confirm": "益招", "wagtail_site_name": "益招",
    "include_descendants": "on", "confirm": "1", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
}  # fmt: skip


def test_no_address_of_the_editors_interface_changes_a_notice(superuser):
    snapshot = published_notice()
    page = NoticePage.objects.get(snapshot=snapshot)
    before = frozen_state()
    for address in admin_addresses(page):
        superuser.get(address)
        superuser.post(address, FORGED)
        assert frozen_state() == before, address
    assert PageViewRestriction.objects.count() == 0
    assert superuser.get(snapshot.get_absolute_url()).status_code == 200


def test_what_stands_above_the_notices_stays_too(superuser):
    published_notice()
    before = frozen_state()
    root = Page.objects.get(depth=1)
    above = [*NoticeIndexPage.objects.all(), *HomePage.objects.all()]
    for page in above:
        for address in admin_addresses(page):
            if "/edit/" in address or address.endswith("lock/"):
                continue
            superuser.post(address, FORGED | {"new_parent_page": str(root.pk)})
            assert frozen_state() == before, address
    assert PageViewRestriction.objects.count() == 0


def test_a_notice_cannot_be_written_in_the_editors_interface(superuser):
    index = NoticeIndexPage.objects.get(locale__language_code="zh-hans")
    address = reverse("wagtailadmin_pages:add", args=["cms", "noticepage", index.pk])
    assert superuser.post(address, FORGED).status_code in (302, 403)
    assert NoticePage.objects.count() == 0


def test_the_editors_interface_shows_it_without_a_form(superuser):
    page = NoticePage.objects.get(snapshot=published_notice())
    answer = superuser.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    assert answer.status_code == 200
    assert reverse("wagtailadmin_pages:delete", args=[page.pk]) not in answer.content.decode()


def test_code_cannot_change_or_delete_it_either():
    page = NoticePage.objects.get(snapshot=published_notice())
    page.title = "改过的标题"
    for attempt in (
        page.save,
        page.delete,
        page.get_parent().delete,
        HomePage.objects.get(locale__language_code="zh-hans").delete,
        Page.objects.filter(pk=page.pk).delete,
        NoticePage.objects.all().delete,
    ):
        with pytest.raises(FrozenError), transaction.atomic():
            attempt()
    assert NoticePage.objects.get().title == "静安区社区老年食堂运营服务招标公告"


def test_wagtails_own_sign_in_is_closed(client):
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


# Feeds


def test_the_feed_has_every_notice_and_those_of_a_kind(client):
    tender = published_notice(title="甲 <招标> 公告")
    published_notice("result", body=tender.body, title="乙结果公告")
    everything = feedparser.parse(client.get("/feeds/notices.atom").content)
    assert not everything.bozo
    assert [entry.title for entry in everything.entries] == ["乙结果公告", "甲 <招标> 公告"]
    assert everything.entries[1].id == f"urn:yizhao:notice:{tender.number}"
    assert everything.entries[1].link.endswith(tender.get_absolute_url())
    of_kind = feedparser.parse(client.get("/feeds/notices/tender.atom").content)
    assert [entry.title for entry in of_kind.entries] == ["甲 <招标> 公告"]
    assert client.get("/feeds/notices/nonsense.atom").status_code == 404


def test_the_json_copy_is_what_was_hashed(client):
    snapshot = published_notice()
    answer = client.get(reverse("publication:notice-json", args=[snapshot.number]))
    assert hashlib.sha256(answer.content).hexdigest() == snapshot.content_sha256
    assert "immutable" in answer["Cache-Control"]


def test_the_pdf_is_the_stored_file(client, drawn):
    snapshot = published_notice()
    answer = client.get(reverse("publication:notice-pdf", args=[snapshot.number]), follow=True)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
