"""R-PUB-01: the record of where else a notice stands, and the notice period that counts from it (R-TENDER-02)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.urls import reverse

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import NotAllowed, NotFound, Refused
from marketplace.core.legal import NeverDeleted
from marketplace.procurement import tender_areas
from marketplace.procurement.selectors.media import notice_day, notice_period, notices_of, notices_on_media
from marketplace.procurement.services.media import Appearance, record_medium
from marketplace.publication.models import MediumRecord
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, tender_draft
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
CENTRAL, CITY = "中国政府采购网", "上海政府采购网"
URL = "https://notices.example/202606/1"


def record(tender, medium=CENTRAL, day=16, *, actor=None, **more):
    values = {"notice": tender.snapshot.number, "url": URL, "published_at": datetime(2026, 6, day, 8, tzinfo=ZONE)}
    appearance = Appearance(medium=medium, **{**values, **more})
    return record_medium(actor=actor or tender.people.officer, tender_id=tender.pk, appearance=appearance)


def due(tender):
    return [task.rule_id for task in tender_areas.due(tender.people.officer)]


def test_record_is_kept_logged_and_takes_the_task_away(market_clock):
    tender = published_tender()
    assert due(tender) == ["R-PUB-01"]
    assert [task.rule_id for task in tender_areas.due(tender.people.approver)] == []
    market_clock.move_to(datetime(2026, 6, 17, 9))
    row = record(tender)
    assert (row.medium, row.url, row.recorded_by_id) == (CENTRAL, URL, tender.people.officer.user_id)
    entry = LogEntry.objects.get(action="notice.recorded")
    assert entry.project == tender.number
    assert due(tender) == []
    record(tender)  # a second click
    assert MediumRecord.objects.count() == 1 and LogEntry.objects.filter(action="notice.recorded").count() == 1
    with pytest.raises(NeverDeleted):
        row.delete()


def test_notice_period_counts_from_the_earliest_designated_medium(market_clock):
    """Order 87, article 16: 15 June + 5 wd = 23 June (the 19th is a holiday); from the 17th on: 25 June."""
    tender = published_tender()
    assert notice_day(tender, notices_of(tender)) == date(2026, 6, 15)
    market_clock.move_to(datetime(2026, 6, 29, 9))
    record(tender, CITY, day=18)
    record(tender, CENTRAL, day=17)
    found = notices_on_media(tender)
    assert [row.medium for row in found[0].records] == [CENTRAL, CITY]
    assert notice_day(tender, notices_of(tender)) == date(2026, 6, 17)
    assert notice_period(tender, notices_of(tender)).due == date(2026, 6, 25)


def test_wrong_record_is_followed_by_a_right_one(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 29, 9))
    record(tender, day=16)
    record(tender, day=29)
    found = notices_on_media(tender)
    assert [row.published_at.day for row in found[0].records] == [29]
    assert MediumRecord.objects.count() == 2
    answer = notice_period(tender, notices_of(tender))
    assert answer.blocks and answer.rule_id == "R-TENDER-02"  # it would end after the deadline of 6 July


@pytest.mark.parametrize(
    ("more", "rule_id"),
    [({"medium": "某某门户网"}, "R-PUB-01"), ({"day": 14}, "R-PUB-01"), ({"day": 20}, "R-TIME-07")],
    ids=["not designated", "before the notice", "in the future"],
)
def test_what_cannot_be_is_refused(market_clock, more, rule_id):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 17, 9))
    with pytest.raises(Refused) as refused:
        record(tender, **more)
    assert refused.value.rule_id == rule_id
    assert not MediumRecord.objects.exists() and not LogEntry.objects.filter(action="notice.recorded").exists()


def test_only_its_officers_record_and_only_its_notices(market_clock):
    tender, other = published_tender(), published_tender()
    market_clock.move_to(datetime(2026, 6, 17, 9))
    strangers = [
        make_person(make_body(), Role.OFFICER),
        make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR),
        tender.people.approver,
    ]
    for actor in strangers:
        with pytest.raises(NotAllowed):
            record(tender, actor=actor)
    draft = tender_draft(tender.people)
    for each, number in ((tender, other.snapshot.number), (draft, tender.snapshot.number)):
        each.snapshot = tender.snapshot
        with pytest.raises(NotFound):
            record_medium(
                actor=tender.people.officer,
                tender_id=each.pk,
                appearance=Appearance(number, CENTRAL, URL, datetime(2026, 6, 16, 8, tzinfo=ZONE)),
            )
    assert not MediumRecord.objects.exists()


def test_recording_over_http(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 17, 9))
    client = client_for(tender.people.officer)
    detail, url = (reverse(f"procurement:tender-{name}", args=[tender.pk]) for name in ("detail", "medium"))
    assert url in client.get(detail).content.decode()
    data = {"notice": tender.snapshot.number, "medium": CENTRAL, "url": URL, "published_at": "2026-06-16T08:00"}
    wrong = client.post(url, {**data, "published_at": "2026-06-20T08:00"})
    assert wrong.status_code == 422 and URL in wrong.content.decode() and "published_at" in wrong.context["form"].errors
    assert client.post(url, {**data, "medium": "某某门户网"}).status_code == 422
    assert client.post(url, {**data, "url": "javascript:alert(1)"}).status_code == 422
    assert client.get(url).context["form"]["notice"].value() == tender.snapshot.number
    assert client.post(url, data).url == detail + "#media"
    assert CENTRAL in client.get(detail).content.decode()
    public = client.get(tender.snapshot.get_absolute_url()).content.decode()
    assert f'href="{URL}"' in public and CENTRAL in public
    draft = tender_draft(tender.people)
    assert client.get(reverse("procurement:tender-medium", args=[draft.pk])).status_code == 404
