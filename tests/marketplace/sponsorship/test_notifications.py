"""Who is told what about an agreement and its money."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.core import clock
from marketplace.core.schedule import run_due
from marketplace.notifications.models import Message
from marketplace.sponsorship.services import refunds
from marketplace.sponsorship.services.payments import Arrival, book_arrival
from tests.factories import sponsorship as make

pytestmark = pytest.mark.django_db


def told(actor) -> list[str]:
    return list(Message.objects.filter(user_id=actor.user_id).order_by("pk").values_list("kind", flat=True))


def pay(agreement, amount=None):
    arrival = Arrival("bank", f"x{agreement.pk}", amount or agreement.to_pay, "CNY", clock.now(), method="bank")
    return book_arrival(agreement_id=agreement.pk, arrival=arrival)


def test_the_sponsor_is_told_from_the_offer_to_the_receipt(world, market_clock):
    row = make.called(world, market_clock)
    market_clock.move_to(row.pay_due - timedelta(days=6))
    run_due()
    pay(row)
    assert told(world.admin) == [
        "agreement-offered",
        "agreement-signed",
        "agreement-called",
        "payment-reminder",
        "sponsor-paid",
    ]
    reminder = Message.objects.get(kind="payment-reminder")
    assert "7 天" in reminder.title and "200,000.00" in reminder.text


def test_the_lead_is_told_of_a_lapse_a_held_payment_and_a_repayment(world, market_clock):
    row = make.called(world, market_clock)
    held = pay(row, Decimal("5.00"))
    assert told(world.people.finance)[-1] == "sponsor-payment-held"
    refunds.ask_refund(actor=world.people.finance, payment_id=held.pk, amount=held.amount, reason="错付")
    assert told(world.people.approver)[-1] == "refund-asked"
    market_clock.move_to(row.pay_due + timedelta(minutes=1))
    run_due()
    assert told(world.people.officer)[-1] == "agreement-lapsed" == told(world.admin)[-1]
