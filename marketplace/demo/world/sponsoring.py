"""A company promises money to a call: drafted, checked by a second officer, signed by both."""

from __future__ import annotations

from decimal import Decimal

from marketplace.sponsorship.models import Agreement
from marketplace.sponsorship.services import agreement as services
from marketplace.ventures.models import Call

from ..queue import render_waiting
from .plans import JINGAN
from .town import Town
from .venturing import SPONSORED_POT

SPONSOR = "sponsor@company.example"


def offer(town: Town, call: Call) -> Agreement:
    """What the officers write down and offer. Each yuan of the company stands beside two of public money."""
    officer = town.actor(JINGAN.officer)
    data = services.AgreementInput(
        sponsor_id=town.body("sponsor").pk,
        pot_id=call.pots.get(name=SPONSORED_POT).pk,
        kind="sponsor",
        amount=Decimal("240000.00"),
        restriction="用于为老服务和困境儿童项目的活动和物资",
        match_rule="two",
        has_related=False,
        payee_name=town.body("jingan").name,
        bank_name="演示银行静安支行",
        bank_account="31600000000001",
        theme_ids=tuple(call.themes.exclude(title="助残服务").values_list("pk", flat=True)),
    )
    row = services.draft_agreement(actor=officer, call_id=call.pk, data=data)
    services.submit_agreement(actor=officer, agreement_id=row.pk)
    return services.offer_agreement(actor=town.actor(JINGAN.approver), agreement_id=row.pk)


def sign(town: Town, agreement: Agreement) -> None:
    """The company first, then the bureau: the promise stands."""
    render_waiting("sponsorship_agreement")
    for email in (SPONSOR, JINGAN.approver):
        actor = town.actor(email)
        services.sign_agreement(actor=actor, agreement_id=agreement.pk, code=town.code(actor))
