"""An awarded lot with everything a contract is drafted from, until the review brings one there by its services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.identifiers import next_number
from marketplace.funds.models import BudgetLine, Fund, FundKind, Purpose
from marketplace.organizations.models import Organization, OrganizationKind
from marketplace.planning.models import ListedItem, PurchaseList
from marketplace.procurement.models import (
    Award,
    AwardStatus,
    Bid,
    BidStatus,
    Lot,
    LotStatus,
    MilestonePlan,
    Tender,
    TenderStatus,
)

from .accounts import make_body, make_person

SERVICE = "为辖区内300名独居老人提供夜间应急陪护，接到呼叫后15分钟内到达，每月上门巡访不少于两次，并建立一人一档。"
QUALITY = "夜间响应平均不超过15分钟，服务对象满意度不低于90%，档案完整率100%。"


@dataclass
class Awarded:
    """An award and the people around it."""

    award: Award
    buyer: Body
    supplier: Body
    organization: Organization
    line: BudgetLine
    officer: Actor
    approver: Actor
    finance: Actor
    admin: Actor
    reporter: Actor

    @property
    def lot(self) -> Lot:
        return self.award.lot

    @property
    def tender(self) -> Tender:
        return self.award.lot.tender


def project_number(region: str) -> str:
    """PostgreSQL wants a transaction around the lock of the series."""
    with transaction.atomic():
        return next_number("project", region)


def make_line(body: Body, *, amount: str = "1000000.00", kind: str = FundKind.LOTTERY, code: str = "") -> BudgetLine:
    """An approved line of a fund for the elderly."""
    year = clock.today().year
    fund, _created = Fund.objects.get_or_create(body=body, kind=kind, year=year, defaults={"name": "福彩公益金"})
    return BudgetLine.objects.create(
        fund=fund,
        code=code or f"YL-{fund.lines.count() + 1:03d}",
        name="居家养老服务",
        purpose=Purpose.ELDERLY,
        amount=Decimal(amount),
        approved_on=date(year, 1, 15),
    )


def make_award(
    *,
    price: str = "486000.00",
    shares: tuple[int, ...] = (50, 40, 10),
    decided: datetime | None = None,
    service: tuple[date, date] = (date(2026, 7, 1), date(2026, 12, 20)),
    kind: str = FundKind.LOTTERY,
    line_amount: str = "1000000.00",
) -> Awarded:
    """A published award: the winner's bid, the plan of milestones, the objection window still open or not."""
    buyer = make_body(BodyKind.GOVERNMENT)
    supplier = make_body(BodyKind.ORGANIZATION)
    organization = Organization.objects.create(
        body=supplier,
        kind=OrganizationKind.SERVICE_AGENCY,
        bank_name="中国工商银行上海静安支行",
        bank_account="6222021001112223334",
    )
    line = make_line(buyer, amount=line_amount, kind=kind)
    officer = make_person(buyer, Role.OFFICER, name="经办陈晨")
    approver = make_person(buyer, Role.APPROVER, name="审批林立")
    bidder = make_person(supplier, Role.BIDDER, name="投标周舟")
    lot = _lot(buyer, line, officer, service, shares)
    award = _award(lot, supplier, bidder, officer, approver, Decimal(price), decided or clock.now() - timedelta(days=3))
    return Awarded(
        award=award,
        buyer=buyer,
        supplier=supplier,
        organization=organization,
        line=line,
        officer=officer,
        approver=approver,
        finance=make_person(buyer, Role.FINANCE, name="财务何合"),
        admin=make_person(supplier, Role.ORG_ADMIN, name="负责人孙晨", second_factor=True),
        reporter=make_person(supplier, Role.REPORTER, name="项目吴悠"),
    )


def _lot(buyer: Body, line: BudgetLine, officer: Actor, service: tuple[date, date], shares: tuple[int, ...]) -> Lot:
    year = PurchaseList.objects.create(body=buyer, year=2026)
    item = ListedItem.objects.create(
        purchase_list=year,
        name="独居老人夜间应急陪护",
        outline=SERVICE,
        directory_code="A0301",
        budget_line=line,
        amount=Decimal("500000.00"),
        planned_month=date(2026, 4, 1),
    )
    tender = Tender.objects.create(
        item=item,
        buyer=buyer,
        number=project_number(buyer.region),
        title="独居老人夜间应急陪护",
        status=TenderStatus.PUBLISHED,
        created_by_id=officer.user_id,
        created_at=clock.now(),
        needs=SERVICE,
        service_place="上海市静安区临汾路街道",
        service_from=service[0],
        service_to=service[1],
        quality=QUALITY,
        budget_amount=Decimal("500000.00"),
        payment_terms="按节点支付，验收合格后付款。",
    )
    step = (service[1] - service[0]) / max(len(shares), 1)
    for position, share in enumerate(shares, start=1):
        MilestonePlan.objects.create(
            tender=tender,
            position=position,
            name=f"第{position}期",
            deliverable=f"第{position}期服务报告与服务档案",
            due_on=service[0] + step * position,
            share=Decimal(share),
        )
    return Lot.objects.create(
        tender=tender, title="独居老人夜间应急陪护", budget_amount=Decimal("500000.00"), status=LotStatus.AWARDED
    )


def _award(
    lot: Lot, supplier: Body, bidder: Actor, officer: Actor, approver: Actor, price: Decimal, decided: datetime
) -> Award:
    bid = Bid.objects.create(
        lot=lot,
        body=supplier,
        status=BidStatus.VALID,
        manifest=b"",
        manifest_sha256="0" * 64,
        plaintext_commitment="0" * 64,
        receipt_number=f"HZ-{lot.pk}-1",
        submitted_by_id=bidder.user_id,
        received_at=decided - timedelta(days=10),
        price=price,
        label="A",
    )
    return Award.objects.create(
        lot=lot,
        bid=bid,
        status=AwardStatus.PUBLISHED,
        report_received_at=decided - timedelta(days=2),
        proposed_by_id=officer.user_id,
        proposed_at=decided - timedelta(days=1),
        decided_by_id=approver.user_id,
        decided_at=decided,
        objection_until=decided + timedelta(days=12),
    )
