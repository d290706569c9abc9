"""Custodians, bids, closed and opened lots, brought there through the services.

A passphrase costs 1.2 s of computing each way, so most custodians here keep their identity themselves, as a careful
custodian would; `IDENTITIES` knows it, `decrypted_share` opens a share as the `age` tool would at home.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import transaction

from marketplace import audit
from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import Body, Membership
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.core.identifiers import next_number
from marketplace.core.rulesets import ruleset_for
from marketplace.core.schedule import run_due
from marketplace.documents.encryption import decrypt, new_identity, recipient_of
from marketplace.funds.models import BudgetLine, Fund
from marketplace.planning.models import ListedItem, PurchaseList
from marketplace.procurement.models import (
    Bid,
    BidDraft,
    Criterion,
    CustodianKey,
    CustodianShare,
    EligibilityCondition,
    Lot,
    LotStatus,
    Opening,
    Tender,
    TenderStatus,
    TrialShare,
)
from marketplace.procurement.rules.bid_contents import EVIDENCE, version_of
from marketplace.procurement.selectors.bids import answered_criteria
from marketplace.procurement.services.bids import mark_complete, submit_bid
from marketplace.procurement.services.custodians import appoint_custodian, prove_trial, register_public_key
from marketplace.procurement.services.drafts import PartPlace, attach_bytes, read_payload, save_section, start_draft
from marketplace.procurement.services.opening import hand_in_share
from marketplace.procurement.services.sealing import make_lot_key

from .accounts import make_body, make_person

PDF = "application/pdf"
IDENTITIES: dict[str, str] = {}


@cache
def small_pdf(text: str = "投标文件", pages: int = 1) -> bytes:
    """A real PDF with Chinese text, made once a session."""
    from weasyprint import HTML

    body = "".join(
        f"<section style='break-after:page'><h1>{text} {n}</h1><p>服务方案正文。</p></section>" for n in range(pages)
    )
    return HTML(string=f"<html lang='zh'><title>{text}</title>{body}").write_pdf()


def operator() -> Actor:
    body = Body.objects.filter(kind=BodyKind.OPERATOR).first() or make_body(BodyKind.OPERATOR)
    return make_person(body, Role.OPERATOR)


def proved_custodian(body: Body, appointed_by: Actor | None = None) -> CustodianKey:
    """A custodian with an own key kept at home, its trial share opened, appointed by the operator."""
    actor = make_person(body, Role.CUSTODIAN)
    identity = new_identity()
    key = register_public_key(actor=actor, public_key=recipient_of(identity))
    IDENTITIES[key.public_key] = identity
    trial = TrialShare.objects.get(key=key)
    prove_trial(actor=actor, share_text=decrypt(bytes(trial.encrypted_share), identity).decode())
    appoint_custodian(actor=appointed_by or operator(), key_id=key.pk)
    return key


def proved_custodians() -> list[CustodianKey]:
    """Three custodians of three bodies, ready to be named by a tender."""
    appointed_by = operator()
    bodies = (make_body(BodyKind.SUPERVISOR), make_body(BodyKind.AUDITOR), make_body(BodyKind.AGENCY))
    return [proved_custodian(body, appointed_by) for body in bodies]


def actor_of(key: CustodianKey) -> Actor:
    return actor_for(key.user, Membership.objects.get(user=key.user, body=key.body), has_second_factor=True)


def decrypted_share(share: CustodianShare) -> str:
    """What the custodian gets with `age --decrypt` at home."""
    return decrypt(bytes(share.encrypted_share), IDENTITIES[share.custodian.public_key]).decode()


def make_bidder(name: str = "") -> Actor:
    """A bidder of a fresh organization."""
    return make_person(make_body(BodyKind.ORGANIZATION, name=name), Role.BIDDER, Role.ORG_ADMIN, Role.REPORTER)


def draft_for(lot: Lot, actor: Actor, price: Decimal | str = "1000000.00", marker: str = "") -> BidDraft:
    """A complete draft: evidence, declaration, price, an answer and a PDF for each criterion, an annex."""
    draft = start_draft(actor=actor, lot_id=lot.pk)
    for section, values in sections(lot, price, marker).items():
        version = version_of(read_payload(draft), section)
        save_section(actor=actor, draft_id=draft.pk, section=section, version=version, values=values)
        draft.refresh_from_db()
    for place in places(lot):
        attach_bytes(
            actor=actor,
            draft_id=draft.pk,
            content=small_pdf() + (f"\n%{marker}\n%%EOF\n".encode() if marker else b""),
            name=f"{marker}{place.title}.pdf",
            content_type=PDF,
            place=place,
        )
    draft.refresh_from_db()
    return draft


def sections(lot: Lot, price: Decimal | str, marker: str) -> dict[str, dict[str, Any]]:
    answers = {
        str(c.pk): f"{marker}对「{c.title}」的响应：专职团队、服务流程、质量控制。" for c in answered_criteria(lot)
    }
    amount = Decimal(price)
    return {
        "evidence": {"note": f"{marker}证照齐全"},
        "declaration": {"agreed": True, "name": f"{marker}林晓晨", "made_at": clock.now().isoformat()},
        "price": {"amount": f"{amount:.2f}", "confirmed": False},
        "technical": answers,
        "related": {"none": True, "rows": marker, "subcontracting": marker},
        "contact": {"name": f"{marker}林晓晨", "phone": f"021-60000001{marker}"},
    }


def places(lot: Lot) -> list[PartPlace]:
    return [
        *(PartPlace("evidence", kind, kind) for kind in EVIDENCE),
        *(PartPlace("evidence", f"condition-{c.pk}", "证明") for c in lot.tender.conditions.exclude(evidence="")),
        *(PartPlace("technical", str(c.pk), c.title) for c in answered_criteria(lot)),
        PartPlace("annex", "", "附件"),
    ]


def sealed_bid(
    lot: Lot,
    organization: Actor | None = None,
    price: Decimal | str = "1000000.00",
    *,
    marker: str = "",
    keep_copy: bool = False,
) -> Bid:
    """A submitted, sealed bid of the organization's bidder (a fresh organization's if none is given)."""
    actor = organization or make_bidder()
    draft = draft_for(lot, actor, price, marker)
    mark_complete(actor=actor, draft_id=draft.pk)
    return submit_bid(actor=actor, draft_id=draft.pk, received_at=clock.now(), keep_copy=keep_copy)


PRICES = ("1000000.00", "1080000.00", "1150000.00", "960000.00", "1200000.00")


def open_lot(ceiling: str = "1300000.00", custodians: list[CustodianKey] | None = None) -> Lot:
    """A lot of a published tender with its key split for three custodians; deadline 7 July 2026, 09:30 (later in a later world)."""
    buyer = make_body(BodyKind.GOVERNMENT)
    officer, approver = make_person(buyer, Role.OFFICER), make_person(buyer, Role.APPROVER)
    fund = Fund.objects.create(body=buyer, kind="lottery", name="福利彩票公益金", year=2026)
    line = BudgetLine.objects.create(
        fund=fund,
        code=f"L{fund.pk}",
        name="养老服务",
        purpose="elderly",
        amount=Decimal("2000000.00"),
        approved_on=clock.today(),
    )
    purchase_list = PurchaseList.objects.create(body=buyer, year=2026)
    item = ListedItem.objects.create(
        purchase_list=purchase_list,
        name="社区为老服务",
        outline="为老人提供日间照料",
        directory_code="A0101",
        budget_line=line,
        amount=Decimal("1500000.00"),
        planned_month=date(2026, 6, 1),
    )
    with transaction.atomic():
        number = next_number("project", buyer.region)
    tender = Tender.objects.create(
        item=item,
        buyer=buyer,
        number=number,
        title="社区为老服务项目",
        status=TenderStatus.PUBLISHED,
        created_by_id=officer.user_id,
        created_at=clock.now(),
        submitted_by_id=officer.user_id,
        published_by_id=approver.user_id,
        published_at=clock.now(),
        budget_amount=Decimal("1500000.00"),
        documents_until=datetime(2026, 7, 7, 9, 30, tzinfo=clock.ZONE),
        deadline=max(datetime(2026, 7, 7, 9, 30, tzinfo=clock.ZONE), clock.now() + timedelta(days=22)),
        contact_name="王敏",
        contact_phone="021-60000000",
        rules=ruleset_for(buyer.region, "district", clock.today()).freeze(),
    )
    EligibilityCondition.objects.create(tender=tender, text="持有养老服务备案回执", evidence="备案回执")
    EligibilityCondition.objects.create(tender=tender, position=2, text="不接受联合体")
    price = {"kind": "price", "title": "报价", "points": Decimal(15)}
    judged = (
        {"title": "服务方案", "points": Decimal(60)},
        {"title": "团队", "points": Decimal(25), "kind": "objective"},
    )
    for position, values in enumerate((*judged, price), start=1):
        Criterion.objects.create(tender=tender, position=position, **values)
    lot = Lot.objects.create(
        tender=tender,
        title="第一包",
        budget_amount=Decimal("1500000.00"),
        price_ceiling=Decimal(ceiling),
        status=LotStatus.OPEN,
    )
    keys = custodians or proved_custodians()
    for key in keys:
        tender.custodians.create(key=key, named_by_id=officer.user_id, named_at=clock.now())
    with audit.transaction() as log:
        make_lot_key(log, lot)
    return lot


def closed_lot(bids: int = 3, lot: Lot | None = None, prices: tuple[str, ...] = PRICES) -> Lot:
    """A lot after its deadline, counted, its head fixed; void when there are fewer than three bids."""
    lot = lot or open_lot()
    for number in range(bids):
        sealed_bid(lot, price=prices[number % len(prices)])
    after = lot.tender.deadline + timedelta(seconds=61)  # type: ignore[operator]
    clock.move_to(max(after, clock.now()))
    run_due(clock.now())
    lot.refresh_from_db()
    return lot


def hand_in(lot: Lot, count: int = 2) -> None:
    """That many custodians hand in their shares, as pasted texts."""
    for share in CustodianShare.objects.filter(lot_key__lot=lot).order_by("index")[:count]:
        hand_in_share(actor=actor_of(share.custodian), lot_id=lot.pk, share_text=decrypted_share(share))


def opened_lot(bids: int = 3, lot: Lot | None = None, prices: tuple[str, ...] = PRICES) -> Lot:
    """A lot whose bids two custodians have opened: prices, labels and files are there."""
    lot = closed_lot(bids, lot, prices)
    hand_in(lot)
    lot.refresh_from_db()
    return lot


def opening_of(lot: Lot) -> Opening:
    return Opening.objects.get(lot=lot)
