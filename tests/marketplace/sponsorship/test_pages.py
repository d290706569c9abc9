"""The pages: a sponsor's whole way, the officer's, finance's, the public's. Nobody else gets to pay."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marketplace.documents.generation import build_document
from marketplace.sponsorship.models import Agreement, AgreementStatus, CheckoutSession, Payment
from marketplace.sponsorship.services.payments import Arrival, book_arrival
from marketplace.web.tasks import tasks_for
from tests.factories import sponsorship as make
from tests.factories.accounts import totp_code

pytestmark = pytest.mark.django_db
D = Decimal


def pay(agreement, amount=None) -> Payment:
    from marketplace.core import clock

    arrival = Arrival("bank", f"x{agreement.pk}", amount or agreement.to_pay, "CNY", clock.now(), method="bank")
    return book_arrival(agreement_id=agreement.pk, arrival=arrival)


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def titles(actor) -> list[str]:
    return [str(task.title) for task in tasks_for(actor)]


def test_from_the_form_to_the_money(world, client_for, market_clock, stripe_edge):
    officer, approver, admin = (client_for(each) for each in (world.people.officer, world.people.approver, world.admin))
    add = reverse("sponsorship:agreement-add", args=[world.call.pk])
    values = {
        "sponsor": world.sponsor.pk, "kind": "sponsor", "pot": world.pot().pk, "amount": "20 万", "draw_order": "fifo",
        "themes": [world.call.themes.first().pk], "match_rule": "none", "has_related": "false", "payee_name": "静安区民政局",
        "bank_name": "上海银行", "bank_account": "316000",
    }  # fmt: skip
    assert officer.get(add).status_code == 200
    wrong = officer.post(add, {**values, "amount": "二十万"})
    assert wrong.status_code == 422 and "316000" in wrong.content.decode()
    assert officer.post(add, values).status_code == 302
    row = Agreement.objects.get()
    page = row.get_absolute_url()
    assert "核对清单" in html(officer, page) or "检查" in html(officer, page)
    edit = reverse("sponsorship:agreement-edit", args=[row.pk])
    assert "200,000.00" in html(officer, edit)
    assert officer.post(edit, {**values, "version": 1, "restriction": "只用于夜间陪护"}).status_code == 302
    stale = officer.post(edit, {**values, "version": 1, "restriction": "只用于助餐"})
    assert stale.status_code == 422 and "只用于助餐" in stale.content.decode()
    assert officer.post(reverse("sponsorship:agreement-submit", args=[row.pk])).status_code == 302
    assert any(row.number in title for title in titles(world.people.approver))
    assert approver.post(reverse("sponsorship:agreement-offer", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    build_document("sponsorship_agreement", row)
    assert any(row.number in title for title in titles(world.admin))
    sign = reverse("sponsorship:agreement-sign", args=[row.pk])
    assert admin.post(sign, {"code": "000000"}).status_code == 422
    for client, actor in ((admin, world.admin), (approver, world.people.approver)):
        assert client.post(sign, {"code": totp_code(actor)}).status_code == 302
    row.refresh_from_db()
    assert row.status == AgreementStatus.SIGNED
    make.close(world, market_clock)
    assert any(row.number in title for title in titles(world.people.officer))
    assert officer.post(reverse("sponsorship:agreement-call-in", args=[row.pk])).status_code == 302
    text = html(admin, page)
    assert "在线支付" in text and row.number in text and "316000" in text
    started = admin.post(reverse("sponsorship:pay", args=[row.pk]))
    session = CheckoutSession.objects.get()
    assert started["Location"].endswith(f"/pay/{session.pk}/")
    assert f'href="{session.url}"' in html(admin, started["Location"])
    assert "没有付款" in html(admin, reverse("sponsorship:pay-left", args=[row.pk]))
    stripe_edge.deliver(Client(), stripe_edge.pay(session.session_id))
    assert "您的付款已入账" in html(admin, reverse("sponsorship:pay-done", args=[row.pk]))
    assert admin.get(started["Location"]).status_code == 404  # nothing is to be paid any more
    receipt = build_document("sponsorship_receipt", Payment.objects.get())
    assert str(receipt.file_id) in html(admin, page)
    download = admin.get(reverse("documents:file-download", args=[receipt.file_id]))
    assert b"".join(download).startswith(b"%PDF")
    _body, stranger = make.make_sponsor("别家企业有限公司")
    assert client_for(stranger).get(reverse("documents:file-download", args=[receipt.file_id])).status_code == 404
    assert client_for(stranger).get(page).status_code == 404
    listed = html(admin, reverse("sponsorship:agreement-list"))
    assert "年度对账单" in listed and "2026" in listed
    assert admin.post(reverse("sponsorship:statement-make", args=[2026])).status_code == 302
    assert admin.post(reverse("sponsorship:statement-make", args=[2025])).status_code == 404


def test_without_keys_the_page_says_so(world, client_for, market_clock):
    row = make.called(world, market_clock)
    text = html(client_for(world.admin), row.get_absolute_url())
    assert "本平台未配置 Stripe 密钥" in text and "在线支付" not in text


def test_finances_page(world, client_for, market_clock):
    row = make.called(world, market_clock)
    finance, approver = client_for(world.people.finance), client_for(world.people.approver)
    money = reverse("sponsorship:money")
    held = pay(row, D("199999.00"))
    text = html(finance, money)
    assert "金额与约定不符" in text and any("199,999.00" in title for title in titles(world.people.finance))
    accept = reverse("sponsorship:payment-accept", args=[held.pk])
    assert finance.post(accept, {"reason": ""}).status_code == 422
    assert finance.post(accept, {"reason": "来函说明"}).status_code == 302
    ask = reverse("sponsorship:refund-ask", args=[held.pk])
    assert "199,999.00" in html(finance, ask)
    assert finance.post(ask, {"amount": "300000", "reason": "x"}).status_code == 422
    assert finance.post(ask, {"amount": "99", "reason": "多付"}).status_code == 302
    refund = held.refunds.get()
    assert any("99.00" in title for title in titles(world.people.approver))
    assert approver.post(reverse("sponsorship:refund-approve", args=[refund.pk])).status_code == 302
    assert "登记退款转账" in html(finance, money)
    confirm = reverse("sponsorship:refund-confirm", args=[refund.pk])
    assert finance.post(confirm, {"reference": "T1"}).status_code == 302
    upload = SimpleUploadedFile("a.csv", "日期\n".encode())
    wrong = finance.post(reverse("sponsorship:statement-import"), {"file": upload})
    assert wrong.status_code == 422 and "缺少这些列" in wrong.content.decode()
    template = b"".join(finance.get(reverse("sponsorship:statement-template"))).decode()
    assert "交易流水号" in template


def test_public_pages_name_nobody_who_asked_for_it(world, client, market_clock):
    named = make.signed(world, amount=D("100000.00"), naming="海川之家")
    other, admin = make.make_sponsor("隐名企业有限公司")
    make.signed(world, admin, sponsor_id=other.pk, amount=D("60000.00"), is_anonymous=True, has_related=True,
                related_text="理事长兼任晨曦监事")  # fmt: skip
    make.make_grant(world, {"社会资本资金池": "120000.00", "福彩资金池": "30000.00"})
    page = reverse("sponsorship:call-money", args=[world.call.number])
    text = html(client, page)
    for words in (
        "海川实业有限公司",
        "匿名",
        "社会资本",
        "协议捐赠",
        "福彩",
        "冠名“海川之家”",
        "理事长兼任晨曦监事",
        "本站不办理募捐",
        named.number,
    ):
        assert words in text, words
    assert "隐名企业" not in text
    table = b"".join(client.get(reverse("sponsorship:call-money-csv", args=[world.call.number]))).decode()
    rows = list(csv.reader(io.StringIO(table.lstrip("\ufeff"))))
    assert len(rows) == 5 and "隐名企业" not in table and any("100000.00" in row for row in rows)
    sponsors = html(client, reverse("sponsorship:sponsor-list"))
    assert "海川实业有限公司" in sponsors and "匿名" in sponsors and "隐名企业" not in sponsors
    code = world.sponsor.sponsor_profile.code
    assert named.number in html(client, reverse("sponsorship:sponsor-detail", args=[code]))
    assert client.get(reverse("sponsorship:sponsor-detail", args=[other.sponsor_profile.code])).status_code == 404
    assert page in html(client, world.call.get_absolute_url())
    for form in (text, sponsors):
        assert 'name="amount"' not in form  # no form to give anywhere


def test_queries_of_the_call_page_do_not_grow(world, client, django_assert_max_num_queries):
    for number in range(4):
        body, admin = make.make_sponsor(f"企业{number}有限公司")
        make.signed(world, admin, sponsor_id=body.pk, amount=D("10000.00"))
        make.make_grant(world, {"社会资本资金池": "5000.00"})
    with django_assert_max_num_queries(14):
        html(client, reverse("sponsorship:call-money", args=[world.call.number]))


def test_fund_pages_show_promised_and_received(world, client, market_clock):
    pay(make.called(world, market_clock))
    text = html(client, reverse("funds:fund-detail", args=[world.line.fund_id]))
    for words in ("已承诺", "已到账", "社会资本", "本站不办理募捐"):
        assert words in text, words
    assert "社会资本" in html(client, reverse("funds:fund-list"))


def test_english_pages(world, client):
    assert "Sponsors and donors" in html(client, "/en/sponsors/")
