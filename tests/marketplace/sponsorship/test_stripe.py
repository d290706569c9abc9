"""Paying through Stripe: each request looked at by stripe-mock, each event signed by stripe's own library."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest
import stripe
from django.core.management import call_command
from django.test import Client

from marketplace.core.exceptions import MarketplaceError, NotAllowed, Refused
from marketplace.core.schedule import run_due
from marketplace.funds.models import IncomeEntry
from marketplace.funds.selectors import agreement_money, balance_of
from marketplace.sponsorship.gateways import stripe_gateway
from marketplace.sponsorship.models import (
    AgreementStatus,
    CheckoutSession,
    Dispute,
    EventState,
    Payment,
    PaymentState,
    Refund,
    RefundStatus,
    StripeComparison,
    WebhookEvent,
)
from marketplace.sponsorship.services import agreement as agreements, payments, refunds, webhooks
from marketplace.sponsorship.services.checkout import open_checkout
from marketplace.sponsorship.services.reconciliation import compare_with_stripe
from tests.factories import sponsorship as make

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def agreement(world, market_clock):
    return make.called(world, market_clock)


def visit(world, agreement) -> CheckoutSession:
    return open_checkout(actor=world.admin, agreement_id=agreement.pk)


def paid(world, agreement, edge, client=None, **how):
    """One visit, paid and delivered. Answers the payment."""
    session = visit(world, agreement)
    event = edge.pay(session.session_id, **how)
    assert edge.deliver(client or Client(), event).status_code == 200
    return Payment.objects.get(external_id=edge.sessions[session.session_id]["payment_intent"])


def test_each_visit_makes_a_fresh_session_for_the_agreed_amount(world, agreement, stripe_edge):
    first, second = visit(world, agreement), visit(world, agreement)
    assert first.session_id != second.session_id and first.key != second.key
    method, path, sent = stripe_edge.requests[0]
    assert (method, path, stripe_edge.refused) == ("POST", "/v1/checkout/sessions", [])
    assert sent["line_items[0][price_data][unit_amount]"] == "20000000"
    assert sent["line_items[0][price_data][currency]"] == "cny"
    assert sent["payment_intent_data[capture_method]"] == "automatic"
    assert sent["client_reference_id"] == agreement.number
    assert sent["payment_method_types[2]"] == "wechat_pay"
    assert sent["payment_method_options[wechat_pay][client]"] == "web"
    assert "/paid/" in sent["success_url"]
    left = int(sent["expires_at"]) - time.time()
    assert 1800 < left < 86400


def test_the_same_request_again_gives_the_same_session(world, agreement, stripe_edge):
    """Stripe's answer got lost: asked again with the key it has, it is one session."""
    session = visit(world, agreement)
    page = stripe_gateway.create_session(
        session, success_url="https://x.example/a", cancel_url="https://x.example/b", language="en"
    )
    assert page.session_id == session.session_id and len(stripe_edge.sessions) == 1


def test_who_may_not_pay_and_when(world, agreement, stripe_edge, market_clock, settings):
    _other, stranger = make.make_sponsor("别家企业有限公司")
    with pytest.raises(NotAllowed) as refused:
        open_checkout(actor=stranger, agreement_id=agreement.pk)
    assert refused.value.rule_id == "R-CHAR-02"
    with pytest.raises(NotAllowed):
        open_checkout(actor=world.people.officer, agreement_id=agreement.pk)
    settings.STRIPE_WEBHOOK_SECRET = ""
    with pytest.raises(MarketplaceError):
        visit(world, agreement)
    settings.STRIPE_WEBHOOK_SECRET = stripe_edge.secret
    market_clock.move_to(agreement.pay_due + timedelta(seconds=1))
    with pytest.raises(MarketplaceError) as late:
        visit(world, agreement)
    assert late.value.rule_id == "R-TIME-07"
    assert stripe_edge.requests == [] and not CheckoutSession.objects.exists()


def test_what_stripe_refuses_changes_nothing(world, agreement, stripe_edge):
    stripe_edge.is_down = True
    with pytest.raises(stripe_gateway.GatewayError):
        visit(world, agreement)
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.CALLED and not Payment.objects.exists()


