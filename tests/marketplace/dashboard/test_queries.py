"""What pages ask the database: the same with 10 and with 1,000 tenders, 100 bids, questions, files and payments."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind
from marketplace.audit.heads import fix_head
from marketplace.contracts.models import ChangeRequest, Contract, Disbursement, Evaluation, Milestone, ReportPhoto
from marketplace.contracts.services import change as changes, closing
from marketplace.core import clock
from marketplace.documents.models import Document
from marketplace.procurement.models import Bid, Lot, Question, Tender
from marketplace.procurement.services import question as questions
from marketplace.transparency.models import HistoricalProject
from tests.factories import grants
from tests.factories.accounts import make_code
from tests.factories.bids import opened_lot
from tests.factories.contracts import evaluated_contract, paid_milestone
from tests.factories.procurement import published_tender, supplier
from tests.factories.review import bidder_of
from tests.support.signed_in import client_for

pytestmark = pytest.mark.django_db
PUBLIC, WORKSPACE = 12, 25
MOST_ALIKE = 3
"""A statement that comes more often than this is asked for each row."""


def clones(row: Any, count: int, **changing: Callable[[int], Any]) -> list[Any]:
    """`count` copies of a row that differ in what must be unique; written in bulk, for counting only."""
    made = []
    for number in range(count):
        other = copy.copy(row)
        other.pk, other._state = None, models.base.ModelState()
        other._state.adding = True
        for name, value in changing.items():
            setattr(other, name, value(number))
        made.append(other)
    return type(row)._base_manager.bulk_create(made)


def asked(client: Client, address: str, most: int) -> int:
    """How many questions the page asks; too many, or one for each row, fails here."""
    client.get(address)  # what is remembered between requests is remembered
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    statements = [re.sub(r"\d+|'[^']*'", "?", query["sql"]) for query in queries]
    alike = Counter(statements).most_common(1)
    assert not alike or alike[0][1] <= MOST_ALIKE, f"{address}: {alike[0][1]} times {alike[0][0][:200]}"
    assert len(statements) <= most, f"{address} asks {len(statements)} times"
    return len(statements)


def same_when_grown(pages: Iterable[tuple[Client, str, int]], grow: Callable[[], None]) -> None:
    """Asked the same number of times before and after; an answer that is shorter by a page link or two is fine."""
    pages = list(pages)
    before = {address: asked(client, address, most) for client, address, most in pages}
    grow()
    after = {address: asked(client, address, most) for client, address, most in pages}
    assert {address: number for address, number in after.items() if number > before[address] + 1} == {}


def bodies(count: int) -> list[Body]:
    """Organizations to hang bids and questions on."""
    sample = supplier().body_id
    return clones(
        Body.objects.get(pk=sample), count, code=lambda n: make_code(BodyKind.ORGANIZATION), name=lambda n: f"机构 {n}"
    )


def test_a_thousand_tenders_a_hundred_questions_and_files(client: Client) -> None:
    tender = published_tender(lots=2)
    asker = supplier("晨曦社区服务中心")
    question = questions.ask_question(actor=asker, tender_id=tender.pk, text="可以租车吗？")
    questions.answer_question(actor=tender.people.officer, question_id=question.pk, answer="可以。")
    lots, document = list(tender.lots.all()), Document.objects.filter(subject=f"procurement.tender:{tender.pk}").first()
    assert document is not None

    def more(tenders: int, parts: int, start: int) -> None:
        rows = clones(
            Tender.objects.get(pk=tender.pk),
            tenders,
            number=lambda n: f"SH-2026-{start + n}",
            title=lambda n: f"项目 {n}",
        )
        for lot in lots:
            clones(Lot.objects.get(pk=lot.pk), tenders, tender_id=lambda n: rows[n].pk)
        asking = bodies(parts)
        clones(Question.objects.get(pk=question.pk), parts, body_id=lambda n: asking[n].pk)
        clones(document, parts, title=lambda n: f"附件 {start + n}", is_public=lambda n: True)

    more(9, 9, 2000)
    officer, approver, bidder = (client_for(who) for who in (tender.people.officer, tender.people.approver, asker))
    public = [
        "/",
        "/plans/",
        "/projects/",
        "/organizations/",
        "/funds/",
        "/log/",
        "/rules/",
        f"/tenders/{tender.number}/",
    ]
    inside = [reverse("dashboard:home"), reverse("procurement:tender-list")]
    detail = reverse("procurement:tender-detail", args=[tender.pk])
    pages = [(client, address, PUBLIC) for address in public]
    pages += [(who, address, WORKSPACE) for who in (officer, approver) for address in (*inside, detail)]
    pages += [(bidder, address, WORKSPACE) for address in (inside[0], reverse("procurement:bid-list"))]
    same_when_grown(pages, lambda: more(990, 90, 3000))


def test_a_hundred_bids() -> None:
    lot = opened_lot(4)
    bid, buyer = lot.bids.first(), lot.tender
    bidder = client_for(bidder_of(bid))
    pages = [
        (bidder, reverse("dashboard:home"), WORKSPACE),
        (bidder, reverse("procurement:bid-list"), WORKSPACE),
        (bidder, reverse("procurement:opening", args=[lot.pk]), WORKSPACE),
    ]

    def more() -> None:
        owners = bodies(96)
        clones(
            Bid.objects.get(pk=bid.pk),
            96,
            body_id=lambda n: owners[n].pk,
            receipt_number=lambda n: f"R-{n:04d}",
            label=lambda n: f"B{n}",
        )

    same_when_grown(pages, more)
    assert Bid.objects.filter(lot__tender=buyer).count() == 100


def test_a_hundred_contracts_payments_and_a_thousand_projects(client: Client) -> None:
    world = evaluated_contract(paid_milestone())
    contract, evaluation = world.contract, world.evaluation
    award, milestones = contract.award, list(contract.milestones.all())
    payment = Disbursement.objects.get()
    assert evaluation is not None

    def more(count: int, start: int) -> None:
        lots = clones(Lot.objects.get(pk=award.lot_id), count, position=lambda n: start + n)
        awards = clones(award, count, lot_id=lambda n: lots[n].pk)
        made = clones(
            Contract.objects.get(pk=contract.pk),
            count,
            award_id=lambda n: awards[n].pk,
            number=lambda n: f"HT-{start + n}",
        )
        stones = clones(Milestone.objects.get(pk=milestones[0].pk), count, contract_id=lambda n: made[n].pk)
        clones(
            payment,
            count,
            milestone_id=lambda n: stones[n].pk,
            number=lambda n: f"BF-{start + n}",
            bank_reference=lambda n: f"ICBC-{start + n}",
        )
        clones(Evaluation.objects.get(pk=evaluation.pk), count, contract_id=lambda n: made[n].pk)
        HistoricalProject.objects.bulk_create(
            HistoricalProject(
                series="F1", number=f"H{start + n}", title="社区助餐", region="310106", buyer_name="上海市民政局", amount=1,
                year=2010, organization_name="机构（演示）", fund_kind="lottery", purpose="elderly", track="venture_call",
            )
            for n in range(count * 10)
        )  # fmt: skip

    more(3, 10)
    public = ["/", "/projects/", f"/projects/{world.tender_number}/", "/about/figures/", "/funds/", "/organizations/"]
    public += [f"/organizations/{world.supplier.code}/", f"/funds/{world.awarded.line.fund_id}/"]
    lists = ["dashboard:home", "contracts:contract-list", "contracts:disbursement-list", "contracts:evaluation-list"]
    inside = [reverse(name) for name in lists]
    inside += [reverse("contracts:contract-detail", args=[contract.pk])]
    inside += [reverse("contracts:disbursement-detail", args=[payment.pk])]
    pages = [(client, address, PUBLIC) for address in public]
    for who in (world.officer, world.finance, world.reporter):
        own = client_for(who)
        pages += [(own, address, WORKSPACE) for address in inside]
    same_when_grown(pages, lambda: more(97, 100))


def test_the_project_of_a_grant_with_all_that_came_of_it(client: Client) -> None:
    """Stages, reports, payments, an evaluation, changes and money to be paid back; twice as much asks no more."""
    world = grants.paid(grants.active_agreement())
    _world, change = grants.asked_change(world, amount=Decimal("100.00"))
    changes.decide_change(actor=world.officer, change_id=change.pk, approve=True, opinion="同意")
    grants.paid(grants.passed(world, 2), 2)
    grants.paid(grants.passed(world, 3), 3)
    grants.audited(world, "80000.00")
    evaluated_contract(world)  # type: ignore[arg-type]
    assert world.evaluation is not None
    _world, payback = grants.demanded_payback(world, cause="unused", amount=Decimal("10000.00"), asks_ban=False)
    closing.record_receipt(
        actor=world.finance,
        payback_id=payback.pk,
        data=closing.ReceiptInput(Decimal("4000.00"), clock.today(), "TH001"),
    )
    head = fix_head()
    address = f"/projects/{world.grant.number}/"
    shown = client.get(address).content.decode()
    for text in ("4,000.00", change.reason, world.evaluation.reason_sentence, head.witness.short_root):
        assert text in shown, text

    def more() -> None:
        clones(payback.receipts.get(), 20, bank_reference=lambda n: f"TH-{n}")
        clones(ChangeRequest.objects.get(pk=change.pk), 20, position=lambda n: 10 + n)
        clones(ReportPhoto.objects.all()[0], 20)

    same_when_grown([(client, address, PUBLIC)], more)
