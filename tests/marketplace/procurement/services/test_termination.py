"""Ending a tender, and tendering a void lot again."""

from __future__ import annotations

import pytest

from marketplace.accounts.roles import Role
from marketplace.audit.models import LogEntry
from marketplace.core.events import subscribe
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused, StaleVersion
from marketplace.procurement.events import TenderTerminated
from marketplace.procurement.models import LotStatus, PaperStatus, Tender, TenderStatus, Termination
from marketplace.procurement.services import retender, tender as tenders, termination as terminations
from tests.factories.accounts import make_body, make_person
from tests.factories.procurement import published_tender, save

pytestmark = pytest.mark.django_db
FACTS = "区政府机构改革，社区食堂任务自七月一日起划转，采购任务取消。"


def drafted(tender, **more):
    values = {"actor": tender.people.officer, "kind": "task_cancelled", "reason": FACTS, **more}
    return terminations.draft_termination(tender_id=tender.pk, **values)


def ended(tender):
    return terminations.publish_termination(actor=tender.people.approver, termination_id=drafted(tender).pk)


def test_termination_ends_lots_and_publishes_the_notice():
    """R-TENDER-12, R-NOTICE-07."""
    heard = []
    subscribe(TenderTerminated, heard.append)
    tender = published_tender(lots=2)
    row = ended(tender)
    tender.refresh_from_db()
    assert tender.status == TenderStatus.TERMINATED
    assert {lot.status for lot in tender.lots.all()} == {LotStatus.TERMINATED}
    assert row.snapshot.kind == "termination" and FACTS in row.snapshot.data["reason"]
    assert row.snapshot.corrects_id == tender.snapshot_id
    assert heard == [TenderTerminated(tender.pk)]


def test_not_at_will():
    tender = published_tender()
    with pytest.raises(Refused) as refused:
        drafted(tender, reason="不买了")
    assert refused.value.rule_id == "R-TENDER-12"
    assert Termination.objects.count() == 0


def test_four_eyes():
    tender = published_tender()
    both = make_person(tender.buyer, Role.OFFICER, Role.APPROVER)
    row = terminations.draft_termination(actor=both, tender_id=tender.pk, kind="task_cancelled", reason=FACTS)
    with pytest.raises(NotAllowed):
        terminations.publish_termination(actor=both, termination_id=row.pk)
    tender.refresh_from_db()
    assert tender.status == TenderStatus.PUBLISHED


def test_returned_termination_is_written_anew_as_the_same_paper():
    tender = published_tender()
    row = drafted(tender)
    terminations.return_termination(actor=tender.people.approver, termination_id=row.pk, reason="补充文号")
    again = drafted(tender, reason=FACTS + "文号：沪静府发〔2026〕11 号。", version=row.version)
    assert again.pk == row.pk and again.status == PaperStatus.SUBMITTED and again.version == 2
    terminations.withdraw_termination(actor=tender.people.officer, termination_id=row.pk)
    row.refresh_from_db()
    assert row.status == PaperStatus.WITHDRAWN


def test_termination_written_meanwhile_is_not_overwritten():
    """Two officers began one at once; the second is shown the first one's text and changes nothing."""
    tender = published_tender()
    row = drafted(tender)
    other = make_person(tender.buyer, Role.OFFICER)
    with pytest.raises(StaleVersion) as stale:
        drafted(tender, actor=other, kind="plan_changed", reason="上级文件调整了年度计划，本项目不再实施。")
    assert stale.value.current == row
    with pytest.raises(MarketplaceError) as error:  # seen, but it is with the second officer
        drafted(tender, actor=other, reason=FACTS + "补充。", version=row.version)
    assert error.value.code == "wrong_state"
    row.refresh_from_db()
    assert (row.kind, row.reason, row.version) == ("task_cancelled", FACTS, 1)
    assert row.drafted_by_id == tender.people.officer.user_id
    assert LogEntry.objects.filter(action="termination.submitted").count() == 1


def test_the_same_termination_twice_is_one():
    tender = published_tender()
    assert drafted(tender).pk == drafted(tender).pk
    assert LogEntry.objects.filter(action="termination.submitted").count() == 1


def test_awarded_lot_stands_against_it():
    """R-AWARD-09."""
    tender = published_tender(lots=2)
    tender.lots.filter(position=1).update(status=LotStatus.AWARDED)
    with pytest.raises(Refused) as refused:
        drafted(tender)
    assert refused.value.rule_id == "R-AWARD-09"


def test_second_publication_changes_nothing():
    tender = published_tender()
    row = ended(tender)
    with pytest.raises(MarketplaceError):
        terminations.publish_termination(actor=tender.people.approver, termination_id=row.pk)


def test_void_lot_is_copied_whole_and_counted_anew(market_clock):
    """R-EVAL-20."""
    tender = published_tender(lots=2)
    lot = tender.lots.get(position=2)
    tender.lots.filter(pk=lot.pk).update(status=LotStatus.VOID)
    market_clock.advance(days=25)
    new = retender.retender_lot(actor=tender.people.officer, lot_id=lot.pk)
    assert new.retender_of == lot and new.status == TenderStatus.DRAFT and new.number is None
    assert new.title == "静安区社区老年食堂运营服务（南片三个街道）（重新招标）"
    assert [row.budget_amount for row in new.lots.all()] == [lot.budget_amount]
    assert [row.text for row in new.conditions.all()] == [row.text for row in tender.conditions.all()]

    def tree(each):
        return [
            (
                row.title,
                row.points,
                row.parent.title if row.parent else "",
                [(r.text, r.points) for r in row.ranges.all()],
            )
            for row in each.criteria.order_by("position", "title")
        ]

    assert tree(new) == tree(tender)
    assert new.custodians.count() == 3
    assert new.deadline > tender.deadline


def test_retender_twice_answers_the_same_draft():
    tender = published_tender()
    ended(tender)
    lot = tender.lots.get()
    first = retender.retender_lot(actor=tender.people.officer, lot_id=lot.pk)
    assert retender.retender_lot(actor=tender.people.officer, lot_id=lot.pk) == first
    assert Tender.objects.count() == 2


def test_living_lot_is_not_tendered_again():
    tender = published_tender()
    with pytest.raises(MarketplaceError) as error:
        retender.retender_lot(actor=tender.people.officer, lot_id=tender.lots.get().pk)
    assert error.value.rule_id == "R-EVAL-20"
    stranger = make_person(make_body(), Role.OFFICER)
    with pytest.raises(NotAllowed):
        retender.retender_lot(actor=stranger, lot_id=tender.lots.get().pk)


def test_retendered_draft_can_be_published():
    tender = published_tender()
    ended(tender)
    new = retender.retender_lot(actor=tender.people.officer, lot_id=tender.lots.get().pk)
    new.people = tender.people
    from marketplace.procurement.services import draft

    draft.give_reason(
        actor=tender.people.officer, tender_id=new.pk, rule_id="R-PLAN-03", reason="重新招标，意向已公开过。"
    )
    save(new, "contacts", {"contact_name": "李雷"})
    tenders.submit_tender(actor=tender.people.officer, tender_id=new.pk)
    tenders.publish_tender(actor=tender.people.approver, tender_id=new.pk)
    new.refresh_from_db()
    assert new.number == "SH-2026-0002"