def test_only_the_verified_event_books(world, agreement, stripe_edge, client_for):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)
    page = client_for(world.admin).get(f"/workspace/sponsorships/{agreement.pk}/paid/")
    assert "正在等待 Stripe 确认" in page.content.decode() and not Payment.objects.exists()
    assert stripe_edge.deliver(Client(), event).status_code == 200
    payment = Payment.objects.get()
    agreement.refresh_from_db()
    assert (payment.state, payment.amount, agreement.status) == (
        PaymentState.BOOKED,
        D("200000.00"),
        AgreementStatus.PAID,
    )
    assert agreement_money(agreement).received == D("200000.00")
    assert balance_of(world.line).received == D("200000.00")
    stored = WebhookEvent.objects.get()
    assert (stored.state, stored.kind) == (EventState.DONE, "checkout.session.completed")
    assert '"cs_' in stored.payload


def test_twice_is_once(world, agreement, stripe_edge):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)
    for _time in range(3):
        assert stripe_edge.deliver(Client(), event).status_code == 200
    assert Payment.objects.count() == 1 and IncomeEntry.objects.filter(kind="receive").count() == 1
    assert WebhookEvent.objects.get().deliveries == 3


@pytest.mark.parametrize("how", [{"secret": "whsec_other"}, {"at": 1}], ids=["wrong signature", "old time"])
def test_an_unverified_delivery_is_kept_and_changes_nothing(world, agreement, stripe_edge, how):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)
    for _time in range(2):
        assert stripe_edge.deliver(Client(), event, **how).status_code == 400
    kept = WebhookEvent.objects.get()
    assert (kept.state, kept.event_id, kept.deliveries) == (EventState.REFUSED, None, 2)
    assert not Payment.objects.exists()
    with pytest.raises(MarketplaceError):
        webhooks.replay(actor=operator(), event_pk=kept.pk)
    assert stripe_edge.deliver(Client(), event).status_code == 200  # the right one still counts
    assert Payment.objects.count() == 1


def operator():
    from marketplace.accounts.roles import BodyKind, Role
    from tests.factories.accounts import make_body, make_person

    return make_person(make_body(BodyKind.OPERATOR), Role.OPERATOR)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[1]"], ids=["empty", "no event", "no text", "a list"])
def test_garbage_is_refused(client, stripe_edge, body):
    answer = client.post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": "t=1,v1=x"}
    )
    assert answer.status_code == 400 and not Payment.objects.exists()


@pytest.mark.parametrize(
    ("how", "reason"),
    [({"amount": 19999900}, "amount"), ({"currency": "usd"}, "currency")],
    ids=["another amount", "another currency"],
)
def test_what_does_not_fit_is_held(world, agreement, stripe_edge, how, reason):
    payment = paid(world, agreement, stripe_edge, **how)
    agreement.refresh_from_db()
    assert (payment.state, payment.hold_reason) == (PaymentState.HELD, reason)
    assert agreement.status == AgreementStatus.CALLED and agreement_money(agreement).received == 0


def test_an_amount_that_differs_can_be_booked_with_a_reason(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge, amount=15000000)
    with pytest.raises(NotAllowed):
        payments.accept_payment(actor=world.people.officer, payment_id=payment.pk, reason="x")
    with pytest.raises(MarketplaceError) as empty:
        payments.accept_payment(actor=world.people.finance, payment_id=payment.pk, reason=" ")
    assert empty.value.field == "reason"
    payments.accept_payment(actor=world.people.finance, payment_id=payment.pk, reason="出资方来函说明")
    agreement.refresh_from_db()
    money = agreement_money(agreement)
    assert (agreement.status, agreement.to_pay) == (AgreementStatus.PAID, D("150000.00"))
    assert (money.promised, money.received) == (D("150000.00"), D("150000.00"))
    with pytest.raises(MarketplaceError):
        payments.accept_payment(actor=world.people.finance, payment_id=payment.pk, reason="再一次")


def test_another_currency_is_never_booked(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge, currency="usd")
    with pytest.raises(MarketplaceError):
        payments.accept_payment(actor=world.people.finance, payment_id=payment.pk, reason="汇率换算")
    payment.refresh_from_db()
    assert payment.state == PaymentState.HELD


def test_an_unknown_session_is_the_operators(stripe_edge, db):
    assert stripe_edge.deliver(Client(), stripe_edge.stranger()).status_code == 200
    payment, event = Payment.objects.get(), WebhookEvent.objects.get()
    assert (payment.state, payment.hold_reason, payment.agreement) == (PaymentState.HELD, "unknown", None)
    assert event.state == EventState.HELD
    webhooks.settle_event(actor=operator(), event_pk=event.pk, note="测试账户的款项，已在后台退回")
    event.refresh_from_db()
    assert event.state == EventState.IGNORED
    stripe_edge.deliver(Client(), stripe_edge.refund_outside(payment.external_id, 5000))
    payment.refresh_from_db()
    assert payment.state == PaymentState.RETURNED


