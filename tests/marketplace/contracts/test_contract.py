"""Contracts: drafting, signing, publishing, filing; each refusal leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketplace.accounts.roles import BodyKind, Role
from marketplace.audit.models import LogEntry
from marketplace.contracts.models import Contract, ContractStatus, MilestoneStatus
from marketplace.contracts.services import contract as services
from marketplace.contracts.texts import needs
from marketplace.core.clock import ZONE
from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused, StaleVersion
from marketplace.core.models import RuleValue
from marketplace.documents.generation import latest_document
from marketplace.documents.models import Document, Signature
from marketplace.documents.services import open_file
from marketplace.funds.models import LedgerEntry
from marketplace.funds.selectors import balance_of
from marketplace.procurement.models import AwardStatus, Lot, LotStatus, Suspension
from marketplace.publication.models import NoticeSnapshot
from tests.factories.accounts import make_body, make_person, totp_code
from tests.factories.awards import make_award
from tests.factories.contracts import (
    EARLY,
    World,
    a_pdf,
    active_contract,
    drafted_contract,
    proposed_contract,
    signed_contract,
)

pytestmark = pytest.mark.django_db


def refused(call: Callable[..., Any], **kwargs: Any) -> MarketplaceError:
    """The refusal; nothing was written to the log meanwhile."""
    before = LogEntry.objects.count()
    with pytest.raises(MarketplaceError) as caught:
        call(**kwargs)
    assert LogEntry.objects.count() == before
    return caught.value


def words(world: World, **changes: Any) -> services.ContractInput:
    contract = world.contract
    names = ("title", "service", "quantity", "quality", "place", "term_from", "term_to", "settlement", "rights", "breach",
             "bank_name", "bank_account")  # fmt: skip
    milestones = tuple(
        services.MilestoneInput(row.name, row.deliverable, row.due_on) for row in contract.milestones.all()
    )
    data = services.ContractInput(**{name: getattr(contract, name) for name in names}, milestones=milestones)
    return replace(data, **changes)


# drafting


def test_draft_takes_parties_price_and_milestones_from_award_and_tender() -> None:
    """R-CON-01, R-GPS-08."""
    world = drafted_contract()
    contract = world.contract
    assert (contract.buyer, contract.supplier, contract.amount) == (
        world.awarded.buyer,
        world.supplier,
        Decimal("486000.00"),
    )
    assert contract.number == "SH-HT-2026-0001"
    assert contract.sign_due == datetime(2026, 7, 13, 23, 59, 59, tzinfo=ZONE)
    assert [row.amount for row in contract.milestones.all()] == [
        Decimal("243000.00"),
        Decimal("194400.00"),
        Decimal("48600.00"),
    ]
    assert "彩票公益金资助-中国福利彩票" in contract.rights
    assert "486,000.00" in contract.settlement
    assert contract.bank_account == world.awarded.organization.bank_account


def test_the_draft_holds_what_the_bid_promised_and_names_its_subcontracting(db: None) -> None:
    """R-CON-01: as in documents and bid; R-CON-08: subcontracting only as the bid names it and with consent."""
    awarded = make_award()
    bid, criterion = (
        awarded.award.bid,
        awarded.tender.criteria.create(title="响应时间", kind="objective", points=10, position=1),
    )
    bid.contents = {
        "technical": {str(criterion.pk): "接到求助后 20 分钟内到场。"},
        "related": {"subcontracting": "夜间交通由有资质的出租企业承担"},
    }
    bid.save(update_fields=["contents"])
    contract = services.draft_contract(actor=awarded.officer, award_id=awarded.award.pk)
    assert contract.quality.endswith("构成合同内容：\n响应时间：接到求助后 20 分钟内到场。")
    assert "分包内容：夜间交通由有资质的出租企业承担。分包须经甲方书面同意" in contract.rights


def test_needs_are_not_said_twice() -> None:
    assert (
        needs("为 300 位老人提供陪护。每次留有记录。", "为 300 位老人提供陪护。")
        == "为 300 位老人提供陪护。每次留有记录。"
    )
    assert needs("总体需求", "北片") == "总体需求\n\n北片"


def test_odd_fen_go_to_the_largest_remainders() -> None:
    world = drafted_contract(price="100000.01", shares=(33, 33, 34))
    amounts = [row.amount for row in world.contract.milestones.all()]
    assert sum(amounts) == Decimal("100000.01")
    assert amounts == [Decimal("33000.00"), Decimal("33000.00"), Decimal("34000.01")]


def test_a_tender_without_milestones_gets_one_at_the_end() -> None:
    awarded = make_award(shares=())
    contract = services.draft_contract(actor=awarded.officer, award_id=awarded.award.pk)
    only = contract.milestones.get()
    assert (only.amount, only.share, only.due_on) == (contract.amount, 100, date(2026, 12, 21))


def test_fiscal_money_says_nothing_of_the_lottery() -> None:
    assert "彩票" not in drafted_contract(kind="fiscal").contract.rights


def test_a_second_start_gives_the_same_draft() -> None:
    world = drafted_contract()
    again = services.draft_contract(actor=world.officer, award_id=world.awarded.award.pk)
    assert (again.pk, Contract.objects.count()) == (world.contract.pk, 1)


def test_only_the_buyers_or_the_agents_officer_drafts() -> None:
    awarded = make_award()
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.OFFICER)
    for actor in (stranger, awarded.approver, awarded.admin):
        assert isinstance(refused(services.draft_contract, actor=actor, award_id=awarded.award.pk), NotAllowed)
    agency = make_body(BodyKind.AGENCY)
    awarded.tender.agency = agency
    awarded.tender.save()
    agent = make_person(agency, Role.OFFICER)
    assert services.draft_contract(actor=agent, award_id=awarded.award.pk).drafted_by_id == agent.user_id


def test_price_above_the_budget_cannot_be_drafted() -> None:
    """R-PLAN-01."""
    awarded = make_award(price="500000.01")
    error = refused(services.draft_contract, actor=awarded.officer, award_id=awarded.award.pk)
    assert error.rule_id == "R-PLAN-01"
    assert not Contract.objects.exists()


def test_an_award_that_is_not_published_cannot_be_concluded() -> None:
    awarded = make_award()
    awarded.award.status = AwardStatus.ANNULLED
    awarded.award.save()
    assert refused(services.draft_contract, actor=awarded.officer, award_id=awarded.award.pk).code == "wrong_state"


def test_milestones_beyond_the_calendar_are_provisional() -> None:
    """R-TIME-08: 2027 has no table yet; 2026-10-01 rolls over the holiday (R-TIME-02)."""
    world = drafted_contract(service=(date(2026, 9, 1), date(2027, 6, 30)), shares=(50, 50))
    first, last = world.contract.milestones.all()
    assert (first.is_provisional, last.is_provisional, last.due_on) == (True, True, date(2027, 6, 30))
    inside = words(world)
    rows = (replace(inside.milestones[0], due_on=date(2026, 10, 1)), inside.milestones[1])
    services.save_contract(
        actor=world.officer, contract_id=world.contract.pk, version=1, data=replace(inside, milestones=rows)
    )
    first = world.milestone(1)
    assert (first.due_on, first.is_provisional) == (date(2026, 10, 8), False)


def test_saving_counts_versions_and_a_stale_save_loses_nothing() -> None:
    world = drafted_contract()
    key = world.contract.pk
    services.save_contract(actor=world.officer, contract_id=key, version=1, data=words(world, quantity="300 人"))
    with pytest.raises(StaleVersion) as caught:
        services.save_contract(actor=world.officer, contract_id=key, version=1, data=words(world, quantity="1 项"))
    assert caught.value.current.quantity == "300 人"
    assert (world.refresh().contract.quantity, world.contract.version) == ("300 人", 2)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"term_to": date(2029, 7, 1)}, "R-CON-13"),
        ({"term_to": date(2026, 6, 30)}, "R-GPS-08"),
        ({"milestones": ()}, ""),
    ],
    ids=["longer than three years", "ends before it begins", "milestone taken out"],
)
def test_unlawful_words_are_refused(changes: dict[str, Any], rule: str) -> None:
    world = drafted_contract()
    error = refused(
        services.save_contract,
        actor=world.officer,
        contract_id=world.contract.pk,
        version=1,
        data=words(world, **changes),
    )
    assert error.rule_id == rule
    assert world.refresh().contract.version == 1


def test_an_incomplete_text_is_not_handed_over() -> None:
    """R-GPS-08."""
    world = drafted_contract()
    services.save_contract(actor=world.officer, contract_id=world.contract.pk, version=1, data=words(world, breach=" "))
    error = refused(services.propose_contract, actor=world.officer, contract_id=world.contract.pk)
    assert (error.rule_id, error.field) == ("R-GPS-08", "breach")
    assert world.refresh().contract.status == ContractStatus.DRAFT


# signing


def test_signed_by_both_sides_commits_the_money_and_concludes_the_lot() -> None:
    world = signed_contract()
    contract = world.contract
    assert contract.status == ContractStatus.SIGNED
    assert contract.early_reason == EARLY
    assert contract.publish_due == datetime(2026, 6, 17, 23, 59, 59, tzinfo=ZONE)
    assert contract.file_due == datetime(2026, 6, 25, 23, 59, 59, tzinfo=ZONE)
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.amount, entry.subject, entry.project) == (
        "commit",
        Decimal("486000.00"),
        f"contracts.contract:{contract.pk}",
        world.tender_number,
    )
    assert Lot.objects.get().status == LotStatus.CONTRACTED
    document = latest_document("contract", contract)
    signatures = Signature.objects.filter(document=document)
    assert {row.body_id for row in signatures} == {contract.buyer_id, contract.supplier_id}
    assert {row.sha256 for row in signatures} == {document.file.sha256}


def test_one_side_alone_concludes_nothing() -> None:
    world = proposed_contract()
    services.sign_contract(
        actor=world.approver, contract_id=world.contract.pk, code=totp_code(world.approver), reason=EARLY
    )
    assert world.refresh().contract.status == ContractStatus.SIGNING
    assert not LedgerEntry.objects.exists()
    again = refused(
        services.sign_contract, actor=world.approver, contract_id=world.contract.pk, code="000000", reason=EARLY
    )
    assert again.code == "repeated"
    assert Signature.objects.count() == 1


def test_who_drafted_cannot_sign() -> None:
    """Two officers of the buyer: one drafts, another signs."""
    awarded = make_award()
    both = make_person(awarded.buyer, Role.OFFICER, Role.APPROVER)
    contract = services.draft_contract(actor=both, award_id=awarded.award.pk)
    services.propose_contract(actor=both, contract_id=contract.pk)
    error = refused(services.sign_contract, actor=both, contract_id=contract.pk, code=totp_code(both), reason=EARLY)
    assert isinstance(error, NotAllowed)


def test_others_of_both_sides_and_strangers_cannot_sign() -> None:
    world = proposed_contract()
    stranger = make_person(make_body(BodyKind.GOVERNMENT), Role.APPROVER)
    for actor in (world.officer, world.finance, world.reporter, stranger):
        error = refused(services.sign_contract, actor=actor, contract_id=world.contract.pk, code="1", reason=EARLY)
        assert isinstance(error, NotAllowed), actor.name


def test_a_wrong_code_signs_nothing() -> None:
    world = proposed_contract()
    error = refused(
        services.sign_contract, actor=world.approver, contract_id=world.contract.pk, code="000000", reason=EARLY
    )
    assert error.field == "code"
    assert not Signature.objects.exists()


def test_inside_the_objection_window_the_buyer_must_say_why() -> None:
    """R-TIME-06: WARN with a written reason, logged."""
    world = proposed_contract()
    code = totp_code(world.approver)
    error = refused(services.sign_contract, actor=world.approver, contract_id=world.contract.pk, code=code)
    assert (error.rule_id, error.field) == ("R-TIME-06", "early_reason")
    assert not Signature.objects.exists()


def test_after_the_window_no_reason_is_asked(market_clock: Any) -> None:
    world = proposed_contract()
    until = world.awarded.award.objection_until
    assert until is not None
    market_clock.move_to(until + timedelta(seconds=1))
    services.sign_contract(actor=world.approver, contract_id=world.contract.pk, code=totp_code(world.approver))
    assert world.refresh().contract.early_reason == ""


def test_a_suspension_stops_signing_and_its_days_do_not_count(market_clock: Any) -> None:
    """R-AWARD-10, R-CON-01."""
    world = proposed_contract()
    supervisor = make_person(make_body(BodyKind.SUPERVISOR), Role.SUPERVISOR)
    stop = Suspension.objects.create(
        tender=world.awarded.tender,
        reason="核查",
        suspended_by_id=supervisor.user_id,
        suspended_at=datetime(2026, 6, 16, 9, tzinfo=ZONE),
    )
    code = totp_code(world.approver)
    key = world.contract.pk
    stopped = refused(services.sign_contract, actor=world.approver, contract_id=key, code=code, reason=EARLY)
    assert isinstance(stopped, Refused)
    stop.lifted_at = datetime(2026, 6, 26, 9, tzinfo=ZONE)
    stop.lifted_by_id = supervisor.user_id
    stop.save()
    market_clock.move_to(datetime(2026, 7, 20, 9, tzinfo=ZONE))  # due was 13 July, ten days were stopped
    services.sign_contract(actor=world.approver, contract_id=key, code=totp_code(world.approver))
    assert Signature.objects.count() == 1


def test_after_thirty_days_signing_is_refused_until_the_operator_lowers_the_rule(market_clock: Any) -> None:
    """R-CON-01: BLOCK; WARN with a reason once lowered."""
    world = proposed_contract()
    market_clock.move_to(datetime(2026, 7, 14, 0, 0, 0, tzinfo=ZONE))
    key = world.contract.pk
    late = refused(services.sign_contract, actor=world.admin, contract_id=key, code=totp_code(world.admin), reason="晚")
    assert late.rule_id == "R-CON-01"
    RuleValue.objects.create(
        rule_id="R-CON-01", valid_from=date(2026, 7, 14), key="value", value="", enforcement="WARN", reason="疫情"
    )
    services.sign_contract(
        actor=world.admin, contract_id=key, code=totp_code(world.admin), reason="双方负责人住院，已报备"
    )
    assert world.refresh().contract.early_reason == "双方负责人住院，已报备"


def test_taken_back_it_is_signed_anew_on_the_new_text() -> None:
    world = proposed_contract()
    key = world.contract.pk
    services.sign_contract(actor=world.admin, contract_id=key, code=totp_code(world.admin))
    first = latest_document("contract", world.contract)
    assert refused(services.take_back_contract, actor=world.admin, contract_id=key, reason=" ").field == "reason"
    services.take_back_contract(actor=world.approver, contract_id=key, reason="地点写错")
    world.refresh()
    services.save_contract(
        actor=world.officer, contract_id=key, version=1, data=words(world, place="上海市静安区彭浦镇")
    )
    services.propose_contract(actor=world.officer, contract_id=key)
    second = latest_document("contract", world.contract)
    assert (first.version, second.version) == (1, 2)
    services.sign_contract(actor=world.approver, contract_id=key, code=totp_code(world.approver), reason=EARLY)
    assert world.refresh().contract.status == ContractStatus.SIGNING  # the admin's signature counts for the old PDF


def test_a_line_that_holds_too_little_stops_the_second_signature() -> None:
    """R-PLAN-01: nothing is concluded, nothing is booked."""
    world = proposed_contract(line_amount="485999.99")
    key = world.contract.pk
    services.sign_contract(actor=world.approver, contract_id=key, code=totp_code(world.approver), reason=EARLY)
    error = refused(services.sign_contract, actor=world.admin, contract_id=key, code=totp_code(world.admin))
    assert error.rule_id == "R-PLAN-01"
    assert (world.refresh().contract.status, Signature.objects.count()) == (ContractStatus.SIGNING, 1)
    assert balance_of(world.awarded.line).committed == 0


# publishing, filing, scan


def test_published_with_its_fields_and_without_personal_data(real_documents: None) -> None:
    """R-CON-02, R-NOTICE-08, R-PUB-02."""
    world = active_contract()
    contract = world.contract
    assert (contract.status, contract.published_at is not None) == (ContractStatus.ACTIVE, True)
    notice = NoticeSnapshot.objects.get(kind="contract")
    assert notice.data["amount"] == "486000.00"
    assert notice.data["signed_on"] == "2026-06-15"
    assert notice.data["supplier_contact"].startswith("王*")
    public = latest_document("contract_public", contract)
    full = latest_document("contract", contract)
    assert (public.is_public, full.is_public) == (True, False)
    texts = {name: text_of(document) for name, document in {"public": public, "full": full}.items()}
    assert "6222021001112223334" in texts["full"]
    assert "6222021001112223334" not in texts["public"]
    assert "王敏" in texts["full"]
    assert "王敏" not in texts["public"]


def text_of(document: Document) -> str:
    import pypdfium2

    with open_file(document.file) as content:
        pages = pypdfium2.PdfDocument(content.read())
        return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")


def test_only_an_approver_publishes_and_once() -> None:
    world = signed_contract()
    key = world.contract.pk
    for actor in (world.officer, world.admin):
        assert isinstance(refused(services.publish_contract, actor=actor, contract_id=key), NotAllowed)
    services.publish_contract(actor=world.approver, contract_id=key)
    assert refused(services.publish_contract, actor=world.approver, contract_id=key).code == "wrong_state"
    assert NoticeSnapshot.objects.filter(kind="contract").count() == 1


def test_filed_with_a_number() -> None:
    """R-CON-03."""
    world = signed_contract()
    key = world.contract.pk
    error = refused(services.file_contract, actor=world.officer, contract_id=key, filing_number=" ")
    assert (error.rule_id, error.field) == ("R-CON-03", "filing_number")
    filed = services.file_contract(actor=world.officer, contract_id=key, filing_number=" 静财备2026-118 ")
    assert (filed.filing_number, filed.filed_at is not None) == ("静财备2026-118", True)


def test_scans_are_kept_beside_each_other_and_must_be_pdf() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    world = signed_contract()
    key = world.contract.pk
    services.attach_scan(actor=world.officer, contract_id=key, upload=a_pdf("一"))
    second = services.attach_scan(actor=world.admin, contract_id=key, upload=a_pdf("二"))
    assert (second.version, second.is_public) == (2, False)
    fake = SimpleUploadedFile("scan.pdf", b"MZ\x90 not a PDF", "application/pdf")
    assert refused(services.attach_scan, actor=world.officer, contract_id=key, upload=fake).field == "file"


def test_visibility() -> None:
    """A draft is the buyer's; from signing on both sides; a stranger and the operator never see it."""
    world = drafted_contract()
    operator = make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)
    auditor = make_person(make_body(BodyKind.AUDITOR), Role.AUDITOR)

    def sees(actor: Any) -> bool:
        return Contract.objects.visible_to(actor).exists()

    assert [sees(a) for a in (world.officer, world.admin, operator, auditor)] == [True, False, False, True]
    services.propose_contract(actor=world.officer, contract_id=world.contract.pk)
    assert sees(world.admin)


def test_nothing_is_reported_before_publication() -> None:
    assert signed_contract().milestone().status == MilestoneStatus.PENDING
