"""Agreements in every state, brought there through the services. A call with pots of all four pockets is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Body
from marketplace.accounts.roles import BodyKind, Role
from marketplace.core import clock
from marketplace.documents.generation import build_document
from marketplace.funds.models import BudgetLine, FundKind
from marketplace.sponsorship.models import Agreement, AgreementStatus
from marketplace.sponsorship.services import agreement as services
from marketplace.sponsorship.services.agreement import AgreementInput
from marketplace.ventures.models import Application, ApplicationStatus, Call, Grant, GrantShare
from marketplace.ventures.services.call import close_call

from .accounts import make_body, make_person, totp_code
from .planning import BuyerPeople, budget_line, buyer_people
from .ventures import fiscal_line, lottery_line, open_call, pot_row


@dataclass
class Sponsored:
    """A published call with a pot of each pocket, its people, and a sponsor with an administrator."""

    call: Call
    people: BuyerPeople
    line: BudgetLine
    sponsor: Body
    admin: Actor

    def pot(self, name: str = "社会资本资金池") -> Any:
        return self.call.pots.get(name=name)

    @property
    def second_finance(self) -> Actor:
        return make_person(self.people.body, Role.FINANCE)


def sponsored_call() -> Sponsored:
    people = buyer_people()
    line = budget_line(people.body, "500000.00", FundKind.SPONSOR, "SH-ZB")
    gifts = budget_line(people.body, "300000.00", FundKind.GIFT, "XY-JZ")
    call = open_call(
        people,
        pots=[
            pot_row(lottery_line(people)),
            pot_row(fiscal_line(people), "400000.00", "财政资金池"),
            pot_row(line, "500000.00", "社会资本资金池"),
            pot_row(gifts, "300000.00", "捐赠资金池"),
        ],
    )
    sponsor, admin = make_sponsor()
    return Sponsored(call, people, line, sponsor, admin)


def make_sponsor(name: str = "海川实业有限公司") -> tuple[Body, Actor]:
    body = make_body(BodyKind.SPONSOR, name=name)
    return body, make_person(body, Role.ORG_ADMIN, second_factor=True)


def agreement_input(world: Sponsored, **changes: Any) -> AgreementInput:
    values: dict[str, Any] = {
        "sponsor_id": world.sponsor.pk,
        "pot_id": world.pot().pk,
        "kind": "sponsor",
        "amount": Decimal("200000.00"),
        "restriction": "仅用于独居老人照护项目",
        "has_related": False,
        "payee_name": world.people.body.name,
        "bank_name": "上海银行静安支行",
        "bank_account": "31600000000000",
    }
    return AgreementInput(**{**values, **changes})


def draft(world: Sponsored, **changes: Any) -> Agreement:
    return services.draft_agreement(
        actor=world.people.officer, call_id=world.call.pk, data=agreement_input(world, **changes)
    )


def submitted(world: Sponsored, **changes: Any) -> Agreement:
    row = draft(world, **changes)
    return services.submit_agreement(actor=world.people.officer, agreement_id=row.pk)


def offered(world: Sponsored, **changes: Any) -> Agreement:
    row = submitted(world, **changes)
    row = services.offer_agreement(actor=world.people.approver, agreement_id=row.pk)
    build_document("sponsorship_agreement", row)
    return row


def signed(world: Sponsored, admin: Actor | None = None, **changes: Any) -> Agreement:
    row = offered(world, **changes)
    for actor in (admin or world.admin, world.people.approver):
        row = services.sign_agreement(actor=actor, agreement_id=row.pk, code=totp_code(actor))
    assert row.status == AgreementStatus.SIGNED
    return row


def close(world: Sponsored, market_clock: Any) -> None:
    """The deadline has passed, the call is closed."""
    world.call.refresh_from_db()
    if world.call.status == "published":
        market_clock.move_to(world.call.deadline + timedelta(minutes=1))
        close_call(call_id=world.call.pk)


def called(world: Sponsored, market_clock: Any, **changes: Any) -> Agreement:
    row = signed(world, **changes)
    close(world, market_clock)
    return services.call_in(actor=world.people.officer, agreement_id=row.pk)


def make_grant(world: Sponsored, shares: dict[str, str], title: str = "夜间陪护") -> Grant:
    """A granted application with its shares by pot, as the room of the decision leaves it."""
    body = make_body(BodyKind.ORGANIZATION)
    application = Application.objects.create(
        call=world.call,
        body=body,
        form=world.call.form_versions.first(),
        status=ApplicationStatus.GRANTED,
        title=title,
        created_by_id=make_person(body, Role.BIDDER).user_id,
        created_at=clock.now(),
        submitted_at=clock.now(),
    )
    number = f"SH-2026-{Grant.objects.count() + 501:04d}"
    amount = sum((Decimal(value) for value in shares.values()), Decimal(0))
    grant = Grant.objects.create(
        application=application,
        number=number,
        amount=amount,
        confirmed_by_id=world.people.approver.user_id,
        confirmed_at=clock.now(),
    )
    for name, value in shares.items():
        GrantShare.objects.create(grant=grant, pot=world.pot(name), amount=Decimal(value))
    return grant