def test_paid_twice_over_two_pages_is_held_and_goes_back(world, agreement, stripe_edge):
    first = paid(world, agreement, stripe_edge)
    session = CheckoutSession.objects.create(
        agreement=agreement, key="k2", session_id="cs_old", amount=D("200000.00"), currency="CNY",
        made_by_id=world.admin.user_id, made_at=first.paid_at, expires_at=first.paid_at,
    )  # fmt: skip
    stripe_edge.sessions["cs_old"] = {
        **next(iter(stripe_edge.sessions.values())),
        "id": "cs_old",
        "payment_status": "unpaid",
    }
    stripe_edge.deliver(Client(), stripe_edge.pay(session.session_id))
    second = Payment.objects.exclude(pk=first.pk).get()
    assert (second.state, second.hold_reason) == (PaymentState.HELD, "repeated")
    refund = refunds.ask_refund(
        actor=world.people.finance, payment_id=second.pk, amount=second.amount, reason="重复付款"
    )
    refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)
    refund = refunds.send_refund(refund_id=refund.pk)
    stripe_edge.deliver(Client(), stripe_edge.settle_refund(refund.external_id))
    second.refresh_from_db()
    agreement.refresh_from_db()
    assert (second.state, agreement.status) == (PaymentState.RETURNED, AgreementStatus.PAID)
    assert (
        agreement_money(agreement).received == D("200000.00") and not IncomeEntry.objects.filter(kind="refund").exists()
    )


def test_late_after_the_lapse_is_held(world, agreement, stripe_edge, market_clock):
    session = visit(world, agreement)
    market_clock.move_to(agreement.pay_due + timedelta(days=1))
    agreements.lapse(agreement_id=agreement.pk)
    stripe_edge.deliver(Client(), stripe_edge.pay(session.session_id))
    payment = Payment.objects.get()
    assert (payment.state, payment.hold_reason) == (PaymentState.HELD, "late")
    payments.accept_payment(actor=world.people.finance, payment_id=payment.pk, reason="同意补登")
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.PAID and balance_of(world.line).promised == D("200000.00")


def test_paid_in_time_and_told_late_counts(world, agreement, stripe_edge, market_clock):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)
    event["created"] -= 3 * 86400
    market_clock.move_to(agreement.pay_due + timedelta(days=1))
    agreements.lapse(agreement_id=agreement.pk)
    assert agreement_money(agreement).promised == 0
    stripe_edge.deliver(Client(), event)
    agreement.refresh_from_db()
    assert Payment.objects.get().state == PaymentState.BOOKED and agreement.status == AgreementStatus.PAID
    assert balance_of(world.line).promised == D("200000.00")


def test_out_of_order_waits(world, agreement, stripe_edge):
    session = visit(world, agreement)
    done = stripe_edge.pay(session.session_id)
    intent = stripe_edge.sessions[session.session_id]["payment_intent"]
    dispute = stripe_edge.dispute(intent, 20000000)
    assert stripe_edge.deliver(Client(), dispute).status_code == 200
    assert WebhookEvent.objects.get().state == EventState.WAITING
    stripe_edge.deliver(Client(), done)
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {EventState.DONE}
    assert Dispute.objects.get().payment == Payment.objects.get()


def test_killed_between_storing_and_booking(world, agreement, stripe_edge, monkeypatch):
    """The charge is made, the event stored, and the process dies: `run_due` books it, once."""
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "record_payment", die)
        with pytest.raises(KeyboardInterrupt):
            stripe_edge.deliver(Client(), event)
    assert WebhookEvent.objects.get().state == EventState.NEW and not Payment.objects.exists()
    assert any(key.startswith("sponsorship.event:") for key in run_due().done)
    assert Payment.objects.get().state == PaymentState.BOOKED
    assert not any(key.startswith("sponsorship.event:") for key in run_due().done)


def test_killed_before_the_answer_of_stripe_was_noted(world, agreement, stripe_edge):
    """The session was made, our note of it was not: the event brings our key back."""
    stripe_edge.lose_answer = True
    with pytest.raises(stripe_gateway.GatewayError):
        visit(world, agreement)
    stripe_edge.lose_answer = False
    assert CheckoutSession.objects.get().session_id is None
    stripe_edge.deliver(Client(), stripe_edge.pay(next(iter(stripe_edge.sessions))))
    assert Payment.objects.get().state == PaymentState.BOOKED


