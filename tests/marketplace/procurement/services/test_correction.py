"""Corrections: what may change, by when, by whom; what follows from a published one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from marketplace.accounts.roles import Role
from marketplace.core.clock import ZONE
from marketplace.core.events import subscribe
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.documents.models import Document
from marketplace.documents.services import store_bytes
from marketplace.procurement.events import CorrectionPublished
from marketplace.procurement.models import Correction, CriterionRange, PaperStatus
from marketplace.procurement.selectors.content import attachments_of
from marketplace.procurement.selectors.correction import passages
from marketplace.procurement.services import correction as corrections, draft, tender as tenders
from marketplace.procurement.services.correction import CorrectionInput
from tests.factories.accounts import make_person
from tests.factories.procurement import published_tender, taker, tender_draft_ready

pytestmark = pytest.mark.django_db
NEW = "每月满意度不低于 92%，留样 48 小时。"


def change(**more):
    return CorrectionInput(**{"subject": "满意度", "changes": {"field:quality": NEW}, **more})


def drafted(tender, **more):
    return corrections.draft_correction(actor=tender.people.officer, tender_id=tender.pk, correction=change(**more))


def publish(tender, row):
    return corrections.publish_correction(actor=tender.people.approver, correction_id=row.pk)


def test_published_correction_rewrites_the_documents_and_links_both_ways():
    """R-NOTICE-06: a notice of its own, with before and after."""
    heard = []
    subscribe(CorrectionPublished, heard.append)
    tender = published_tender()
    old = tender.quality
    row = publish(tender, drafted(tender))
    tender.refresh_from_db()
    assert tender.quality == NEW
    assert row.snapshot.corrects_id == tender.snapshot_id
    assert list(tender.snapshot.corrections.all()) == [row.snapshot]
    assert row.snapshot.data["changes"] == [{"item": "质量和验收标准", "before": old, "after": NEW}]
    assert row.snapshot.title == "静安区社区老年食堂运营服务更正公告（第1次）"
    assert heard == [CorrectionPublished(row.pk)]


def test_nothing_changes_before_the_second_officer_publishes():
    tender = published_tender()
    drafted(tender)
    tender.refresh_from_db()
    assert tender.quality != NEW
    assert tender.snapshot.corrections.count() == 0


def test_whoever_drafts_does_not_publish():
    tender = published_tender()
    both = make_person(tender.buyer, Role.OFFICER, Role.APPROVER)
    row = corrections.draft_correction(actor=both, tender_id=tender.pk, correction=change())
    for actor in (both, tender.people.officer, tender.people.finance):
        with pytest.raises(NotAllowed):
            corrections.publish_correction(actor=actor, correction_id=row.pk)
    row.refresh_from_db()
    assert row.status == PaperStatus.SUBMITTED


@pytest.mark.parametrize("target", ["field:needs", "field:title", "lot:1:budget_amount", "condition:1", "field:number"])
def test_object_and_eligibility_stay(target):
    """R-TENDER-05."""
    tender = published_tender()
    with pytest.raises(Refused) as refused:
        drafted(tender, changes={target: "别的"})
    assert refused.value.rule_id == "R-TENDER-05"
    assert Correction.objects.count() == 0


def test_same_text_is_no_correction():
    tender = published_tender()
    with pytest.raises(Refused) as refused:
        drafted(tender, changes={"field:quality": tender.quality + "\n"})
    assert refused.value.rule_id == "R-NOTICE-06"


@pytest.mark.parametrize(
    ("today", "rule_outcome"),
    [
        pytest.param(datetime(2026, 6, 20, 9), "pass", id="fifteen whole days before 6 July"),
        pytest.param(datetime(2026, 6, 21, 9), "warn", id="fourteen whole days"),
        pytest.param(datetime(2026, 6, 22, 9), "block", id="fourteen days by difference"),
    ],
)
def test_fifteen_days_before_the_deadline(market_clock, today, rule_outcome):
    """R-TENDER-06 with R-TIME-09: deadline 6 July."""
    tender = published_tender()
    market_clock.move_to(today)
    if rule_outcome == "pass":
        assert drafted(tender).new_deadline is None
        return
    with pytest.raises(Refused) as refused:
        drafted(tender)
    assert refused.value.rule_id == "R-TENDER-06" and refused.value.field == "new_deadline"
    if rule_outcome == "warn":
        assert drafted(tender, short_notice_reason="仅放宽要求，不增加准备工作").status == PaperStatus.SUBMITTED
    else:
        with pytest.raises(Refused):
            drafted(tender, short_notice_reason="仅放宽要求，不增加准备工作")


def test_late_change_moves_deadline_documents_and_the_keys(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 25, 9))
    new = datetime(2026, 7, 13, 9, 30, tzinfo=ZONE)
    row = publish(tender, drafted(tender, new_deadline=new))
    tender.refresh_from_db()
    assert tender.deadline == new and tender.documents_until == new
    assert row.snapshot.data["new_deadline"] == "2026-07-13T09:30:00+08:00"
    assert row.snapshot.data["changes"][1] == {
        "item": "投标截止和开标时间",
        "before": "2026 年 7 月 6 日 09:30",
        "after": "2026 年 7 月 13 日 09:30",
    }


def test_days_are_counted_again_at_publication(market_clock):
    """A correction that waited two days too long is refused with the day that would do."""
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 20, 9))
    row = drafted(tender)
    market_clock.move_to(datetime(2026, 6, 22, 9))
    with pytest.raises(Refused) as refused:
        publish(tender, row)
    assert refused.value.rule_id == "R-TENDER-06"
    tender.refresh_from_db()
    assert tender.quality != NEW


def test_change_that_does_not_affect_bids_keeps_the_deadline(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 7, 3, 9))
    row = publish(tender, drafted(tender, changes={"field:contact_phone": "021-61111111"}, affects_bids=False))
    tender.refresh_from_db()
    assert tender.contact_phone == "021-61111111"
    assert tender.deadline == datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
    assert "不影响投标文件编制" in row.snapshot.data["other"]


@pytest.mark.parametrize(
    ("more", "rule_id"),
    [
        ({"new_deadline": datetime(2026, 7, 3, 9, 30, tzinfo=ZONE)}, "R-TENDER-06"),
        ({"new_documents_until": datetime(2026, 7, 7, 9, 30, tzinfo=ZONE)}, "R-TENDER-03"),
        ({"subject": " "}, "R-NOTICE-06"),
    ],
)
def test_other_refusals(more, rule_id):
    tender = published_tender()
    with pytest.raises(Refused) as refused:
        drafted(tender, **more)
    assert refused.value.rule_id == rule_id
    assert Correction.objects.count() == 0


def test_no_correction_after_the_deadline(market_clock):
    tender = published_tender()
    market_clock.move_to(datetime(2026, 7, 6, 9, 30, 1))
    with pytest.raises(Refused) as refused:
        drafted(tender)
    assert refused.value.rule_id == "R-TENDER-05"


def test_one_correction_at_a_time():
    tender = published_tender()
    first = drafted(tender)
    with pytest.raises(MarketplaceError):
        drafted(tender, subject="另一处")
    corrections.withdraw_correction(actor=tender.people.officer, correction_id=first.pk)
    assert drafted(tender, subject="另一处").subject == "另一处"


def test_returned_correction_is_written_anew_and_a_stale_one_is_not():
    tender = published_tender()
    row = drafted(tender)
    corrections.return_correction(actor=tender.people.approver, correction_id=row.pk, reason="写清楚满意度口径")
    values = {"actor": tender.people.officer, "correction_id": row.pk, "correction": change(subject="满意度口径")}
    corrections.revise_correction(version=1, **values)
    row.refresh_from_db()
    assert (row.subject, row.status, row.version) == ("满意度口径", PaperStatus.SUBMITTED, 2)
    with pytest.raises(MarketplaceError) as error:
        corrections.revise_correction(version=1, **values)
    assert error.value.code == "stale"


def test_second_publication_changes_nothing():
    tender = published_tender()
    row = drafted(tender)
    publish(tender, row)
    with pytest.raises(MarketplaceError):
        publish(tender, row)
    assert tender.snapshot.corrections.count() == 1


def test_ranges_of_criteria_are_corrected_but_stay_scorable():
    """R-EVAL-03 holds for the corrected text as well."""
    tender = published_tender()
    target = next(key for key in passages(tender) if key.startswith("range:"))
    with pytest.raises(Refused) as refused:
        drafted(tender, changes={target: "优"})
    assert refused.value.rule_id == "R-EVAL-03"
    text = "三部分流程齐全，人员、时间、应急逐点写明"
    publish(tender, drafted(tender, changes={target: text}))
    assert CriterionRange.objects.get(pk=target.partition(":")[2]).text == text


def test_new_attachment_joins_the_documents():
    tender = published_tender()
    file = store_bytes(b"%PDF-1.7", name="点位图.pdf", content_type="application/pdf")
    correction = publish(tender, drafted(tender, changes={}, file=file))
    assert file.sha256 in correction.snapshot.data["changes"][0]["after"]
    row = Document.objects.get(subject=f"procurement.tender:{tender.pk}", kind="tender_attachment")
    assert (row.title, row.version) == ("点位图.pdf", 1)


def test_file_with_the_name_of_an_attachment_takes_its_place():
    tender = tender_draft_ready()
    officer, approver = tender.people.officer, tender.people.approver
    old = store_bytes(b"%PDF-1.7 old", name="点位图.pdf", content_type="application/pdf")
    draft.add_attachment(actor=officer, tender_id=tender.pk, title="服务点位", file=old)
    tenders.submit_tender(actor=officer, tender_id=tender.pk)
    tenders.publish_tender(actor=approver, tender_id=tender.pk)
    new = store_bytes(b"%PDF-1.7 new", name="点位图.pdf", content_type="application/pdf")
    row = drafted(tender, changes={}, file=new)
    corrections.publish_correction(actor=approver, correction_id=row.pk)
    assert [(each.title, each.version, each.file) for each in attachments_of(tender)] == [("服务点位", 2, new)]
    change = Correction.objects.get(pk=row.pk).snapshot.data["changes"][0]
    assert change["item"] == "附件“服务点位”"
    assert old.sha256 in change["before"] and new.sha256 in change["after"]


def test_extension_is_offered_only_when_the_period_ended_with_too_few_takers(market_clock):
    """R-TENDER-04."""
    until = datetime(2026, 6, 24, 17, tzinfo=ZONE)
    tender = published_tender(documents_until=until)
    for number in range(2):
        taker(tender, f"机构{number}")
    extended = {
        "changes": {},
        "is_extension": True,
        "new_documents_until": until + timedelta(days=7),
        "subject": "延长获取时间",
    }
    with pytest.raises(Refused) as refused:
        drafted(tender, **extended)
    assert refused.value.rule_id == "R-TENDER-04"
    market_clock.move_to(datetime(2026, 6, 24, 17, 0, 1))
    assert corrections.extension_offer(tender).allowed
    publish(tender, drafted(tender, **extended))
    tender.refresh_from_db()
    assert tender.documents_until == until + timedelta(days=7)
    assert tender.deadline == datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)


def test_deadline_moved_to_a_rest_day_needs_a_reason(market_clock):
    """R-TIME-02: 11 July 2026 is a Saturday; Monday the 13th would do."""
    tender = published_tender()
    market_clock.move_to(datetime(2026, 6, 25, 9))
    saturday = datetime(2026, 7, 11, 9, 30, tzinfo=ZONE)
    with pytest.raises(Refused) as refused:
        drafted(tender, new_deadline=saturday)
    assert (refused.value.rule_id, refused.value.field) == ("R-TIME-02", "new_deadline")
    assert refused.value.decision.due == date(2026, 7, 13)
    assert Correction.objects.count() == 0
    assert drafted(tender, new_deadline=saturday, short_notice_reason="当日为展会开放日，人员到岗").pk


def test_doubtful_words_that_a_correction_brings_in_need_a_reason():
    """R-PLAN-07: what the check list would have asked of the draft is asked of its correction, too."""
    tender = published_tender()
    worst = CriterionRange.objects.get(criterion__tender=tender, text="2 名")
    words = {f"range:{worst.pk}": "2 名，有本市养老服务业绩"}
    with pytest.raises(Refused) as refused:
        drafted(tender, changes=words)
    assert refused.value.rule_id == "R-PLAN-07"
    assert Correction.objects.count() == 0
    row = drafted(tender, changes=words, short_notice_reason="业绩地点仅用于核对，不限本市")
    publish(tender, row)
    assert drafted(tender, changes={"field:quality": NEW}).pk  # the published words are not asked about again


def test_identity_number_is_kept_out_of_a_correction():
    """R-PUB-02."""
    tender = published_tender()
    with pytest.raises(Refused) as refused:
        drafted(tender, changes={"field:quality": "找王某 11010519491231002X"})
    assert (refused.value.rule_id, refused.value.field) == ("R-PUB-02", "field:quality")
    assert Correction.objects.count() == 0
