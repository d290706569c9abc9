"""Freezing notices: mandatory fields (R-NOTICE-01, -03, -05 to -09), numbers, hash, corrections, immutability."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.utils import translation

from marketplace import audit
from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core import events
from marketplace.core.exceptions import Refused
from marketplace.documents.generation import latest_document
from marketplace.documents.services import open_file
from marketplace.publication.content import canonical, parts
from marketplace.publication.events import NoticePublished
from marketplace.publication.kinds import BLUEPRINTS, Shape
from marketplace.publication.models import FrozenError, NoticeKind, NoticeSnapshot
from marketplace.publication.services import publish_notice
from tests.factories.accounts import make_body, make_person
from tests.factories.publication import notice_data, published_notice
from tests.support.pdf import read_pdf

pytestmark = pytest.mark.django_db

REQUIRED = [
    (kind, field.name) for kind, blueprint in BLUEPRINTS.items() for field in blueprint.fields() if field.required
]


def publish(kind, data, **options):
    body = options.pop("body", None) or make_body(BodyKind.GOVERNMENT)
    actor = make_person(body, Role.APPROVER)
    with audit.transaction() as log:
        return publish_notice(
            log=log, actor=actor, kind=kind, title="公告", subject=body, project_number="SH-2026-0001",
            body=body, region=body.region, data=data, **options,
        )  # fmt: skip


def test_every_kind_has_a_form():
    assert set(BLUEPRINTS) == set(NoticeKind.values)


@pytest.mark.parametrize(
    ("kind", "rule_id"),
    [
        ("intention", "R-NOTICE-01"),
        ("tender", "R-NOTICE-03"),
        ("result", "R-NOTICE-05"),
        ("correction", "R-NOTICE-06"),
        ("termination", "R-NOTICE-07"),
        ("void", "R-NOTICE-07"),
        ("contract", "R-NOTICE-08"),
        ("acceptance", "R-NOTICE-09"),
        ("evaluation", "R-PERF-01"),
    ],
)
def test_nothing_filled_in_is_refused_by_the_kinds_rule(kind, rule_id):
    with pytest.raises(Refused) as refusal:
        publish(kind, {})
    assert refusal.value.rule_id == rule_id
    assert refusal.value.field == next(field.name for field in BLUEPRINTS[kind].fields() if field.required)
    assert NoticeSnapshot.objects.count() == 0
    assert not LogEntry.objects.filter(action="notice.published").exists()


@pytest.mark.parametrize(("kind", "name"), REQUIRED, ids=[f"{kind}-{name}" for kind, name in REQUIRED])
def test_each_missing_field_is_named(kind, name):
    label = next(str(field.label) for field in BLUEPRINTS[kind].fields() if field.name == name)
    body = make_body(BodyKind.GOVERNMENT)
    data = notice_data(kind)
    data[name] = [] if isinstance(data[name], list) else "  "
    with pytest.raises(Refused) as refusal:
        publish(kind, data, body=body)
    assert refusal.value.field == name
    assert label in str(refusal.value.message)
    assert NoticeSnapshot.objects.count() == 0


def test_a_table_with_an_empty_required_cell_is_refused():
    data = notice_data("intention")
    data["items"][0]["outline"] = ""
    with pytest.raises(Refused) as refusal:
        publish("intention", data)
    assert (refusal.value.field, refusal.value.rule_id) == ("items", "R-NOTICE-01")


def test_an_optional_column_may_stay_empty():
    data = notice_data("intention")
    data["items"][0]["note"] = ""
    assert publish("intention", data).number == "SH-GG-2026-0001"


def test_a_field_the_notice_does_not_have_is_the_callers_mistake():
    with pytest.raises(ValueError, match="no field members_home_addresses"):
        publish("tender", notice_data("tender", members_home_addresses="…"))
    assert NoticeSnapshot.objects.count() == 0


def test_numbers_have_no_gap_when_a_publication_fails():
    body = make_body(BodyKind.GOVERNMENT)
    first = published_notice(body=body)
    with pytest.raises(RuntimeError), transaction.atomic():
        published_notice(body=body)
        raise RuntimeError
    second = published_notice(body=body)
    assert (first.number, second.number) == ("SH-GG-2026-0001", "SH-GG-2026-0002")


def test_the_log_holds_the_hash_of_the_json_copy():
    snapshot = published_notice()
    stored = NoticeSnapshot.objects.get(pk=snapshot.pk)
    assert stored.content_sha256 == hashlib.sha256(canonical(stored)).hexdigest()
    copy = json.loads(canonical(stored))
    assert copy["number"] == snapshot.number
    assert copy["published_at"] == "2026-06-15T09:00:00.000000+08:00"
    assert copy["data"] == snapshot.data
    entry = LogEntry.objects.get(action="notice.published")
    assert (entry.project, entry.subject) == ("SH-2026-0001", f"publication.noticesnapshot:{snapshot.pk}")


def test_publication_is_announced_in_the_transaction(monkeypatch):
    heard = []
    monkeypatch.setitem(events._handlers, NoticePublished, [heard.append])
    snapshot = published_notice()
    assert heard == [NoticePublished(snapshot.pk)]


def test_the_pdf_is_made_from_the_snapshot():
    snapshot = published_notice(title="为老服务招标公告")
    document = latest_document("notice", snapshot)
    assert (document.title, document.is_public, document.version) == ("为老服务招标公告", True, 1)
    with open_file(document.file) as content:
        pdf = read_pdf(content.read())
    assert pdf.is_tagged and pdf.claims_ua and pdf.shows_title  # PDF/UA-1
    assert (pdf.title, pdf.language) == ("为老服务招标公告", "zh-Hans")
    assert [figure.alt for figure in pdf.all("Figure")] == ["益招印章"]


def test_tables_of_the_pdf_tell_their_headers():
    with open_file(latest_document("notice", published_notice("correction")).file) as content:
        pdf = read_pdf(content.read())
    assert pdf.cells == pdf.cells_with_headers > 0
    assert len(pdf.all("Caption")) == 1  # the table of changes; the others stand under their headings


def test_the_pdf_has_every_mandatory_field():
    """R-NOTICE-03: all that the law wants stands in the printed notice, too, under its label."""
    snapshot = published_notice()
    with open_file(latest_document("notice", snapshot).file) as content:
        text = "".join(read_pdf(content.read()).text.split())
    with translation.override("zh-hans"):
        labels = [
            "".join(str(row.label).split()) for part in parts(snapshot) if not part.is_one_text for row in part.rows
        ]
        headings = ["".join(str(part.heading).split()) for part in parts(snapshot)]
    assert len(labels) > 15 and all(words in text for words in labels + headings)
    assert snapshot.content_sha256 in text


def test_corrections_are_linked_both_ways():
    original = published_notice()
    correction = published_notice("correction", body=original.body, corrects=original)
    assert NoticeSnapshot.objects.get(pk=correction.pk).corrects == original
    assert list(original.corrections.all()) == [correction]


def test_a_published_notice_never_changes():
    snapshot = published_notice()
    snapshot.title = "另一个标题"
    for attempt in (
        snapshot.save,
        snapshot.delete,
        NoticeSnapshot.objects.all().delete,
        lambda: NoticeSnapshot.objects.update(title="另一个标题"),
        lambda: NoticeSnapshot.objects.bulk_update([snapshot], ["title"]),
    ):
        with pytest.raises(FrozenError):
            attempt()
    assert NoticeSnapshot.objects.get().title == "静安区社区老年食堂运营服务招标公告"


def test_labels_follow_the_reader_and_data_do_not(settings):
    from django.utils import translation

    snapshot = published_notice()
    with translation.override("en"):
        english = {row.label: row.text for part in parts(snapshot) for row in part.rows}
    with translation.override("zh-hans"):
        chinese = {row.label: row.text for part in parts(snapshot) for row in part.rows}
    assert english["Budget (yuan)"] == chinese["预算金额（元）"] == "1,860,000.00"
    assert english["Deadline for bids"] == "10 July 2026, 09:30"
    assert chinese["投标截止时间"] == "2026 年 7 月 10 日 09:30"
    assert english["Overview"] == chinese["项目概况"] == "为六个街道的老年人提供助餐服务。"


def test_a_value_of_another_form_stands_as_published():
    snapshot = published_notice(budget="约一百八十万元")
    rows = {row.name: row.text for part in parts(snapshot) for row in part.rows}
    assert rows["budget"] == "约一百八十万元"


def test_an_empty_optional_field_says_none():
    rows = {row.name: row.text for part in parts(published_notice()) for row in part.rows}
    assert rows["agent_contact"] == "无"


def test_shapes_of_samples_cover_all():
    assert {field.shape for blueprint in BLUEPRINTS.values() for field in blueprint.fields()} <= set(Shape)
    assert datetime(2026, 6, 15, 1, tzinfo=UTC) == published_notice().published_at