def test_the_nightly_comparison_finds_what_no_webhook_brought(world, agreement, stripe_edge, market_clock):
    session = visit(world, agreement)
    for _more in range(4):
        visit(world, agreement)  # several pages of sessions
    stripe_edge.pay(session.session_id)
    for kind in ("checkout.session.expired", "checkout.session.async_payment_failed"):
        stripe_edge.event(kind, {"id": "cs_x", "object": "checkout.session"})
    found = compare_with_stripe(day=agreement.called_at.date())
    assert len(found.found) == 3 and found.missing == [] and stripe_edge.refused == []
    assert Payment.objects.get().state == PaymentState.BOOKED
    assert compare_with_stripe(day=agreement.called_at.date()).found == []
    assert StripeComparison.objects.get().missing == ""


def test_the_comparison_runs_once_a_night_and_tells_of_what_is_missing(world, agreement, stripe_edge):
    session = visit(world, agreement)
    stripe_edge.pay(session.session_id)
    stripe_edge.events.clear()  # the event is gone, the money is not
    assert any(key.startswith("sponsorship.compare") for key in run_due().failed)
    assert session.session_id in StripeComparison.objects.get().missing


def test_without_keys_nothing_is_compared(world, agreement):
    assert not any(key.startswith("sponsorship.compare") for key in run_due().done)


def test_refund_whole_partly_and_never_above(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge, method="alipay")
    ask = {"actor": world.people.finance, "payment_id": payment.pk, "reason": "项目终止"}
    with pytest.raises(Refused):
        refunds.ask_refund(amount=D("200000.01"), **ask)
    first = refunds.ask_refund(amount=D("150000.00"), **ask)
    with pytest.raises(Refused):
        refunds.ask_refund(amount=D("50000.01"), **ask)
    payment.refresh_from_db()
    assert payment.method == "alipay"
    with pytest.raises(NotAllowed):
        refunds.approve_refund(actor=world.people.finance, refund_id=first.pk)
    refunds.approve_refund(actor=world.people.approver, refund_id=first.pk)
    for _twice in range(2):
        first = refunds.send_refund(refund_id=first.pk)
    assert [path for _m, path, _f in stripe_edge.requests].count("/v1/refunds") == 1 and stripe_edge.refused == []
    assert balance_of(world.line).received == D("200000.00")  # nothing is booked before Stripe says so
    stripe_edge.deliver(Client(), stripe_edge.settle_refund(first.external_id))
    assert balance_of(world.line).received == D("50000.00")
    rest = refunds.ask_refund(amount=D("50000.00"), **ask)
    refunds.approve_refund(actor=world.people.approver, refund_id=rest.pk)
    rest = refunds.send_refund(refund_id=rest.pk)
    stripe_edge.deliver(Client(), stripe_edge.settle_refund(rest.external_id))
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.REFUNDED and balance_of(world.line).received == 0


def test_a_refund_that_fails_is_told(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge)
    refund = refunds.ask_refund(actor=world.people.finance, payment_id=payment.pk, amount=D(100), reason="多付")
    refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)
    refund = refunds.send_refund(refund_id=refund.pk)
    stripe_edge.deliver(Client(), stripe_edge.settle_refund(refund.external_id, "failed"))
    refund.refresh_from_db()
    assert refund.status == RefundStatus.FAILED and balance_of(world.line).received == D("200000.00")


def test_an_approved_refund_is_sent_after_a_crash(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge)
    refund = refunds.ask_refund(actor=world.people.finance, payment_id=payment.pk, amount=D(100), reason="多付")
    refunds.approve_refund(actor=world.people.approver, refund_id=refund.pk)
    assert f"sponsorship.refund:{refund.pk}" in run_due().done
    assert Refund.objects.get().status == RefundStatus.SENT


