"""From the draft to the published tender: four eyes, what publication freezes, what it refuses."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.accounts.roles import Role
from marketplace.audit.models import LogEntry
from marketplace.core.clock import ZONE
from marketplace.core.events import subscribe
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.models import NumberSeries, RuleValue
from marketplace.core.rulesets import RuleSet
from marketplace.documents.generation import build_document
from marketplace.documents.services import open_file
from marketplace.procurement.events import TenderPublished
from marketplace.procurement.models import LotStatus, Tender, TenderStatus
from marketplace.procurement.selectors.content import content_of, differences, marked
from marketplace.procurement.services import tender as tenders
from marketplace.procurement.tender_papers import KIND, documents_context
from marketplace.publication.models import NoticeSnapshot
from tests.factories.accounts import make_person
from tests.factories.planning import buyer_people
from tests.factories.procurement import published_tender, save, submitted_tender, tender_draft_ready
from tests.support.pdf import read_pdf

pytestmark = pytest.mark.django_db


def test_published_tender_has_number_rules_keys_and_notice():
    tender = published_tender(lots=2)
    assert tender.status == TenderStatus.PUBLISHED
    assert tender.number == "SH-2026-0001"
    assert tender.deadline.astimezone(ZONE) == datetime(2026, 7, 6, 9, 30, tzinfo=ZONE)
    assert tender.rules["values"]["R-TENDER-01"]["value"] == "20"
    assert [lot.status for lot in tender.lots.all()] == [LotStatus.OPEN, LotStatus.OPEN]
    assert all(lot.key.shares.count() == 3 for lot in tender.lots.all())
    assert tender.published_by_id == tender.people.approver.user_id
    assert LogEntry.objects.get(action="tender.published").project == tender.number


def test_notice_carries_the_fields_of_its_rule():
    """R-NOTICE-03, R-TENDER-10, R-PLAN-04, and what design section 7 announces about scores."""
    tender = published_tender(lots=2)
    data = tender.snapshot.data
    assert tender.snapshot.kind == "tender" and tender.snapshot.project_number == tender.number
    assert data["joint_bids"] == "不接受联合体投标"
    assert (data["budget"], data["ceiling"]) == ("1860000.00", "1860000.00")
    assert data["deadline"] == data["opening_time"] == "2026-07-06T09:30:00+08:00"  # R-OPEN-01
    assert "2026 年 6 月 23 日" in data["notice_period"]  # R-TENDER-02
    assert "不收取投标保证金" in data["other"] and "成员 1…n" in data["other"]
    assert [row["number"] for row in data["lots"]] == ["SH-2026-0001-1", "SH-2026-0001-2"]


def test_documents_hold_every_chapter_with_must_haves_marked():
    """R-TENDER-09: six chapters; ★ (class «must») stands before what a bid has to meet."""
    tender = published_tender()
    with translation.override("zh-hans"):
        context = {**documents_context(tender), "made_at": tender.published_at, "version": 1}
        html = render_to_string("documents/tender_documents.html", context)
    assert all(f"第{n}章" in html for n in "一二三四五六")
    assert '<p class="must">不接受联合体投标。</p>' in html  # R-TENDER-10
    assert "不收取投标保证金" in html and "成员 1…n" in html
    assert "持有有效的食品经营许可证" in html and "3 名以上" in html
    assert "（评标基准价 ÷ 投标报价）× 15" in html  # R-EVAL-07
    assert "低于全部通过符合性审查投标报价平均值 50%" in html  # R-EVAL-16
    assert html.count("<caption>") == html.count("<table") - html.count('<table class="facts cover"')


def test_documents_are_an_accessible_pdf_with_contents():
    """PDF/UA-1: tagged, titled, in its language; each cell of a table knows its headers; pictures have words."""
    needs = "为六个街道的老人供餐，每天两餐，送到家门口。\n★ 每日供餐前留样 48 小时\n每天不少于 1,800 份。"
    tender = published_tender(lots=2, needs=needs)
    document = build_document(KIND, tender)
    assert document.is_public and document.version == 1
    with open_file(document.file) as content:
        pdf = read_pdf(content.read())
    assert pdf.is_tagged and pdf.claims_ua and pdf.shows_title
    assert (pdf.title, pdf.language) == ("静安区社区老年食堂运营服务招标文件", "zh-Hans")
    assert pdf.cells == pdf.cells_with_headers > 30
    assert len(pdf.all("Caption")) >= 8
    assert [figure.alt for figure in pdf.all("Figure")] == ["益招印章"]
    assert [title for title in pdf.outline if title.startswith("第")] == [
        "第一章　投标须知和商务条款",
        "第二章　采购需求",
        "第三章　投标人资格",
        "第四章　价格",
        "第五章　评标方法和标准",
        "第六章　拟签订的合同文本",
    ]
    assert len(pdf.all("Link")) >= 6  # the contents lead to the chapters
    assert "★ 每日供餐前留样 48 小时" in pdf.text  # R-TENDER-09


def test_must_haves_of_the_needs_stand_alone_in_a_frame():
    """R-TENDER-09."""
    needs = "为六个街道的老人供餐，每天两餐，送到家门口。\n★ 每日供餐前留样 48 小时\n每天不少于 1,800 份。"
    with translation.override("zh-hans"):
        tender = published_tender(needs=needs)
        context = {**documents_context(tender), "made_at": tender.published_at, "version": 1}
        html = render_to_string("documents/tender_documents.html", context)
    assert '<p class="must">每日供餐前留样 48 小时</p><p>每天不少于 1,800 份。</p>' in html
    assert "不满足其中任何一条的，投标无效" in html


def test_numbers_have_no_gap_when_a_publication_fails():
    people = buyer_people()
    first = published_tender(people=people)
    second = submitted_tender(people=people, guards=first.guards)
    Tender.objects.filter(pk=second.pk).update(deadline=datetime(2026, 7, 1, 9, 30, tzinfo=ZONE))
    with pytest.raises(Refused):
        tenders.publish_tender(actor=people.approver, tender_id=second.pk)
    assert NumberSeries.objects.get(kind="project", year=2026).last == 1
    third = submitted_tender(people=people, guards=first.guards)
    tenders.publish_tender(actor=people.approver, tender_id=third.pk)
    third.refresh_from_db()
    assert third.number == "SH-2026-0002"


def test_incomplete_draft_is_not_submitted_and_the_first_rule_is_named():
    tender = tender_draft_ready()
    save(tender, "milestones", {"payment_terms": ""})
    with pytest.raises(Refused) as refused:
        tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)
    assert refused.value.rule_id == "R-GPS-08"
    tender.refresh_from_db()
    assert tender.status == TenderStatus.DRAFT and tender.submissions.count() == 0


def test_warning_needs_its_reason_before_submission():
    """R-PLAN-03: no intention was published; the reason is written, so it passes; without it, it does not."""
    tender = tender_draft_ready()
    tender.reasons.update(rule_id="R-PLAN-09")  # a reason for another warning does not serve
    with pytest.raises(Refused) as refused:
        tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)
    assert refused.value.rule_id == "R-PLAN-03"


def test_second_click_on_submit_is_harmless():
    tender = submitted_tender()
    with pytest.raises(MarketplaceError) as error:
        tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)
    assert error.value.code == "wrong_state"
    assert tender.submissions.count() == 1


def test_whoever_submits_does_not_publish():
    """Four eyes: an approver who submitted needs another approver."""
    tender = tender_draft_ready()
    both = make_person(tender.buyer, Role.OFFICER, Role.APPROVER)
    tenders.submit_tender(actor=both, tender_id=tender.pk)
    for actor in (both, tender.people.officer, tender.people.finance):
        with pytest.raises(NotAllowed):
            tenders.publish_tender(actor=actor, tender_id=tender.pk)
    tender.refresh_from_db()
    assert tender.status == TenderStatus.SUBMITTED and tender.number is None
    assert NoticeSnapshot.objects.count() == 0
    tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)


def test_second_publication_changes_nothing():
    tender = published_tender()
    with pytest.raises(MarketplaceError) as error:
        tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)
    assert error.value.code == "wrong_state"
    assert NoticeSnapshot.objects.filter(kind="tender").count() == 1


def test_return_needs_a_reason_and_opens_the_draft_again():
    tender = submitted_tender()
    with pytest.raises(MarketplaceError) as error:
        tenders.return_tender(actor=tender.people.approver, tender_id=tender.pk, reason=" ")
    assert error.value.field == "reason"
    tenders.return_tender(actor=tender.people.approver, tender_id=tender.pk, reason="第二包预算核对一下")
    tender.refresh_from_db()
    assert (tender.status, tender.return_reason) == (TenderStatus.DRAFT, "第二包预算核对一下")


def test_differences_between_submissions_are_shown_word_by_word():
    tender = submitted_tender()
    tenders.return_tender(actor=tender.people.approver, tender_id=tender.pk, reason="改")
    save(tender, "service", {"quality": tender.quality.replace("90%", "92%")})
    tenders.submit_tender(actor=tender.people.officer, tender_id=tender.pk)
    first, second = tender.submissions.order_by("pk")
    found = differences(first.content, second.content)
    assert [(d.page, d.label) for d in found] == [("service", "质量和验收标准")]
    assert ("del", "0") in marked(found[0].before, found[0].after)


def test_waiting_too_long_is_refused_at_publication_with_the_new_earliest_day(market_clock):
    """R-TENDER-01 counts from the day of issue, not from the day of the draft."""
    tender = submitted_tender()
    market_clock.move_to(datetime(2026, 6, 22, 9))
    with pytest.raises(Refused) as refused:
        tenders.publish_tender(actor=tender.people.approver, tender_id=tender.pk)
    assert refused.value.rule_id == "R-TENDER-01" and "2026-07-13" in str(refused.value)
    tender.refresh_from_db()
    assert tender.status == TenderStatus.SUBMITTED and tender.lots.get().status == LotStatus.DRAFT


def test_rules_stay_those_of_the_day_of_issue():
    """A later value of the rule does not touch a published tender."""
    tender = published_tender()
    RuleValue.objects.create(
        rule_id="R-TENDER-01", valid_from="2026-06-01", key="value", value="25", reason="later", region=""
    )
    assert RuleSet.thaw(tender.rules).value("R-TENDER-01") == 20


def test_budget_of_a_published_tender_is_gone_from_the_item():
    """R-PLAN-01: the second tender of the item has nothing left."""
    from marketplace.procurement.selectors.tender import item_left

    tender = published_tender()
    assert item_left(tender.item) == Decimal(0)
    assert item_left(tender.item, without=tender) == tender.item.amount
    tender.lots.update(status=LotStatus.VOID)
    assert item_left(tender.item) == tender.item.amount


def test_publication_is_announced_once():
    heard = []
    subscribe(TenderPublished, heard.append)
    tender = published_tender()
    assert heard == [TenderPublished(tender.pk)]


def test_content_holds_every_page():
    content = content_of(tender_draft_ready())
    assert all(content[key] for key in content)
    assert [
        "付款条件",
        "按付款节点分期支付：每一节点验收合格并收到合法票据之日起 30 日内，支付至中标人投标时登记的单位账户。",
    ] in content["milestones"]