def test_what_contracts_hold_does_not_go_back(world, agreement, stripe_edge):
    from marketplace import audit
    from marketplace.accounts.actors import SYSTEM
    from marketplace.funds.services import ledger

    payment = paid(world, agreement, stripe_edge)
    with audit.transaction() as log:
        booking = ledger.Booking(world.call, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
        ledger.commit(log=log, actor=SYSTEM, line_id=world.line.pk, amount=D("150000.00"), booking=booking)
    with pytest.raises(Refused) as refused:
        refunds.ask_refund(actor=world.people.finance, payment_id=payment.pk, amount=D("50000.01"), reason="终止")
    assert refused.value.rule_id == "R-CHAR-08"
    assert not Refund.objects.exists()


def test_dispute_after_disbursement(world, agreement, stripe_edge):
    from marketplace import audit
    from marketplace.accounts.actors import SYSTEM
    from marketplace.funds.services import ledger

    payment = paid(world, agreement, stripe_edge)
    with audit.transaction() as log:
        booking = ledger.Booking(world.call, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
        ledger.commit(log=log, actor=SYSTEM, line_id=world.line.pk, amount=D("150000.00"), booking=booking)
        paid_out = ledger.Booking(world.line, "SH-2026-0001", "夜间陪护", "晨曦社区服务中心")
        ledger.pay(log=log, actor=SYSTEM, contract=world.call, amount=D("100000.00"), booking=paid_out)
    stripe_edge.deliver(Client(), stripe_edge.dispute(payment.external_id, 20000000))
    dispute = Dispute.objects.get()
    assert dispute.after_disbursement and dispute.closed_at is None
    assert balance_of(world.line).received == D("200000.00")
    webhooks.mark_dispute_seen(actor=world.people.finance, dispute_id=dispute.pk)
    stripe_edge.deliver(Client(), stripe_edge.dispute(payment.external_id, 20000000, "lost"))
    dispute.refresh_from_db()
    balance = balance_of(world.line)
    assert dispute.closed_at is not None and dispute.seen_by is None  # an alarm anew
    assert (balance.received, balance.shortfall, balance.cash) == (0, D("150000.00"), D("-100000.00"))
    stripe_edge.deliver(Client(), stripe_edge.dispute(payment.external_id, 20000000, "lost"))
    assert IncomeEntry.objects.filter(kind="chargeback").count() == 1


def test_a_dispute_that_is_won_moves_no_money(world, agreement, stripe_edge):
    payment = paid(world, agreement, stripe_edge)
    stripe_edge.deliver(Client(), stripe_edge.dispute(payment.external_id, 20000000))
    stripe_edge.deliver(Client(), stripe_edge.dispute(payment.external_id, 20000000, "won"))
    assert Dispute.objects.get().status == "won" and balance_of(world.line).received == D("200000.00")


def test_replay_by_command_and_operator(world, agreement, stripe_edge, monkeypatch, capsys):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)

    def fail(**kwargs):
        raise MarketplaceError("locked")

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "record_payment", fail)
        assert stripe_edge.deliver(Client(), event).content == b"stored"
    stored = WebhookEvent.objects.get()
    assert (stored.state, stored.note) == (EventState.FAILED, "locked")
    with pytest.raises(NotAllowed):
        webhooks.replay(actor=world.people.finance, event_pk=stored.pk)
    call_command("stripe_replay")
    assert f"{event['id']} checkout.session.completed: done" in capsys.readouterr().out
    assert webhooks.replay(actor=operator(), event_pk=stored.pk).state == EventState.DONE
    assert Payment.objects.count() == 1


def test_an_event_of_another_kind_is_stored_and_ignored(stripe_edge, db):
    assert stripe_edge.deliver(Client(), stripe_edge.event("customer.created", {"id": "cus_1"})).status_code == 200
    assert WebhookEvent.objects.get().state == EventState.IGNORED


def test_a_payment_still_under_way_books_nothing(world, agreement, stripe_edge):
    session = visit(world, agreement)
    event = stripe_edge.pay(session.session_id)
    under_way = {
        **event,
        "id": "evt_async",
        "data": {"object": {**event["data"]["object"], "payment_status": "unpaid"}},
    }
    stripe_edge.deliver(Client(), under_way)
    assert not Payment.objects.exists()
    later = {**event, "id": "evt_later", "type": "checkout.session.async_payment_succeeded"}
    stripe_edge.deliver(Client(), later)
    assert Payment.objects.get().state == PaymentState.BOOKED


def test_the_validator_refuses_what_stripe_would(stripe_edge):
    """So that a wrong request cannot pass unseen."""
    with pytest.raises(stripe.InvalidRequestError):
        stripe_gateway.client().v1.refunds.create({"amount": 5, "nonsense": 1})  # type: ignore[typeddict-unknown-key]
    assert len(stripe_edge.refused) == 1
